package pt.sunbeam.proxy.wire.http1;

import pt.sunbeam.detector.http.Ascii;
import pt.sunbeam.detector.http.HeaderName;

/** Whether a connection goes on behind a message (RFC 9112 section 9.3). A reverse proxy is a server to its clients, so HTTP/1.0's keep-alive holds for both sides. */
final class Persistence {
    private static final byte[] CLOSE = Ascii.pattern("close");
    private static final byte[] KEEP_ALIVE = Ascii.pattern("keep-alive");

    private Persistence() {}

    /** In a version with that minor number, 0 or 1. */
    static boolean of(Fields fields, int minor) {
        return !fields.hasItem(HeaderName.CONNECTION, CLOSE)
                && (minor == 1 || fields.hasItem(HeaderName.CONNECTION, KEEP_ALIVE));
    }

    static boolean ofResponse(Fields fields, int minor, Framing framing) {
        return switch (framing) {
            case Framing.UntilClose _, Framing.Tunnel _ -> false;
            case Framing.Empty _, Framing.Length _, Framing.Chunked _ -> of(fields, minor);
        };
    }
}
