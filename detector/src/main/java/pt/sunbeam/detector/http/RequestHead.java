package pt.sunbeam.detector.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A request's control data and header section as bytes and offsets: what an engine received, so that it can forward ranges of it.
 *
 * <p>Immutable. The bytes have the shape of RFC 9112: {@code method SP target SP version CRLF *(name ":" SP value CRLF) CRLF}.
 */
public final class RequestHead {
    private static final byte[] SCHEME_END = Ascii.pattern("://");
    private static final int STRIDE = 4; // offsets of a field: name start and end, value start and end

    private final String method;
    private final String version;
    private final byte[] bytes;
    private final int[] fields;
    private final int targetStart;
    private final int targetEnd;
    private final int pathStart;
    private final int pathEnd;
    private final int queryStart;
    private final int hostStart;
    private final int hostEnd;

    private RequestHead(String method, String version, byte[] bytes, int[] fields, int targetEnd) {
        this.method = method;
        this.version = version;
        this.bytes = bytes;
        this.fields = fields;
        this.targetStart = method.length() + 1;
        this.targetEnd = targetEnd;

        int authorityStart = targetStart;
        int authorityEnd = targetStart; // no authority
        int path = targetStart;
        int scheme = schemeEnd();
        boolean absolute = false;
        if (method.equals("CONNECT")) { // authority-form, RFC 9112 section 3.2.3
            authorityEnd = targetEnd;
            path = targetEnd;
        } else if (scheme >= 0) { // absolute-form, section 3.2.2
            absolute = true;
            authorityStart = scheme + SCHEME_END.length;
            authorityEnd = Math.min(
                    indexOf('/', authorityStart, targetEnd),
                    Math.min(indexOf('?', authorityStart, targetEnd), indexOf('#', authorityStart, targetEnd)));
            path = authorityEnd;
        }
        int query = indexOf('?', path, targetEnd);
        if (path == query && absolute) {
            // An empty path means "/" (RFC 9110 section 4.2.3): the last slash of "://" stands for it.
            pathStart = authorityStart - 1;
            pathEnd = authorityStart;
        } else {
            pathStart = path;
            pathEnd = query;
        }
        queryStart = Math.min(query + 1, targetEnd);

        if (authorityEnd > authorityStart) {
            hostStart = afterUserinfo(authorityStart, authorityEnd);
            hostEnd = hostEnd(hostStart, authorityEnd);
        } else {
            int field = find(HeaderName.HOST, 0);
            hostStart = field < 0 ? 0 : valueStart(field);
            hostEnd = field < 0 ? 0 : hostEnd(hostStart, valueEnd(field));
        }
    }

    /** Where the "://" of an absolute-form target begins, or -1. */
    private int schemeEnd() {
        int i = targetStart;
        while (i < targetEnd && isScheme(bytes[i])) {
            i++;
        }
        return i > targetStart && Ascii.startsWith(bytes, i, targetEnd, SCHEME_END) ? i : -1;
    }

    private static boolean isScheme(byte b) {
        byte c = Ascii.lower(b);
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    }

