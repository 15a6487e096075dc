package pt.sunbeam.detector.verdict;

import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.window.SlidingWindow;

/**
 * An address, or a network of addresses, that is watched: its window, and since when it has been offending. That is over with the first look that finds no offence, more than
 * a second after the last that did. Not thread-safe.
 */
public final class Suspect {
    private static final long NEVER = Long.MIN_VALUE;

    private static final long GRACE_MILLIS = 1_000;

    private final SlidingWindow window;
    private long offendingSince = NEVER;
    private long lastOffence = NEVER;

    public Suspect(SlidingWindow window) {
        this.window = window;
    }

    public SlidingWindow window() {
        return window;
    }

    /** What the judge has against it at a time, or null. Drops what is too old from the window. */
    public @Nullable Offence judge(Judge judge, long nowMillis) {
        window.evict(nowMillis);
        Judge.Finding finding = judge.judge(window);
        if (finding == null) {
            if (offendingSince != NEVER && nowMillis - lastOffence > GRACE_MILLIS) {
                offendingSince = NEVER;
            }
            return null;
        }
        lastOffence = nowMillis;
        if (offendingSince == NEVER) {
            offendingSince = nowMillis;
        }
        return new Offence(finding, offendingSince, nowMillis);
    }
}
