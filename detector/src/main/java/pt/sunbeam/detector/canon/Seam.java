package pt.sunbeam.detector.canon;

/**
 * The end of what was read of a value, for a second reading that begins only behind it. A run of white space takes one byte of it, and is a line's end
 * where it holds one.
 */
final class Seam {
    /** A block of base64, a comment up to a line's end or a word before either of them. */
    static final int LENGTH = 128;

    private byte[] bytes = new byte[LENGTH];
    private byte[] older = new byte[LENGTH];
    private int start = LENGTH;

    void begin() {
        start = LENGTH;
    }

    /** Adds bytes to the end; a plus sign in them means a space where {@code plus} is true. */
    void add(byte[] in, int from, int to, boolean plus) {
        byte[] before = bytes;
        int beforeStart = start;
        bytes = older;
        older = before;
        start = LENGTH;
        prepend(in, from, to, plus);
        prepend(before, beforeStart, LENGTH, false);
    }

    private void prepend(byte[] in, int from, int to, boolean plus) {
        for (int i = to - 1; i >= from && start > 0; i--) {
            byte c = plus && in[i] == '+' ? CharacterTable.PLUS : in[i];
            if (start == LENGTH || !isSpace(c) || !isSpace(bytes[start])) {
                bytes[--start] = c;
            } else if (c == '\n' || c == '\r') {
                bytes[start] = c;
            }
        }
    }

    /** White space that is no character of base64. */
    private static boolean isSpace(byte c) {
        return (CharacterTable.PLAIN[c & 0xff] & (CharacterTable.WHITE | CharacterTable.BASE64))
                == CharacterTable.WHITE;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Where they begin that are kept; they end with the array. */
    int start() {
        return start;
    }
}
