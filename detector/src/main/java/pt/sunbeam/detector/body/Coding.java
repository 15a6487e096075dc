package pt.sunbeam.detector.body;

import pt.sunbeam.detector.http.Ascii;
import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.detector.http.RequestHead;

/** The content coding of a body (RFC 9110 section 8.4). */
enum Coding {
    NONE,
    GZIP,
    /** In the zlib format, as the RFC says; a bare deflate stream is not undone. */
    DEFLATE,
    /** One that is not undone here, or several. */
    OTHER;

    private static final byte[] IDENTITY_WORD = Ascii.pattern("identity");
    private static final byte[] GZIP_WORD = Ascii.pattern("gzip");
    private static final byte[] X_GZIP_WORD = Ascii.pattern("x-gzip");
    private static final byte[] DEFLATE_WORD = Ascii.pattern("deflate");

    static Coding of(RequestHead head) {
        Coding coding = NONE;
        for (int i = head.find(HeaderName.CONTENT_ENCODING, 0);
                i >= 0;
                i = head.find(HeaderName.CONTENT_ENCODING, i + 1)) {
            coding = and(coding, head.bytes(), head.valueStart(i), head.valueEnd(i));
        }
        return coding;
    }

    private static Coding and(Coding before, byte[] bytes, int from, int to) {
        Coding coding = before;
        int at = from;
        while (at < to) {
            int end = at;
            while (end < to && bytes[end] != ',') {
                end++;
            }
            int last = end;
            while (at < last && bytes[at] <= ' ' && bytes[at] >= 0) {
                at++;
            }
            while (last > at && bytes[last - 1] <= ' ' && bytes[last - 1] >= 0) {
                last--;
            }
            if (at < last && !Ascii.equals(bytes, at, last, IDENTITY_WORD)) {
                coding = coding == NONE ? named(bytes, at, last) : OTHER;
            }
            at = end + 1;
        }
        return coding;
    }

    private static Coding named(byte[] bytes, int from, int to) {
        if (Ascii.equals(bytes, from, to, GZIP_WORD) || Ascii.equals(bytes, from, to, X_GZIP_WORD)) {
            return GZIP;
        }
        return Ascii.equals(bytes, from, to, DEFLATE_WORD) ? DEFLATE : OTHER;
    }
}
