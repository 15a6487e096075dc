package pt.sunbeam.detector.window;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import pt.sunbeam.detector.http.IpAddress;

/**
 * How many of a node's clients ask for what: a sketch of fixed size (256 KiB) over paths, hosts and networks. Thread-safe and lock-free; allocates nothing.
 *
 * <p>Time goes in slices of 1 s, and readings are of slices that are over: so the order of requests within one makes no difference, and a replay comes to
 * the same. Each key is counted in two cells of a table (count-min, Cormode and Muthukrishnan, J. Algorithms 55, 2005) and the lower reading counts; so
 * keys that meet in a cell can make a reading too high only where they meet others in both, and one that always is in demand can hide another's surge.
 *
 * <p>A request that is read while another thread moves its cell on is counted in the later slice. Above 130,000 requests a slice a cell counts no more.
 */
public final class Crowds {
    /** Readings a factor of two apart. */
    static final int OCTAVE = 16;

    static final long SLICE_MILLIS = 1_000;

    /** Requests in a slice that say nothing: added to both sides of the surge. */
    static final int FEW = 5;

    /** Slices over which the usual is averaged: its half-life is 355 of them, 5.9 minutes. */
    static final int MEMORY_BITS = 9;

    private static final int MEMORY = 1 << MEMORY_BITS;
    private static final int MOST = 255;

    // A cell: the current slice's count, its slice, the usual count of a slice in 1/512, the reading of the slice
    // before.
    private static final int USUAL_SHIFT = 8, SLICE_SHIFT = 34, COUNT_SHIFT = 47;
    private static final int USUAL_MASK = (1 << (SLICE_SHIFT - USUAL_SHIFT)) - 1;
    private static final int SLICE_MASK = (1 << (COUNT_SHIFT - SLICE_SHIFT)) - 1;
    private static final long ONE = 1L << COUNT_SHIFT;

    /** Leaves room for threads that have read a count and not yet added to it. */
    private static final int MOST_COUNTED = 130_000;

    /** Slices by which a request may be late; what seems later is long ago, for slices are kept modulo 2^13 (2.3 hours). */
    private static final int LATE = 16;

    private static final int ROW_BITS = 13;
    private static final int NETWORKS = 2 << ROW_BITS; // where their half of the table begins

    /** (1 - 1/512)^k in 2^-16. */
    private static final int[] LEFT = new int[1 << (COUNT_SHIFT - SLICE_SHIFT)];

    static {
        for (int k = 0; k < LEFT.length; k++) {
            LEFT[k] = (int) Math.round(StrictMath.pow(1 - 1.0 / MEMORY, k) * (1 << 16));
        }
    }

    private final AtomicLongArray cells = new AtomicLongArray(2 * NETWORKS);
    private final AtomicLong firstSlice = new AtomicLong(Long.MIN_VALUE);
    private final long seed;

    /** @param seed secret, so that nobody outside can choose who shares a cell */
    public Crowds(long seed) {
        this.seed = seed;
    }

    /**
     * Counts a request and says how crowded it was before. Where there is no slice to compare with, nothing surges.
     *
     * @param timeMillis when the head had been read, milliseconds since the epoch or any clock that goes on
     * @param pathHash seeded, as in {@link Event}; so is {@code hostHash}
     * @return bits 0..7 log2(1 + requests of the client's /24 or /48), bits 8..15 log2 of how much more than usual the path or the host, whichever is more,
     *     was asked for, both in the slice before, in 1/16 octaves, from 0 to 255
     */
    public int read(long timeMillis, int pathHash, int hostHash, IpAddress client) {
        long slice = Math.floorDiv(timeMillis, SLICE_MILLIS);
        if (firstSlice.get() == Long.MIN_VALUE) {
            firstSlice.compareAndSet(Long.MIN_VALUE, slice);
        }
        int surge = Math.max(read(slice, 0, mix(pathHash ^ seed)), read(slice, 0, mix(hostHash ^ ~seed)));
        int load = read(slice, NETWORKS, network(client));
        return (surge << 8) | load;
    }

    /** As {@link IpAddress#network}, without an object. */
    private long network(IpAddress client) {
        return client.isIpv4()
                ? mix(mix(client.high() ^ seed) ^ (client.low() & ~0xffL))
                : mix(mix((client.high() & ~0xffffL) ^ seed));
    }

    private int read(long slice, int table, long key) {
        int inFirstRow = (int) key & (1 << ROW_BITS) - 1;
        int inSecondRow = (int) (key >>> 32) & (1 << ROW_BITS) - 1;
        return Math.min(count(slice, table + inFirstRow), count(slice, table + (1 << ROW_BITS) + inSecondRow));
    }

    private int count(long slice, int at) {
        while (true) {
            long cell = cells.get(at);
            int passed = (int) (slice - (cell >>> SLICE_SHIFT)) & SLICE_MASK;
            if (passed == 0 || passed > SLICE_MASK - LATE) {
                if (cell >>> COUNT_SHIFT < MOST_COUNTED) {
                    cells.getAndAdd(at, ONE);
                }
                return reading(cell);
            }
            long moved = moved(cell, slice, passed, at >= NETWORKS) + ONE;
            if (cells.compareAndSet(at, cell, moved)) {
                return reading(moved);
            }
        }
    }

    private static int reading(long cell) {
        return (int) cell & MOST;
    }

    /** The cell in a later slice, {@code passed} behind its own. */
    private long moved(long cell, long slice, int passed, boolean load) {
        int count = (int) (cell >>> COUNT_SHIFT);
        int usual = (int) (cell >>> USUAL_SHIFT) & USUAL_MASK;
        long age = Math.max(0, slice - passed - firstSlice.get());
        int reading = 0;
        if (passed == 1 && load) {
            reading = inSixteenths(Octaves.of(1 + count));
        } else if (passed == 1 && age > 0) {
            reading = inSixteenths(
                    Octaves.of((long) (count + FEW) << MEMORY_BITS) - Octaves.of(usual + (FEW << MEMORY_BITS)));
        }
        // The mean of all slices while they are fewer than 512, then the exponential one.
        int slices = (int) Math.min(MEMORY, age + 1);
        usual += Math.floorDiv((count << MEMORY_BITS) - usual + slices / 2, slices);
        int empty = passed - 1;
        int early = Math.min(empty, MEMORY - slices);
        usual = (int) ((long) usual * slices / (slices + early));
        usual = empty - early < LEFT.length ? (int) (((long) usual * LEFT[empty - early]) >>> 16) : 0;
        return ((slice & SLICE_MASK) << SLICE_SHIFT) | ((long) usual << USUAL_SHIFT) | reading;
    }

    private static int inSixteenths(int octaves) {
        return Math.clamp((octaves * OCTAVE) >> Octaves.UNIT_BITS, 0, MOST);
    }

    /** The 64-bit finaliser "variant 13" of D. Stafford. */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
