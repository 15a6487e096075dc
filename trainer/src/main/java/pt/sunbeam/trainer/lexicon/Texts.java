package pt.sunbeam.trainer.lexicon;

import java.util.Arrays;
import pt.sunbeam.detector.hash.SipHash;
import pt.sunbeam.detector.lexicon.Lexicon;
import pt.sunbeam.detector.lexicon.Symbols;

/**
 * Distinct canonical texts by number, each as the slots of its trigrams, in the order of the text. Headers of browsers repeat endlessly; a text is
 * kept once. Two texts in a hundred million share a hash by chance once in four thousand runs.
 */
final class Texts {
    private static final SipHash HASH = SipHash.forTables(0x7465787473206f66L, 0x2063616e6f6e2121L);

    private char[] slots = new char[1 << 22];
    private int used;
    private int[] ends = new int[1 << 16];
    private int size;
    private long[] keys = new long[1 << 17];
    private int[] numbers = new int[keys.length];

    /** The number of a text of at least three bytes; those of fewer have no trigram. */
    int add(byte[] text, int length) {
        long key = HASH.hash(text, 0, length);
        int at = at(key);
        if (numbers[at] != 0) {
            return numbers[at] - 1;
        }
        if (used + length > slots.length) {
            slots = Arrays.copyOf(slots, Math.max(used + length, slots.length + (slots.length >> 1)));
        }
        for (int i = 2; i < length; i++) {
            slots[used++] = (char) Lexicon.slot(Symbols.of(text[i - 2]), Symbols.of(text[i - 1]), Symbols.of(text[i]));
        }
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, 2 * size);
        }
        ends[size] = used;
        keys[at] = key;
        numbers[at] = ++size;
        if (size > keys.length / 2) {
            grow();
        }
        return size - 1;
    }

    private int at(long key) {
        int at = (int) key & keys.length - 1;
        while (numbers[at] != 0 && keys[at] != key) {
            at = at + 1 & keys.length - 1;
        }
        return at;
    }

    private void grow() {
        var oldKeys = keys;
        var oldNumbers = numbers;
        keys = new long[2 * oldKeys.length];
        numbers = new int[keys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldNumbers[i] != 0) {
                int at = at(oldKeys[i]);
                keys[at] = oldKeys[i];
                numbers[at] = oldNumbers[i];
            }
        }
    }

    int size() {
        return size;
    }

    /** Where the slots of a text begin in {@link #slots}. */
    int from(int text) {
        return text == 0 ? 0 : ends[text - 1];
    }

    int to(int text) {
        return ends[text];
    }

    /** Of all texts; do not write. */
    char[] slots() {
        return slots;
    }
}
