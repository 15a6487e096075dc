package pt.sunbeam.detector.hash;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash-c-d (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012): a keyed 64-bit hash whose collisions
 * nobody finds without the key. Murmur-like hashes will not do here: they have collisions that hold for every seed.
 * Immutable and thread-safe.
 */
public final class SipHash {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final int compressionRounds;
    private final int finalRounds;
    private final long key0;
    private final long key1;

    /** The reduced variant SipHash-1-3, for hash tables. */
    public static SipHash forTables(long key0, long key1) {
        return new SipHash(1, 3, key0, key1);
    }

    /** SipHash-2-4, for what leaves the process. */
    public static SipHash forOutput(long key0, long key1) {
        return new SipHash(2, 4, key0, key1);
    }

    private SipHash(int compressionRounds, int finalRounds, long key0, long key1) {
        this.compressionRounds = compressionRounds;
        this.finalRounds = finalRounds;
        this.key0 = key0;
        this.key1 = key1;
    }

    public long hash(byte[] bytes, int from, int to) {
        long v0 = key0 ^ 0x736f6d6570736575L;
        long v1 = key1 ^ 0x646f72616e646f6dL;
        long v2 = key0 ^ 0x6c7967656e657261L;
        long v3 = key1 ^ 0x7465646279746573L;
        int words = (to - from) >> 3;
        // One loop for message words, the last word with the length, and the final rounds.
        for (int i = 0; i <= words + 1; i++) {
            long word = i < words ? (long) WORD.get(bytes, from + 8 * i) : i == words ? tail(bytes, from, to) : 0;
            v3 ^= word;
            v2 ^= i > words ? 0xff : 0;
            for (int rounds = i > words ? finalRounds : compressionRounds; rounds > 0; rounds--) {
                v0 += v1;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v3;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 += v3;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 += v1;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v2 = Long.rotateLeft(v2, 32);
            }
            v0 ^= word;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private static long tail(byte[] bytes, int from, int to) {
        long word = (long) (to - from) << 56;
        for (int i = from + ((to - from) & ~7), shift = 0; i < to; i++, shift += 8) {
            word |= (bytes[i] & 0xffL) << shift;
        }
        return word;
    }
}
