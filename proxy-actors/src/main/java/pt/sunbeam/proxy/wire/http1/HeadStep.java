package pt.sunbeam.proxy.wire.http1;

/** What some more bytes were to a {@link HeadReader}. */
public sealed interface HeadStep<H> {
    /** All of them belong to the head, and more are needed. */
    record More<H>() implements HeadStep<H> {}

    /**
     * The head is whole.
     *
     * @param position where the bytes behind it begin
     */
    record Complete<H>(H head, int position) implements HeadStep<H> {}

    /** Nothing else is read from this connection. */
    record Refused<H>(Refusal refusal) implements HeadStep<H> {}
}
