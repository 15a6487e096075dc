package pt.sunbeam.trainer.waf;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A keep-alive connection that sends what it is given, byte for byte, and reads as much of the answer as delimits it. */
final class Connection implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 30_000;

    private final int port;
    private @Nullable Socket socket;
    private @Nullable InputStream in;

    Connection(int port) {
        this.port = port;
    }

    /**
     * Sends a request and waits for its answer; a connection that the server had closed meanwhile is opened anew once.
     *
     * @throws IOException if no server listens
     */
    Outcome exchange(WireRequest request) throws IOException {
        boolean reused = socket != null;
        var outcome = attempt(request);
        return outcome.status() == Outcome.CLOSED && reused ? attempt(request) : outcome;
    }

    private Outcome attempt(WireRequest request) throws IOException {
        var open = socket;
        if (open == null) {
            open = new Socket(InetAddress.getLoopbackAddress(), port);
            open.setTcpNoDelay(true);
            open.setSoTimeout(TIMEOUT_MILLIS);
            socket = open;
            in = new BufferedInputStream(open.getInputStream());
        }
        long start = System.nanoTime();
        try {
            var out = open.getOutputStream();
            try {
                out.write(request.bytes());
                out.flush();
            } catch (IOException refusedMidway) {
                // A server may answer before it has read all; the answer is what counts.
            }
            return read(start, request.line().startsWith("HEAD "));
        } catch (IOException closedWithoutAnswer) {
            close();
            return new Outcome(Outcome.CLOSED, false, System.nanoTime() - start);
        }
    }

    private Outcome read(long start, boolean toHead) throws IOException {
        int status;
        boolean fromUpstream;
        boolean close;
        long length;
        do {
            var first = line();
            if (!first.startsWith("HTTP/1.") || first.length() < 12) {
                throw new EOFException("no status line");
            }
            status = Integer.parseInt(first.substring(9, 12));
            fromUpstream = false;
            close = first.startsWith("HTTP/1.0");
            length = -1;
            for (var field = line(); !field.isEmpty(); field = line()) {
                var lower = field.toLowerCase(Locale.ROOT);
                if (lower.startsWith("content-length:")) {
                    length = Long.parseLong(lower.substring(15).strip());
                } else if (lower.startsWith("transfer-encoding:")) {
                    length = -2;
                } else if (lower.startsWith("connection:") && lower.contains("close")) {
                    close = true;
                } else if (lower.startsWith(Outcome.UPSTREAM_FIELD)) {
                    fromUpstream = true;
                }
            }
        } while (status < 200);
        if (!toHead && status != 204 && status != 304) {
            if (length == -2) {
                skipChunks();
            } else if (length >= 0) {
                stream().skipNBytes(length);
            } else {
                stream().readAllBytes();
                close = true;
            }
        }
        long nanos = System.nanoTime() - start;
        if (close) {
            close();
        }
        return new Outcome(status, fromUpstream, nanos);
    }

    private void skipChunks() throws IOException {
        for (long size = chunkSize(); size > 0; size = chunkSize()) {
            stream().skipNBytes(size);
            line();
        }
        while (!line().isEmpty()) {}
    }

    private long chunkSize() throws IOException {
        return Long.parseLong(line().split(";", -1)[0].strip(), 16);
    }

    private InputStream stream() throws IOException {
        var open = in;
        if (open == null) {
            throw new EOFException("closed");
        }
        return open;
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream(64);
        var from = stream();
        for (int b = from.read(); b != '\n'; b = from.read()) {
            if (b < 0 || line.size() > 65_536) {
                throw new EOFException("cut short");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        var open = socket;
        socket = null;
        in = null;
        if (open != null) {
            open.close();
        }
    }
}
