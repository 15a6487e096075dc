package pt.sunbeam.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import pt.sunbeam.proxy.observe.Health.Step;

class HealthTest {
    private final Health health = new Health();

    @Test
    void isReadyWhenEveryStepIsDoneAndNotBefore() {
        for (Step step : Step.values()) {
            assertThat(health.ready()).isFalse();
            health.done(step);
        }
        assertThat(health.ready()).isTrue();
    }

    @Test
    void namesWhatItWaitsFor() {
        health.done(Step.CONFIG_LOADED);
        health.done(Step.BOUND);
        assertThat(health.waitingFor()).containsExactly("warmed_up", "detectors_ready");
    }

    @Test
    void isNeverReadyAgainOnceDraining() {
        health.draining();
        for (Step step : Step.values()) {
            health.done(step);
        }
        assertThat(health.ready()).isFalse();
        assertThat(health.waitingFor()).containsExactly("draining");
    }
}
