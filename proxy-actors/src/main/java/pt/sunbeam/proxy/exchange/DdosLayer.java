package pt.sunbeam.proxy.exchange;

import org.jspecify.annotations.Nullable;
import pt.sunbeam.cluster.DetectorNode;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.verdict.DdosVerdict;
import pt.sunbeam.detector.verdict.Measure;
import pt.sunbeam.proxy.limit.Throttle;
import pt.sunbeam.proxy.orders.Orders;

/** Decides on a request by what the DDoS detector said of its address before. Thread-safe. */
public final class DdosLayer {
    /** No verdict is in force. */
    static final Decision ALLOW = new Decision(null, 0);

    /**
     * A decision.
     *
     * @param verdict in force on the address, or null
     * @param retryMillis for how long the request is refused, 0 where it passes
     */
    public record Decision(@Nullable DdosVerdict verdict, long retryMillis) {
        public boolean refuses() {
            return retryMillis > 0;
        }
    }

    private final DetectorNode detectors;
    private final Orders orders;
    private final Throttle throttle;

    public DdosLayer(DetectorNode detectors, Orders orders, Throttle throttle) {
        this.detectors = detectors;
        this.orders = orders;
        this.throttle = throttle;
    }

    /** Decides on a request that came at a time, milliseconds since the epoch. */
    Decision decide(IpAddress client, long nowMillis) {
        DdosVerdict verdict = detectors.verdict(client, nowMillis);
        return verdict == null || orders.isPardoned(client, verdict.sequence())
                ? ALLOW
                : enforced(verdict, client, nowMillis, throttle);
    }

    /** What a verdict in force means for a request. */
    public static Decision enforced(DdosVerdict verdict, IpAddress client, long nowMillis, Throttle throttle) {
        return new Decision(
                verdict,
                verdict.measure() == Measure.BLOCK
                        ? verdict.expiresAtMillis() - nowMillis
                        : throttle.take(client, nowMillis));
    }
}
