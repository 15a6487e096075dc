package pt.sunbeam.detector.verdict;

import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.window.SlidingWindow;

/** An address, or a network of addresses, that is watched: its window, and since when every look at it has found an offence. Not thread-safe. */
public final class Suspect {
    private static final long NEVER = Long.MIN_VALUE;

    private final SlidingWindow window;
    private long offendingSince = NEVER;

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
            offendingSince = NEVER;
            return null;
        }
        if (offendingSince == NEVER) {
            offendingSince = nowMillis;
        }
        return new Offence(finding, offendingSince, nowMillis);
    }
}
