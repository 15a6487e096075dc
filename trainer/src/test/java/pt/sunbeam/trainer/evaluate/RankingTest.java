package pt.sunbeam.trainer.evaluate;

import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.POSITIVE_INFINITY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static pt.sunbeam.trainer.evaluate.Rows.attack;
import static pt.sunbeam.trainer.evaluate.Rows.benign;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RankingTest {
    private static final List<Double> BUDGETS = List.of(0.0, 0.001, 0.1, 0.3, 1.0);

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theRocAreaIsTheShareOfPairsInOrderTiesCountingHalf(int seed) {
        var rows = Rows.random(seed);
        double pairs = 0;
        double ordered = 0;
        for (var attack : rows.stream().filter(Scored::attack).toList()) {
            for (var benign : rows.stream().filter(row -> !row.attack()).toList()) {
                pairs++;
                ordered += attack.score() > benign.score() ? 1 : attack.score() == benign.score() ? 0.5 : 0;
            }
        }
        assertThat(Ranking.of(rows).rocAuc()).hasValueCloseTo(ordered / pairs, within(1e-12));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theRocAreaIsThatOfTheTrapezoidsUnderTheCurve(int seed) {
        var ranking = Ranking.of(Rows.random(seed));
        var points = ranking.points();
        double area = 0;
        for (int i = 1; i < points.size(); i++) {
            area += (points.get(i).benign() - points.get(i - 1).benign())
                    * (points.get(i).attacks() + points.get(i - 1).attacks())
                    / 2.0;
        }
        assertThat(ranking.rocAuc()).hasValueCloseTo(area / ranking.attacks() / ranking.benign(), within(1e-12));
    }

    /** Its definition, with precision and recall counted anew at each attack's score. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void averagePrecisionIsTheMeanOverAttacksOfThePrecisionAtTheirScore(int seed) {
        var rows = Rows.random(seed);
        double mean = rows.stream()
                .filter(Scored::attack)
                .mapToDouble(attack -> rows.stream()
                        .filter(row -> row.score() >= attack.score())
                        .mapToInt(row -> row.attack() ? 1 : 0)
                        .average()
                        .orElseThrow())
                .average()
                .orElseThrow();
        assertThat(Ranking.of(rows).averagePrecision()).hasValueCloseTo(mean, within(1e-12));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void recallWithinABudgetIsTheBestOfAllThresholdsThatKeepIt(int seed) {
        var rows = Rows.random(seed);
        for (var found : Ranking.of(rows).at(BUDGETS)) {
            double best = 0;
            for (var at : rows) {
                if (share(rows, false, at.score()) <= found.budget()) {
                    best = Math.max(best, share(rows, true, at.score()));
                }
            }
            assertThat(found.recall()).isEqualTo(best);
            assertThat(found.falsePositives()).isLessThanOrEqualTo(found.budget());
            if (found.recall() + found.falsePositives() > 0) {
                assertThat(share(rows, true, found.threshold())).isEqualTo(best);
                assertThat(share(rows, false, found.threshold())).isEqualTo(found.falsePositives());
            }
        }
    }

    private static double share(List<Scored> rows, boolean attack, double threshold) {
        return rows.stream()
                .filter(row -> row.attack() == attack)
                .mapToInt(row -> row.score() >= threshold ? 1 : 0)
                .average()
                .orElseThrow();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {1, 2, 3})
    void theOrderOfTheRowsChangesNothing(int seed) {
        var rows = new ArrayList<>(Rows.random(seed));
        var before = Ranking.of(rows);
        Collections.shuffle(rows, new Random(seed));
        assertThat(Ranking.of(rows).points()).isEqualTo(before.points());
    }

    @Test
    void aPerfectRankingHasAreasOfOne() {
        var ranking = Ranking.of(List.of(attack(3), attack(2), benign(1), benign(0), benign(-1)));
        assertThat(ranking.rocAuc()).hasValue(1);
        assertThat(ranking.averagePrecision()).hasValue(1);
        assertThat(ranking.at(List.of(0.0)).getFirst()).isEqualTo(new Ranking.AtBudget(0, 1, 0, 2));
    }

    @Test
    void aReversedRankingHasARocAreaOfZero() {
        var ranking = Ranking.of(List.of(benign(3), benign(2), attack(1)));
        assertThat(ranking.rocAuc()).hasValue(0);
        assertThat(ranking.averagePrecision()).hasValueCloseTo(1 / 3.0, within(1e-12));
    }

    @Test
    void oneScoreForAllIsChanceWhicheverRowComesFirst() {
        var ranking = Ranking.of(List.of(attack(1), benign(1), benign(1), benign(1)));
        assertThat(ranking.rocAuc()).hasValue(0.5);
        assertThat(ranking.averagePrecision()).hasValue(0.25);
        assertThat(ranking.at(List.of(0.5, 1.0)))
                .containsExactly(new Ranking.AtBudget(0.5, 0, 0, POSITIVE_INFINITY), new Ranking.AtBudget(1, 1, 1, 1));
    }

    @Test
    void whatTheTreeDecidedRanksAroundWhatThePerceptronScored() {
        var ranking =
                Ranking.of(List.of(attack(POSITIVE_INFINITY), attack(-900), benign(900), benign(NEGATIVE_INFINITY)));
        assertThat(ranking.rocAuc()).hasValue(0.75);
    }

    @Test
    void aBudgetIsMetExactly() {
        var rows = new ArrayList<Scored>();
        for (int i = 0; i < 1_000; i++) {
            rows.add(benign(i));
        }
        rows.add(attack(999));
        rows.add(attack(998.5));
        rows.add(attack(997.5));
        assertThat(Ranking.of(rows).at(List.of(0.001, 0.002)))
                .extracting(Ranking.AtBudget::recall)
                .containsExactly(2 / 3.0, 1.0);
    }

    @Test
    void withOneClassThereIsNoArea() {
        for (var rows : List.of(List.of(attack(1)), List.of(benign(1)), List.<Scored>of())) {
            var ranking = Ranking.of(rows);
            assertThat(ranking.rocAuc()).isEmpty();
            assertThat(ranking.averagePrecision()).isEmpty();
            assertThat(ranking.at(BUDGETS)).isEmpty();
        }
    }

    @Test
    void aScoreThatIsNoNumberIsRefused() {
        assertThatThrownBy(() -> attack(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    private static IntStream seeds() {
        return IntStream.range(0, 40);
    }
}
