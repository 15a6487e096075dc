package pt.sunbeam.trainer.cart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import pt.sunbeam.codegen.Verdict;
import pt.sunbeam.trainer.quantise.Sample;

class CartTest {
    static IntStream smallFirst() {
        return IntStream.rangeClosed(2, 60);
    }

    @ParameterizedTest(name = "seed and rows {0}")
    @MethodSource("smallFirst")
    void theBestSplitIsTheOneThatTryingAllFinds(int rows) {
        var sample = random(rows, 3, 5);
        int minLeaf = 1 + rows % 3;
        double best = Double.POSITIVE_INFINITY;
        for (int feature = 0; feature < 3; feature++) {
            for (int threshold = 0; threshold < 5; threshold++) {
                best = Math.min(best, impurity(sample, feature, threshold, minLeaf));
            }
        }
        var found = Cart.best(sample, IntStream.range(0, rows).toArray(), minLeaf, Set.of());
        if (best == Double.POSITIVE_INFINITY) {
            assertThat(found).isNull();
        } else {
            var cut = Objects.requireNonNull(found);
            assertThat(cut.gini()).isCloseTo(best, within(1e-9));
            assertThat(impurity(sample, cut.feature(), cut.threshold(), minLeaf))
                    .isCloseTo(best, within(1e-9));
        }
    }

    @ParameterizedTest(name = "seed and rows {0}")
    @MethodSource("smallFirst")
    @SuppressWarnings("ReferenceEquality") // two leaves may hold the same numbers
    void everyLeafHoldsEnoughRowsAndSaysWhatItsWeightsSay(int rows) {
        var sample = random(rows, 3, 5);
        var tree = Cart.grow(sample, new Cart.Settings(4, 0.9, 2, Set.of()));
        for (var leaf : tree.leaves()) {
            long here = IntStream.range(0, rows)
                    .filter(row -> tree.leaf(sample.levels(row)) == leaf)
                    .count();
            assertThat(here).isGreaterThanOrEqualTo(2);
            double attack = IntStream.range(0, rows)
                    .filter(row -> sample.attack(row) && tree.leaf(sample.levels(row)) == leaf)
                    .mapToDouble(sample::weight)
                    .sum();
            assertThat(leaf.attack()).isCloseTo(attack, within(1e-9));
            double share = leaf.attack() / (leaf.attack() + leaf.benign());
            assertThat(leaf.verdict())
                    .isEqualTo(share >= 0.9 ? Verdict.BLOCK : share <= 0.1 ? Verdict.ALLOW : Verdict.DEFER);
        }
    }

    @ParameterizedTest(name = "seed and rows {0}")
    @MethodSource("smallFirst")
    void moreEvidenceNeverLowersTheVerdictOfAMonotoneTree(int rows) {
        var tree = Cart.grow(random(rows, 3, 5), new Cart.Settings(6, 0.7, 1, Set.of()))
                .monotoneIn(Set.of(0, 2));
        for (int point = 0; point < 125; point++) {
            var levels = new byte[] {(byte) (point / 25), (byte) (point / 5 % 5), (byte) (point % 5)};
            for (int feature : new int[] {0, 2}) {
                var more = levels.clone();
                more[feature]++;
                assertThat(tree.leaf(more).verdict())
                        .isGreaterThanOrEqualTo(tree.leaf(levels).verdict());
            }
        }
    }

    @Test
    void aSeparableSampleGivesOneSplitInTheMiddle() {
        var sample = new Sample(
                new byte[][] {{1}, {2}, {5}, {6}}, new boolean[] {false, false, true, true}, new double[] {1, 1, 1, 1});
        assertThat(Cart.grow(sample, new Cart.Settings(3, 0.9, 1, Set.of())))
                .isEqualTo(new Branch.Split(
                        0, 2, new Branch.Leaf(Verdict.ALLOW, 0, 2), new Branch.Leaf(Verdict.BLOCK, 2, 0)));
    }

    private static double impurity(Sample sample, int feature, int threshold, int minLeaf) {
        var sides = new double[2][2];
        var counts = new int[2];
        for (int row = 0; row < sample.size(); row++) {
            int side = sample.levels(row)[feature] <= threshold ? 0 : 1;
            counts[side]++;
            sides[side][sample.attack(row) ? 1 : 0] += sample.weight(row);
        }
        if (counts[0] < minLeaf || counts[1] < minLeaf) {
            return Double.POSITIVE_INFINITY;
        }
        double impurity = 0;
        for (var side : sides) {
            double weight = side[0] + side[1];
            double p = side[1] / weight;
            impurity += weight * (1 - p * p - (1 - p) * (1 - p));
        }
        return impurity;
    }

    private static Sample random(int rows, int features, int levels) {
        var random = new SplittableRandom(rows);
        var x = new byte[rows][features];
        var attack = new boolean[rows];
        var weights = new double[rows];
        for (int row = 0; row < rows; row++) {
            for (int f = 0; f < features; f++) {
                x[row][f] = (byte) random.nextInt(levels);
            }
            attack[row] = random.nextInt(4) < (x[row][0] > 2 ? 3 : 1);
            weights[row] = random.nextDouble(0.1, 3);
        }
        return new Sample(x, attack, weights);
    }
}
