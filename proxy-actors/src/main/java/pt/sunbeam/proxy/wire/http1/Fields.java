package pt.sunbeam.proxy.wire.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import pt.sunbeam.detector.http.Ascii;
import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.detector.http.RequestHead;

/**
 * A field section (RFC 9112 section 5) as ranges of the bytes that were received: of a field four offsets, start and end of its name, start and end of its value
 * without the white space around it. No text is made before somebody asks for it. Immutable.
 */
public final class Fields {
    static final int STRIDE = 4;
    static final byte[] CHUNKED = Ascii.pattern("chunked");
    static final Fields NONE = new Fields(new byte[] {'\r', '\n'}, new int[0]);

    private final byte[] bytes;
    private final int[] offsets;

    /** @param bytes end in the empty line behind the fields; they stand line by line before it */
    Fields(byte[] bytes, int[] offsets) {
        this.bytes = bytes;
        this.offsets = offsets;
    }

    /** The fields of a request's head, without a copy. */
    public static Fields of(RequestHead head) {
        return new Fields(head.bytes(), head.offsets());
    }

    public int count() {
        return offsets.length / STRIDE;
    }

    /** The name as received. */
    public String name(int field) {
        return text(nameStart(field), nameEnd(field));
    }

    public String value(int field) {
        return text(valueStart(field), valueEnd(field));
    }

    /** Index of the first field of that name at or after {@code from}, or -1. */
    public int find(HeaderName name, int from) {
        for (int i = from; i < count(); i++) {
            if (name.matches(bytes, nameStart(i), nameEnd(i))) {
                return i;
            }
        }
        return -1;
    }

    /** Whether a list field, in one line or several, has that member (RFC 9110 section 5.6.1). */
    boolean hasItem(HeaderName name, byte[] lowerCase) {
        for (int at = find(name, 0); at >= 0; at = find(name, at + 1)) {
            int start = valueStart(at);
            for (int i = start; i <= valueEnd(at); i++) {
                if (i == valueEnd(at) || bytes[i] == ',') {
                    int from = afterSpace(bytes, start, i);
                    if (Ascii.equals(bytes, from, beforeSpace(bytes, from, i), lowerCase)) {
                        return true;
                    }
                    start = i + 1;
                }
            }
        }
        return false;
    }

    static int afterSpace(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && isSpace(bytes[at])) {
            at++;
        }
        return at;
    }

    static int beforeSpace(byte[] bytes, int from, int to) {
        int at = to;
        while (at > from && isSpace(bytes[at - 1])) {
            at--;
        }
        return at;
    }

    /** OWS of RFC 9110 section 5.6.3. */
    static boolean isSpace(byte b) {
        return b == ' ' || b == '\t';
    }

    /** The values of all fields of that name. */
    List<String> values(HeaderName name) {
        int at = find(name, 0);
        if (at < 0) {
            return List.of();
        }
        var values = new ArrayList<String>();
        for (; at >= 0; at = find(name, at + 1)) {
            values.add(value(at));
        }
        return values;
    }

    /** Where the line of the field ends, behind its CRLF. */
    int lineEnd(int field) {
        return field + 1 < count() ? nameStart(field + 1) : bytes.length - 2;
    }

    byte[] bytes() {
        return bytes;
    }

    int[] offsets() {
        return offsets;
    }

    int nameStart(int field) {
        return offsets[STRIDE * field];
    }

    int nameEnd(int field) {
        return offsets[STRIDE * field + 1];
    }

    int valueStart(int field) {
        return offsets[STRIDE * field + 2];
    }

    int valueEnd(int field) {
        return offsets[STRIDE * field + 3];
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, ISO_8859_1);
    }
}
