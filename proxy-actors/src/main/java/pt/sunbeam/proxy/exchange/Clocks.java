package pt.sunbeam.proxy.exchange;

import java.time.Clock;
import java.time.Instant;
import java.util.function.LongSupplier;

/** Time as an argument: the wall's for logs and bans, the monotonic one for durations and windows. */
public record Clocks(Clock wallClock, LongSupplier nanoClock) {
    public static final Clocks SYSTEM = new Clocks(Clock.systemUTC(), System::nanoTime);

    Instant wall() {
        return wallClock.instant();
    }

    /** Nanoseconds since no particular moment; never goes back. */
    long nanos() {
        return nanoClock.getAsLong();
    }
}
