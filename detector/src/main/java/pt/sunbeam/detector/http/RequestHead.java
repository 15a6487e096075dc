package pt.sunbeam.detector.http;

import org.jspecify.annotations.Nullable;

/**
 * A request's control data and header section as bytes and offsets: what an engine received, so that it can forward ranges of it.
 *
 * <p>Immutable. The bytes have the shape of RFC 9112: {@code method SP target SP version CRLF *(name ":" SP value CRLF) CRLF}.
 */
public final class RequestHead {
    /** For readers of logs, trainers and tests: fields as name, value, name, value. */
    public static RequestHead of(String method, String target, String... fields) {
        throw new UnsupportedOperationException("stub");
    }

    public static Builder builder(String method, String target, String version) {
        throw new UnsupportedOperationException("stub");
    }

    /** The backing bytes; do not write. All offsets point into them. */
    public byte[] bytes() {
        throw new UnsupportedOperationException("stub");
    }

    public String method() {
        throw new UnsupportedOperationException("stub");
    }

    /** "HTTP/1.1". */
    public String version() {
        throw new UnsupportedOperationException("stub");
    }

    /** The request target as received. */
    public String target() {
        throw new UnsupportedOperationException("stub");
    }

    /** The path: the target up to "?", without scheme and authority where the target is in absolute form. */
    public String path() {
        throw new UnsupportedOperationException("stub");
    }

    /** What follows the first "?" of the target; empty where there is none. */
    public String query() {
        throw new UnsupportedOperationException("stub");
    }

    public int pathStart() {
        throw new UnsupportedOperationException("stub");
    }

    public int pathEnd() {
        throw new UnsupportedOperationException("stub");
    }

    public int queryStart() {
        throw new UnsupportedOperationException("stub");
    }

    public int queryEnd() {
        throw new UnsupportedOperationException("stub");
    }

    public int fieldCount() {
        throw new UnsupportedOperationException("stub");
    }

    /** Index of the first field of that name at or after {@code from}, or -1; compares without case, allocates nothing. */
    public int find(HeaderName name, int from) {
        throw new UnsupportedOperationException("stub");
    }

    public int nameStart(int field) {
        throw new UnsupportedOperationException("stub");
    }

    public int nameEnd(int field) {
        throw new UnsupportedOperationException("stub");
    }

    public int valueStart(int field) {
        throw new UnsupportedOperationException("stub");
    }

    public int valueEnd(int field) {
        throw new UnsupportedOperationException("stub");
    }

    public String name(int field) {
        throw new UnsupportedOperationException("stub");
    }

    public String value(int field) {
        throw new UnsupportedOperationException("stub");
    }

    /** The first value of that name, or null. */
    public @Nullable String first(HeaderName name) {
        throw new UnsupportedOperationException("stub");
    }

    /** Collects a head; {@code field} throws IllegalArgumentException on CR, LF or NUL. Text is ISO-8859-1, as on the wire. */
    public static final class Builder {
        public Builder field(String name, String value) {
            throw new UnsupportedOperationException("stub");
        }

        public RequestHead build() {
            throw new UnsupportedOperationException("stub");
        }
    }
}
