package pt.sunbeam.proxy.limit;

import java.util.concurrent.atomic.AtomicLongArray;

/** Buckets for those who have none of their own: each key has one, and several keys may have the same. Thread-safe; no thread waits for another. */
final class SharedBuckets {
    private final AtomicLongArray times;

    /** @param bytes of memory, used up at once; at least 8 */
    SharedBuckets(long bytes) {
        times = new AtomicLongArray(Math.toIntExact(bytes / Long.BYTES));
    }

    /** The level of a key's bucket, which is full where nobody has taken out of it. */
    long level(long key, Rate rate, long now) {
        return rate.level(times.get(place(key)), now);
    }

    /** Takes one request out of a key's bucket: 0, or the nanoseconds to wait where it is empty. */
    long take(long key, Rate rate, long now) {
        int place = place(key);
        while (true) {
            long time = times.get(place);
            long level = rate.level(time, now);
            long wait = rate.wait(level, now);
            if (wait > 0 && level == time) {
                return wait;
            }
            if (times.compareAndSet(place, time, wait > 0 ? level : level + rate.interval())) {
                return Math.max(0, wait);
            }
        }
    }

    private int place(long key) {
        return (int) (((key >>> 32) * times.length()) >>> 32);
    }
}
