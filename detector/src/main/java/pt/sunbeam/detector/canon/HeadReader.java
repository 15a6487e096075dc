package pt.sunbeam.detector.canon;

import java.util.Arrays;
import pt.sunbeam.detector.http.Ascii;
import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.detector.http.RequestHead;

/**
 * Visits the values of a request's head: the path, the parameters of the query, cookies, the values of all other fields (and an authority in the
 * target), but for the fields of framing, whose grammar the proxy enforces or which end at it.
 *
 * <p>A parameter or cookie whose name could hold more than a name is visited whole, name, equals sign and value, with no name of its own; so is one
 * without an equals sign. A name of a path into an object (with a dot, a bracket or two underscores) is visited beside its value. Parameters of one name
 * are visited once more with their values joined by commas, as some servers read them. Allocates nothing. Not thread-safe.
 */
public final class HeadReader {
    /** So many parameters, and so many cookies of a field, are visited one by one; the rest as one value. */
    public static final int MOST_VALUES = 1_000;

    private static final byte[] COMMA = {','};

    private static final int OTHER = 0;
    private static final int SIMPLE = 1;
    private static final int PATH_LIKE = 2;
    private static final byte[] IN_NAMES = new byte[256];

    static {
        for (int c = 0; c < 0x80; c++) {
            IN_NAMES[c] = (byte)
                    (Character.isLetterOrDigit(c) || c == '_' || c == '-'
                            ? SIMPLE
                            : c == '.' || c == '[' || c == ']' ? PATH_LIKE : OTHER);
        }
    }

    private final Repetitions repetitions = new Repetitions(MOST_VALUES);
    private int anomalies;

    /** Visits all values of the head and returns the anomalies of its structure, as {@link Anomaly#bit}s. */
    public int read(RequestHead head, ValueVisitor visitor) {
        anomalies = 0;
        byte[] bytes = head.bytes();
        int target = head.method().length() + 1;
        if (head.pathStart() > target) {
            authority(head, target, visitor);
        }
        visit(visitor, Place.PATH, bytes, target, target, head.pathStart(), head.pathEnd());
        if (head.queryStart() < head.queryEnd()) {
            query(bytes, head.queryStart(), head.queryEnd(), visitor);
        }
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

    /** What stands before the path of a target in absolute form (behind its scheme) or in authority form. */
    private static void authority(RequestHead head, int target, ValueVisitor visitor) {
        byte[] bytes = head.bytes();
        int from = target;
        int to = head.pathStart();
        if (!head.method().equals("CONNECT")) {
            while (bytes[from] != ':') {
                from++;
            }
            from += 3; // "://"
            if (to < from) { // no path: its start is the last slash of these
                to = head.queryStart() < head.queryEnd() ? head.queryStart() - 1 : head.queryEnd();
            }
        }
        visit(visitor, Place.HEADER, bytes, target, target, from, to);
    }

    private static boolean isFraming(byte[] bytes, int from, int to) {
        return switch (to - from) {
            case 2 -> HeaderName.TE.matches(bytes, from, to);
            case 10 -> HeaderName.CONNECTION.matches(bytes, from, to) || HeaderName.KEEP_ALIVE.matches(bytes, from, to);
            case 14 -> HeaderName.CONTENT_LENGTH.matches(bytes, from, to);
            case 16 -> HeaderName.PROXY_CONNECTION.matches(bytes, from, to);
            case 17 -> HeaderName.TRANSFER_ENCODING.matches(bytes, from, to);
            default -> false;
        };
    }

    private void query(byte[] bytes, int from, int to, ValueVisitor visitor) {
        repetitions.begin();
        int count = 0;
        for (int start = from; start < to; ) {
            int name = nameEnd(bytes, start, to);
            int end = name;
            while (end < to && bytes[end] != '&') {
                end++;
            }
            if (++count > MOST_VALUES) {
                anomalies |= Anomaly.TOO_MANY_VALUES.bit();
                visit(visitor, Place.QUERY, bytes, start, start, start, to);
                break;
            }
            if (pair(Place.QUERY, bytes, start, name, end, visitor)) {
                repetitions.add(bytes, start, name, end);
            }
            start = end + 1;
        }
        repetitions.visit(bytes, visitor);
    }

    private void cookies(byte[] bytes, int from, int to, ValueVisitor visitor) {
        int count = 0;
        for (int start = from; start < to; ) {
            while (start < to && (bytes[start] == ' ' || bytes[start] == '\t')) {
                start++;
            }
            int name = nameEnd(bytes, start, to);
            int end = name;
            while (end < to && bytes[end] != ';') {
                end++;
            }
            if (++count > MOST_VALUES) {
                anomalies |= Anomaly.TOO_MANY_VALUES.bit();
                visit(visitor, Place.COOKIE, bytes, start, start, start, to);
                break;
            }
            pair(Place.COOKIE, bytes, start, name, end, visitor);
            start = end + 1;
        }
    }

    /** The end of the characters of a name, which an escaped bracket is, too. */
    private static int nameEnd(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && (IN_NAMES[bytes[i] & 0xff] != OTHER || isBracket(bytes, i, to))) {
            i++;
        }
        return i;
    }

