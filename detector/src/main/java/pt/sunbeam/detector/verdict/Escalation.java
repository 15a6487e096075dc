package pt.sunbeam.detector.verdict;

import org.jspecify.annotations.Nullable;

/**
 * How measures against an address rise while it offends, and how they are forgotten.
 *
 * <p>An address may offend for {@code observe} before it is throttled, and for {@code throttle} more before it is blocked; once it does not offend, all of
 * that begins anew. Each block that is not forgiven makes the next twice as long, and come at once. An address that goes on while it is blocked gets the next
 * block when half of the present one is over.
 *
 * @param observeMillis 0 or more
 * @param throttleMillis 0 or more; 0 leaves throttling out
 * @param blockMillis length of the first block, above 0
 * @param longestBlockMillis at least {@code blockMillis}
 * @param forgiveMillis after the end of a block, one is forgiven each time so much has passed; above 0
 */
public record Escalation(
        long observeMillis, long throttleMillis, long blockMillis, long longestBlockMillis, long forgiveMillis) {
    /** A second, another; a minute to an hour; ten minutes. */
    public static final Escalation STANDARD = new Escalation(1_000, 1_000, 60_000, 3_600_000, 600_000);

    private static final long THROTTLED_MILLIS = 10_000;
    private static final int MOST_STRIKES = 32;

    public Escalation {
        if (observeMillis < 0
                || throttleMillis < 0
                || blockMillis <= 0
                || longestBlockMillis < blockMillis
                || forgiveMillis <= 0) {
            throw new IllegalArgumentException("observe %d, throttle %d, block %d to %d, forgive %d ms"
                    .formatted(observeMillis, throttleMillis, blockMillis, longestBlockMillis, forgiveMillis));
        }
    }

    /**
     * What an offence calls for.
     *
     * @param millis how long it is in force
     * @param strikes as in DdosVerdict
     */
    record Step(Measure measure, long millis, int strikes) {}

    /**
     * The next step against an address that offends, or null where nothing is to be done beyond what is in force.
     *
     * @param last the last verdict on it, in force or not, or null
     * @param sinceMillis since when it has been offending
     */
    @Nullable
    Step next(@Nullable DdosVerdict last, long sinceMillis, long nowMillis) {
        if (!isDue(last, nowMillis)) {
            return null;
        }
        int strikes = strikesAt(last, nowMillis);
        long offending = nowMillis - sinceMillis;
        if (strikes > 0 || offending >= observeMillis + throttleMillis) {
            return new Step(Measure.BLOCK, blockMillis(strikes), Math.min(strikes + 1, MOST_STRIKES));
        }
        boolean throttled = last != null && last.inForceAt(nowMillis) && !last.isHalfOverAt(nowMillis);
        return offending >= observeMillis && !throttled ? new Step(Measure.THROTTLE, THROTTLED_MILLIS, 0) : null;
    }

    /** Whether an offence could call for more than what is in force: blocks are renewed when half of their time is over. */
    static boolean isDue(@Nullable DdosVerdict last, long nowMillis) {
        return last == null
                || last.measure() != Measure.BLOCK
                || !last.inForceAt(nowMillis)
                || last.isHalfOverAt(nowMillis);
    }

    private long blockMillis(int strikes) {
        long millis = blockMillis;
        for (int i = 0; i < strikes && millis < longestBlockMillis; i++) {
            millis *= 2;
        }
        return Math.min(millis, longestBlockMillis);
    }

    private int strikesAt(@Nullable DdosVerdict last, long nowMillis) {
        if (last == null) {
            return 0;
        }
        long forgiven = Math.max(0, nowMillis - last.expiresAtMillis()) / forgiveMillis;
        return (int) Math.max(0, last.strikes() - forgiven);
    }

    /** When a verdict means nothing any more, milliseconds since the epoch. */
    public long forgottenAtMillis(DdosVerdict verdict) {
        return verdict.expiresAtMillis() + verdict.strikes() * forgiveMillis;
    }
}
