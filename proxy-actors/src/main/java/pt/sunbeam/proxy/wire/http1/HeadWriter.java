package pt.sunbeam.proxy.wire.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.List;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.ByteStrings;
import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.detector.http.Syntax;
import pt.sunbeam.proxy.message.HopByHop;

/**
 * Writes one head: start line, fields, {@link #end}, in that order. Fields of a head that was read are copied as ranges, neighbours together.
 *
 * <p>What frames the message is written by {@link #framing} and {@link #length} alone: Content-Length and Transfer-Encoding are never copied. What else is added is
 * checked, so that no value ends its line.
 */
public final class HeadWriter {
    /** Removes nothing. */
    public static final ByteStrings NOTHING = new ByteStrings(List.of());

    private static final byte[] VERSION_AND_END = " HTTP/1.1\r\n".getBytes(ISO_8859_1);
    private static final byte[] STATUS_LINE = "HTTP/1.1 ".getBytes(ISO_8859_1);
    private static final byte[] CONTENT_LENGTH = "Content-Length: ".getBytes(ISO_8859_1);
    private static final byte[] CHUNKED = "Transfer-Encoding: chunked\r\n".getBytes(ISO_8859_1);
    private static final int LONGEST_NUMBER = 20;

    private byte[] bytes;
    private int length;

    /** With room for about as many bytes as the head will have; it grows where they are too few. */
    public HeadWriter(int room) {
        bytes = new byte[room];
    }

    /** Method and target of the head, with the version that this proxy speaks; a head without Host, of HTTP/1.0, then needs one (RFC 9112 section 3.2). */
    public HeadWriter requestLine(RequestHead head) {
        put(head.bytes(), 0, head.queryEnd());
        return put(VERSION_AND_END, 0, VERSION_AND_END.length);
    }

    /** With the reason that pekko-http has for the status, if any; throws IllegalArgumentException where it is not in 100..599. */
    public HeadWriter statusLine(int status) {
        if (status < 100 || status > 599) {
            throw new IllegalArgumentException("status " + status + " is not in 100..599");
        }
        put(STATUS_LINE, 0, STATUS_LINE.length);
        number(status);
        put(' ');
        put("reason", StatusCodes.lookup(status).map(StatusCode::reason).orElse(""), Syntax.TEXT);
        return lineEnd();
    }

    /** Copies all fields but those that frame and those named. */
    public HeadWriter fields(Fields fields, ByteStrings removed) {
        return copy(fields, removed, null);
    }

    /** The same for the next hop: without the fields that belong to the connection (RFC 9110 section 7.6.1). */
    public HeadWriter forwarded(Fields fields, ByteStrings removed) {
        return copy(fields, removed, HopByHop.of(fields.values(HeaderName.CONNECTION)));
    }

    private HeadWriter copy(Fields fields, ByteStrings removed, @Nullable HopByHop hopByHop) {
        int run = -1; // where the fields begin that are kept and not yet copied
        for (int i = 0; i < fields.count(); i++) {
            int from = fields.nameStart(i);
            int to = fields.nameEnd(i);
            boolean dropped = isFraming(fields.bytes(), from, to)
                    || (hopByHop != null && hopByHop.drops(fields.bytes(), from, to))
                    || removed.contains(fields.bytes(), from, to);
            if (dropped && run >= 0) {
                put(fields.bytes(), run, from);
                run = -1;
            } else if (!dropped && run < 0) {
                run = from;
            }
        }
        return run < 0 ? this : put(fields.bytes(), run, fields.lineEnd(fields.count() - 1));
    }

    private static boolean isFraming(byte[] name, int from, int to) {
        return HeaderName.CONTENT_LENGTH.matches(name, from, to)
                || HeaderName.TRANSFER_ENCODING.matches(name, from, to);
    }

    /**
     * Adds a field. Throws IllegalArgumentException where the name is no token or frames a message, or the value has a control character or one beyond ISO-8859-1.
     */
    public HeadWriter field(String name, String value) {
        if (name.equalsIgnoreCase("content-length") || name.equalsIgnoreCase("transfer-encoding")) {
            throw new IllegalArgumentException("field " + name + " is not added by name");
        }
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a field name is empty");
        }
        put("field name", name, Syntax.TOKEN);
        put(':');
        put(' ');
        put(name, value, Syntax.TEXT);
        return lineEnd();
    }

    /** The field by which the content is delimited, where there is one. */
    public HeadWriter framing(Framing framing) {
        return switch (framing) {
            case Framing.Length(long content) -> length(content);
            case Framing.Chunked _ -> put(CHUNKED, 0, CHUNKED.length);
            case Framing.Empty _, Framing.UntilClose _, Framing.Tunnel _ -> this;
        };
    }

    /** A length; instead of framing in the answer to HEAD and in a 304, which have no content (RFC 9110 section 8.6). */
    public HeadWriter length(long content) {
        if (content < 0) {
            throw new IllegalArgumentException("a length of " + content);
        }
        put(CONTENT_LENGTH, 0, CONTENT_LENGTH.length);
        number(content);
        return lineEnd();
    }

    /** The head; this writer is used up. */
    public ByteString end() {
        lineEnd();
        return ByteString.fromArrayUnsafe(bytes, 0, length);
    }

    private HeadWriter lineEnd() {
        put('\r');
        return put('\n');
    }

    private void put(String what, String text, Syntax syntax) {
        reserve(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 0xff || !syntax.allows((byte) c)) {
                throw new IllegalArgumentException("%s has U+%04X at %d".formatted(what, (int) c, i));
            }
            bytes[length++] = (byte) c;
        }
    }

    private void number(long number) {
        reserve(LONGEST_NUMBER);
        int digits = 1;
        for (long rest = number; rest > 9; rest /= 10) {
            digits++;
        }
        long rest = number;
        for (int at = length + digits - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
    }

    private HeadWriter put(char c) {
        reserve(1);
        bytes[length++] = (byte) c;
        return this;
    }

    private HeadWriter put(byte[] from, int start, int end) {
        reserve(end - start);
        System.arraycopy(from, start, bytes, length, end - start);
        length += end - start;
        return this;
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
        }
    }
}
