package pt.sunbeam.detector.verdict;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EscalationTest {
    private static final Escalation LADDER = new Escalation(1_000, 2_000, 60_000, 300_000, 600_000);

    private @Nullable DdosVerdict last;

    @Test
    void anAddressIsObservedThenThrottledThenBlocked() {
        assertThat(offence(0, 0)).isNull();
        assertThat(offence(0, 999)).isNull();
        assertThat(offence(0, 1_000)).isEqualTo(new Escalation.Step(Measure.THROTTLE, 10_000, 0));
        assertThat(offence(0, 2_999)).isNull();
        assertThat(offence(0, 3_000)).isEqualTo(new Escalation.Step(Measure.BLOCK, 60_000, 1));
    }

    @Test
    void whoOffendsSlowlyClimbsTheSameSteps() {
        assertThat(offence(0, 0)).isNull();
        assertThat(offence(0, 5_000)).extracting(Escalation.Step::measure).isEqualTo(Measure.BLOCK);
    }

    @Test
    void anAddressThatWasThrottledAndStoppedIsFreeSoon() {
        offence(0, 1_000);
        assertThat(requireLast().inForceAt(10_999)).isTrue();
        assertThat(requireLast().inForceAt(11_000)).isFalse();
        assertThat(LADDER.forgottenAtMillis(requireLast())).isEqualTo(11_000);
        assertThat(offence(20_000, 20_000)).isNull();
    }

    @Test
    void throttlingGoesOnWhileTheAddressOffendsAnew() {
        offence(0, 1_000);
        assertThat(offence(4_900, 5_900)).isNull();
        assertThat(offence(5_500, 6_500)).extracting(Escalation.Step::measure).isEqualTo(Measure.THROTTLE);
    }

    @Test
    void whoGoesOnWhileBlockedIsBlockedForTwiceAsLongUpToTheLongest() {
        List<Long> blocks = new ArrayList<>();
        long now = 3_000;
        for (int i = 0; i < 6; i++) {
            Escalation.Step step = requireNonNull(offence(0, now));
            blocks.add(step.millis());
            assertThat(offence(0, now + step.millis() / 2)).isNull();
            now += step.millis() / 2 + 1;
        }
        assertThat(blocks).containsExactly(60_000L, 120_000L, 240_000L, 300_000L, 300_000L, 300_000L);
    }

    @ParameterizedTest(name = "offends again {0} ms after a third block: blocked for {1} ms")
    @CsvSource({"0, 300000", "599999, 300000", "600000, 240000", "1200000, 120000"})
    void aBlockIsForgivenEachTenMinutesAfterTheLastAndUntilThenTheNextComesAtOnce(long later, long block) {
        long end = 0;
        for (int i = 0; i < 3; i++) {
            offence(0, end + 3_000);
            end = requireLast().expiresAtMillis();
        }
        assertThat(requireLast().strikes()).isEqualTo(3);
        assertThat(offence(end + later, end + later))
                .extracting(Escalation.Step::millis)
                .isEqualTo(block);
    }

    @Test
    void whenAllIsForgivenTheLadderBeginsAnew() {
        offence(0, 3_000);
        long forgotten = LADDER.forgottenAtMillis(requireLast());
        assertThat(forgotten).isEqualTo(3_000 + 60_000 + 600_000);
        assertThat(offence(forgotten, forgotten)).isNull();
        assertThat(offence(forgotten, forgotten + 1_000))
                .extracting(Escalation.Step::measure)
                .isEqualTo(Measure.THROTTLE);
    }

    @Test
    void withoutStagesTheFirstOffenceBlocks() {
        var atOnce = new Escalation(0, 0, 1_000, 1_000, 1_000);
        assertThat(atOnce.next(null, 5, 5)).isEqualTo(new Escalation.Step(Measure.BLOCK, 1_000, 1));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {0, 1, 2, 3})
    void noBlockIsShorterThanTheFirstOrLongerThanTheLongestHoweverLongItGoesOn(int seed) {
        var random = new SplittableRandom(seed);
        long now = 0;
        for (int i = 0; i < 1_000; i++) {
            now += random.nextLong(400_000);
            Escalation.Step step = offence(now - random.nextLong(10_000), now);
            if (step != null && step.measure() == Measure.BLOCK) {
                assertThat(step.millis()).isBetween(60_000L, 300_000L);
                assertThat(step.strikes()).isBetween(1, 32);
            }
        }
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Escalation(-1, 0, 1, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Escalation(0, 0, 2, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Escalation(0, 0, 1, 1, 0));
    }

    private Escalation.@Nullable Step offence(long since, long now) {
        Escalation.Step step = LADDER.next(last, since, now);
        if (step != null) {
            last = new DdosVerdict(step.measure(), now, now + step.millis(), now, step.strikes(), 1, "mlp", List.of());
        }
        return step;
    }

    private DdosVerdict requireLast() {
        return requireNonNull(last);
    }
}
