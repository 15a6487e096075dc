package pt.sunbeam.detector.body;

/** What is odd about the structure of a body. A bit set of them is a sum of {@link #bit}s. */
public enum BodyAnomaly {
    /** It does not follow the grammar of its type, or breaks off; the rest is read as text. */
    MALFORMED(0),
    /** It nests deeper than 64 levels (multipart: 3); what lies deeper is read flat. */
    NESTING(1),
    /** It is said to be in a charset in which ASCII does not stand for itself: recipients differ in whether they heed that. */
    CHARSET(2),
    /** It is in a content or transfer coding that is not undone here, or not in the one that it is said to be in. */
    CODING(3),
    /** A multipart body's boundary is absent, longer than 128 bytes, or can be read in more than one way. */
    BOUNDARY(4),
    /** A multipart body has content before its first part or after its last one. */
    STRAY(5),
    /** Its Content-Type is given several times or is not one. */
    TYPE(6);

    private final int bit;

    BodyAnomaly(int position) {
        bit = 1 << position;
    }

    public int bit() {
        return bit;
    }
}
