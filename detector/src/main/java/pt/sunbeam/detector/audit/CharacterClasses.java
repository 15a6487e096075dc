package pt.sunbeam.detector.audit;

import java.util.Arrays;

/** The classes of characters that a value has, as {@link AuditRecord.Place#classes} tells them, in whatever pieces it comes. Not thread-safe. */
final class CharacterClasses {
    private static final int DIGIT = 1,
            LOWER = 2,
            UPPER = 4,
            SPACE = 8,
            DOT = 16,
            PRINTABLE = 32,
            ESCAPE = 64,
            OTHER = 128;

    private static final int[] PLAIN = table();
    private static final int[] FORM = table();

    static {
        FORM['+'] = SPACE;
    }

    private int[] table = PLAIN;
    private int met;

    /** Characters of what may become an escape, the percent sign among them. */
    private int pending;

    private int pendingClasses;

    private static int[] table() {
        var table = new int[256];
        Arrays.fill(table, OTHER);
        Arrays.fill(table, '!', 127, PRINTABLE);
        Arrays.fill(table, '0', '9' + 1, DIGIT);
        Arrays.fill(table, 'a', 'z' + 1, LOWER);
        Arrays.fill(table, 'A', 'Z' + 1, UPPER);
        table[' '] = SPACE;
        table['.'] = DOT;
        table['_'] = DOT;
        table['-'] = DOT;
        return table;
    }

    /** A value begins, in which a plus sign is a space where it is of a form. */
    void begin(boolean form) {
        table = form ? FORM : PLAIN;
        met = 0;
        pending = 0;
        pendingClasses = 0;
    }

    void add(byte[] bytes, int from, int to) {
        int[] classes = table;
        int union = met;
        for (int i = from; i < to; i++) {
            if (pending == 0) {
                while (i < to && bytes[i] != '%') {
                    union |= classes[bytes[i++] & 0xff];
                }
            }
            union |= i < to ? escape(bytes[i]) : 0;
        }
        met = union;
    }

    /** What a byte in or behind a possible escape adds. */
    private int escape(byte b) {
        if (pending > 0 && Tokens.isHex((char) b)) {
            pendingClasses |= table[b];
            if (++pending < 3) {
                return 0;
            }
            pending = 0;
            pendingClasses = 0;
            return ESCAPE;
        }
        int none = pendingClasses;
        boolean again = b == '%';
        pending = again ? 1 : 0;
        pendingClasses = again ? PRINTABLE : 0;
        return again ? none : none | table[b & 0xff];
    }

    /** The value has ended: what it had. */
    int end() {
        return met | pendingClasses;
    }
}
