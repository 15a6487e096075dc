package pt.sunbeam.proxy.wire.http1;

/** What the next bytes were to a {@link ContentReader}. */
public sealed interface ContentStep {
    /** All of them are used up, and none of them was content. */
    record More() implements ContentStep {}

    /** Content, from and to in the array that was given; the rest behind it is for the next call. */
    record Data(int from, int to) implements ContentStep {}

    /**
     * The message is over.
     *
     * @param position where the bytes of the next message begin
     * @param trailers none but behind chunks
     */
    record End(int position, Fields trailers) implements ContentStep {}

    /** Nothing else is read from this connection, and the content that was read is not all of it. */
    record Refused(Refusal refusal) implements ContentStep {}

    ContentStep MORE = new More();
}
