package pt.sunbeam.detector.canon;

/**
 * Makes of a value the text that it may mean to whatever reads it behind the proxy: escapes undone as often as they are nested, letters in lower
 * case, each run of white space and control characters one space, NUL and invisible characters gone.
 *
 * <p>Comments and the quotes that split words stay in that text. Where there are such marks, there is a second reading without them ({@link #squeeze}).
 *
 * <p>For each value: {@link #begin}, then {@link #canonicalise} for each piece; text, reading and anomalies are valid until the next call. Allocates
 * nothing, never throws, takes time linear in the length. Not thread-safe.
 */
public final class Canonicaliser {
    /** So many bytes are taken at once at most. */
    public static final int CHUNK = 4096;
    /** Escapes nested deeper are an anomaly. */
    public static final int MOST_ROUNDS = 4;

    private final Decoder decoder = new Decoder();
    private final byte[] text = new byte[2 * Decoder.WINDOW + CHUNK];
    private int length;
    private Place place = Place.TEXT;
    private boolean form;
    private boolean white; // whether the text so far ends in white space
    private boolean decoding;
    private int anomalies;

    /** A value begins. A plus sign means a space in {@link Place#QUERY} and {@link Place#FORM}. */
    public void begin(Place place) {
        this.place = place;
        form = place == Place.QUERY || place == Place.FORM;
        white = false;
        length = 0;
        anomalies = 0;
        decoding = false;
    }

    /**
     * Reads the next piece of the value. How a value is cut into pieces makes no difference to the texts of all pieces one after the other.
     *
     * @param last whether the value ends here; else up to 32 bytes of text may be kept for the next call
     * @return how many bytes were taken: all, but {@link #CHUNK} where there are more
     */
    public int canonicalise(byte[] in, int from, int to, boolean last) {
        int end = Math.min(to, from + CHUNK);
        boolean ends = last && end == to;
        if (decoding || !fold(in, from, end)) {
            decode(in, from, end, ends);
        }
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

    /** Whether there is a second reading of the piece read last. */
    public boolean squeeze() {
        return false;
    }

    /** The second reading, in the first {@link #squeezedLength} bytes; do not write. */
    public byte[] squeezed() {
        return text;
    }

    public int squeezedLength() {
        return 0;
    }

    /** The whole work for a piece without escapes and runs of white space; false where it is none. */
    private boolean fold(byte[] in, int from, int to) {
        int[] table = form ? CharacterTable.FORM : CharacterTable.PLAIN;
        byte[] out = text;
        int traits = 0;
        int pairs = 0;
        int before = white ? CharacterTable.WHITE : 0;
        for (int i = from; i < to; i++) {
            int folded = table[in[i] & 0xff];
            out[i - from] = (byte) folded;
            traits |= folded;
            pairs |= folded & before;
            before = folded;
        }
        if ((traits & CharacterTable.SPECIAL) != 0 || (pairs & CharacterTable.WHITE) != 0) {
            return false;
        }
        length = to - from;
        white = (before & CharacterTable.WHITE) != 0;
        return true;
    }

    private void decode(byte[] in, int from, int to, boolean last) {
        if (!decoding) {
            decoding = true;
            decoder.begin(form, form || place == Place.PATH);
        }
        decoder.decode(in, from, to, last);
        anomalies |= decoder.anomalies();
        int n = 0;
        for (int i = 0; i < decoder.length(); i++) {
            int folded = CharacterTable.PLAIN[decoder.bytes()[i] & 0xff];
            boolean space = (folded & CharacterTable.WHITE) != 0;
            if (!space || !white) {
                text[n++] = (byte) folded;
            }
            white = space;
        }
        length = n;
    }
}
