package pt.sunbeam.proxy.exchange;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * Time as an argument: the wall's for logs and bans, the monotonic one for durations and windows. Thread-safe.
 *
 * <p>Both agree: the wall's time is read off the monotonic clock, from where they stood when this was made, unless the system's clock was set since.
 * So the times of an audit log are those by which the detectors judged.
 */
public final class Clocks {
    public static final Clocks SYSTEM = new Clocks(Clock.systemUTC(), System::nanoTime);

    private static final Duration APART = Duration.ofSeconds(1);

    private final Clock wallClock;
    private final LongSupplier nanoClock;
    private final Instant origin;
    private final long originNanos;

    /** @param nanoClock nanoseconds since no particular moment; never goes back */
    public Clocks(Clock wallClock, LongSupplier nanoClock) {
        this.wallClock = wallClock;
        this.nanoClock = nanoClock;
        this.origin = wallClock.instant();
        this.originNanos = nanoClock.getAsLong();
    }

    /** The wall's time at a moment just passed. */
    Instant wall(long nanos) {
        Instant steady = origin.plusNanos(nanos - originNanos);
        Instant system = wallClock.instant();
        return Duration.between(steady, system).abs().compareTo(APART) < 0 ? steady : system;
    }

    Instant wall() {
        return wall(nanos());
    }

    /** Nanoseconds since no particular moment; never goes back. */
    long nanos() {
        return nanoClock.getAsLong();
    }

    /** Milliseconds since the epoch at a moment; never goes back, whatever the system's clock is set to. */
    long millis(long nanos) {
        return origin.plusNanos(nanos - originNanos).toEpochMilli();
    }

    /** The same, now: the clock of the DDoS detectors. */
    public long millis() {
        return millis(nanos());
    }
}
