package pt.sunbeam.detector.canon;

import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.detector.http.RequestHead;

/**
 * Visits the values of a request's head: the path, the parameters of the query, cookies, the values of all other fields (and an authority in the
 * target), but for the fields of framing, whose grammar the proxy enforces or which end at it.
 *
 * <p>A parameter whose name could hold more than a name is visited whole, name, equals sign and value, with no name of its own; so is a parameter or
 * cookie without an equals sign. The values of parameters of one name are visited once more joined by commas, for some servers join them. Allocates
 * nothing. Not thread-safe.
 */
public final class HeadReader {
    /** So many parameters, and so many cookies, are visited one by one; the rest as one value. */
    public static final int MOST_VALUES = 1_000;

    private static final HeaderName[] FRAMING = {
        HeaderName.CONNECTION,
        HeaderName.CONTENT_LENGTH,
        HeaderName.KEEP_ALIVE,
        HeaderName.PROXY_CONNECTION,
        HeaderName.TE,
        HeaderName.TRANSFER_ENCODING
    };

    private static final boolean[] IN_NAMES = new boolean[256];

    static {
        for (int c = 0; c < 256; c++) {
            IN_NAMES[c] = (c < 0x80 && Character.isLetterOrDigit(c)) || (c != 0 && "_-.[]".indexOf(c) >= 0);
        }
    }

    private int anomalies;

    /** Visits all values of the head and returns the anomalies of its structure, as {@link Anomaly#bit}s. */
    public int read(RequestHead head, ValueVisitor visitor) {
        anomalies = 0;
        byte[] bytes = head.bytes();
        visit(visitor, Place.PATH, bytes, 0, 0, head.pathStart(), head.pathEnd());
        query(bytes, head.queryStart(), head.queryEnd(), visitor);
        for (int field = 0; field < head.fieldCount(); field++) {
            int from = head.nameStart(field);
            int to = head.nameEnd(field);
            if (HeaderName.COOKIE.matches(bytes, from, to)) {
                cookies(bytes, head.valueStart(field), head.valueEnd(field), visitor);
            } else if (!isFraming(bytes, from, to)) {
                visit(visitor, Place.HEADER, bytes, from, to, head.valueStart(field), head.valueEnd(field));
            }
        }
        return anomalies;
    }

    private static boolean isFraming(byte[] bytes, int from, int to) {
        for (HeaderName name : FRAMING) {
            if (name.matches(bytes, from, to)) {
                return true;
            }
        }
        return false;
    }

    private void query(byte[] bytes, int from, int to, ValueVisitor visitor) {
        int count = 0;
        for (int start = from; start < to; ) {
            int end = indexOf('&', bytes, start, to);
            if (++count > MOST_VALUES) {
                anomalies |= Anomaly.TOO_MANY_VALUES.bit();
                end = to;
            }
            pair(Place.QUERY, bytes, start, end, visitor);
            start = end + 1;
        }
    }

    private void cookies(byte[] bytes, int from, int to, ValueVisitor visitor) {
        int count = 0;
        for (int start = from; start < to; ) {
            int end = indexOf(';', bytes, start, to);
            if (++count > MOST_VALUES) {
                anomalies |= Anomaly.TOO_MANY_VALUES.bit();
                end = to;
            }
            while (start < end && bytes[start] == ' ') {
                start++;
            }
            pair(Place.COOKIE, bytes, start, end, visitor);
            start = end + 1;
        }
    }

    private static void pair(Place place, byte[] bytes, int from, int to, ValueVisitor visitor) {
        int name = from;
        while (name < to && IN_NAMES[bytes[name] & 0xff]) {
            name++;
        }
        if (name < to && bytes[name] == '=') {
            visit(visitor, place, bytes, from, name, name + 1, to);
        } else {
            visit(visitor, place, bytes, from, from, from, to);
        }
    }

    private static int indexOf(char character, byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] != character) {
            i++;
        }
        return i;
    }

    private static void visit(
            ValueVisitor visitor, Place place, byte[] bytes, int nameFrom, int nameTo, int from, int to) {
        if (from < to) {
            visitor.begin(place, bytes, nameFrom, nameTo);
            visitor.more(bytes, from, to);
            visitor.end();
        }
    }
}
