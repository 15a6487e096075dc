package pt.sunbeam.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The backends that share the requests of a route, and how they are dealt with.
 *
 * @param backends at least one, no two with the same URL
 * @param healthCheck null where they are not asked how they are
 * @param breaker null where it is off
 */
public record Pool(
        List<Backend> backends,
        Balancing balancing,
        Timeouts timeouts,
        @Nullable HealthCheck healthCheck,
        @Nullable Breaker breaker) {
    public Pool {
        backends = List.copyOf(backends);
    }

    public static Pool of(Backend backend) {
        return new Pool(List.of(backend), Balancing.DEFAULT, Timeouts.DEFAULT, null, null);
    }

    /** The only backend, or the first of several. */
    public Backend only() {
        return backends.getFirst();
    }
}
