package pt.sunbeam.proxy.wire.http1;

/**
 * Tells the content of one message in the bytes of a connection; copies none of it.
 *
 * <p>The caller goes on from {@code Data.to} with the rest of the array until the answer is {@code More} or the end. A message whose length is 0 ends at the first
 * call, be it without bytes.
 */
public sealed interface ContentReader permits ChunkedReader, LengthReader, UntilCloseReader {
    ContentStep next(byte[] chunk, int from, int to);

    /** The connection has ended where bytes were awaited: {@code End} where that is how this content ends, else {@code Refused}. */
    ContentStep closed();

    /**
     * The reader for a message of that framing. Throws IllegalArgumentException for a tunnel, which is no message.
     *
     * @param limits on the trailer section
     */
    static ContentReader of(Framing framing, HeadLimits limits) {
        return switch (framing) {
            case Framing.Empty _ -> new LengthReader(0);
            case Framing.Length(long bytes) -> new LengthReader(bytes);
            case Framing.Chunked _ -> new ChunkedReader(limits);
            case Framing.UntilClose _ -> new UntilCloseReader();
            case Framing.Tunnel _ -> throw new IllegalArgumentException("a tunnel has no content");
        };
    }
}
