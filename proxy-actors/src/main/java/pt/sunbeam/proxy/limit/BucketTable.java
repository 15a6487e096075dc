package pt.sunbeam.proxy.limit;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * Buckets by key, in a fixed number of places. Thread-safe; no thread waits for another.
 *
 * <p>A key has sixteen places, in two groups that its halves choose (Azar, Broder, Karlin and Upfal, "Balanced allocations", 1994). A place is
 * given to another key only when its bucket has been full for {@code keep}: a full bucket is what a newcomer gets, so nothing is forgotten. Where all
 * sixteen are in use, the newcomer is turned away.
 *
 * <p>A place is two numbers. The time says whose turn it is: it is changed by compare-and-set alone, and whoever gives the place to another key claims the
 * time first. A reader takes the time, then the key; if its compare-and-set succeeds, the place was that key's throughout, for times of a place only grow.
 */
final class BucketTable {
    /** No bucket of that key. */
    static final long ABSENT = -1;

    private static final int BUCKET_BYTES = 16;
    private static final int GROUP = 8;
    private static final int PLACES = 2 * GROUP;
    private static final int NONE = -1;
    private static final long EMPTY = 0;
    private static final long CLAIMED = -1;

    private final AtomicLongArray keys;
    private final AtomicLongArray times;
    private final int groups;
    private final long keep;
    private final long furthest;
    private final LongAdder used = new LongAdder();

    /**
     * @param bytes of memory, used up at once; at least 256
     * @param keep nanoseconds for which a full bucket is remembered
     * @param furthest nanoseconds that a bucket's time can be ahead of the clock, unless that has gone back; the slack included
     */
    BucketTable(long bytes, long keep, long furthest) {
        groups = Math.toIntExact(bytes / BUCKET_BYTES / GROUP);
        if (groups < 2) {
            throw new IllegalArgumentException(bytes + " bytes are too few");
        }
        keys = new AtomicLongArray(groups * GROUP);
        times = new AtomicLongArray(groups * GROUP);
        this.keep = keep;
        this.furthest = furthest;
    }

    /** Takes one request out of a key's bucket: 0, or the nanoseconds to wait where it is empty, or ABSENT. */
    long take(long key, Rate rate, long now) {
        for (int i = 0; i < PLACES; i++) {
            int place = place(key, i);
            if (keys.get(place) == key) {
                long wait = take(place, key, rate, now);
                if (wait != ABSENT) {
                    return wait;
                }
            }
        }
        return ABSENT;
    }

    private long take(int place, long key, Rate rate, long now) {
        while (true) {
            long time = times.get(place);
            if (time <= EMPTY || keys.get(place) != key) {
                return ABSENT;
            }
            long level = rate.level(time, now);
            long wait = rate.wait(level, now);
            long next = wait > 0 ? level : level + rate.interval();
            if (next == time || times.compareAndSet(place, time, next)) {
                return Math.max(0, wait);
            }
        }
    }

    /** Undoes one {@link #take}. */
    void giveBack(long key, Rate rate) {
        for (int i = 0; i < PLACES; i++) {
            if (move(place(key, i), key, -rate.interval())) {
                return;
            }
        }
    }

    boolean holds(long key) {
        for (int i = 0; i < PLACES; i++) {
            int place = place(key, i);
            if (keys.get(place) == key && times.get(place) > EMPTY) {
                return true;
            }
        }
        return false;
    }

    /**
     * Takes in a bucket; false where there is no place for it.
     *
     * @param time at which it will be full
     */
    boolean put(long key, long time, long now) {
        int place = claim(key, now);
        if (place == NONE) {
            return false;
        }
        keys.set(place, key);
        times.set(place, time);
        unite(key, now);
        return true;
    }

    /** A place that nobody needs, now this thread's: of the group with more of them the empty one, or that whose bucket has been full for longest. */
    private int claim(long key, long now) {
        while (true) {
            int first = place(key, 0);
            int second = place(key, GROUP);
            int from = free(first, now) >= free(second, now) ? first : second;
            int best = NONE;
            long oldest = Long.MAX_VALUE;
            for (int place = from; place < from + GROUP; place++) {
                long time = times.get(place);
                if (isFree(time, now) && time < oldest) {
                    best = place;
                    oldest = time;
                }
            }
            if (best == NONE) {
                return NONE;
            }
            if (times.compareAndSet(best, oldest, CLAIMED)) {
                used.add(oldest == EMPTY ? 1 : 0);
                return best;
            }
        }
    }

    private int free(int from, long now) {
        int free = 0;
        for (int place = from; place < from + GROUP; place++) {
            free += isFree(times.get(place), now) ? 1 : 0;
        }
        return free;
    }

    /**
     * Threads that bring in the same key at once may each find a place for it. The first place then takes over what the others have been charged: whoever
     * comes last sees all of them, so no charge is lost.
     */
    private void unite(long key, long now) {
        int first = NONE;
        for (int i = 0; i < PLACES; i++) {
            int place = place(key, i);
            long time = times.get(place);
            if (time <= EMPTY || keys.get(place) != key) {
                continue;
            }
            if (first == NONE) {
                first = place;
            } else if (times.compareAndSet(place, time, EMPTY)) {
                used.decrement();
                long charged = Math.max(0, time - now);
                if (!move(first, key, charged)) {
                    put(key, now + charged, now);
                    return;
                }
            } else {
                i--; // somebody took out of it meanwhile
            }
        }
    }

    /** Adds to a bucket's time; false where the place is not the key's. */
    private boolean move(int place, long key, long by) {
        while (true) {
            long time = times.get(place);
            if (time <= EMPTY || keys.get(place) != key) {
                return false;
            }
            if (times.compareAndSet(place, time, Math.max(EMPTY + 1, time + by))) {
                return true;
            }
        }
    }

    /** Forgets the buckets that have been full for long enough; those of a time to which the clock has gone back are empty now, and fill again. */
    void sweep(long now) {
        for (int place = 0; place < times.length(); place++) {
            long time = times.get(place);
            if (time - now > furthest) {
                times.compareAndSet(place, time, now + furthest - Rate.SLACK);
            } else if (time > EMPTY && isFree(time, now) && times.compareAndSet(place, time, CLAIMED)) {
                keys.set(place, 0);
                times.set(place, EMPTY);
                used.decrement();
            }
        }
    }

    /** Buckets in use, those included that a newcomer may replace. */
    long used() {
        return used.sum();
    }

    int capacity() {
        return times.length();
    }

    private boolean isFree(long time, long now) {
        return time == EMPTY || (time > EMPTY && time + keep <= now);
    }

    private int place(long key, int i) {
        long first = ((key >>> 32) * groups) >>> 32;
        if (i < GROUP) {
            return (int) first * GROUP + i;
        }
        long second = first + 1 + (((key & 0xffff_ffffL) * (groups - 1)) >>> 32);
        return (int) (second < groups ? second : second - groups) * GROUP + i - GROUP;
    }
}
