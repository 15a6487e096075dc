import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/**
 * WebSockets for the load scripts beside it: {@code java bench/Sockets.java origin PORT} accepts them and reads, {@code java bench/Sockets.java hold URL COUNT
 * FILE} keeps COUNT of them open while there is that file, opens each that is closed again, pings each every second, and prints how many were closed with which status.
 */
final class Sockets {
    private static final Pattern KEY = Pattern.compile("(?im)^sec-websocket-key: *(\\S+)");

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "origin" -> origin(Integer.parseInt(args[1]));
            case "hold" -> hold(URI.create(args[1]), Integer.parseInt(args[2]), Path.of(args[3]));
            default -> throw new IllegalArgumentException("origin PORT, or hold URL COUNT FILE");
        }
    }

    private static void origin(int port) throws IOException {
        try (var listener = new ServerSocket(port, 256, InetAddress.getLoopbackAddress())) {
            while (true) {
                var socket = listener.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        }
    }

    /** Answers the handshake (RFC 6455 section 4.2.2), then reads frames and throws them away. */
    private static void serve(Socket socket) {
        try (socket) {
            var head = new StringBuilder();
            var in = socket.getInputStream();
            while (head.indexOf("\r\n\r\n") < 0) {
                int octet = in.read();
                if (octet < 0) {
                    return;
                }
                head.append((char) octet);
            }
            var key = KEY.matcher(head);
            if (!key.find()) {
                return;
            }
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key.group(1) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
            String answer = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: "
                    + Base64.getEncoder().encodeToString(digest) + "\r\n\r\n";
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            in.transferTo(OutputStream.nullOutputStream());
        } catch (Exception gone) {
            // the other side has closed
        }
    }

    private static void hold(URI url, int count, Path file) throws Exception {
        var ends = new TreeMap<String, Integer>();
        try (var client = HttpClient.newHttpClient();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                threads.submit(() -> {
                    while (Files.exists(file)) {
                        String how = one(client, url, file);
                        synchronized (ends) {
                            ends.merge(how, 1, Integer::sum);
                        }
                        Thread.sleep(50);
                    }
                    return null;
                });
            }
        }
        System.out.println("websockets=" + count + " ends=" + summary(ends));
    }

    private static String summary(Map<String, Integer> ends) {
        return ends.toString().replace(" ", "");
    }

    /** How one ended: the status it was closed with, "held" where it was open to the end, "failed" where it broke off or could not be opened. */
    private static String one(HttpClient client, URI url, Path file) throws InterruptedException {
        var closed = new CompletableFuture<String>();
        try {
            var socket = client.newWebSocketBuilder()
                    .connectTimeout(Duration.ofSeconds(10))
                    .buildAsync(url, new WebSocket.Listener() {
                        @Override
                        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
                            closed.complete(Integer.toString(status));
                            return null;
                        }

                        @Override
                        public void onError(WebSocket socket, Throwable error) {
                            closed.complete("failed");
                        }
                    })
                    .get();
            while (!closed.isDone() && Files.exists(file)) {
                if (!socket.isOutputClosed()) {
                    socket.sendPing(ByteBuffer.allocate(0));
                }
                for (int i = 0; i < 20 && !closed.isDone(); i++) {
                    Thread.sleep(50);
                }
            }
            socket.abort();
            return closed.getNow("held");
        } catch (ExecutionException | CompletionException e) {
            return closed.getNow("failed");
        }
    }
}