    private static boolean isBracket(byte[] bytes, int at, int to) {
        if (bytes[at] != '%' || to - at < 3 || bytes[at + 1] != '5') {
            return false;
        }
        byte low = Ascii.lower(bytes[at + 2]);
        return low == 'b' || low == 'd';
    }

    /** Whether it has a name. */
    private static boolean pair(Place place, byte[] bytes, int from, int name, int to, ValueVisitor visitor) {
        if (name == to || bytes[name] != '=') {
            visit(visitor, place, bytes, from, from, from, to);
            return false;
        }
        if (isPathLike(bytes, from, name)) {
            visit(visitor, place, bytes, from, from, from, name);
        }
        visit(visitor, place, bytes, from, name, name + 1, to);
        return true;
    }

    private static boolean isPathLike(byte[] bytes, int from, int to) {
        boolean underscore = false;
        for (int i = from; i < to; i++) {
            byte c = bytes[i];
            if (IN_NAMES[c & 0xff] != SIMPLE || (underscore && c == '_')) {
                return true;
            }
            underscore = c == '_';
        }
        return false;
    }

    private static void visit(
            ValueVisitor visitor, Place place, byte[] bytes, int nameFrom, int nameTo, int from, int to) {
        if (from < to) {
            visitor.value(place, bytes, nameFrom, nameTo, from, to);
        }
    }

    /** The parameters of one query, chained by the hashes of their names; a chance collision only makes one value more. */
    private static final class Repetitions {
        private static final int SLOTS = 2048; // a power of two, at least twice the parameters
        private static final int MOST_PROBES = 32; // so that chosen collisions cost no more
        private static final int INDEX_BITS = 10;
        private static final int INDEX = (1 << INDEX_BITS) - 1;

        private final int[] slots = new int[SLOTS]; // stamp and index of the first of a name
        private final int[] hashes;
        private final int[] names; // where they begin
        private final int[] values;
        private final int[] ends;
        private final int[] nexts; // of the same name; 0 for none
        private final int[] lasts; // of the same name, at the first
        private int stamp; // of this query: slots with another are free
        private int count;
        private boolean repeated;

        Repetitions(int most) {
            hashes = new int[most];
            names = new int[most];
            values = new int[most];
            ends = new int[most];
            nexts = new int[most];
            lasts = new int[most];
        }

        void begin() {
            count = 0;
            repeated = false;
            if (++stamp == 1 << (Integer.SIZE - INDEX_BITS - 1)) {
                Arrays.fill(slots, 0);
                stamp = 1;
            }
        }

        void add(byte[] bytes, int from, int name, int to) {
            int hash = 0;
            for (int i = from; i < name; i++) {
                hash = 31 * hash + Ascii.lower(bytes[i]);
            }
            int index = count++;
            hashes[index] = hash;
            names[index] = from;
            values[index] = name + 1;
            ends[index] = to;
            nexts[index] = 0;
            lasts[index] = index;
            int slot = (hash * 0x9e3779b9) >>> 21;
            for (int probe = 0; slots[slot] >>> INDEX_BITS == stamp; probe++) {
                int first = slots[slot] & INDEX;
                if (probe == MOST_PROBES) {
                    return;
                }
                if (hashes[first] == hash) {
                    nexts[lasts[first]] = index;
                    lasts[first] = index;
                    lasts[index] = -1;
                    repeated = true;
                    return;
                }
                slot = (slot + 1) & (SLOTS - 1);
            }
            slots[slot] = stamp << INDEX_BITS | index;
        }

        void visit(byte[] bytes, ValueVisitor visitor) {
            if (!repeated) {
                return;
            }
            for (int first = 0; first < count; first++) {
                if (nexts[first] == 0 || lasts[first] < 0) {
                    continue;
                }
                visitor.begin(Place.QUERY, bytes, names[first], values[first] - 1);
                visitor.more(bytes, values[first], ends[first]);
                for (int i = nexts[first]; i != 0; i = nexts[i]) {
                    visitor.more(COMMA, 0, 1);
                    visitor.more(bytes, values[i], ends[i]);
                }
                visitor.end();
            }
        }
    }
}
