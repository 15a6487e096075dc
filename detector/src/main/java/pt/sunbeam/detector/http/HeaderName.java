package pt.sunbeam.detector.http;

/** A field name (RFC 9110 section 5.1), kept in lower case so that a look-up compares bytes. */
public final class HeaderName {
    public static final HeaderName HOST = of("host");
    // ... and the others in use: COOKIE, REFERER, USER_AGENT, ACCEPT, ACCEPT_LANGUAGE, ACCEPT_ENCODING, CONNECTION,
    // CONTENT_LENGTH, CONTENT_TYPE, X_FORWARDED_FOR, X_REQUEST_ID, CF_IPCOUNTRY, TRANSFER_ENCODING, ...

    public static HeaderName of(String name) {
        return new HeaderName(name);
    }

    private HeaderName(String name) {}
}
