package pt.sunbeam.cluster;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Room for {@value #ROWS} rows of one shard, filled by many threads of which none waits for another.
 *
 * <p>A writer claims a slot, writes it and commits. Once {@value #ROWS} commits are in, the segment is complete, and whoever made
 * the last commit sends it. Sealing a segment that is not full closes it to further claims and commits the slots nobody claimed; the writers
 * still at work then complete it. So a segment is sent exactly once, and always by the last one to touch it.
 */
final class Segment {
    static final int ROWS = 256;

    // Above every number of claims that can happen while a segment is current.
    private static final int SEALED = 1 << 30;

    final long[] rows = new long[ROWS * Rows.STRIDE];
    private final AtomicInteger claimed = new AtomicInteger();
    private final AtomicInteger committed = new AtomicInteger();
    private int count = ROWS;

    /** A slot to write, or -1 where the segment is closed. */
    int claim() {
        // Read first: a closed segment is not counted up any further by those who find it closed.
        if (claimed.get() >= ROWS) {
            return -1;
        }
        int slot = claimed.getAndIncrement();
        return slot < ROWS ? slot : -1;
    }

    /** True where this commit completed the segment: the caller now owns it. */
    boolean commit() {
        return committed.incrementAndGet() == ROWS;
    }

    boolean isEmpty() {
        return claimed.get() == 0;
    }

    /** Closes the segment; true where that completed it: the caller now owns it. */
    boolean seal() {
        int slots = claimed.getAndUpdate(n -> n >= ROWS ? n : SEALED);
        if (slots >= ROWS) {
            return false;
        }
        count = slots;
        return committed.addAndGet(ROWS - slots) == ROWS;
    }

    /** The rows of a complete segment. */
    long[] copy() {
        return Arrays.copyOf(rows, count * Rows.STRIDE);
    }

    /** Makes a complete segment ready for {@link #open}; it stays closed, so that a late writer that still holds it goes elsewhere. */
    void reset() {
        count = ROWS;
        committed.set(0);
    }

    void open() {
        claimed.set(0);
    }
}
