package pt.sunbeam.proxy.upstream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PendingTest {
    private static final long LONG = TimeUnit.MINUTES.toNanos(1);

    private static CompletableFuture<Boolean> enter(Pending pending, long nanos) {
        return requireNonNull(pending.enter(nanos)).toCompletableFuture();
    }

    @Test
    void whoCameFirstIsCalledFirst() {
        var pending = new Pending(2);
        var first = enter(pending, LONG);
        var second = enter(pending, LONG);
        assertThat(pending.enter(LONG)).isNull();
        pending.call();
        assertThat(first).isCompletedWithValue(true);
        assertThat(second).isNotDone();
        assertThat(pending.size()).isEqualTo(1);
        pending.call();
        assertThat(second).isCompletedWithValue(true);
        pending.call();
        assertThat(pending.size()).isZero();
    }

    @Test
    void whoHasLeftIsNotCalledAndKeepsNoPlace() {
        var pending = new Pending(2);
        var impatient = enter(pending, 1);
        assertThat(impatient.join()).isFalse();
        assertThat(pending.size()).isZero();
        var patient = enter(pending, LONG);
        pending.call();
        assertThat(patient).isCompletedWithValue(true);
    }
}
