package pt.sunbeam.detector.body;

import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.canon.ValueVisitor;
import pt.sunbeam.detector.http.Ascii;

/**
 * The name of the values that follow it, of which at most {@link #MOST} bytes are kept.
 *
 * <p>A name that could hold more than a name, or that is longer than that, is visited as a value as it comes in; one that is a path into an object
 * ({@code a.b}, {@code a[b]}, {@code a%5bb%5d}, {@code __a__}) once it is complete.
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
    private int escape; // so many characters of an escaped bracket have come

    Name(ValueVisitor visitor) {
        this.visitor = visitor;
    }

    void clear() {
        length = 0;
        visited = false;
        escape = 0;
    }

    /** The next bytes of the name. */
    void add(Place place, byte[] bytes, int from, int to) {
        if (!visited && !(length + to - from <= MOST && isPlain(bytes, from, to))) {
            visit(place);
        }
        if (visited && to > from) {
            visitor.more(bytes, from, to);
        }
        keep(bytes, from, to);
    }

    private void visit(Place place) {
        visited = true;
        visitor.begin(place, kept, 0, 0);
        if (length > 0) {
            visitor.more(kept, 0, length);
        }
    }

    /** Whether it could hold more than a name, as far as it has come in; then it is an open value. */
    boolean isVisited() {
        return visited;
    }

    /** The same for what cannot hold more than a name: it is never visited. */
    void keep(byte[] bytes, int from, int to) {
        int more = Math.min(to - from, MOST - length);
        System.arraycopy(bytes, from, kept, length, more);
        length += more;
    }

    /** The name is complete. */
    void end(Place place) {
        if (!visited && (escape != 0 || isPath())) {
            visit(place);
        }
        if (visited) {
            visitor.end();
            visited = false;
        }
    }

    private boolean isPath() {
        for (int i = 0; i < length; i++) {
            byte c = kept[i];
            if (c == '.' || c == '[' || c == ']' || c == '%' || (c == '_' && i > 0 && kept[i - 1] == '_')) {
                return true;
            }
        }
        return false;
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

    private boolean isPlain(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            boolean fits = switch (escape) {
                case 0 -> PLAIN[b & 0xff] || b == '%';
                case 1 -> b == '5';
                default -> Ascii.lower(b) == 'b' || Ascii.lower(b) == 'd';
            };
            if (!fits) {
                return false;
            }
            escape = escape == 2 || (escape == 0 && b != '%') ? 0 : escape + 1;
        }
        return true;
    }
}
