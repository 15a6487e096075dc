package pt.sunbeam.detector.audit;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Strings for bytes in ISO-8859-1. The same few agents, pages and clients come back a million times in a log: of those met lately one string is kept for
 * all. Bounded: a new text takes the place of an old one. Not thread-safe.
 */
final class RecentText {
    private static final int SLOTS = 1 << 14;
    private static final int LONGEST = 512;

    private final @Nullable String[] recent = new String[SLOTS];

    String of(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length > LONGEST) {
            return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
        }
        int hash = length;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + bytes[i];
        }
        hash *= 0x9e3779b9; // spreads what differs in the last characters over the upper bits
        int slot = hash >>> 18;
        String known = recent[slot];
        if (known == null || !isSame(known, bytes, from, length)) {
            known = new String(bytes, from, length, StandardCharsets.ISO_8859_1);
            recent[slot] = known;
        }
        return known;
    }

    private static boolean isSame(String text, byte[] bytes, int from, int length) {
        if (text.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) != (bytes[from + i] & 0xff)) {
                return false;
            }
        }
        return true;
    }
}
