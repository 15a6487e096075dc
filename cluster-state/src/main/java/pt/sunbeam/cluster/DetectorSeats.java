package pt.sunbeam.cluster;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many detector actors a node may have. Thread-safe.
 *
 * <p>A quarter of the seats belongs to the shards in equal parts, so that none can be starved by another that is under attack; the
 * rest goes to whoever comes first.
 */
final class DetectorSeats {
    private final int reservedPerShard;
    private final AtomicInteger free;

    DetectorSeats(int capacity) {
        reservedPerShard = capacity / 4 / Shards.COUNT;
        free = new AtomicInteger(capacity - reservedPerShard * Shards.COUNT);
    }

    /** The seats of one shard. Not thread-safe. */
    final class OfShard {
        private int reserved;
        private int borrowed;

        boolean take() {
            if (reserved < reservedPerShard) {
                reserved++;
                return true;
            }
            if (free.getAndUpdate(n -> n > 0 ? n - 1 : 0) > 0) {
                borrowed++;
                return true;
            }
            return false;
        }

        void giveBack() {
            if (borrowed > 0) {
                borrowed--;
                free.incrementAndGet();
            } else {
                reserved--;
            }
        }

        /** All that are taken are given back; returns how many they were. */
        int giveBackAll() {
            int taken = reserved + borrowed;
            free.addAndGet(borrowed);
            reserved = 0;
            borrowed = 0;
            return taken;
        }
    }
}
