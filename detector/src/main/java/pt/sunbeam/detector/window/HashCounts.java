package pt.sunbeam.detector.window;

/**
 * How often each 32-bit hash occurs: open addressing with linear probing and backward-shift deletion (Knuth, TAOCP 3,
 * section 6.4, algorithm R), so that it never fills up with tombstones. Grows with the distinct hashes, never shrinks.
 */
final class HashCounts {
    private int[] slots; // hash, count, hash, count, ...; count 0 marks a free slot
    private int mask;
    private int distinct;

    HashCounts() {
        slots = new int[2 * 4]; // most addresses have one host and one agent
        mask = 3;
    }

    int distinct() {
        return distinct;
    }

    /** Counts one more; returns the new count. */
    int increment(int hash) {
        int slot = slot(hash);
        int count = ++slots[2 * slot + 1];
        if (count == 1) {
            slots[2 * slot] = hash;
            distinct++;
            if (2 * distinct > mask) {
                grow();
            }
        }
        return count;
    }

    /** Counts one less of a hash that is there; returns the count before. */
    int decrement(int hash) {
        int slot = slot(hash);
        int count = slots[2 * slot + 1]--;
        if (count == 1) {
            distinct--;
            closeGap(slot);
        }
        return count;
    }

    /** Where the hash is, or the free slot where it belongs. */
    private int slot(int hash) {
        int slot = home(hash);
        while (slots[2 * slot + 1] != 0 && slots[2 * slot] != hash) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private int home(int hash) {
        return (hash ^ hash >>> 16) & mask; // hashes are seeded and uniform: nothing else to mix
    }

    private void closeGap(int gap) {
        int free = gap;
        for (int next = free + 1 & mask; slots[2 * next + 1] != 0; next = next + 1 & mask) {
            // An entry moves back unless its home lies cyclically in (free, next].
            if ((next - home(slots[2 * next]) & mask) >= (next - free & mask)) {
                slots[2 * free] = slots[2 * next];
                slots[2 * free + 1] = slots[2 * next + 1];
                slots[2 * next + 1] = 0;
                free = next;
            }
        }
    }

    private void grow() {
        int[] old = slots;
        slots = new int[2 * old.length];
        mask = 2 * mask + 1;
        for (int i = 0; i < old.length; i += 2) {
            if (old[i + 1] != 0) {
                int slot = slot(old[i]);
                slots[2 * slot] = old[i];
                slots[2 * slot + 1] = old[i + 1];
            }
        }
    }
}
