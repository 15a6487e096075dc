package pt.sunbeam.detector.lexicon;

/**
 * The best segment of a text that comes in pieces, in the table of attacks of any kind (Kadane's algorithm; Bentley, "Programming Pearls: Algorithm
 * Design Techniques", CACM 27(9), 1984). One byte costs two look-ups and no branch; a text of any length takes the memory of four numbers. Not
 * thread-safe.
 */
public final class SegmentScan {
    /** So many steps that no text is long enough for the sum to overflow in one piece of it. */
    private static final int HIGHEST = 1 << 28;

    private int hash;
    private int symbols;
    private int sum;

    /** A text begins. */
    public void begin() {
        hash = 0;
        symbols = 0;
        sum = 0;
    }

    /** Goes on as the other would. */
    public void continueAs(SegmentScan other) {
        hash = other.hash;
        symbols = other.symbols;
        sum = other.sum;
    }

    /** Whether both give the same sums from now on, whatever follows. */
    public boolean goesOnLike(SegmentScan other) {
        return hash == other.hash && symbols == other.symbols && sum == other.sum;
    }

    /** The next bytes of the canonical text, at most 2^20; returns the largest sum of a segment that ends in them. */
    public int scan(Lexicon lexicon, byte[] text, int from, int to) {
        int h = hash;
        int i = from;
        while (symbols < 2 && i < to) {
            h = (h << Lexicon.SYMBOL_BITS) + Lexicon.HASH_OF_BYTE[text[i++] & 0xff];
            symbols++;
        }
        byte[] weights = lexicon.any;
        int[] hashes = Lexicon.HASH_OF_BYTE;
        int s = sum;
        int highest = 0;
        for (; i < to; i++) {
            h = (h << Lexicon.SYMBOL_BITS) + hashes[text[i] & 0xff];
            s = Math.max(0, s + weights[Lexicon.slotOf(h)]);
            highest = Math.max(highest, s);
        }
        hash = h;
        sum = Math.min(s, HIGHEST);
        return highest;
    }

    /** The score of a text that is whole, of at most 2^20 bytes: as one {@link #scan} would return it. */
    public static int score(Lexicon lexicon, byte[] text, int length) {
        if (length < 3) {
            return 0;
        }
        byte[] weights = lexicon.any;
        int[] hashes = Lexicon.HASH_OF_BYTE;
        int h = (hashes[text[0] & 0xff] << Lexicon.SYMBOL_BITS) + hashes[text[1] & 0xff];
        int s = 0;
        int highest = 0;
        for (int i = 2; i < length; i++) {
            h = (h << Lexicon.SYMBOL_BITS) + hashes[text[i] & 0xff];
            s = Math.max(0, s + weights[Lexicon.slotOf(h)]);
            highest = Math.max(highest, s);
        }
        return highest;
    }
}
