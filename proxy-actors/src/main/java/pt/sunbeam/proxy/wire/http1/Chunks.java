package pt.sunbeam.proxy.wire.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import org.apache.pekko.util.ByteString;
import pt.sunbeam.detector.http.ByteStrings;

/** Writes content in chunks (RFC 9112 section 7.1). */
public final class Chunks {
    private static final ByteString LINE_END = ByteString.fromString("\r\n");
    private static final ByteString LAST = ByteString.fromString("0\r\n");

    /** Fields that mean something before the content or not at all (RFC 9110 section 6.5.1). */
    private static final ByteStrings NO_TRAILERS = new ByteStrings(List.of(
            "authorization",
            "cache-control",
            "content-encoding",
            "content-range",
            "content-type",
            "cookie",
            "expect",
            "host",
            "range",
            "set-cookie"));

    private Chunks() {}

    /** One chunk, the content by reference; nothing for no content, which would be the last chunk. */
    public static ByteString chunk(ByteString content) {
        if (content.isEmpty()) {
            return content;
        }
        byte[] size = (Integer.toHexString(content.size()) + "\r\n").getBytes(ISO_8859_1);
        return ByteString.fromArrayUnsafe(size).concat(content).concat(LINE_END);
    }

    /** The last chunk and the trailer section; of the fields those go that the next hop may have there. */
    public static ByteString end(Fields trailers) {
        return LAST.concat(new HeadWriter(Math.max(2, trailers.bytes().length))
                .forwarded(trailers, NO_TRAILERS)
                .end());
    }
}
