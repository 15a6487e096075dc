package pt.sunbeam.trainer.traffic;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/** An HTTP/1.1 connection from an address of one's choice: opened when it is needed, kept alive, opened anew where the server has closed it. */
final class Connection implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 10_000;

    private final InetAddress from;
    private final InetSocketAddress server;
    private @Nullable Open open;

    private record Open(Socket socket, InputStream in) {}

    Connection(InetAddress from, InetSocketAddress server) {
        this.from = from;
        this.server = server;
    }

    InetAddress from() {
        return from;
    }

    /**
     * Sends a request and waits for its answer, 10 s at most for each part of it.
     *
     * @throws IOException if there is none
     */
    Answer exchange(Request request) throws IOException {
        if (open != null) {
            try {
                return attempt(open, request);
            } catch (SocketTimeoutException slow) {
                throw slow;
            } catch (IOException closedMeanwhile) {
                // once more on a new connection
            }
        }
        var opened = open();
        open = opened;
        return attempt(opened, request);
    }

    private Open open() throws IOException {
        var socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.bind(new InetSocketAddress(from, 0));
            socket.connect(server, TIMEOUT_MILLIS);
            return new Open(socket, new BufferedInputStream(socket.getInputStream()));
        } catch (IOException refused) {
            socket.close();
            throw refused;
        }
    }

    private Answer attempt(Open on, Request request) throws IOException {
        boolean goesOn = false;
        try {
            on.socket.getOutputStream().write(request.bytes());
            var answer = Answer.read(on.in);
            goesOn = !answer.ends();
            return answer;
        } catch (NumberFormatException malformed) {
            throw new IOException("no number where a length is expected", malformed);
        } finally {
            if (!goesOn) {
                close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        var closing = open;
        open = null;
        if (closing != null) {
            closing.socket.close();
        }
    }
}
