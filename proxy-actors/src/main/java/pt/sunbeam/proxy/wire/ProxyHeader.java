package pt.sunbeam.proxy.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.ProxyProtocol;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.proxy.message.Ends;

/**
 * The header by which one proxy tells the next whose connection it passes on ("The PROXY protocol, versions 1 &amp; 2", revision of 2020-03-05, of HAProxy's
 * documentation).
 */
final class ProxyHeader {
    /** What the first bytes of a connection are. */
    sealed interface Outcome {}

    /** The beginning of a header. */
    record Incomplete() implements Outcome {}

    /** Never to be taken for anything else: the connection has to be closed; {@code reason} is for logs. */
    record Malformed(String reason) implements Outcome {}

    /**
     * A whole header.
     *
     * @param ends null where it tells of none, as a health check of the proxy's own does: those of the connection count
     * @param length bytes of the header, behind which the client's begin
     */
    record Complete(@Nullable Ends ends, int length) implements Outcome {}

    private static final Outcome INCOMPLETE = new Incomplete();
    private static final byte[] WORD = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SIGNATURE = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
    private static final int LONGEST_LINE = 107;
    private static final int FIXED = 16;
    private static final int VERSION_AND_PROXY = 0x21;
    private static final int VERSION_AND_LOCAL = 0x20;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final int CHECKSUM = 0x03;
    private static final long MAPPED = 0xffff_0000_0000L;

    private ProxyHeader() {}

    static Outcome parse(byte[] bytes) {
        if (begins(bytes, SIGNATURE)) {
            return bytes.length < FIXED ? INCOMPLETE : binary(bytes);
        }
        if (begins(bytes, WORD)) {
            return line(bytes);
        }
        return new Malformed("no PROXY header");
    }

    /** Whether the bytes begin like that, as far as there are any. */
    private static boolean begins(byte[] bytes, byte[] beginning) {
        int length = Math.min(bytes.length, beginning.length);
        return Arrays.equals(bytes, 0, length, beginning, 0, length);
    }

    private static Outcome line(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && end < LONGEST_LINE && bytes[end] != '\n') {
            end++;
        }
        if (end == LONGEST_LINE) {
            return new Malformed("PROXY header longer than 107 bytes");
        }
        if (end == bytes.length) {
            return INCOMPLETE;
        }
        if (bytes[end - 1] != '\r') {
            return new Malformed("PROXY header without CR before LF");
        }
        String[] words = new String(bytes, 0, end - 1, StandardCharsets.ISO_8859_1).split(" ", -1);
        if (words[1].equals("UNKNOWN")) {
            return new Complete(null, end + 1);
        }
        if (words.length != 6 || !(words[1].equals("TCP4") || words[1].equals("TCP6"))) {
            return new Malformed("PROXY header is not PROXY TCP4|TCP6 and two addresses and two ports");
        }
        try {
            boolean six = words[1].equals("TCP6");
            return new Complete(
                    new Ends(address(words[2], six), port(words[4]), address(words[3], six), port(words[5])), end + 1);
        } catch (IllegalArgumentException malformed) {
            return new Malformed("PROXY header: " + malformed.getMessage());
        }
    }

    private static IpAddress address(String text, boolean six) {
        if ((text.indexOf(':') >= 0) != six || text.indexOf('%') >= 0) {
            throw new IllegalArgumentException("address of another family");
        }
        return IpAddress.parse(text);
    }

    private static int port(String text) {
        if (text.matches("0|[1-9][0-9]{0,4}") && Integer.parseInt(text) <= 0xffff) {
            return Integer.parseInt(text);
        }
        throw new IllegalArgumentException("no port");
    }

    private static Outcome binary(byte[] bytes) {
        int command = bytes[12] & 0xff;
        if (command != VERSION_AND_PROXY && command != VERSION_AND_LOCAL) {
            return new Malformed("PROXY header of an unknown version or command");
        }
        var fields = ByteBuffer.wrap(bytes);
        int end = FIXED + Short.toUnsignedInt(fields.getShort(14));
        if (bytes.length < end) {
            return INCOMPLETE;
        }
        int family = bytes[13] & 0xff;
        int octets = family == TCP4 ? 4 : family == TCP6 ? 16 : 0;
        if (command == VERSION_AND_LOCAL || octets == 0) {
            return new Complete(null, end);
        }
        int extensions = FIXED + 2 * octets + 4;
        if (end < extensions) {
            return new Malformed("PROXY header too short for its addresses");
        }
        String fault = extensionFault(bytes, extensions, end);
        if (fault != null) {
            return new Malformed(fault);
        }
        fields.position(FIXED);
        IpAddress source = address(fields, octets);
        IpAddress destination = address(fields, octets);
        int sourcePort = Short.toUnsignedInt(fields.getShort());
        int destinationPort = Short.toUnsignedInt(fields.getShort());
        return new Complete(new Ends(source, sourcePort, destination, destinationPort), end);
    }

    private static IpAddress address(ByteBuffer fields, int octets) {
        return octets == 4
                ? new IpAddress(0, MAPPED | Integer.toUnsignedLong(fields.getInt()))
                : new IpAddress(fields.getLong(), fields.getLong());
    }

    /** The extensions (type, length, value) are passed over, but they must fit, and a checksum among them must be right. */
    private static @Nullable String extensionFault(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end) {
            int value = at + 3;
            int next = value > end ? end + 1 : value + ((bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff));
            if (next > end) {
                return "PROXY header with an extension that goes beyond it";
            }
            if (bytes[at] == CHECKSUM) {
                byte[] header = Arrays.copyOf(bytes, end);
                Arrays.fill(header, value, next, (byte) 0);
                var checksum = new CRC32C();
                checksum.update(header);
                if (next - value != 4 || ByteBuffer.wrap(bytes).getInt(value) != (int) checksum.getValue()) {
                    return "PROXY header with a wrong checksum";
                }
            }
            at = next;
        }
        return null;
    }

    /** The header for a connection. Addresses of two families are both written as IPv6. */
    static byte[] write(ProxyProtocol version, Ends ends) {
        boolean four = ends.peer().isIpv4() && ends.local().isIpv4();
        return switch (version) {
            case V1 ->
                "PROXY %s %s %s %d %d\r\n"
                        .formatted(
                                four ? "TCP4" : "TCP6",
                                text(ends.peer(), four),
                                text(ends.local(), four),
                                ends.peerPort(),
                                ends.localPort())
                        .getBytes(StandardCharsets.US_ASCII);
            case V2 -> {
                int length = four ? 12 : 36;
                var header = ByteBuffer.allocate(FIXED + length)
                        .put(SIGNATURE)
                        .put((byte) VERSION_AND_PROXY)
                        .put((byte) (four ? TCP4 : TCP6))
                        .putShort((short) length);
                put(header, ends.peer(), four);
                put(header, ends.local(), four);
                yield header.putShort((short) ends.peerPort())
                        .putShort((short) ends.localPort())
                        .array();
            }
        };
    }

    private static String text(IpAddress address, boolean four) {
        return (address.isIpv4() && !four ? "::ffff:" : "") + address;
    }

    private static void put(ByteBuffer header, IpAddress address, boolean four) {
        if (four) {
            header.putInt((int) address.low());
        } else {
            header.putLong(address.high()).putLong(address.low());
        }
    }
}
