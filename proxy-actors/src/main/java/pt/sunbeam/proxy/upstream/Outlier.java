package pt.sunbeam.proxy.upstream;

import pt.sunbeam.config.Ejection;

/**
 * Whether an address is left out because the requests to it fail: after so many failures in a row, for a time that doubles with each further ejection. When
 * the time is over it is on probation: one failure ejects it again, one success clears it, and so many good ones that a whole further time has passed make the
 * next ejection the first again.
 *
 * <p>Times by a clock that only goes forward, in nanoseconds. Thread-safe: what is asked for each request is one read.
 */
final class Outlier {
    private static final int MOST_DOUBLINGS = 30;

    private final int limit;
    private final long baseNanos;
    private final long maxNanos;
    private volatile boolean blemished;
    private volatile boolean ejected;
    private volatile long untilNanos;
    private int failures;
    private int ejections;

    Outlier(Ejection rules) {
        limit = rules.consecutiveFailures();
        baseNanos = rules.baseTime().toNanos();
        maxNanos = rules.maxTime().toNanos();
    }

    boolean isEjected(long now) {
        return ejected && now - untilNanos < 0;
    }

    /** When the last ejection ended or ends; meaningless before the first. */
    long untilNanos() {
        return untilNanos;
    }

    boolean wasEjected() {
        return ejected;
    }

    void succeeded(long now) {
        if (blemished) {
            clear(now);
        }
    }

    private synchronized void clear(long now) {
        failures = 0;
        if (ejected && now - untilNanos > time()) {
            ejections = 0;
        }
        blemished = ejections > 0;
    }

    /** True where this failure ejects. */
    synchronized boolean failed(long now) {
        if (limit == 0 || isEjected(now)) {
            return false; // what was on its way when it was ejected says nothing new
        }
        blemished = true;
        failures++;
        if (failures < limit) {
            return false;
        }
        ejections++;
        failures = limit - 1;
        untilNanos = now + time();
        ejected = true;
        return true;
    }

    private long time() {
        int doublings = Math.min(Math.max(ejections - 1, 0), MOST_DOUBLINGS);
        long longer = baseNanos << doublings;
        return longer >> doublings != baseNanos || longer > maxNanos ? maxNanos : longer;
    }
}
