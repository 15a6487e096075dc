package pt.sunbeam.detector.canon;

/**
 * Puts the text that base64 or base64url stands for in its place, into a decoder. A run of their characters is read in blocks of 16; a block is replaced
 * where the 12 bytes it stands for are printable but for {@link #MOST_ODD} (of random blocks one in 700 is) and passes as it is elsewhere, so that
 * junk in front of a text hides nothing. The rest of a run, shorter than a block, goes as the block before it. Zero bytes do not count: UTF-16
 * is text too.
 */
final class Unpacker {
    static final int BLOCK = 16;

    private static final int MOST_ODD = 2;
    private static final int LEAST_PRINTABLE = 5;
    private static final byte[] DIGITS = digits();

    private final Decoder decoder = new Decoder();
    private final byte[] block = new byte[BLOCK];
    private final byte[] plain = new byte[BLOCK];
    private int filled;
    private boolean slash;
    private boolean unpacking; // whether the block before this one in its run was replaced
    private boolean found;

    private static byte[] digits() {
        byte[] digits = new byte[256];
        for (int c = 0; c < 256; c++) {
            digits[c] = (byte)
                    (c >= 'A' && c <= 'Z'
                            ? c - 'A'
                            : c >= 'a' && c <= 'z'
                                    ? c - 'a' + 26
                                    : c >= '0' && c <= '9'
                                            ? c - '0' + 52
                                            : c == '+' || c == '-' || c == CharacterTable.PLUS
                                                    ? 62
                                                    : c == '/' || c == '_' ? 63 : -1);
        }
        return digits;
    }

    /** A value begins, in which a {@code slash} is a character of base64 or is none. */
    void begin(boolean slash) {
        this.slash = slash;
        decoder.begin(false, false);
        filled = 0;
        unpacking = false;
        found = false;
    }

    /** Takes at most {@link Canonicaliser#CHUNK} bytes; what it makes of them is in the decoder. */
    void unpack(byte[] in, int from, int to, boolean last) {
        decoder.dropReleased();
        for (int i = from; i < to; i++) {
            byte c = in[i];
            if (DIGITS[c & 0xff] < 0 || (c == '/' && !slash)) {
                endRun();
                decoder.put(c & 0xff);
            } else {
                block[filled++] = c;
                if (filled == BLOCK) {
                    endBlock(MOST_ODD, LEAST_PRINTABLE);
                }
            }
        }
        if (last) {
            endRun();
        }
        decoder.release(last);
    }

    /** Whether any base64 was replaced in this value. */
    boolean found() {
        return found;
    }

    Decoder decoder() {
        return decoder;
    }

    /** Whether a block of text stands somewhere in a value that is whole; much cheaper than unpacking. */
    boolean isPromising(byte[] in, int from, int to, boolean slash) {
        int run = 0;
        for (int i = from; i < to; i++) {
            byte c = in[i];
            if (DIGITS[c & 0xff] < 0 || (c == '/' && !slash)) {
                run = 0;
            } else if (++run % BLOCK == 0 && isText(in, i + 1 - BLOCK, BLOCK, MOST_ODD, LEAST_PRINTABLE)) {
                return true;
            }
        }
        return false;
    }

    private void endRun() {
        if (filled > 0) {
            endBlock(unpacking ? 1 : -1, 0);
        }
        unpacking = false;
    }

    private void endBlock(int mostOdd, int leastPrintable) {
        int size = filled;
        filled = 0;
        unpacking = isText(block, 0, size, mostOdd, leastPrintable);
        found |= unpacking;
        int count = unpacking ? size * 6 / 8 : size;
        for (int i = 0; i < count; i++) {
            decoder.put((unpacking ? plain[i] : block[i]) & 0xff);
        }
    }

    /** Whether the characters stand for text, which {@link #plain} then holds. */
    private boolean isText(byte[] in, int from, int size, int mostOdd, int leastPrintable) {
        int bits = 0;
        int odd = 0;
        int printable = 0;
        int count = 0;
        for (int i = 0; i < size; i++) {
            bits = bits << 6 | DIGITS[in[from + i] & 0xff];
            if ((i & 3) != 0) {
                int c = bits >> (6 - 2 * (i & 3)) & 0xff;
                plain[count++] = (byte) c;
                boolean shows = (c >= ' ' && c < 0x7f) || c == '\t' || c == '\n' || c == '\r';
                printable += shows ? 1 : 0;
                odd += shows || c == 0 ? 0 : 1;
                if (odd > mostOdd) {
                    return false;
                }
            }
        }
        return odd <= mostOdd && printable >= leastPrintable;
    }
}
