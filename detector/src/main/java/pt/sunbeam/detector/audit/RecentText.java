package pt.sunbeam.detector.audit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Strings for bytes in ISO-8859-1. The same few agents, pages and clients come back a million times in a log: of those met lately one string is kept for
 * all. Bounded: a new text takes the place of an old one. Not thread-safe.
 */
final class RecentText {
    private static final int SLOT_BITS = 14;
    private static final int LONGEST = 512;
    private static final long MIXER = 0x9e3779b97f4a7c15L; // 2^64 over the golden ratio

    private final byte[] @Nullable [] bytesOf = new byte[1 << SLOT_BITS][];
    private final String[] recent = new String[1 << SLOT_BITS];

    String of(byte[] bytes, int from, int to) {
        if (to - from > LONGEST) {
            return string(bytes, from, to);
        }
        int slot = slot(bytes, from, to);
        byte[] known = bytesOf[slot];
        if (known == null || !Arrays.equals(known, 0, known.length, bytes, from, to)) {
            bytesOf[slot] = Arrays.copyOfRange(bytes, from, to);
            recent[slot] = string(bytes, from, to);
        }
        return recent[slot];
    }

    private static String string(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static int slot(byte[] bytes, int from, int to) {
        long hash = (long) to - from;
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            hash = mixed(hash, EightBytes.at(bytes, i));
        }
        for (; i < to; i++) {
            hash = mixed(hash, bytes[i]);
        }
        return (int) (hash >>> (Long.SIZE - SLOT_BITS));
    }

    /** The product moves bits upwards alone, the rotation takes them down again. */
    private static long mixed(long hash, long more) {
        return (Long.rotateLeft(hash, 27) ^ more) * MIXER;
    }
}
