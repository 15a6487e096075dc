package pt.sunbeam.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When the requests of a route are refused at once because too many fail.
 *
 * @param failureShare in (0, 1]: it opens when so many of the requests of a window fail
 * @param minRequests in a window, below which it does not open
 * @param open time until it lets the first requests try again
 * @param trials requests that are let through then; it closes when all of them succeed
 */
public record Breaker(double failureShare, int minRequests, Duration window, Duration open, int trials) {
    private static final Duration LEAST = Duration.ofMillis(100);
    private static final Duration HOUR = Duration.ofHours(1);

    static @Nullable Breaker read(Section breaker) {
        return breaker.isPresent()
                ? new Breaker(
                        breaker.decimal("failure_share", 0.5, 0.001, 1, "a number from 0.001 to 1"),
                        breaker.count("min_requests", 20, 1, 1_000_000),
                        breaker.duration("window", Duration.ofSeconds(10), LEAST, HOUR),
                        breaker.duration("open", Duration.ofSeconds(5), LEAST, HOUR),
                        breaker.count("trials", 3, 1, 1_000))
                : null;
    }
}
