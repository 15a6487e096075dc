package pt.sunbeam.detector.audit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks for bytes eight at a time (Warren, "Hacker's Delight", section 6-1). A mask that a method here gives is 0 where no byte is of the kind; else its
 * lowest bit is that of the first one, while bits above mean nothing. Masks of the same eight bytes may be or-ed.
 */
final class EightBytes {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private EightBytes() {}

    /** The eight bytes from there on; all of them have to be in the array. */
    static long at(byte[] bytes, int from) {
        return (long) WORD.get(bytes, from);
    }

    /** @param bound at most 128 */
    static long below(long word, int bound) {
        return (word - bound * ONES) & ~word & HIGH_BITS;
    }

    /** @param value of ASCII */
    static long equal(long word, char value) {
        return below(word ^ (value * ONES), 1);
    }

    static long beyondAscii(long word) {
        return word & HIGH_BITS;
    }

    /** Which of the eight a mask means that is not 0, from 0. */
    static int first(long mask) {
        return Long.numberOfTrailingZeros(mask) >>> 3;
    }
}
