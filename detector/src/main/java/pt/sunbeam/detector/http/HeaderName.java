package pt.sunbeam.detector.http;

import java.util.Locale;

/** A field name (RFC 9110 section 5.1), kept in lower case so that a look-up compares bytes. */
public final class HeaderName {
    public static final HeaderName ACCEPT = of("accept");
    public static final HeaderName ACCEPT_ENCODING = of("accept-encoding");
    public static final HeaderName ACCEPT_LANGUAGE = of("accept-language");
    public static final HeaderName AUTHORIZATION = of("authorization");
    public static final HeaderName CF_IPCOUNTRY = of("cf-ipcountry");
    public static final HeaderName CONNECTION = of("connection");
    public static final HeaderName CONTENT_ENCODING = of("content-encoding");
    public static final HeaderName CONTENT_LENGTH = of("content-length");
    public static final HeaderName CONTENT_TYPE = of("content-type");
    public static final HeaderName COOKIE = of("cookie");
    public static final HeaderName EXPECT = of("expect");
    public static final HeaderName FORWARDED = of("forwarded");
    public static final HeaderName HOST = of("host");
    public static final HeaderName KEEP_ALIVE = of("keep-alive");
    public static final HeaderName PROXY_AUTHENTICATE = of("proxy-authenticate");
    public static final HeaderName PROXY_AUTHORIZATION = of("proxy-authorization");
    public static final HeaderName PROXY_CONNECTION = of("proxy-connection");
    public static final HeaderName REFERER = of("referer");
    public static final HeaderName TE = of("te");
    public static final HeaderName TRACEPARENT = of("traceparent");
    public static final HeaderName TRACESTATE = of("tracestate");
    public static final HeaderName TRAILER = of("trailer");
    public static final HeaderName TRANSFER_ENCODING = of("transfer-encoding");
    public static final HeaderName UPGRADE = of("upgrade");
    public static final HeaderName USER_AGENT = of("user-agent");
    public static final HeaderName VIA = of("via");
    public static final HeaderName X_FORWARDED_FOR = of("x-forwarded-for");
    public static final HeaderName X_FORWARDED_HOST = of("x-forwarded-host");
    public static final HeaderName X_FORWARDED_PROTO = of("x-forwarded-proto");
    public static final HeaderName X_REQUEST_ID = of("x-request-id");

    private final String name;
    private final byte[] bytes;

    /** A name in any case; throws IllegalArgumentException where it is no token (RFC 9110 section 5.6.2). */
    public static HeaderName of(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a field name is empty");
        }
        for (int i = 0; i < name.length(); i++) {
            if (!Syntax.TOKEN.allows(name.charAt(i))) {
                throw new IllegalArgumentException(
                        "field name \"%s\" has U+%04X at %d".formatted(name, (int) name.charAt(i), i));
            }
        }
        return new HeaderName(name.toLowerCase(Locale.ROOT));
    }

    private HeaderName(String name) {
        this.name = name;
        this.bytes = Ascii.pattern(name);
    }

    /** Whether the bytes spell this name in any case; allocates nothing. */
    public boolean matches(byte[] text, int from, int to) {
        return Ascii.equals(text, from, to, bytes);
    }

    /** Length of the name, in characters and in bytes. */
    int length() {
        return bytes.length;
    }

    void copyTo(byte[] out, int at) {
        System.arraycopy(bytes, 0, out, at, bytes.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HeaderName that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    /** The name in lower case. */
    @Override
    public String toString() {
        return name;
    }
}
