package pt.sunbeam.detector.lexicon;

/**
 * The alphabet of the lexicon: each byte of canonical text stands for one of 64 symbols. Letters (either case) and the ASCII punctuation marks
 * stand for themselves; all digits, all bytes beyond ASCII, and all control bytes are one symbol each.
 *
 * <p>Neither the beginning nor the end of a text is a symbol: a text set between others keeps all of its trigrams.
 */
public final class Symbols {
    public static final int COUNT = 64;

    static final int DIGIT = 26;
    static final int SPACE = 27;
    static final int BEYOND_ASCII = 28;
    static final int CONTROL = 29;
    private static final int FIRST_MARK = 30;

    private static final byte[] OF_BYTE = new byte[256];

    static {
        int mark = FIRST_MARK;
        for (int b = 0; b < OF_BYTE.length; b++) {
            OF_BYTE[b] = (byte)
                    (b >= 0x80
                            ? BEYOND_ASCII
                            : b < ' ' || b == 0x7f
                                    ? CONTROL
                                    : b == ' '
                                            ? SPACE
                                            : b >= '0' && b <= '9'
                                                    ? DIGIT
                                                    : Character.isLetter(b) ? (b | 0x20) - 'a' : mark++);
        }
    }

    /** In [0, {@link #COUNT}). */
    public static int of(byte b) {
        return OF_BYTE[b & 0xff];
    }

    private Symbols() {}
}
