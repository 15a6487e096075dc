package pt.sunbeam.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The TCP ports on which this process listens, as Linux tells (proc(5)). */
final class ListeningPorts {
    private static final String LISTEN = "0A";

    static Set<Integer> ofThisProcess() throws IOException {
        Set<String> sockets = new HashSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                try {
                    sockets.add(Files.readSymbolicLink(descriptor).toString());
                } catch (IOException closedMeanwhile) {
                    // the descriptor of this very listing is one
                }
            }
        }
        Set<Integer> ports = new HashSet<>();
        for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
            Path path = Path.of(table);
            if (!Files.exists(path)) {
                continue;
            }
            for (String line : Files.readAllLines(path)) {
                String[] field = line.strip().split("\\s+", -1);
                if (field[3].equals(LISTEN) && sockets.contains("socket:[" + field[9] + "]")) {
                    ports.add(Integer.parseInt(field[1].substring(field[1].indexOf(':') + 1), 16));
                }
            }
        }
        return ports;
    }

    /** A port that was free a moment ago. */
    static int free() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private ListeningPorts() {}
}
