package pt.sunbeam.trainer.evaluate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Attacks and benign rows by score, the most suspicious first: all that curves and the areas under them need.
 *
 * <p>Rows of one score are one step: no threshold parts them, so neither does any figure here. Nothing depends on the order of the rows.
 */
public final class Ranking {
    /** What blocking at {@code threshold} and above does; the first point of a curve blocks nothing, at positive infinity. */
    public record Point(double threshold, long attacks, long benign) {}

    /**
     * The highest recall that a threshold reaches with at most {@code budget} of the benign rows blocked.
     *
     * @param falsePositives what that threshold costs, at most {@code budget}; nothing is interpolated, for a model has one threshold
     * @param threshold in nats; positive infinity also where even the highest score costs more, and nothing is blocked
     */
    public record AtBudget(double budget, double recall, double falsePositives, double threshold) {}

    private final double[] scores;
    private final long[] attacks;
    private final long[] benign;
    private final long allAttacks;
    private final long allBenign;

    /**
     * Counts by score.
     *
     * @param scores strictly descending
     */
    Ranking(double[] scores, long[] attacks, long[] benign) {
        this.scores = scores;
        this.attacks = attacks;
        this.benign = benign;
        allAttacks = sum(attacks);
        allBenign = sum(benign);
    }

    public static Ranking of(Collection<Scored> rows) {
        var counts = new TreeMap<Double, long[]>(Comparator.reverseOrder());
        for (var row : rows) {
            counts.computeIfAbsent(row.score(), _ -> new long[2])[row.attack() ? 1 : 0]++;
        }
        return new Ranking(
                counts.keySet().stream().mapToDouble(score -> score).toArray(),
                counts.values().stream().mapToLong(count -> count[1]).toArray(),
                counts.values().stream().mapToLong(count -> count[0]).toArray());
    }

    public long attacks() {
        return allAttacks;
    }

    public long benign() {
        return allBenign;
    }

    /**
     * The area under the ROC curve, in [0, 1]: the probability that an attack ranks above a benign row, ties counting half (Fawcett 2006, An
     * introduction to ROC analysis, section 7). Empty where a class is.
     */
    public OptionalDouble rocAuc() {
        if (allAttacks == 0 || allBenign == 0) {
            return OptionalDouble.empty();
        }
        double halves = 0; // of pairs; whole numbers, exact below 2^53
        long below = allBenign;
        for (int i = 0; i < scores.length; i++) {
            below -= benign[i];
            halves += (double) attacks[i] * (2 * below + benign[i]);
        }
        return OptionalDouble.of(halves / (2.0 * allAttacks * allBenign));
    }

    /**
     * The area under the precision-recall curve as average precision, the sum of precision times the recall gained at each score, in (0, 1].
     * Steps, not lines: between two points of that curve a straight line promises too much (Davis and Goadrich 2006, The relationship between
     * precision-recall and ROC curves). It depends on the share of attacks among the rows, which is its value for a ranking by chance. Empty
     * where a class is.
     */
    public OptionalDouble averagePrecision() {
        if (allAttacks == 0 || allBenign == 0) {
            return OptionalDouble.empty();
        }
        double area = 0;
        long hits = 0;
        long blocked = 0;
        for (int i = 0; i < scores.length; i++) {
            hits += attacks[i];
            blocked += attacks[i] + benign[i];
            if (attacks[i] > 0) {
                area += (double) attacks[i] / allAttacks * hits / blocked;
            }
        }
        return OptionalDouble.of(area);
    }

    /** One for each budget, a share in [0, 1] of the benign rows; none where a class is empty. */
    public List<AtBudget> at(List<Double> budgets) {
        if (allAttacks == 0 || allBenign == 0) {
            return List.of();
        }
        return budgets.stream().map(this::at).toList();
    }

    private AtBudget at(double budget) {
        long hits = 0;
        long costs = 0;
        int i = 0;
        while (i < scores.length && (double) (costs + benign[i]) / allBenign <= budget) {
            hits += attacks[i];
            costs += benign[i];
            i++;
        }
        return new AtBudget(
                budget,
                (double) hits / allAttacks,
                (double) costs / allBenign,
                hits + costs == 0 ? Double.POSITIVE_INFINITY : scores[i - 1]);
    }

    /** The curve's points, from nothing blocked to all. */
    public List<Point> points() {
        var points = new ArrayList<Point>(scores.length + 1);
        points.add(new Point(Double.POSITIVE_INFINITY, 0, 0));
        long hits = 0;
        long costs = 0;
        for (int i = 0; i < scores.length; i++) {
            hits += attacks[i];
            costs += benign[i];
            points.add(new Point(scores[i], hits, costs));
        }
        return points;
    }

    private static long sum(long[] counts) {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }
}
