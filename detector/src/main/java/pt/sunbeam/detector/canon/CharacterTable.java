package pt.sunbeam.detector.canon;

/**
 * What a byte is folded to, in the low eight bits, and the traits of it that decide how its value is read. One look-up a byte is the whole cost of
 * a value without escapes.
 */
final class CharacterTable {
    /** May begin an escape or a character of several bytes, or must be dropped or reported. */
    static final int SPECIAL = 1 << 8;
    /** White space or a control character, both folded to a space. */
    static final int WHITE = 1 << 9;

    static final int DOT = 1 << 10;
    /** Splits words where a shell, a database or a script joins them again. */
    static final int MARK = 1 << 11;

    /** A star or an exclamation mark: in the marks of comments. */
    static final int COMMENT = 1 << 12;
    /** A letter, a digit or a byte from 128 on. */
    static final int WORD = 1 << 13;
    /** Ends a line, or is a tab. */
    static final int BREAK = 1 << 14;
    /** Occurs in comments up to the line's end and behind schemes. */
    static final int LINE = 1 << 15;
    /** All signs that a second reading may differ. */
    static final int SIGNS = MARK | COMMENT | BREAK;
    /** A character of base64 or base64url (RFC 4648 sections 4 and 5); the sign, so that a shift makes a mask of it. */
    static final int BASE64 = 1 << 31;

    /** Stands for a plus sign that means a space: white space, and a character of base64 that a careless client did not escape. */
    static final int PLUS = 0x1e;

    static final int[] PLAIN = table(false);
    /** Where a plus sign means a space (application/x-www-form-urlencoded). */
    static final int[] FORM = table(true);

    private static int[] table(boolean form) {
        int[] table = new int[256];
        for (int c = 0; c < 256; c++) {
            boolean upper = c >= 'A' && c <= 'Z';
            boolean letter = upper || (c >= 'a' && c <= 'z');
            boolean digit = c >= '0' && c <= '9';
            boolean space = c == ' ' || c == '\t' || c == '\r' || c == '\n' || (form && c == '+');
            boolean control = !space && (c < ' ' || c == 0x7f);
            int t = space || control ? ' ' | WHITE : upper ? c + 32 : c;
            t |= control || c >= 0x80 || "%&\\".indexOf(c) >= 0 ? SPECIAL : 0;
            t |= c == '.' ? DOT : 0;
            t |= c == '*' || c == '!' ? COMMENT : 0;
            t |= "'\"`\\^$".indexOf(c) >= 0 ? MARK : 0;
            t |= letter || digit || c >= 0x80 ? WORD : 0;
            t |= c == '\t' || c == '\r' || c == '\n' ? BREAK : 0;
            t |= "#-:".indexOf(c) >= 0 ? LINE : 0;
            t |= letter || digit || "+/-_".indexOf(c) >= 0 || c == PLUS ? BASE64 : 0;
            table[c] = t;
        }
        return table;
    }

    private CharacterTable() {}
}
