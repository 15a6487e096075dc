package pt.sunbeam.proxy.limit;

import java.util.random.RandomGenerator;
import pt.sunbeam.config.RateLimit;
import pt.sunbeam.detector.http.IpAddress;

/**
 * What passes of the requests of addresses that are throttled. Thread-safe; no thread waits for another.
 *
 * <p>65,536 addresses at once; beyond that newcomers share with their network.
 */
public final class Throttle {
    private static final int BYTES = 1 << 20;
    private static final long NANOS_A_MILLI = 1_000_000;

    private final AddressBuckets buckets;

    /** @param random for the keys of hashes: what it gives must not be guessed */
    public Throttle(RateLimit.Bucket passing, RandomGenerator random) {
        buckets = new AddressBuckets(
                Rate.perSecond(passing.burst(), passing.rate()),
                BYTES,
                random.nextLong(),
                random.nextLong(),
                random.nextLong(),
                random.nextLong());
    }

    /**
     * Charges a request to its address: 0 where it passes, else the milliseconds until one may.
     *
     * @param nowMillis since the epoch
     */
    public long take(IpAddress client, long nowMillis) {
        long wait = buckets.take(client, nowMillis * NANOS_A_MILLI);
        return (wait + NANOS_A_MILLI - 1) / NANOS_A_MILLI;
    }
}
