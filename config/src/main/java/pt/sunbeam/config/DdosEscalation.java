package pt.sunbeam.config;

import java.time.Duration;
import pt.sunbeam.detector.verdict.Escalation;

/**
 * How measures against an address rise while it offends, see {@link Escalation}.
 *
 * @param observe how long it may offend before it is throttled
 * @param throttle how long it is throttled before it is blocked
 * @param throttled what passes of the requests of an address that is throttled
 * @param block the first block
 * @param longestBlock what blocks, each twice as long as the one before, grow to
 * @param forgive after a block one is forgiven each time so much has passed
 */
public record DdosEscalation(
        Duration observe,
        Duration throttle,
        RateLimit.Bucket throttled,
        Duration block,
        Duration longestBlock,
        Duration forgive) {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration WEEK = Duration.ofDays(7);

    public static final DdosEscalation STANDARD = new DdosEscalation(
            Duration.ofMillis(Escalation.STANDARD.observeMillis()),
            Duration.ofMillis(Escalation.STANDARD.throttleMillis()),
            new RateLimit.Bucket(5, 1),
            Duration.ofMillis(Escalation.STANDARD.blockMillis()),
            Duration.ofMillis(Escalation.STANDARD.longestBlockMillis()),
            Duration.ofMillis(Escalation.STANDARD.forgiveMillis()));

    static DdosEscalation read(Section escalation) {
        Duration block = escalation.duration("block", STANDARD.block, SECOND, WEEK);
        Duration longest = STANDARD.longestBlock.compareTo(block) < 0 ? block : STANDARD.longestBlock;
        return new DdosEscalation(
                escalation.duration("observe", STANDARD.observe, Duration.ZERO, DAY),
                escalation.duration("throttle", STANDARD.throttle, Duration.ZERO, DAY),
                RateLimit.Bucket.read(escalation.section("throttled"), STANDARD.throttled),
                block,
                escalation.duration("longest_block", longest, block, WEEK),
                escalation.duration("forgive", STANDARD.forgive, SECOND, WEEK));
    }

    /** The same for the detector. */
    public Escalation steps() {
        return new Escalation(
                observe.toMillis(), throttle.toMillis(), block.toMillis(), longestBlock.toMillis(), forgive.toMillis());
    }
}
