package pt.sunbeam.detector.scan;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.canon.Canonicaliser;
import pt.sunbeam.detector.hash.WordHash;
import pt.sunbeam.detector.lexicon.Lexicon;

/**
 * What values of one place came to: the same agents and media types come back with each request. A value is kept when it comes twice in a row among
 * those that share its slot, so one that never comes back costs its hash and no more; then it takes the place of the one before it.
 *
 * <p>Bounded: {@value #SLOTS} values of {@value #SHORTEST} to {@value #LONGEST} bytes, in memory that is used again. Not thread-safe.
 */
final class RecentValues {
    static final int SHORTEST = 16; // less is as soon read
    static final int LONGEST = 256;
    private static final int SLOT_BITS = 8;
    static final int SLOTS = 1 << SLOT_BITS;

    private final Lexicon lexicon;
    private final int[] last = new int[SLOTS]; // hash of the value that came last
    private final @Nullable Known[] kept = new @Nullable Known[SLOTS];
    private int hash; // of the value asked for last
    private int slot;

    /** All that a value's bytes decide, for one that has no second reading. */
    static final class Known {
        private final byte[] bytes = new byte[LONGEST];
        private final byte[] text = new byte[LONGEST];
        private final View view;
        private int length;
        private int best;
        private int rounds;
        private int anomalies;

        private Known(Lexicon lexicon) {
            view = new View(lexicon);
        }

        /** Of the canonical text. */
        View view() {
            return view;
        }

        /** The score in the table of attacks of any kind, without the bar. */
        int best() {
            return best;
        }

        int rounds() {
            return rounds;
        }

        int anomalies() {
            return anomalies;
        }
    }

    RecentValues(Lexicon lexicon) {
        this.lexicon = lexicon;
    }

    static boolean takes(int length) {
        return length >= SHORTEST && length <= LONGEST;
    }

    /** What is known of bytes[from, to), whose length it {@link #takes}; null where nothing is. */
    @Nullable
    Known find(byte[] bytes, int from, int to) {
        long mixed = WordHash.of(bytes, from, to);
        slot = (int) (mixed >>> (Long.SIZE - SLOT_BITS));
        hash = (int) (mixed >>> (Long.SIZE - SLOT_BITS - Integer.SIZE));
        Known known = kept[slot];
        return known != null && Arrays.equals(known.bytes, 0, known.length, bytes, from, to) ? known : null;
    }

    /** Keeps what the value came to that was not found just now, if it came before. */
    void met(byte[] bytes, int from, int to, Canonicaliser read, int best) {
        if (last[slot] != hash) {
            last[slot] = hash;
            return;
        }
        if (read.length() > LONGEST) {
            return;
        }
        Known known = kept[slot];
        if (known == null) {
            known = new Known(lexicon);
            kept[slot] = known;
        }
        known.length = to - from;
        System.arraycopy(bytes, from, known.bytes, 0, known.length);
        System.arraycopy(read.text(), 0, known.text, 0, read.length());
        known.view.begin();
        known.view.take(known.text, read.length());
        known.best = best;
        known.rounds = read.rounds();
        known.anomalies = read.anomalies();
    }
}
