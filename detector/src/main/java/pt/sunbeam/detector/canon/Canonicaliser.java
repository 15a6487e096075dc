package pt.sunbeam.detector.canon;

/**
 * Makes of a value the text that it may mean to whatever reads it behind the proxy: escapes undone as often as they are nested, letters in lower
 * case, each run of white space and control characters one space, NUL and invisible characters gone.
 *
 * <p>Comments, the marks that split words, and base64 stay in that text. Where undoing them changes anything there is a second reading
 * ({@link #squeeze}); a value is as bad as the worse of the two. Each is local: what is added before or behind a text leaves its canonical text in place.
 *
 * <p>For each value: {@link #begin}, then {@link #canonicalise} for each piece; text, reading and anomalies are valid until the next call. Allocates
 * nothing, never throws, takes time linear in the length. Not thread-safe.
 */
public final class Canonicaliser {
    /** So many bytes are taken at once at most. */
    public static final int CHUNK = 4096;
    /** Escapes nested deeper are an anomaly. */
    public static final int MOST_ROUNDS = 4;

    private final byte[] text = new byte[2 * Decoder.WINDOW + CHUNK];
    private final Decoder decoder = new Decoder();
    private final Unpacker unpacker = new Unpacker();
    private final Squeezer squeezer = new Squeezer();
    private final Seam seam = new Seam();
    private final DotSegments segments = new DotSegments();
    private Place place = Place.TEXT;
    private boolean form;
    private boolean started;
    private boolean decoding;
    private boolean unpacking;
    private boolean squeezing;
    private boolean squeezed;
    private int length;
    private int anomalies;
    private int traits; // of all characters of the piece
    private int signs; // of all characters of the value so far
    private int pairs; // of two characters one after the other
    private int last; // the traits of the text's last character
    private int run; // of base64 up to there
    private int runs; // the union of all lengths that runs reached

    /** A value begins. A plus sign means a space in {@link Place#QUERY} and {@link Place#FORM}. */
    public void begin(Place place) {
        if (this.place != place) { // see Inspection: a reference that is stored costs a memory barrier
            this.place = place;
        }
        form = place == Place.QUERY || place == Place.FORM;
        started = false;
        seam.begin();
        decoding = false;
        unpacking = false;
        squeezing = false;
        squeezed = false;
        length = 0;
        anomalies = 0;
        last = 0;
        run = 0;
        signs = 0;
    }

    /**
     * Reads the next piece of the value. How a value is cut into pieces makes no difference to the texts of all pieces one after the other.
     *
     * @param last whether the value ends here; else some text may be kept for the next call
     * @return how many bytes were taken: all, but {@link #CHUNK} where there are more
     */
    public int canonicalise(byte[] in, int from, int to, boolean last) {
        int end = Math.min(to, from + CHUNK);
        boolean ends = last && end == to;
        if (!decoding && fold(in, from, end)) {
            length = end - from;
            readAgain(in, from, end, form, ends);
        } else {
            decode(in, from, end, ends);
            readAgain(decoder.bytes(), 0, decoder.length(), false, ends);
        }
        if (place == Place.PATH) {
            path(ends);
        }
        started = true;
        return end - from;
    }

    /** The canonical text of the piece read last stands in the first {@link #length} bytes; do not write. */
    public byte[] text() {
        return text;
    }

    public int length() {
        return length;
    }

    /** The anomalies met in the value so far, as {@link Anomaly#bit}s. */
    public int anomalies() {
        return anomalies;
    }

    /** How deep the escapes of the value so far were nested at most: 0 for none, 1 for once, at most 15. */
    public int rounds() {
        return decoding ? decoder.rounds() : 0;
    }

    /**
     * Whether there is a second reading of the piece read last. Once there is one there are second readings of all later pieces of the value; they
     * go on where the text of the piece before ended, up to some bytes read twice.
     */
    public boolean squeeze() {
        return squeezed;
    }

    /** The second reading, in the first {@link #squeezedLength} bytes; do not write. */
    public byte[] squeezed() {
        return squeezer.bytes();
    }

    public int squeezedLength() {
        return squeezed ? squeezer.length() : 0;
    }

    /** The whole work for a piece without escapes and runs of white space; false where it is none. */
    private boolean fold(byte[] in, int from, int to) {
        int[] table = form ? CharacterTable.FORM : CharacterTable.PLAIN;
        return to - from + run < Unpacker.BLOCK ? foldShort(in, from, to, table) : foldLong(in, from, to, table);
    }

    private boolean foldShort(byte[] in, int from, int to, int[] table) {
        byte[] out = text;
        int union = 0;
        int doubles = 0;
        int before = last;
        for (int i = from; i < to; i++) {
            int folded = table[in[i] & 0xff];
            out[i - from] = (byte) folded;
            union |= folded;
            doubles |= folded & before;
            before = folded;
        }
        return folded(union, doubles, before, 0, 0);
    }

