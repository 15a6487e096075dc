package pt.sunbeam.proxy.upstream;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among endpoints: of two that are drawn at random, each by its share, the one with fewer requests in flight for its share (Mitzenmacher, "The power
 * of two choices in randomized load balancing", 2001). Idle ones thus get requests by their shares, loaded ones by what they get done.
 *
 * <p>Where fewer are fit than the panic threshold asks for, all count as fit: if almost all seem to be broken, the few left would break too, and what seems
 * broken may be what judges. Pure but for what endpoints know; takes time that grows with their number, and no memory.
 */
final class Balancer {
    private Balancer() {}

    /** Whether so few are fit that all are used. */
    static boolean panics(Endpoint[] endpoints, double threshold, long now) {
        int fit = 0;
        for (Endpoint endpoint : endpoints) {
            fit += endpoint.isFit(now) ? 1 : 0;
        }
        return fit < threshold * endpoints.length;
    }

    /** Null where none is fit, has a place left and was not tried. */
    static @Nullable Endpoint leastOfTwo(
            Endpoint[] endpoints, List<Endpoint> tried, boolean panic, long now, RandomGenerator random) {
        Endpoint one = draw(endpoints, tried, null, panic, now, random);
        Endpoint other = one == null ? null : draw(endpoints, tried, one, panic, now, random);
        if (one == null || other == null) {
            return one;
        }
        return other.load() * one.share(now) < one.load() * other.share(now) ? other : one;
    }

    private static @Nullable Endpoint draw(
            Endpoint[] endpoints,
            List<Endpoint> tried,
            @Nullable Endpoint not,
            boolean panic,
            long now,
            RandomGenerator random) {
        double all = 0;
        for (Endpoint endpoint : endpoints) {
            if (endpoint != not && isEligible(endpoint, tried, panic, now)) {
                all += endpoint.share(now);
            }
        }
        double at = all == 0 ? 0 : random.nextDouble() * all;
        Endpoint last = null;
        for (Endpoint endpoint : endpoints) {
            if (endpoint != not && isEligible(endpoint, tried, panic, now)) {
                last = endpoint;
                at -= endpoint.share(now);
                if (at < 0) {
                    return endpoint;
                }
            }
        }
        return last;
    }

    static boolean isEligible(Endpoint endpoint, List<Endpoint> tried, boolean panic, long now) {
        return (panic || endpoint.isFit(now)) && !endpoint.isFull() && !tried.contains(endpoint);
    }

    /** Whether one would be eligible if it had a place left: then to wait helps. */
    static boolean anyBusy(Endpoint[] endpoints, boolean panic, long now) {
        for (Endpoint endpoint : endpoints) {
            if ((panic || endpoint.isFit(now)) && endpoint.isFull()) {
                return true;
            }
        }
        return false;
    }
}
