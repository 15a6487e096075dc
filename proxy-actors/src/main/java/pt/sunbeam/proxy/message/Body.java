package pt.sunbeam.proxy.message;

import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** The content of a message (RFC 9110 section 6.4), or what comes in place of it. */
public sealed interface Body {
    /** Content that is in memory already. */
    record Whole(ByteString bytes) implements Body {
        public static final Whole EMPTY = new Whole(ByteString.emptyByteString());
    }

    /**
     * Content that flows at the pace of its reader; it can be read once.
     *
     * @param length in bytes, or {@link #UNKNOWN} where it is not declared (chunked, or delimited by the connection's end)
     */
    record Streamed(long length, Source<ByteString, NotUsed> bytes) implements Body {}

    /**
     * Behind the head of a 101 response the connection speaks another protocol (RFC 9110 section 7.8).
     *
     * @param bytes from what the client sends to what the upstream sends; it can be run once
     */
    record Tunnel(Flow<ByteString, ByteString, NotUsed> bytes) implements Body {}

    long UNKNOWN = -1;

    /** Bytes, or {@link #UNKNOWN}. */
    default long declaredLength() {
        return switch (this) {
            case Whole(var bytes) -> bytes.length();
            case Streamed(var length, var _) -> length;
            case Tunnel _ -> UNKNOWN;
        };
    }
}