    private boolean foldLong(byte[] in, int from, int to, int[] table) {
        byte[] out = text;
        int union = 0;
        int doubles = 0;
        int before = last;
        int ran = run;
        int lengths = 0;
        for (int i = from; i < to; i++) {
            int folded = table[in[i] & 0xff];
            out[i - from] = (byte) folded;
            union |= folded;
            doubles |= folded & before;
            before = folded;
            ran = (ran + 1) & (folded >> 31);
            lengths |= ran;
        }
        return folded(union, doubles, before, ran, lengths);
    }

    private boolean folded(int union, int doubles, int before, int ran, int lengths) {
        traits = union;
        pairs = doubles;
        runs = lengths;
        if ((union & CharacterTable.SPECIAL) != 0 || (doubles & CharacterTable.WHITE) != 0) {
            return false;
        }
        last = before;
        run = ran;
        return true;
    }

    private void decode(byte[] in, int from, int to, boolean ends) {
        if (!decoding) {
            decoding = true;
            decoder.begin(form, form || place == Place.PATH);
        }
        decoder.decode(in, from, to, ends);
        anomalies |= decoder.anomalies();
        byte[] decoded = decoder.bytes();
        int count = decoder.length();
        byte[] out = text;
        int n = 0;
        int union = 0;
        int doubles = 0;
        int before = last;
        int ran = run;
        int lengths = 0;
        for (int i = 0; i < count; i++) {
            int folded = CharacterTable.PLAIN[decoded[i] & 0xff];
            out[n] = (byte) folded;
            int same = folded & before;
            n += (same & CharacterTable.WHITE) == 0 ? 1 : 0;
            union |= folded;
            doubles |= same;
            before = folded;
            ran = (ran + 1) & (folded >> 31);
            lengths |= ran;
        }
        length = n;
        traits = union;
        pairs = doubles;
        runs = lengths;
        last = before;
        run = ran;
    }

    /** Makes the second reading of what the text was folded from, where there are signs that it differs; {@code plus} as in {@link Seam#add}. */
    private void readAgain(byte[] source, int from, int to, boolean plus, boolean ends) {
        signs |= traits;
        if (!squeezing && (runs >= Unpacker.BLOCK || (signs & CharacterTable.SIGNS) != 0)) {
            beginAgain(source, from, to, !started && ends);
        }
        if (squeezing) {
            squeeze(source, from, to, plus ? CharacterTable.FORM : CharacterTable.PLAIN, ends);
            squeezed |= squeezer.changed() || (unpacking && unpacker.found());
        } else if (!ends) {
            seam.add(source, from, to, plus);
        }
    }

    /** Begins the second reading if the piece may make it differ, with the end of the text before the piece: words may be split by the cut. */
    private void beginAgain(byte[] source, int from, int to, boolean whole) {
        boolean slash = place != Place.PATH;
        boolean packed = runs >= Unpacker.BLOCK && (!whole || unpacker.isPromising(source, from, to, slash));
        if (!packed && !(whole ? isMarkedWhole(source, from, to) : isMarked())) {
            return;
        }
        squeezing = true;
        squeezer.begin();
        unpacking = packed || !whole;
        if (unpacking) {
            unpacker.begin(slash);
        }
        if (started) {
            squeeze(seam.bytes(), seam.start(), Seam.LENGTH, CharacterTable.PLAIN, false);
        }
    }

    private boolean isMarked() {
        return (signs & (CharacterTable.MARK | CharacterTable.COMMENT)) != 0 || mayEndLines();
    }

    private boolean isMarkedWhole(byte[] source, int from, int to) {
        return mayEndLines()
                || ((signs & CharacterTable.COMMENT) != 0 && hasComment(source, from, to))
                || ((signs & CharacterTable.MARK) != 0 && Squeezer.joins(text, length));
    }

    /** Whether there may be a comment up to a line's end, or a scheme in two lines. */
    private boolean mayEndLines() {
        int both = CharacterTable.BREAK | CharacterTable.LINE;
        return (signs & both) == both;
    }

    private void squeeze(byte[] source, int from, int to, int[] table, boolean ends) {
        if (unpacking) {
            unpacker.unpack(source, from, to, ends);
            squeezer.squeeze(unpacker.decoder().bytes(), 0, unpacker.decoder().length(), table, ends);
        } else {
            squeezer.squeeze(source, from, to, table, ends);
        }
    }

    /** Whether a comment ends there that may also begin there: the stars of media types do not count. */
    private static boolean hasComment(byte[] source, int from, int to) {
        boolean open = false;
        for (int i = from; i + 1 < to; i++) {
            if (source[i + 1] == '*' && source[i] == '/') {
                if (i + 2 < to && source[i + 2] == '!') {
                    return true;
                }
                open = true;
                i++;
            } else if (source[i + 1] == '/' && source[i] == '*') {
                if (open) {
                    return true;
                }
            } else if (source[i + 1] == '!' && source[i] == '<') {
                return true;
            }
        }
        return false;
    }

    private void path(boolean ends) {
        boolean whole = !started && ends;
        if (whole && (pairs & CharacterTable.DOT) == 0) {
            return;
        }
        if (!started) {
            segments.begin();
        }
        segments.read(text, length, ends);
        anomalies |= segments.above() ? Anomaly.ABOVE_ROOT.bit() : 0;
    }
}
