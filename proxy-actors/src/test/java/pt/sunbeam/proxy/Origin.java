package pt.sunbeam.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import pt.sunbeam.proxy.RawConnection.Message;

/** An upstream that answers each connection by a script of the test, on a port of its own. */
final class Origin implements AutoCloseable {
    /** Serves one connection. */
    @FunctionalInterface
    interface Script {
        void serve(RawConnection connection) throws IOException;
    }

    private final ServerSocket listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());

    /** Every request that {@link #answering} has read. */
    final Queue<Message> received = new ConcurrentLinkedQueue<>();

    private volatile Script script;

    Origin(Script script) throws IOException {
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
                Thread.ofVirtual().start(() -> {
                    try (var connection = new RawConnection(socket)) {
                        script.serve(connection);
                    } catch (IOException gone) {
                        // The proxy closed a connection that it no longer needs.
                    }
                });
            }
        } catch (SocketException closed) {
            // The test is over.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
