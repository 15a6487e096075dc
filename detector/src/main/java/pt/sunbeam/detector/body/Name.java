package pt.sunbeam.detector.body;

import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.canon.ValueVisitor;

/**
 * The name of the values that follow it, of which at most {@link #MOST} bytes are kept.
 *
 * <p>A name that could hold more than a name, or that is longer than that, is visited as a value as it comes in.
 */
final class Name {
    static final int MOST = 128;
    private static final boolean[] PLAIN = new boolean[256];

    static {
        for (int c = 0; c < 256; c++) {
            PLAIN[c] = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "_-.[]".indexOf(c) >= 0;
        }
    }

    private final ValueVisitor visitor;
    private final byte[] kept = new byte[MOST];
    private int length;
    private boolean visited;

    Name(ValueVisitor visitor) {
        this.visitor = visitor;
    }

    void clear() {
        length = 0;
        visited = false;
    }

    /** The next bytes of the name. */
    void add(Place place, byte[] bytes, int from, int to) {
        if (!visited && !(length + to - from <= MOST && isPlain(bytes, from, to))) {
            visited = true;
            visitor.begin(place, kept, 0, 0);
            if (length > 0) {
                visitor.more(kept, 0, length);
            }
        }
        if (visited && to > from) {
            visitor.more(bytes, from, to);
        }
        keep(bytes, from, to);
    }

    /** The same for what cannot hold more than a name: it is never visited. */
    void keep(byte[] bytes, int from, int to) {
        int more = Math.min(to - from, MOST - length);
        System.arraycopy(bytes, from, kept, length, more);
        length += more;
    }

    /** The name is complete. */
    void end() {
        if (visited) {
            visitor.end();
            visited = false;
        }
    }

    /** Begins a value of that name. */
    void beginValue(Place place) {
        visitor.begin(place, kept, 0, length);
    }

    byte[] bytes() {
        return kept;
    }

    int length() {
        return length;
    }

    private static boolean isPlain(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!PLAIN[bytes[i] & 0xff]) {
                return false;
            }
        }
        return true;
    }
}
