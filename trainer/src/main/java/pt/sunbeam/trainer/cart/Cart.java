package pt.sunbeam.trainer.cart;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.codegen.Verdict;
import pt.sunbeam.trainer.quantise.Sample;

/**
 * Grows a classification tree by weighted Gini impurity (Breiman, Friedman, Olshen, Stone 1984).
 *
 * <p>Features are levels in [0, 127], so a node's best split is found in one pass over its rows and one over a histogram for each feature.
 * Among splits of equal impurity the lowest feature, then the lowest threshold, is taken.
 */
public final class Cart {
    private static final int LEVELS = 128;

    /** Impurities closer than this are equal: sums of weights carry rounding errors. */
    private static final double EPSILON = 1e-12;

    /**
     * When growth ends.
     *
     * @param maxDepth splits on a path, at most
     * @param minPurity share in (0.5, 1] of one class, by weight, from which a node is a leaf that allows or blocks
     * @param minSamplesLeaf rows on each side of a split, at least
     * @param evidence features that are only split where the high side has the higher share of attacks
     */
    public record Settings(int maxDepth, double minPurity, int minSamplesLeaf, Set<Integer> evidence) {
        public Settings {
            evidence = Set.copyOf(evidence);
        }
    }

    /** {@code gini} is the weighted impurity of the two sides together; lower is better. */
    record Cut(int feature, int threshold, double gini) {}

    private final Sample sample;
    private final Settings settings;

    private Cart(Sample sample, Settings settings) {
        this.sample = sample;
        this.settings = settings;
    }

    /**
     * Grows a tree on a sample.
     *
     * @throws IllegalArgumentException on a sample without rows
     */
    public static Branch grow(Sample sample, Settings settings) {
        if (sample.size() == 0) {
            throw new IllegalArgumentException("no rows to grow a tree from");
        }
        return new Cart(sample, settings).grow(IntStream.range(0, sample.size()).toArray(), 0);
    }

    private Branch grow(int[] rows, int depth) {
        double attack = 0;
        double benign = 0;
        for (int row : rows) {
            if (sample.attack(row)) {
                attack += sample.weight(row);
            } else {
                benign += sample.weight(row);
            }
        }
        var leaf = leaf(attack, benign);
        if (leaf.verdict() != Verdict.DEFER || depth == settings.maxDepth()) {
            return leaf;
        }
        var cut = best(sample, rows, settings.minSamplesLeaf(), settings.evidence());
        if (cut == null || cut.gini() >= gini(attack, benign) - EPSILON * (attack + benign)) {
            return leaf;
        }
        var low = Arrays.stream(rows)
                .filter(row -> sample.levels(row)[cut.feature()] <= cut.threshold())
                .toArray();
        var high = Arrays.stream(rows)
                .filter(row -> sample.levels(row)[cut.feature()] > cut.threshold())
                .toArray();
        return new Branch.Split(cut.feature(), cut.threshold(), grow(low, depth + 1), grow(high, depth + 1));
    }

    private Branch.Leaf leaf(double attack, double benign) {
        double sure = settings.minPurity() * (attack + benign);
        var verdict = attack >= sure ? Verdict.BLOCK : benign >= sure ? Verdict.ALLOW : Verdict.DEFER;
        return new Branch.Leaf(verdict, attack, benign);
    }

    /** The best split of some rows, or null where no split leaves enough rows on both sides. */
    static @Nullable Cut best(Sample sample, int[] rows, int minSamplesLeaf, Set<Integer> evidence) {
        Cut best = null;
        int features = sample.levels(0).length;
        for (int feature = 0; feature < features; feature++) {
            var counts = new int[LEVELS];
            var attacks = new double[LEVELS];
            var benigns = new double[LEVELS];
            double attack = 0;
            double benign = 0;
            for (int row : rows) {
                int level = sample.levels(row)[feature];
                counts[level]++;
                if (sample.attack(row)) {
                    attacks[level] += sample.weight(row);
                    attack += sample.weight(row);
                } else {
                    benigns[level] += sample.weight(row);
                    benign += sample.weight(row);
                }
            }
            int low = 0;
            double lowAttack = 0;
            double lowBenign = 0;
            for (int threshold = 0; threshold < LEVELS - 1; threshold++) {
                low += counts[threshold];
                lowAttack += attacks[threshold];
                lowBenign += benigns[threshold];
                if (counts[threshold] == 0 || low < minSamplesLeaf || rows.length - low < minSamplesLeaf) {
                    continue;
                }
                if (evidence.contains(feature) && lowAttack * (benign - lowBenign) > (attack - lowAttack) * lowBenign) {
                    continue;
                }
                double gini = gini(lowAttack, lowBenign)
                        + gini(Math.max(0, attack - lowAttack), Math.max(0, benign - lowBenign));
                if (low < rows.length && (best == null || gini < best.gini() - EPSILON * (attack + benign))) {
                    best = new Cut(feature, threshold, gini);
                }
            }
        }
        return best;
    }

    /** Gini impurity times weight: {@code W * (1 - p^2 - (1-p)^2)}. */
    static double gini(double attack, double benign) {
        double weight = attack + benign;
        return weight == 0 ? 0 : 2 * attack * benign / weight;
    }
}
