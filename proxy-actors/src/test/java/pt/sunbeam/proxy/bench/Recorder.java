package pt.sunbeam.proxy.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Stands between a client and a server, passes bytes on as they are, and writes a line for each exchange: status of the answer, whether the upstream gave it,
 * and the request in base64, separated by tabs.
 */
final class Recorder implements AutoCloseable {
    /** What the upstreams of the benches write, and what the proxy writes into answers that it passes on. */
    private static final Pattern FROM_UPSTREAM = Pattern.compile("\n(x-upstream|via):", Pattern.CASE_INSENSITIVE);

    private static final int LONGEST_HEAD = 1 << 20;

    private final ServerSocket listener;
    private final int to;
    private final BufferedWriter log;

    static Recorder start(int port, int to, Path log) throws IOException {
        var recorder = new Recorder(port, to, log);
        Thread.ofVirtual().start(recorder::accept);
        return recorder;
    }

    private Recorder(int port, int to, Path log) throws IOException {
        this.listener = new ServerSocket(port, 128, InetAddress.ofLiteral("127.0.0.1"));
        this.to = to;
        this.log = Files.newBufferedWriter(log);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var client = listener.accept();
                Thread.ofVirtual().start(() -> relay(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void relay(Socket client) {
        try (client;
                var server = new Socket(InetAddress.ofLiteral("127.0.0.1"), to)) {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            var fromClient = new BufferedInputStream(client.getInputStream());
            var fromServer = new BufferedInputStream(server.getInputStream());
            boolean goesOn = true;
            while (goesOn) {
                var head = head(fromClient);
                if (head.isEmpty()) {
                    return;
                }
                var request = new ByteArrayOutputStream();
                request.write(head.getBytes(ISO_8859_1));
                copyBody(head, fromClient, request, false);
                server.getOutputStream().write(request.toByteArray());
                server.getOutputStream().flush();
                var answer = answer(fromServer, client.getOutputStream(), head.startsWith("HEAD "));
                line(answer, request.toByteArray());
                goesOn = !isLast(head) && !isLast(answer) && isDelimited(answer, head);
            }
        } catch (IOException gone) {
            // One of the two has closed: so does the other's side.
        }
    }

    /** Passes on an answer and any interim ones before it; returns its head. */
    private static String answer(InputStream from, OutputStream to, boolean toHead) throws IOException {
        String head;
        do {
            head = head(from);
            if (head.isEmpty()) {
                throw new EOFException("closed without an answer");
            }
            to.write(head.getBytes(ISO_8859_1));
        } while (status(head) < 200);
        boolean bodiless = toHead || status(head) == 204 || status(head) == 304;
        if (!bodiless) {
            copyBody(head, from, to, true);
        }
        to.flush();
        return head;
    }

    private static void copyBody(String head, InputStream from, OutputStream to, boolean untilEnd) throws IOException {
        var length = field(head, "content-length");
        if (field(head, "transfer-encoding").toLowerCase(Locale.ROOT).contains("chunked")) {
            long size;
            do {
                var line = line(from);
                to.write((line + "\n").getBytes(ISO_8859_1));
                size = Long.parseLong(line.split(";", -1)[0].strip(), 16);
                copy(from, to, size + (size == 0 ? 0 : 2));
            } while (size > 0);
            String trailer;
            do {
                trailer = line(from);
                to.write((trailer + "\n").getBytes(ISO_8859_1));
            } while (!trailer.isBlank());
        } else if (!length.isEmpty()) {
            copy(from, to, Long.parseLong(length));
        } else if (untilEnd) {
            from.transferTo(to);
        }
    }

    private static void copy(InputStream from, OutputStream to, long size) throws IOException {
        var buffer = new byte[1 << 14];
        for (long left = size; left > 0; ) {
            int n = from.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (n < 0) {
                throw new EOFException("cut short");
            }
            to.write(buffer, 0, n);
            left -= n;
        }
    }

    /** With its blank line; empty where the connection ends. */
    private static String head(InputStream from) throws IOException {
        var head = new StringBuilder();
        while (head.length() < LONGEST_HEAD) {
            var line = line(from);
            head.append(line).append('\n');
            if (line.isBlank() && head.length() > 2) {
                return head.toString();
            }
            if (line.isEmpty() && head.length() == 1) {
                return "";
            }
        }
        throw new IOException("a head of more than " + LONGEST_HEAD + " bytes");
    }

    private static String line(InputStream from) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = from.read(); b >= 0 && b != '\n'; b = from.read()) {
            line.write(b);
        }
        return line.toString(ISO_8859_1);
    }

    private static int status(String head) {
        return head.startsWith("HTTP/1.") && head.length() > 12 ? Integer.parseInt(head.substring(9, 12)) : 0;
    }

    private static boolean isLast(String head) {
        var first = head.substring(0, head.indexOf('\n'));
        return field(head, "connection").toLowerCase(Locale.ROOT).contains("close") || first.contains("HTTP/1.0");
    }

    private static boolean isDelimited(String answer, String request) {
        return request.startsWith("HEAD ")
                || status(answer) == 204
                || status(answer) == 304
                || !field(answer, "content-length").isEmpty()
                || !field(answer, "transfer-encoding").isEmpty();
    }

    private static String field(String head, String name) {
        int at = head.toLowerCase(Locale.ROOT).indexOf("\n" + name + ":");
        return at < 0
                ? ""
                : head.substring(at + name.length() + 2, head.indexOf('\n', at + 1))
                        .strip();
    }

    private synchronized void line(String answer, byte[] request) throws IOException {
        boolean upstream = FROM_UPSTREAM.matcher(answer).find();
        log.write(status(answer) + "\t" + (upstream ? "upstream" : "-") + "\t"
                + Base64.getEncoder().encodeToString(request) + "\n");
        log.flush();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        log.close();
    }
}
