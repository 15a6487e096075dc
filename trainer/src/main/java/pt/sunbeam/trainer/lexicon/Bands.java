package pt.sunbeam.trainer.lexicon;

import java.util.List;
import java.util.stream.IntStream;
import pt.sunbeam.codegen.Verdict;
import pt.sunbeam.detector.feature.ScanFeatures;
import pt.sunbeam.trainer.cart.Branch;
import pt.sunbeam.trainer.dataset.Row;
import pt.sunbeam.trainer.export.FalsePositives;

/**
 * A tree of two splits, both on the score of any kind of attack: far below even odds a request passes, about even odds and beyond it is blocked, and between the
 * two the perceptron decides with all features. A grown tree splits there as well, and now and then somewhere else for the sake of a few rows.
 */
final class Bands {
    /** Below this share of the score that blocks nothing is an attack. */
    private static final double CLEAR = 0.65;

    private Bands() {}

    /**
     * Finds the bands.
     *
     * @param cuts of the score
     * @param blocked from this score on
     */
    static Branch of(List<Row> rows, List<Integer> cuts, int blocked) {
        int block = level(cuts, blocked);
        int clear = Math.min(level(cuts, (int) (blocked * CLEAR)), block - 1);
        return new Branch.Split(
                ScanFeatures.ANY,
                block,
                new Branch.Split(
                        ScanFeatures.ANY,
                        clear,
                        leaf(rows, Verdict.ALLOW, Integer.MIN_VALUE, cuts.get(clear)),
                        leaf(rows, Verdict.DEFER, cuts.get(clear), cuts.get(block))),
                leaf(rows, Verdict.BLOCK, cuts.get(block), Integer.MAX_VALUE));
    }

    /** The share of benign rows with at least a score: of all, or as a mean over sites where that is more. */
    static double rate(List<Row> rows, int from) {
        var benign = rows.stream().filter(row -> !row.attack()).toList();
        var falsePositives = new FalsePositives(benign, 0);
        var blocked = new boolean[benign.size()];
        for (int i = 0; i < blocked.length; i++) {
            blocked[i] = benign.get(i).raw()[ScanFeatures.ANY] >= from;
        }
        return Math.max(falsePositives.rate(blocked), falsePositives.siteRate(blocked));
    }

    /** The first cut that is not below a score. A row below a cut has at most the level of its index. */
    private static int level(List<Integer> cuts, int score) {
        return IntStream.range(0, cuts.size())
                .filter(i -> cuts.get(i) >= score)
                .findFirst()
                .orElse(cuts.size() - 1);
    }

    private static Branch.Leaf leaf(List<Row> rows, Verdict verdict, int from, int to) {
        double[] weights = new double[2];
        for (var row : rows) {
            int score = row.raw()[ScanFeatures.ANY];
            if (score >= from && score < to) {
                weights[row.attack() ? 1 : 0] += row.weight();
            }
        }
        return new Branch.Leaf(verdict, weights[1], weights[0]);
    }
}
