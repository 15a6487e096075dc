package pt.sunbeam.proxy.limit;

/**
 * So many requests at once, and one more after each interval: the generic cell rate algorithm (ITU-T I.371, annex A), a token bucket in one number.
 *
 * <p>The number is the time at which the bucket will be full again; each request moves it on by one interval. Times are nanoseconds of one clock and
 * above 0.
 *
 * @param burst requests that a full bucket holds
 * @param interval nanoseconds until an empty bucket holds one
 */
record Rate(int burst, long interval) {
    /** So far ahead of an empty bucket's time no thread's clock makes it; what lies further ahead was written before the clock went back. */
    static final long SLACK = 1_000_000_000L;

    Rate {
        if (burst < 1 || interval < 1 || interval > Long.MAX_VALUE / 4 / burst) {
            throw new IllegalArgumentException("burst " + burst + ", interval " + interval);
        }
    }

    /** @param perSecond from 0.001 to 1,000,000 */
    static Rate perSecond(int burst, double perSecond) {
        return new Rate(burst, Math.max(1, Math.round(1e9 / perSecond)));
    }

    /** Nanoseconds that an empty bucket takes to be full. */
    long filling() {
        return burst * interval;
    }

    /** The time of a bucket as it stands now: an empty one at most, even where the clock has gone back since it was written. */
    long level(long time, long now) {
        return time - now > filling() + SLACK ? now + filling() : Math.max(time, now);
    }

    /** Nanoseconds until a bucket of that level has room for one request; 0 or less where it has it now. */
    long wait(long level, long now) {
        return level + interval - filling() - now;
    }
}
