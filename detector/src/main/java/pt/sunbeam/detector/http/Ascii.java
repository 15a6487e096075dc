package pt.sunbeam.detector.http;

import java.nio.charset.StandardCharsets;

/** ASCII text inside byte ranges, compared without case; nothing is allocated, other bytes stand for themselves. */
public final class Ascii {
    private static final byte[] LOWER = new byte[256];

    static {
        for (int i = 0; i < 256; i++) {
            LOWER[i] = (byte) (i >= 'A' && i <= 'Z' ? i + 32 : i);
        }
    }

    public static byte lower(byte b) {
        return LOWER[b & 0xff];
    }

    /** The bytes of a lower-case pattern for the methods below. */
    public static byte[] pattern(String lowerCase) {
        return lowerCase.getBytes(StandardCharsets.ISO_8859_1);
    }

    public static boolean equals(byte[] bytes, int from, int to, byte[] lowerCase) {
        return to - from == lowerCase.length && startsWith(bytes, from, to, lowerCase);
    }

    public static boolean startsWith(byte[] bytes, int from, int to, byte[] lowerCase) {
        if (to - from < lowerCase.length) {
            return false;
        }
        for (int i = 0; i < lowerCase.length; i++) {
            if (LOWER[bytes[from + i] & 0xff] != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    public static boolean contains(byte[] bytes, int from, int to, byte[] lowerCase) {
        for (int i = from; i <= to - lowerCase.length; i++) {
            if (startsWith(bytes, i, to, lowerCase)) {
                return true;
            }
        }
        return false;
    }

    /** The number that 1 to 18 decimal digits make; -1 of anything else. */
    public static long number(byte[] bytes, int from, int to) {
        if (from == to || to - from > 18) { // 18 digits always fit
            return -1;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = 10 * number + digit;
        }
        return number;
    }

    private Ascii() {}
}
