package pt.sunbeam.proxy.upstream;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.Backend;
import pt.sunbeam.config.HealthCheck;
import pt.sunbeam.config.SunbeamConfig.Upstream;
import pt.sunbeam.proxy.message.Hop;

/** One address of a backend, and what is known of it. Times in nanoseconds, by a clock that only goes forward. Thread-safe. */
final class Endpoint {
    /** A newcomer gets at least so much of its share, or it would never be seen to work. */
    private static final double LEAST_SHARE = 0.1;

    private final Hop hop;
    private final long id;
    private final int mostRequests;
    private final long slowStartNanos;
    private final Outlier outlier;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger tunnels = new AtomicInteger();
    private volatile boolean healthy = true;
    private volatile long risenNanos;
    private volatile @Nullable Checked lastCheck;
    private int goodChecks;
    private int badChecks;

    /**
     * What an active check found.
     *
     * @param atMillis of the wall clock
     */
    record Checked(boolean good, String words, long atMillis) {}

    /** @param risenNanos from when on it starts slowly */
    Endpoint(Hop hop, Upstream rules, long risenNanos) {
        this.hop = hop;
        id = ConsistentHash.hash(hop.backend().url() + " " + hop);
        mostRequests = rules.maxConnectionsPerHost();
        slowStartNanos = rules.slowStart().toNanos();
        outlier = new Outlier(rules.ejection());
        this.risenNanos = risenNanos;
    }

    Hop hop() {
        return hop;
    }

    /** The same for the same URL and address, on every node. */
    long id() {
        return id;
    }

    Backend backend() {
        return hop.backend();
    }

    /** Fit to be asked: neither ejected nor found bad by a check. */
    boolean isFit(long now) {
        return healthy && !outlier.isEjected(now);
    }

    boolean isHealthy() {
        return healthy;
    }

    boolean isEjected(long now) {
        return outlier.isEjected(now);
    }

    /** Nanoseconds until its ejection ends; 0 where it is not ejected. */
    long ejectedFor(long now) {
        return outlier.isEjected(now) ? outlier.untilNanos() - now : 0;
    }

    boolean isFull() {
        return requests.get() >= mostRequests;
    }

    /** Requests and tunnels in flight. */
    int load() {
        return requests.get() + tunnels.get();
    }

    /** Its share of the requests beside those of others: its weight, less while it starts slowly. */
    double share(long now) {
        int weight = hop.backend().weight();
        if (slowStartNanos == 0) {
            return weight;
        }
        long risen = risenNanos;
        if (outlier.wasEjected() && outlier.untilNanos() - risen > 0) {
            risen = outlier.untilNanos();
        }
        double part = (double) (now - risen) / slowStartNanos;
        return weight * Math.clamp(part, LEAST_SHARE, 1);
    }

    /** Takes a place; false where there is none. What was taken is given back by {@link #left}. */
    boolean enter() {
        if (requests.incrementAndGet() <= mostRequests) {
            return true;
        }
        requests.decrementAndGet();
        return false;
    }

    void left() {
        requests.decrementAndGet();
    }

    void enterTunnel() {
        tunnels.incrementAndGet();
    }

    void leftTunnel() {
        tunnels.decrementAndGet();
    }

    void succeeded(long now) {
        outlier.succeeded(now);
    }

    /** True where this failure ejects it. */
    boolean failed(long now) {
        return outlier.failed(now);
    }

    @Nullable
    Checked lastCheck() {
        return lastCheck;
    }

    /** Whether the check changed what is thought of it. A newcomer counts as healthy until checks say otherwise. */
    synchronized boolean checked(Checked found, HealthCheck rules, long now) {
        lastCheck = found;
        if (found.good()) {
            badChecks = 0;
            goodChecks++;
        } else {
            goodChecks = 0;
            badChecks++;
        }
        boolean before = healthy;
        if (!before && goodChecks >= rules.healthyThreshold()) {
            risenNanos = now;
            healthy = true;
        } else if (before && badChecks >= rules.unhealthyThreshold()) {
            healthy = false;
        }
        return before != healthy;
    }
}
