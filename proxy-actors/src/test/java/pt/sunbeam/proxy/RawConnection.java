package pt.sunbeam.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A connection on which a test writes and reads bytes, to say what a well-behaved client would not, and to see what one does not show. */
final class RawConnection implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    /** A message as read: its first line, its fields, and its content where that is delimited. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Message(String start, List<String> fields, byte[] content) {
        int status() {
            return Integer.parseInt(start.split(" ", -1)[1]);
        }

        String field(String name) {
            return fields(name).getFirst();
        }

        List<String> fields(String name) {
            return fields.stream()
                    .filter(field -> field.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(field -> field.substring(name.length() + 1).trim())
                    .toList();
        }

        boolean has(String name) {
            return !fields(name).isEmpty();
        }

        String text() {
            return new String(content, ISO_8859_1);
        }
    }

    static RawConnection to(int port) throws IOException {
        return new RawConnection(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    RawConnection(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** Writes text with each line feed sent as CRLF. */
    RawConnection send(String text) throws IOException {
        out().write(text.replace("\n", "\r\n").getBytes(ISO_8859_1));
        out().flush();
        return this;
    }

    Socket socket() {
        return socket;
    }

    OutputStream out() throws IOException {
        return socket.getOutputStream();
    }

    InputStream in() {
        return in;
    }

    /** Reads a head and the content that it announces; a response to HEAD has none. */
    Message read(boolean toHead) throws IOException {
        Message head = readHead();
        boolean bodiless = toHead
                || (head.start.startsWith("HTTP/")
                        && (head.status() / 100 == 1 || head.status() == 204 || head.status() == 304));
        if (bodiless) {
            return head;
        }
        if (head.fields("Transfer-Encoding").contains("chunked")) {
            return new Message(head.start, head.fields, readChunks());
        }
        if (head.has("Content-Length")) {
            byte[] content = in.readNBytes(Integer.parseInt(head.field("Content-Length")));
            return new Message(head.start, head.fields, content);
        }
        return head.start.startsWith("HTTP/") ? new Message(head.start, head.fields, in.readAllBytes()) : head;
    }

    Message read() throws IOException {
        return read(false);
    }

    Message readHead() throws IOException {
        String start = line();
        var fields = new ArrayList<String>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            fields.add(line);
        }
        return new Message(start, fields, new byte[0]);
    }

    private byte[] readChunks() throws IOException {
        var content = new ByteArrayOutputStream();
        for (int size = chunkSize(); size > 0; size = chunkSize()) {
            content.write(in.readNBytes(size));
            line();
        }
        line();
        return content.toByteArray();
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line(), 16);
    }

    String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("connection ended in the line \"" + line.toString(ISO_8859_1) + "\"");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(ISO_8859_1);
    }

    /** Closes this direction alone. */
    void sayNoMore() throws IOException {
        socket.shutdownOutput();
    }

    /** Closes so that the other end sees a reset instead of an end. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
