package pt.sunbeam.config;

import java.time.Duration;

/**
 * When a backend's address that fails is left out for a time.
 *
 * @param consecutiveFailures after so many in a row, 0 for never
 * @param baseTime the first time; each further one is twice as long
 * @param maxTime the longest
 */
public record Ejection(int consecutiveFailures, Duration baseTime, Duration maxTime) {
    public static final Ejection DEFAULTS = new Ejection(5, Duration.ofSeconds(10), Duration.ofMinutes(5));

    private static final Duration LEAST = Duration.ofMillis(10);

    static Ejection read(Section ejection) {
        var base = ejection.duration("base_time", DEFAULTS.baseTime, LEAST, Duration.ofHours(1));
        var usual = DEFAULTS.maxTime;
        var most = ejection.duration("max_time", usual.compareTo(base) < 0 ? base : usual, LEAST, Duration.ofDays(1));
        if (most.compareTo(base) < 0) {
            ejection.fault("max_time", "at least base_time");
        }
        return new Ejection(ejection.count("consecutive_failures", DEFAULTS.consecutiveFailures, 0, 1_000), base, most);
    }
}
