package pt.sunbeam.proxy.upstream;

import java.util.concurrent.atomic.AtomicReference;
import pt.sunbeam.config.Breaker;

/**
 * Refuses the requests of a pool at once while too many of them fail: closed it counts, open it waits, half open it lets a few try. The states are immutable,
 * each says what follows it (after Failsafe's CircuitBreaker). Thread-safe; times in nanoseconds, by a clock that only goes forward.
 */
@SuppressWarnings("ReferenceEquality") // a state is left as the very one that it is
final class CircuitBreaker {
    sealed interface State {}

    /** @param since when this window began */
    record Closed(long since, int requests, int failures) implements State {}

    record Open(long since) implements State {}

    /** @param since when the last trial was let through */
    record HalfOpen(long since, int begun, int succeeded) implements State {}

    private final Breaker rules;
    private final AtomicReference<State> state;
    private final long windowNanos;
    private final long openNanos;

    CircuitBreaker(Breaker rules, long now) {
        this.rules = rules;
        windowNanos = rules.window().toNanos();
        openNanos = rules.open().toNanos();
        state = new AtomicReference<>(new Closed(now, 0, 0));
    }

    State state() {
        return state.get();
    }

    /** Whether a request may go on; then {@link #ended} has to be told of its end. */
    boolean permits(long now) {
        while (true) {
            State was = state.get();
            State next = switch (was) {
                case Closed closed -> closed;
                case Open(var since) when now - since >= openNanos -> new HalfOpen(now, 1, 0);
                case Open open -> open;
                case HalfOpen(var _, var begun, var succeeded)
                when begun < rules.trials() -> new HalfOpen(now, begun + 1, succeeded);
                // a trial that never ends must not keep it so for ever
                case HalfOpen(var since, var _, var _) when now - since >= openNanos -> new HalfOpen(now, 1, 0);
                case HalfOpen halfOpen -> halfOpen;
            };
            if (next == was) {
                return was instanceof Closed;
            }
            if (state.compareAndSet(was, next)) {
                return true;
            }
        }
    }

    /** True where this end opens it. */
    boolean ended(boolean failed, long now) {
        while (true) {
            State was = state.get();
            State next = after(was, failed, now);
            if (next == was || state.compareAndSet(was, next)) {
                return next instanceof Open && !(was instanceof Open);
            }
        }
    }

    private State after(State was, boolean failed, long now) {
        return switch (was) {
            case Closed(var since, var requests, var failures) -> {
                boolean over = now - since >= windowNanos;
                var counted = new Closed(
                        over ? now : since, (over ? 0 : requests) + 1, (over ? 0 : failures) + (failed ? 1 : 0));
                yield counted.requests >= rules.minRequests()
                                && counted.failures >= rules.failureShare() * counted.requests
                        ? new Open(now)
                        : counted;
            }
            case Open open -> open; // it began before
            case HalfOpen _ when failed -> new Open(now);
            case HalfOpen(var since, var begun, var succeeded) ->
                succeeded + 1 >= rules.trials() ? new Closed(now, 0, 0) : new HalfOpen(since, begun, succeeded + 1);
        };
    }

    /** A request that was let through ends without saying anything of the upstreams: its trial is another's. */
    void ignored() {
        state.updateAndGet(was -> was instanceof HalfOpen(var since, var begun, var succeeded)
                ? new HalfOpen(since, Math.max(begun - 1, succeeded), succeeded)
                : was);
    }
}
