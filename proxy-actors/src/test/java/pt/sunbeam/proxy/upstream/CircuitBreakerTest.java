package pt.sunbeam.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import pt.sunbeam.config.Breaker;
import pt.sunbeam.proxy.upstream.CircuitBreaker.Closed;
import pt.sunbeam.proxy.upstream.CircuitBreaker.HalfOpen;
import pt.sunbeam.proxy.upstream.CircuitBreaker.Open;

class CircuitBreakerTest {
    private static final long SECOND = 1_000_000_000L;

    private final CircuitBreaker breaker =
            new CircuitBreaker(new Breaker(0.5, 4, Duration.ofSeconds(10), Duration.ofSeconds(5), 2), 0);

    private void ends(boolean failed, long second) {
        assertThat(breaker.permits(second * SECOND)).isTrue();
        breaker.ended(failed, second * SECOND);
    }

    private void open(long second) {
        for (int i = 0; i < 4; i++) {
            ends(true, second);
        }
        assertThat(breaker.state()).isInstanceOf(Open.class);
    }

    @Test
    void itOpensByTheShareOfFailuresOnceThereAreEnoughRequests() {
        ends(true, 0);
        ends(true, 0);
        ends(true, 0);
        assertThat(breaker.state()).isInstanceOf(Closed.class);
        assertThat(breaker.ended(false, 0)).isTrue();
        assertThat(breaker.permits(0)).isFalse();
    }

    @Test
    void fewerFailuresThanTheShareLeaveItClosed() {
        for (int i = 0; i < 100; i++) {
            ends(i % 4 == 1, 0);
        }
        assertThat(breaker.state()).isInstanceOf(Closed.class);
    }

    @Test
    void whatFailedInAnEarlierWindowDoesNotCount() {
        ends(true, 0);
        ends(true, 0);
        ends(true, 0);
        ends(true, 11);
        assertThat(breaker.state()).isInstanceOf(Closed.class);
    }

    @Test
    void openItWaitsAndThenLetsSoManyTry() {
        open(0);
        assertThat(breaker.permits(4 * SECOND)).isFalse();
        assertThat(breaker.permits(5 * SECOND)).isTrue();
        assertThat(breaker.permits(5 * SECOND)).isTrue();
        assertThat(breaker.permits(5 * SECOND)).isFalse();
        breaker.ended(false, 6 * SECOND);
        assertThat(breaker.state()).isInstanceOf(HalfOpen.class);
        breaker.ended(false, 6 * SECOND);
        assertThat(breaker.state()).isInstanceOf(Closed.class);
    }

    @Test
    void aTrialThatFailsOpensItAgain() {
        open(0);
        assertThat(breaker.permits(5 * SECOND)).isTrue();
        assertThat(breaker.ended(true, 6 * SECOND)).isTrue();
        assertThat(breaker.permits(10 * SECOND)).isFalse();
        assertThat(breaker.permits(11 * SECOND)).isTrue();
    }

    @Test
    void aTrialThatSaysNothingIsGivenToAnother() {
        open(0);
        breaker.permits(5 * SECOND);
        breaker.permits(5 * SECOND);
        breaker.ignored();
        assertThat(breaker.permits(5 * SECOND)).isTrue();
    }

    @Test
    void trialsThatNeverEndDoNotKeepItHalfOpenForEver() {
        open(0);
        breaker.permits(5 * SECOND);
        breaker.permits(5 * SECOND);
        assertThat(breaker.permits(9 * SECOND)).isFalse();
        assertThat(breaker.permits(10 * SECOND)).isTrue();
    }

    @Test
    void whatBeganBeforeItOpenedChangesNothing() {
        open(0);
        assertThat(breaker.ended(true, SECOND)).isFalse();
        breaker.ended(false, SECOND);
        assertThat(breaker.permits(4 * SECOND)).isFalse();
        assertThat(breaker.permits(5 * SECOND)).isTrue();
    }
}