    private int indexOf(char character, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == character) {
                return i;
            }
        }
        return to;
    }

    private int afterUserinfo(int from, int to) { // RFC 3986 section 3.2.1
        for (int i = to - 1; i >= from; i--) {
            if (bytes[i] == '@') {
                return i + 1;
            }
        }
        return from;
    }

    /** The end of the host in {@code host [":" port]}, before the dot of a name's root, if any. */
    private int hostEnd(int from, int to) {
        int end = from;
        boolean literal = from < to && bytes[from] == '[';
        while (end < to && (literal || bytes[end] != ':')) {
            literal &= bytes[end] != ']';
            end++;
        }
        return end > from + 1 && bytes[end - 1] == '.' ? end - 1 : end;
    }

    /** For readers of logs, trainers and tests: fields as name, value, name, value. */
    public static RequestHead of(String method, String target, String... fields) {
        if (fields.length % 2 != 0) {
            throw new IllegalArgumentException("field \"" + fields[fields.length - 1] + "\" has no value");
        }
        Builder builder = builder(method, target, "HTTP/1.1");
        for (int i = 0; i < fields.length; i += 2) {
            builder.field(fields[i], fields[i + 1]);
        }
        return builder.build();
    }

    /** Throws IllegalArgumentException where the method is no token, or target or version are empty or hold a space or control character. */
    public static Builder builder(String method, String target, String version) {
        return new Builder(method, target, version, 1_024);
    }

    /** The same with room for so many bytes from the start; it grows where they are too few. */
    public static Builder builder(String method, String target, String version, int bytes) {
        return new Builder(method, target, version, bytes);
    }

    /**
     * A head that an engine has read and checked, without a copy.
     *
     * @param targetEnd where the target ends, which begins one byte behind the method
     * @param version "HTTP/1.1", as it stands behind the target
     * @param bytes the head and nothing else; nobody writes to them any more
     * @param fields its {@link #offsets}; nobody writes to them any more
     */
    public static RequestHead received(String method, int targetEnd, String version, byte[] bytes, int[] fields) {
        return new RequestHead(method, version, bytes, fields, targetEnd);
    }

    /** The same fields behind another request line of this version; throws as {@link #builder} does. */
    public RequestHead with(String otherMethod, String otherTarget) {
        int fieldsStart = targetEnd + version.length() + 3; // a space before, CRLF behind
        int room = otherMethod.length() + otherTarget.length() + bytes.length - targetEnd + 1;
        return new Builder(otherMethod, otherTarget, version, room).build(bytes, fieldsStart, fields);
    }

    /** The backing bytes, the head and nothing else; do not write. All offsets point into them. */
    public byte[] bytes() {
        return bytes;
    }

    /** Of each field four offsets: start and end of its name, start and end of its value; do not write. */
    public int[] offsets() {
        return fields;
    }

    public String method() {
        return method;
    }

    /** "HTTP/1.1". */
    public String version() {
        return version;
    }

    /** The request target as received. */
    public String target() {
        return text(targetStart, targetEnd);
    }

    /**
     * The path: the target up to "?", without scheme and authority where the target is in absolute form ("/" where nothing is left).
     * "*" for the asterisk form, empty for CONNECT.
     */
    public String path() {
        return text(pathStart, pathEnd);
    }

    /** What follows the first "?" of the target; empty where there is none. */
    public String query() {
        return text(queryStart, targetEnd);
    }

    /**
     * The host the request is for, in lower case, without port and without a final dot; IPv6 literals keep their brackets. The authority of an
     * absolute-form target comes before the field Host (RFC 9112 section 3.2.2); of several fields the first counts. Empty where there is none.
     */
    public String host() {
        byte[] host = Arrays.copyOfRange(bytes, hostStart, hostEnd);
        for (int i = 0; i < host.length; i++) {
            host[i] = Ascii.lower(host[i]);
        }
        return new String(host, ISO_8859_1);
    }

    /** The first label of {@link #host}. */
    public String hostPrefix() {
        String host = host();
        return host.substring(0, hostPrefixEnd() - hostStart);
    }

    /** {@code Content-Length} in bytes; -1 where absent or invalid, and where several fields disagree (RFC 9110 section 8.6). */
    public long contentLength() {
        long length = -1;
        for (int i = find(HeaderName.CONTENT_LENGTH, 0); i >= 0; i = find(HeaderName.CONTENT_LENGTH, i + 1)) {
            long next = Ascii.number(bytes, valueStart(i), valueEnd(i));
            if (next < 0 || (length >= 0 && next != length)) {
                return -1;
            }
            length = next;
        }
        return length;
    }

    public int pathStart() {
        return pathStart;
    }

    public int pathEnd() {
        return pathEnd;
    }

    public int queryStart() {
        return queryStart;
    }

    public int queryEnd() {
        return targetEnd;
    }

    /** The bytes of {@link #host}, in the case in which they came. */
    public int hostStart() {
        return hostStart;
    }

    public int hostEnd() {
        return hostEnd;
    }

    /** The end of the first label of the host. */
    public int hostPrefixEnd() {
        return indexOf('.', hostStart, hostEnd);
    }

    public int fieldCount() {
        return fields.length / STRIDE;
    }

    /** Index of the first field of that name at or after {@code from}, or -1; compares without case, allocates nothing. */
    public int find(HeaderName name, int from) {
        for (int i = from; i < fieldCount(); i++) {
            if (name.matches(bytes, nameStart(i), nameEnd(i))) {
                return i;
            }
        }
        return -1;
    }

    public int nameStart(int field) {
        return fields[STRIDE * field];
    }

    public int nameEnd(int field) {
        return fields[STRIDE * field + 1];
    }

    public int valueStart(int field) {
        return fields[STRIDE * field + 2];
    }

    public int valueEnd(int field) {
        return fields[STRIDE * field + 3];
    }

    /** The name as received. */
    public String name(int field) {
        return text(nameStart(field), nameEnd(field));
    }

    public String value(int field) {
        return text(valueStart(field), valueEnd(field));
    }

    /** The first value of that name, or null. */
    public @Nullable String first(HeaderName name) {
        int field = find(name, 0);
        return field < 0 ? null : value(field);
    }

    /** The head as it stands on the wire. */
    @Override
    public String toString() {
        return text(0, bytes.length);
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, ISO_8859_1);
    }

    /**
     * Collects a head; {@code field} throws IllegalArgumentException on CR, LF or NUL. Text is ISO-8859-1, as on the wire;
     * text with a character beyond that set is taken for decoded UTF-8 and encoded again. Builds once.
     */
    public static final class Builder {
        private final String method;
        private final String version;
        private final int targetEnd;
        private byte[] bytes;
        private int length;
        private int[] fields = {};
        private int offsets;

        private Builder(String method, String target, String version, int room) {
            this.bytes = new byte[room];
            this.method = method;
            this.version = version;
            put("method", method, Syntax.TOKEN);
            put(' ');
            put("target", target, Syntax.TARGET);
            this.targetEnd = length;
            put(' ');
            put("version", version, Syntax.TARGET);
            put('\r');
            put('\n');
        }

        /** Adds a field; the name must be a token, white space around the value is dropped (RFC 9110 section 5.5). */
        public Builder field(String name, String value) {
            int nameStart = length;
            put("field name", name, Syntax.TOKEN);
            return value(nameStart, name, value);
        }

        /** The same with the name in lower case, which needs no check any more. */
        public Builder field(HeaderName name, String value) {
            int nameStart = length;
            reserve(name.length());
            name.copyTo(bytes, length);
            length += name.length();
            return value(nameStart, name.toString(), value);
        }

        private Builder value(int nameStart, String name, String value) {
            if (offsets + STRIDE > fields.length) {
                fields = Arrays.copyOf(fields, Math.max(16 * STRIDE, 2 * fields.length));
            }
            fields[offsets] = nameStart;
            fields[offsets + 1] = length;
            put(':');
            put(' ');
            int from = 0;
            int to = value.length();
            while (from < to && isSpace(value.charAt(from))) {
                from++;
            }
            while (to > from && isSpace(value.charAt(to - 1))) {
                to--;
            }
            fields[offsets + 2] = length;
            append(name, value, from, to, Syntax.VALUE);
            fields[offsets + 3] = length;
            offsets += STRIDE;
            put('\r');
            put('\n');
            return this;
        }

        public RequestHead build() {
            put('\r');
            put('\n');
            return new RequestHead(method, version, whole(), Arrays.copyOf(fields, offsets), targetEnd);
        }

        /** With the fields of another head, whose section begins there, instead of its own. */
        private RequestHead build(byte[] head, int sectionStart, int[] offsetsThere) {
            int moved = length - sectionStart;
            int[] offsetsHere = offsetsThere.clone();
            for (int i = 0; i < offsetsHere.length; i++) {
                offsetsHere[i] += moved;
            }
            int section = head.length - sectionStart;
            reserve(section);
            System.arraycopy(head, sectionStart, bytes, length, section);
            length += section;
            return new RequestHead(method, version, whole(), offsetsHere, targetEnd);
        }

        private byte[] whole() {
            return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
        }

        private static boolean isSpace(char c) {
            return c == ' ' || c == '\t';
        }

        private void put(String what, String text, Syntax syntax) {
            if (text.isEmpty()) {
                throw new IllegalArgumentException(what + " is empty");
            }
            append(what, text, 0, text.length(), syntax);
        }

        private void append(String what, String text, int from, int to, Syntax syntax) {
            reserve(to - from);
            byte[] out = bytes; // the loop runs for each byte of each head: no field is written in it
            int at = length;
            for (int i = from; i < to; i++) {
                char c = text.charAt(i);
                if (!syntax.allows(c)) {
                    throw new IllegalArgumentException("%s has U+%04X at %d".formatted(what, (int) c, i));
                }
                if (c > 0xff) {
                    byte[] encoded = text.substring(from, to).getBytes(UTF_8);
                    append(what, new String(encoded, ISO_8859_1), 0, encoded.length, syntax);
                    return;
                }
                out[at++] = (byte) c;
            }
            length = at;
        }

        private void put(char c) {
            reserve(1);
            bytes[length++] = (byte) c;
        }

        private void reserve(int more) {
            if (length + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
            }
        }
    }
}
