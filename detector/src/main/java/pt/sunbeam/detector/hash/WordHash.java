package pt.sunbeam.detector.hash;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A multiplicative hash of eight bytes at a time (Knuth, TAOCP 3, section 6.4), for tables that may forget: it has no key, so that anyone can choose
 * collisions, and costs a multiplication a word.
 */
public final class WordHash {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MIXER = 0x9e3779b97f4a7c15L; // 2^64 over the golden ratio

    private WordHash() {}

    /** Of bytes[from, to); the upper bits are the good ones. */
    public static long of(byte[] bytes, int from, int to) {
        long hash = (long) to - from;
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            hash = mixed(hash, (long) WORD.get(bytes, i));
        }
        if (i == to) {
            return hash;
        }
        if (to - from >= Long.BYTES) {
            return mixed(hash, (long) WORD.get(bytes, to - Long.BYTES)); // some bytes twice
        }
        long rest = 0;
        for (; i < to; i++) {
            rest = rest << Byte.SIZE | (bytes[i] & 0xff);
        }
        return mixed(hash, rest);
    }

    /** The product moves bits upwards alone, the rotation takes them down again. */
    private static long mixed(long hash, long more) {
        return (Long.rotateLeft(hash, 27) ^ more) * MIXER;
    }
}
