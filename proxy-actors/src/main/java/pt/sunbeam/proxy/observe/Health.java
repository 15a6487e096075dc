package pt.sunbeam.proxy.observe;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Whether this node may be sent traffic: ready once every step of the start is done, until draining begins.
 *
 * <p>Being alive is being able to answer at all, so it needs no state. Thread-safe.
 */
public final class Health {
    /** What a start consists of, in no particular order. */
    public enum Step {
        CONFIG_LOADED,
        BOUND,
        WARMED_UP,
        DETECTORS_READY
    }

    private record State(Set<Step> missing, boolean draining) {}

    private final AtomicReference<State> state = new AtomicReference<>(new State(EnumSet.allOf(Step.class), false));

    /** Once done, a step stays done. */
    public void done(Step step) {
        state.updateAndGet(now -> {
            var missing = EnumSet.copyOf(now.missing);
            missing.remove(step);
            return new State(missing, now.draining);
        });
    }

    /** Withdraws readiness for good. */
    public void draining() {
        state.updateAndGet(now -> new State(now.missing, true));
    }

    public boolean ready() {
        return waitingFor().isEmpty();
    }

    /** Why this node is not ready: steps not done in lower case, then "draining"; empty where it is ready. */
    public List<String> waitingFor() {
        State now = state.get();
        var reasons = new ArrayList<String>();
        now.missing.forEach(step -> reasons.add(step.name().toLowerCase(Locale.ROOT)));
        if (now.draining) {
            reasons.add("draining");
        }
        return reasons;
    }
}
