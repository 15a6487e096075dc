package pt.sunbeam.proxy.wire.http1;

import pt.sunbeam.detector.http.Ascii;
import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.detector.http.Syntax;

/** What ends a message's content (RFC 9112 section 6.3). */
public sealed interface Framing extends Framed {
    /** The message ends with its head. */
    record Empty() implements Framing {}

    /** So many bytes, 0 and more. */
    record Length(long bytes) implements Framing {}

    /** The last chunk and the trailer section behind it. */
    record Chunked() implements Framing {}

    /** The end of the connection; of responses only. */
    record UntilClose() implements Framing {}

    /** Behind the head the connection is no longer HTTP; of responses only. */
    record Tunnel() implements Framing {}

    Framing EMPTY = new Empty();
    Framing CHUNKED = new Chunked();
    Framing UNTIL_CLOSE = new UntilClose();
    Framing TUNNEL = new Tunnel();

    /**
     * How a response's content is sent.
     *
     * @param length in bytes, or negative where it is not known beforehand
     * @param peerReadsChunks whether the client speaks HTTP/1.1; else such content ends with the connection
     */
    static Framing ofContent(long length, boolean peerReadsChunks) {
        return length >= 0 ? new Length(length) : peerReadsChunks ? CHUNKED : UNTIL_CLOSE;
    }

    /** Of a version with that minor number, 0 or 1. */
    static Framed ofRequest(Fields fields, int minor) {
        return declared(fields, minor, EMPTY);
    }

    /**
     * Stricter than the RFC where the two ends of a connection could disagree: a length beside a coding is refused here too, and so is content, even as a promise, with
     * statuses that have none. Of a HEAD's answer and of a 304 the fields speak of another response and say nothing here.
     *
     * @param method of the request it answers
     * @param status 100 to 599
     */
    static Framed ofResponse(Fields fields, int minor, String method, int status) {
        if (status == 101 || (method.equals("CONNECT") && status / 100 == 2)) {
            return TUNNEL;
        }
        if (status / 100 == 1 || status == 204) {
            Framed declared = declared(fields, minor, EMPTY);
            boolean none = declared instanceof Empty || (declared instanceof Length(long bytes) && bytes == 0);
            return none ? EMPTY : Refusal.CONTENT_FORBIDDEN;
        }
        if (status == 304 || method.equals("HEAD")) {
            return EMPTY;
        }
        return declared(fields, minor, UNTIL_CLOSE);
    }

    private static Framed declared(Fields fields, int minor, Framing otherwise) {
        int coding = fields.find(HeaderName.TRANSFER_ENCODING, 0);
        int length = fields.find(HeaderName.CONTENT_LENGTH, 0);
        if (coding >= 0) {
            return length >= 0
                    ? Refusal.LENGTH_AND_CODING
                    : minor == 0 ? Refusal.CODING_IN_1_0 : coding(fields, coding);
        }
        if (length < 0) {
            return otherwise;
        }
        if (fields.find(HeaderName.CONTENT_LENGTH, length + 1) >= 0) {
            return Refusal.LENGTH_REPEATED;
        }
        long bytes = Ascii.number(fields.bytes(), fields.valueStart(length), fields.valueEnd(length));
        return bytes < 0 ? Refusal.LENGTH_INVALID : new Length(bytes);
    }

    /** All codings of the message in the order of its lines; chunked is the only one that is implemented. */
    private static Framed coding(Fields fields, int first) {
        boolean chunked = false;
        boolean unknown = false;
        for (int at = first; at >= 0; at = fields.find(HeaderName.TRANSFER_ENCODING, at + 1)) {
            int start = fields.valueStart(at);
            int end = fields.valueEnd(at);
            while (start <= end) {
                int comma = indexOfComma(fields.bytes(), start, end);
                int from = Fields.afterSpace(fields.bytes(), start, comma);
                int to = Fields.beforeSpace(fields.bytes(), from, comma);
                if (chunked || !isToken(fields.bytes(), from, to)) {
                    return Refusal.CODING_INVALID;
                }
                chunked = Ascii.equals(fields.bytes(), from, to, Fields.CHUNKED);
                unknown |= !chunked;
                start = comma + 1;
            }
        }
        return unknown ? Refusal.CODING_UNKNOWN : CHUNKED;
    }

    private static int indexOfComma(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != ',') {
            at++;
        }
        return at;
    }

    private static boolean isToken(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Syntax.TOKEN.allows(bytes[i])) {
                return false;
            }
        }
        return from < to;
    }
}
