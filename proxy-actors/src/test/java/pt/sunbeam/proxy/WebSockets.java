package pt.sunbeam.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import pt.sunbeam.proxy.RawConnection.Message;

/** The upstream's side of WebSocket (RFC 6455), for tests: bare enough to do what a library would not. */
final class WebSockets {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private WebSockets() {}

    /** @param first the first byte: flags and opcode */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Frame(int first, byte[] payload) {
        int opcode() {
            return first & 0x0f;
        }

        int closeCode() {
            return ByteBuffer.wrap(payload).getShort();
        }
    }

    /** Says 101; {@code fields} are lines that end with a line feed. */
    static void accept(RawConnection connection, Message request, String fields) throws IOException {
        connection.send(
                "HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Accept: "
                        + key(request.field("Sec-WebSocket-Key")) + "\n" + fields + "\n");
    }

    private static String key(String sent) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1")
                            .digest((sent + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(ISO_8859_1)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    static Frame read(RawConnection connection) throws IOException {
        var in = new DataInputStream(connection.in());
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        int length = second & 0x7f;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = (int) in.readLong();
        }
        byte[] mask = new byte[4];
        if ((second & 0x80) != 0) {
            in.readFully(mask);
        }
        byte[] payload = new byte[length];
        in.readFully(payload);
        for (int i = 0; i < length; i++) {
            payload[i] ^= mask[i % 4];
        }
        return new Frame(first, payload);
    }

    static void write(RawConnection connection, int first, byte[] payload) throws IOException {
        connection.out().write(bytes(first, payload));
        connection.out().flush();
    }

    /** A frame as a server sends it. */
    static byte[] bytes(int first, byte[] payload) {
        var out = new ByteArrayOutputStream();
        out.write(first);
        if (payload.length < 126) {
            out.write(payload.length);
        } else if (payload.length < 65_536) {
            out.write(126);
            out.writeBytes(
                    ByteBuffer.allocate(2).putShort((short) payload.length).array());
        } else {
            out.write(127);
            out.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
        }
        out.writeBytes(payload);
        return out.toByteArray();
    }

    /** Sends every message back as it came, answers pings and the closing, and closes then. */
    static void echo(RawConnection connection) throws IOException {
        accept(connection, connection.readHead(), "");
        try {
            for (Frame frame = read(connection); ; frame = read(connection)) {
                if (frame.opcode() == PING) {
                    write(connection, 0x80 | PONG, frame.payload());
                } else if (frame.opcode() != PONG) {
                    write(connection, frame.first(), frame.payload());
                }
                if (frame.opcode() == CLOSE) {
                    return;
                }
            }
        } catch (EOFException closed) {
            // without a word
        }
    }
}
