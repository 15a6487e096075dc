package pt.sunbeam.trainer.quantise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SampleTest {
    private static final int ROWS = 10_000;

    /** Two features that tell all: both are the label. */
    private static Sample telling() {
        var levels = new byte[ROWS][];
        var attack = new boolean[ROWS];
        var weights = new double[ROWS];
        for (int row = 0; row < ROWS; row++) {
            attack[row] = row % 4 == 0;
            byte level = (byte) (attack[row] ? 1 : 0);
            levels[row] = new byte[] {level, level};
        }
        return new Sample(levels, attack, weights);
    }

    @Test
    void aFeatureShuffledInAllRowsKeepsItsValuesAndLosesItsMeaning() {
        var shuffled = telling().shuffled(0, 1, new SplittableRandom(1));
        assertThat(share(shuffled, true)).isBetween(0.22, 0.28);
        assertThat(share(shuffled, false)).isBetween(0.22, 0.28);
    }

    @Test
    void shuffledInHalfOfTheRowsItSaysLess() {
        var shuffled = telling().shuffled(0, 0.5, new SplittableRandom(1));
        assertThat(share(shuffled, true)).isBetween(0.58, 0.67);
        for (int row = 0; row < ROWS; row++) {
            assertThat(shuffled.levels(row)[1] == 1).isEqualTo(shuffled.attack(row));
        }
    }

    private static double share(Sample sample, boolean attack) {
        int rows = 0;
        int set = 0;
        for (int row = 0; row < sample.size(); row++) {
            if (sample.attack(row) == attack) {
                rows++;
                set += sample.levels(row)[0];
            }
        }
        return (double) set / rows;
    }
}
