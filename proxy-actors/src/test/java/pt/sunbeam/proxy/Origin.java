package pt.sunbeam.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import pt.sunbeam.proxy.RawConnection.Message;

/** An upstream that answers each connection by a script of the test, on a port of its own. */
final class Origin implements AutoCloseable {
    /** Serves one connection. */
    @FunctionalInterface
    interface Script {
        void serve(RawConnection connection) throws IOException;
    }

    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** Every request that {@link #answering} has read. */
    final Queue<Message> received = new ConcurrentLinkedQueue<>();

    private volatile Script script;

    Origin(Script script) throws IOException {
        this(0, script);
    }

    Origin(int port, Script script) throws IOException {
        this(new ServerSocket(port, 64, InetAddress.getLoopbackAddress()), script);
    }

    Origin(ServerSocket listener, Script script) {
        this.listener = listener;
        this.script = script;
        Thread.ofVirtual().start(this::accept);
    }

    /** Answers every request with the same bytes (line feeds sent as CRLF) on connections that are kept. */
    static Origin answering(String response) throws IOException {
        var origin = new Origin(_ -> {});
        origin.script = connection -> {
            while (true) {
                origin.received.add(connection.read());
                connection.send(response);
            }
        };
        return origin;
    }

    void now(Script other) {
        script = other;
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                var socket = listener.accept();
                open.add(socket);
                if (listener.isClosed()) {
                    socket.close();
                }
                Thread.ofVirtual().start(() -> {
                    try (var connection = new RawConnection(socket)) {
                        script.serve(connection);
                    } catch (IOException gone) {
                        // The proxy closed a connection that it no longer needs.
                    } finally {
                        open.remove(socket);
                    }
                });
            }
        } catch (SocketException closed) {
            // The test is over.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends as a process does that is killed: nobody listens, every connection is gone. */
    void kill() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
