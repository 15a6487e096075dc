package pt.sunbeam.proxy.wire.http1;

/** Content that goes on to the end of the connection (RFC 9112 section 6.3, rule 8). */
final class UntilCloseReader implements ContentReader {
    @Override
    public ContentStep next(byte[] chunk, int from, int to) {
        return from == to ? ContentStep.MORE : new ContentStep.Data(from, to);
    }

    @Override
    public ContentStep closed() {
        return new ContentStep.End(0, Fields.NONE);
    }
}
