package pt.sunbeam.proxy.upstream;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Requests that wait for a place, first come, first served; so many at most. Thread-safe. */
final class Pending {
    private final int most;
    private final AtomicInteger size = new AtomicInteger();
    private final ConcurrentLinkedQueue<Turn> queue = new ConcurrentLinkedQueue<>();

    private record Turn(CompletableFuture<Boolean> called) {}

    Pending(int most) {
        this.most = most;
    }

    int size() {
        return size.get();
    }

    /** Completes with true when it is this one's turn, with false when that takes too long; null where the queue is full. */
    @Nullable
    CompletionStage<Boolean> enter(long nanos) {
        if (size.incrementAndGet() > most) {
            size.decrementAndGet();
            return null;
        }
        var turn = new Turn(new CompletableFuture<>());
        queue.add(turn);
        CompletionStage<Boolean> called = turn.called.completeOnTimeout(false, nanos, TimeUnit.NANOSECONDS);
        return called.whenComplete((inTime, _) -> {
            size.decrementAndGet();
            if (!inTime) {
                queue.remove(turn);
            }
        });
    }

    /** A place has become free: calls the first who has not left yet. */
    void call() {
        if (size.get() == 0) {
            return;
        }
        for (var next = queue.poll(); next != null; next = queue.poll()) {
            if (next.called.complete(true)) {
                return;
            }
        }
    }
}
