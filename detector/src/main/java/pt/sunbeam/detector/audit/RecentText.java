package pt.sunbeam.detector.audit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.hash.WordHash;

/**
 * Strings for bytes in ISO-8859-1. The same few agents, pages and clients come back a million times in a log: of those met lately one string is kept for
 * all. Bounded: a new text takes the place of an old one. Not thread-safe.
 */
final class RecentText {
    private static final int SLOT_BITS = 14;
    private static final int LONGEST = 512;

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
        return (int) (WordHash.of(bytes, from, to) >>> (Long.SIZE - SLOT_BITS));
    }
}
