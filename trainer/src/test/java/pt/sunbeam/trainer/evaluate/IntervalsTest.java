package pt.sunbeam.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class IntervalsTest {
    private static final List<Double> BUDGETS = List.of(0.01);

    @Test
    void aSeedGivesTheSameIntervalsAndAnotherSeedOthers() {
        var rows = population(1, 12, 7);
        assertThat(Intervals.of(rows, BUDGETS, 3)).isEqualTo(Intervals.of(rows, BUDGETS, 3));
        assertThat(Intervals.of(rows, BUDGETS, 3)).isNotEqualTo(Intervals.of(rows, BUDGETS, 4));
    }

    /** For a mean over clusters of one row, the interval is that of a binomial share: p +- 1.96 sqrt(p (1 - p) / n). */
    @Test
    void withOneRowASiteTheIntervalIsTheBinomialOne() {
        var rows = new ArrayList<Scored>();
        for (int i = 0; i < 1_000; i++) {
            rows.add(Rows.row(i < 300 ? 1 : -1, false, "pages", "site" + i, 0));
            rows.add(Rows.row(i < 900 ? 1 : -1, true, "attacks", "family" + i, 0));
        }
        var intervals = Intervals.of(rows, BUDGETS, 1);
        double half = 1.96 * Math.sqrt(0.3 * 0.7 / 1_000);
        assertThat(intervals.falsePositives()).hasValueSatisfying(interval -> {
            assertThat(interval.low()).isCloseTo(0.3 - half, within(0.005));
            assertThat(interval.high()).isCloseTo(0.3 + half, within(0.005));
        });
        double recallHalf = 1.96 * Math.sqrt(0.9 * 0.1 / 1_000);
        assertThat(intervals.recall()).hasValueSatisfying(interval -> {
            assertThat(interval.low()).isCloseTo(0.9 - recallHalf, within(0.004));
            assertThat(interval.high()).isCloseTo(0.9 + recallHalf, within(0.004));
        });
    }

    @Test
    void rowsOfOneSiteAreDrawnTogetherSoFewLargeSitesAreLessSure() {
        var many = new ArrayList<Scored>();
        var few = new ArrayList<Scored>();
        for (int i = 0; i < 1_000; i++) {
            double score = i % 10 == 0 ? 1 : -1;
            many.add(Rows.row(score, false, "pages", "site" + i, 0));
            few.add(Rows.row(score, false, "pages", "site" + i % 10, 0)); // one site has all the blocked rows
        }
        assertThat(width(few)).isGreaterThan(5 * width(many));
    }

    private static double width(List<Scored> rows) {
        var interval = Intervals.of(rows, BUDGETS, 1).falsePositives().orElseThrow();
        return interval.high() - interval.low();
    }

    /** The promise of 95 %, held against a population that is known; percentile intervals of 20 clusters keep somewhat less. */
    @Test
    void mostIntervalsHoldTheTruth() {
        int held = 0;
        for (int sample = 0; sample < 200; sample++) {
            var interval = Intervals.of(population(sample, 20, 20), BUDGETS, sample)
                    .falsePositives()
                    .orElseThrow();
            held += interval.low() <= 0.2 && 0.2 <= interval.high() ? 1 : 0;
        }
        assertThat(held).isBetween(170, 199);
    }

    @Test
    void oneSiteOrOneFamilyIsNoGroundForAnInterval() {
        var intervals = Intervals.of(population(1, 1, 5), BUDGETS, 1);
        assertThat(intervals.falsePositives()).isEmpty();
        assertThat(intervals.recall()).isPresent();
        assertThat(intervals.rocAuc()).isEmpty();
        assertThat(intervals.recallAt()).isEmpty();
        assertThat(Intervals.of(List.of(), BUDGETS, 1))
                .isEqualTo(new Intervals(
                        java.util.Optional.empty(), java.util.Optional.empty(), java.util.Optional.empty(), List.of()));
    }

    @Test
    void aPerfectModelHasNoSpread() {
        var rows = new ArrayList<Scored>();
        for (int i = 0; i < 20; i++) {
            rows.add(Rows.row(1, true, "attacks", "family" + i, 0));
            rows.add(Rows.row(-1, false, "pages", "site" + i, 0));
        }
        var intervals = Intervals.of(rows, BUDGETS, 1);
        assertThat(intervals.rocAuc()).contains(new Interval(1, 1));
        assertThat(intervals.recallAt()).containsExactly(new Interval(1, 1));
        assertThat(intervals.falsePositives()).contains(new Interval(0, 0));
    }

    /** Sites whose rows are blocked with a chance that differs from site to site, in the mean 0.2. */
    private static List<Scored> population(int seed, int sites, int families) {
        var random = new SplittableRandom(seed);
        var rows = new ArrayList<Scored>();
        for (int site = 0; site < sites; site++) {
            double chance = random.nextDouble(0.4);
            for (int i = 0; i < 30; i++) {
                rows.add(Rows.row(random.nextDouble() - 1 + chance, false, "pages", "site" + site, 0));
            }
        }
        for (int family = 0; family < families; family++) {
            double chance = random.nextDouble();
            for (int i = 0; i < 30; i++) {
                rows.add(Rows.row(random.nextDouble() - 1 + chance, true, "attacks", "family" + family, 0));
            }
        }
        return rows;
    }
}
