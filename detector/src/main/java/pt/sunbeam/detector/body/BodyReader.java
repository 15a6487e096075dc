package pt.sunbeam.detector.body;

import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.canon.ValueVisitor;
import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.detector.http.RequestHead;

/**
 * Finds the values in a request's body as its bytes come in, and hands them to a visitor as they stand on the wire. Used for one body after the
 * other, each by {@link #begin}, {@link #feed} as often as there are bytes, and {@link #end}; how a body is cut makes no difference. Not thread-safe.
 *
 * <p>It reads {@code application/x-www-form-urlencoded}, {@code multipart/*}, JSON, XML and text, by Content-Type, and where that is absent or of
 * another kind, by what the first 256 bytes look like; what looks binary then is not read. What breaks its grammar is an anomaly, and is read on as
 * text. The content codings gzip and deflate are undone, and so are charsets in which ASCII does not stand for itself; where recipients differ in
 * how they take a body, it is read in the way that shows more.
 *
 * <p>Nothing that a client sends makes it throw. Its memory is constant, and it allocates nothing while it reads, but once for what few bodies need: a
 * multipart body's parts, a decompressor, a charset's decoder.
 */
public final class BodyReader {
    private final Findings findings = new Findings();
    private final ContentType type = new ContentType();
    private final Name noName;
    private final Content content;
    private final Decoded decoded;

    public BodyReader(ValueVisitor visitor) {
        noName = new Name(visitor);
        content = new Content(visitor, findings, noName, 0);
        decoded = new Decoded(visitor, findings, content);
    }

    /**
     * Begins the body of a request.
     *
     * @param mostBytes of content that are read once its coding is undone, binary parts not counted; what lies behind makes the body {@link #isOversize}
     */
    public void begin(RequestHead head, long mostBytes) {
        findings.clear();
        type.clear();
        for (int i = head.find(HeaderName.CONTENT_TYPE, 0); i >= 0; i = head.find(HeaderName.CONTENT_TYPE, i + 1)) {
            type.read(head.bytes(), head.valueStart(i), head.valueEnd(i));
        }
        content.begin(type, Place.TEXT, Content.Role.BODY);
        decoded.begin(Coding.of(head), mostBytes);
    }

    /** The next bytes of the body. */
    public void feed(byte[] bytes, int from, int to) {
        decoded.feed(bytes, from, to);
    }

    /** The body is complete, or no more of it will come: ends the value that is open. */
    public void end() {
        decoded.end();
        content.end();
    }

    /** False once it is known that nothing of the rest will be looked at: it is binary, or oversize. */
    public boolean isReading() {
        return content.isRead() && !decoded.isOversize();
    }

    /** Whether more content came than the {@code mostBytes} that were to be read. */
    public boolean isOversize() {
        return decoded.isOversize();
    }

    /** Whether the body is in a content coding other than gzip and zlib's deflate, or not in the one named; it is read as it stands then. */
    public boolean isUnreadable() {
        return decoded.isUnreadable();
    }

    /** The anomalies met so far: a sum of {@link BodyAnomaly#bit}s. */
    public int anomalies() {
        return findings.bits();
    }
}
