package pt.sunbeam.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.SunbeamConfig.Upstream;

/**
 * How long the backends of a route may take; null where {@code upstream} says it.
 *
 * @param connect for a connection
 * @param firstByte from the last byte of the request to the first of the response
 * @param idle for each further piece of the response
 * @param total for all of it, attempts and waiting included; null here and in {@code upstream}: any time
 */
public record Timeouts(
        @Nullable Duration connect,
        @Nullable Duration firstByte,
        @Nullable Duration idle,
        @Nullable Duration total) {
    public static final Timeouts DEFAULT = new Timeouts(null, null, null, null);

    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    /** Those of the section {@code timeouts}; {@code timeout_secs} beside it stands for {@code first_byte} and {@code idle} where it does not say them. */
    static Timeouts read(Section route) {
        var timeouts = route.section("timeouts");
        var both = route.has("timeout_secs") ? route.seconds("timeout_secs", 60, 1, 86_400) : null;
        return new Timeouts(
                read(timeouts, "connect", HOUR, null),
                read(timeouts, "first_byte", DAY, both),
                read(timeouts, "idle", DAY, both),
                read(timeouts, "total", DAY, null));
    }

    private static @Nullable Duration read(Section timeouts, String key, Duration most, @Nullable Duration absent) {
        return timeouts.has(key) ? timeouts.duration(key, most, MILLISECOND, most) : absent;
    }

    public Duration connect(Upstream upstream) {
        return connect == null ? upstream.connectTimeout() : connect;
    }

    public Duration firstByte(Upstream upstream) {
        return firstByte == null ? upstream.responseTimeout() : firstByte;
    }

    public Duration idle(Upstream upstream) {
        return idle == null ? upstream.idleTimeout() : idle;
    }
}
