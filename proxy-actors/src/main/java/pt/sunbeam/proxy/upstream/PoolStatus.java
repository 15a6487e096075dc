package pt.sunbeam.proxy.upstream;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How a pool is, at one moment.
 *
 * @param panic whether so few endpoints are fit that all are used
 * @param pending requests that wait for a place
 * @param breaker "closed", "open" or "half_open"; null where there is none
 */
public record PoolStatus(
        Upstreams.Key key,
        List<EndpointStatus> endpoints,
        boolean panic,
        int pending,
        @Nullable String breaker) {
    /**
     * How one address of a backend is.
     *
     * @param url of the backend, as configured
     * @param healthy what active checks say; true where there are none
     * @param inFlight requests and tunnels
     * @param ejectedUntil null where it is not ejected
     * @param lastCheck when it was checked last and with which result, or null
     */
    public record EndpointStatus(
            String url,
            String address,
            boolean healthy,
            int inFlight,
            @Nullable Instant ejectedUntil,
            @Nullable Check lastCheck) {
        /** Fit to be asked. */
        public boolean isFit() {
            return healthy && ejectedUntil == null;
        }
    }

    /** What an active check found. */
    public record Check(Instant at, boolean good, String words) {}

    PoolStatus(
            Upstreams.Key key,
            List<EndpointStatus> endpoints,
            boolean panic,
            int pending,
            CircuitBreaker.@Nullable State breaker) {
        this(
                key,
                endpoints,
                panic,
                pending,
                switch (breaker) {
                    case null -> null;
                    case CircuitBreaker.Closed _ -> "closed";
                    case CircuitBreaker.Open _ -> "open";
                    case CircuitBreaker.HalfOpen _ -> "half_open";
                });
    }

    static EndpointStatus of(Endpoint endpoint, long now, long wallMillis) {
        long ejected = endpoint.ejectedFor(now);
        var check = endpoint.lastCheck();
        return new EndpointStatus(
                endpoint.backend().url(),
                endpoint.hop().toString(),
                endpoint.isHealthy(),
                endpoint.load(),
                ejected > 0 ? Instant.ofEpochMilli(wallMillis + TimeUnit.NANOSECONDS.toMillis(ejected)) : null,
                check == null ? null : new Check(Instant.ofEpochMilli(check.atMillis()), check.good(), check.words()));
    }
}
