package pt.sunbeam.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static pt.sunbeam.trainer.evaluate.Rows.attack;
import static pt.sunbeam.trainer.evaluate.Rows.benign;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReliabilityTest {
    @Test
    void aTreeThatIsAlwaysRightIsPerfectlyCalibrated() {
        var reliability = Reliability.of(List.of(attack(Double.POSITIVE_INFINITY), benign(Double.NEGATIVE_INFINITY)));
        assertThat(reliability.brier()).isZero();
        assertThat(reliability.expectedError()).isZero();
        assertThat(reliability.bins())
                .containsExactly(new Reliability.Bin(0, 0.1, 1, 0, 0), new Reliability.Bin(0.9, 1, 1, 1, 1));
    }

    @Test
    void evenOddsForAQuarterOfAttacksIsAQuarterOff() {
        var reliability = Reliability.of(List.of(attack(0), benign(0), benign(0), benign(0)));
        assertThat(reliability.expectedError()).isEqualTo(0.25);
        assertThat(reliability.brier()).isEqualTo(0.25);
        assertThat(reliability.bins()).containsExactly(new Reliability.Bin(0.5, 0.6, 4, 0.5, 0.25));
    }

    @Test
    void labelsDrawnWithTheProbabilityTheySayAreWellCalibrated() {
        var random = new SplittableRandom(1);
        var rows = new ArrayList<Scored>();
        double brier = 0;
        for (int i = 0; i < 50_000; i++) {
            double probability = random.nextDouble(0.01, 0.99);
            double score = Math.log(probability / (1 - probability));
            rows.add(random.nextDouble() < probability ? attack(score) : benign(score));
            brier += probability * (1 - probability) / 50_000;
        }
        var reliability = Reliability.of(rows);
        assertThat(reliability.expectedError()).isLessThan(0.01);
        assertThat(reliability.brier()).isCloseTo(brier, within(0.005));
        assertThat(reliability.bins()).hasSize(10);
        assertThat(reliability.bins().stream().mapToInt(Reliability.Bin::rows).sum())
                .isEqualTo(50_000);
    }
}
