package pt.sunbeam.detector.http;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A fixed set of ASCII words, looked up by a range of bytes without regard to case and without allocation. */
public final class ByteStrings {
    private final byte[] @Nullable [] slots; // open addressing, at most half full
    private final int longest;

    public ByteStrings(Collection<String> words) {
        slots = new byte[Integer.highestOneBit(Math.max(1, words.size())) << 2][];
        int length = 0;
        for (String word : words) {
            byte[] lower = Ascii.pattern(word.toLowerCase(Locale.ROOT));
            int slot = slot(lower, 0, lower.length);
            while (slots[slot] != null) {
                slot = slot + 1 & slots.length - 1;
            }
            slots[slot] = lower;
            length = Math.max(length, lower.length);
        }
        longest = length;
    }

    public boolean contains(byte[] bytes, int from, int to) {
        if (to - from > longest) {
            return false;
        }
        int slot = slot(bytes, from, to);
        for (byte[] word = slots[slot]; word != null; word = slots[slot]) {
            if (Ascii.equals(bytes, from, to, word)) {
                return true;
            }
            slot = slot + 1 & slots.length - 1;
        }
        return false;
    }

    private int slot(byte[] bytes, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + Ascii.lower(bytes[i]);
        }
        return (hash ^ hash >>> 15) & slots.length - 1;
    }
}
