package pt.sunbeam.proxy.upstream;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps retries from multiplying the load on upstreams that fail because of load: each request earns a share of a retry, and besides one a second is earned.
 * What is earned is kept up to {@value #MOST}. Thread-safe; times in nanoseconds, by a clock that only goes forward.
 */
final class RetryBudget {
    static final int MOST = 100;
    static final int FIRST = 10;

    private static final long WHOLE = 1_000_000;

    private final long share;
    private final AtomicLong earned = new AtomicLong(FIRST * WHOLE);
    private final AtomicLong paidUpTo;

    /** @param share in [0, 1] */
    RetryBudget(double share, long now) {
        this.share = Math.round(share * WHOLE);
        paidUpTo = new AtomicLong(now);
    }

    void requested() {
        earn(share);
    }

    /** Takes one retry, where there is one. */
    boolean take(long now) {
        long from = paidUpTo.get();
        long micros = (now - from) / 1_000;
        if (micros > 0 && paidUpTo.compareAndSet(from, now)) {
            earn(Math.min(micros, MOST * WHOLE));
        }
        return earned.getAndUpdate(had -> had >= WHOLE ? had - WHOLE : had) >= WHOLE;
    }

    private void earn(long more) {
        if (earned.get() < MOST * WHOLE) {
            earned.updateAndGet(had -> Math.min(had + more, MOST * WHOLE));
        }
    }
}
