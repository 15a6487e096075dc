package pt.sunbeam.proxy.wire.http1;

/** Content whose length was declared (RFC 9112 section 6.2). */
final class LengthReader implements ContentReader {
    private long left;

    LengthReader(long bytes) {
        left = bytes;
    }

    @Override
    public ContentStep next(byte[] chunk, int from, int to) {
        if (left == 0) {
            return new ContentStep.End(from, Fields.NONE);
        }
        if (from == to) {
            return ContentStep.MORE;
        }
        int length = (int) Math.min(left, to - from);
        left -= length;
        return new ContentStep.Data(from, from + length);
    }

    @Override
    public ContentStep closed() {
        return left == 0 ? new ContentStep.End(0, Fields.NONE) : new ContentStep.Refused(Refusal.CUT_SHORT);
    }
}
