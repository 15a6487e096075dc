package pt.sunbeam.detector.canon;

/** What a request has that honest clients have no need of; sets of them are bit sets of {@link #bit}. */
public enum Anomaly {
    /** A percent sign in a target or a form that begins no escape. */
    INVALID_ESCAPE(1 << 0),
    /** A character in more bytes of UTF-8 than it needs (RFC 3629 section 3 forbids them). */
    OVERLONG(1 << 1),
    /** A NUL, escaped or not. */
    NUL(1 << 2),
    /** A control character, escaped or not, that is no white space. */
    CONTROL(1 << 3),
    /** Half of a pair of surrogates. */
    LONE_SURROGATE(1 << 4),
    /** Escapes nested more than {@link Canonicaliser#MOST_ROUNDS} deep; they are undone nevertheless. */
    DEEP(1 << 5),
    /** An escape of one kind that was spelt with escapes of another kind. */
    MIXED(1 << 6),
    /** A path whose dot segments lead above the root. */
    ABOVE_ROOT(1 << 7),
    /** More values than a request is read for one by one; the rest is read as one. */
    TOO_MANY_VALUES(1 << 8),
    /** A body that breaks the grammar that its type promises. */
    MALFORMED(1 << 9),
    /** A body nested deeper than it is read. */
    TOO_NESTED(1 << 10);

    /** The anomalies of encodings, the others being of structure. */
    public static final int ENCODINGS =
            INVALID_ESCAPE.bit() | OVERLONG.bit() | NUL.bit() | LONE_SURROGATE.bit() | DEEP.bit() | MIXED.bit();

    private final int bit;

    Anomaly(int bit) {
        this.bit = bit;
    }

    public int bit() {
        return bit;
    }

    public boolean in(int set) {
        return (set & bit) != 0;
    }
}
