package pt.sunbeam.trainer.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * How far figures might move had other groups (benign sites, attack families) been recorded: the percentile bootstrap (Efron and Tibshirani 1993, An
 * introduction to the bootstrap, chapters 8 and 13) with whole clusters drawn, since rows of one group are anything but independent.
 * A figure whose class has fewer than two clusters has no interval.
 *
 * @param recall at the model's own decision
 * @param falsePositives at the model's own decision, of rows
 * @param recallAt one for each budget asked for, or none
 */
public record Intervals(
        Optional<Interval> recall,
        Optional<Interval> falsePositives,
        Optional<Interval> rocAuc,
        List<Interval> recallAt) {
    /** So that 2.5 % of one more is a whole number. */
    public static final int REPLICATES = 999;

    public Intervals {
        recallAt = List.copyOf(recallAt);
    }

    /** Rows of one class, counted by cluster and, within, by score. */
    private static final class Clusters {
        private final Map<String, Integer> numbers = new HashMap<>();
        private final Map<Long, long[]> byClusterAndRank = new HashMap<>();
        private final List<long[]> rowsAndBlocked = new ArrayList<>();
        private int[] clusterOf = new int[0];
        private int[] rankOf = new int[0];
        private int[] rowsOf = new int[0];

        void add(Scored row, int rank) {
            int cluster = numbers.computeIfAbsent(row.group(), _ -> {
                rowsAndBlocked.add(new long[2]);
                return rowsAndBlocked.size() - 1;
            });
            var counts = rowsAndBlocked.get(cluster);
            counts[0]++;
            counts[1] += row.block() ? 1 : 0;
            byClusterAndRank.computeIfAbsent((long) cluster << 32 | rank, key -> new long[] {key, 0})[1]++;
        }

        /** Lays the counts out by cluster, so that a draw reads them in one pass. */
        void close() {
            var cells = byClusterAndRank.values().toArray(long[][]::new);
            Arrays.sort(cells, (a, b) -> Long.compare(a[0], b[0]));
            clusterOf =
                    Arrays.stream(cells).mapToInt(cell -> (int) (cell[0] >> 32)).toArray();
            rankOf = Arrays.stream(cells).mapToInt(cell -> (int) cell[0]).toArray();
            rowsOf = Arrays.stream(cells).mapToInt(cell -> (int) cell[1]).toArray();
            byClusterAndRank.clear();
        }

        int size() {
            return rowsAndBlocked.size();
        }

        /** How often each cluster is drawn, in as many draws as there are clusters. */
        int[] draw(SplittableRandom random) {
            var times = new int[size()];
            for (int i = 0; i < times.length; i++) {
                times[random.nextInt(times.length)]++;
            }
            return times;
        }

        double blocked(int[] times) {
            long rows = 0;
            long blocked = 0;
            for (int cluster = 0; cluster < times.length; cluster++) {
                rows += times[cluster] * rowsAndBlocked.get(cluster)[0];
                blocked += times[cluster] * rowsAndBlocked.get(cluster)[1];
            }
            return (double) blocked / rows;
        }

        long[] byRank(int[] times, int ranks) {
            var counts = new long[ranks];
            for (int cell = 0; cell < rowsOf.length; cell++) {
                counts[rankOf[cell]] += (long) times[clusterOf[cell]] * rowsOf[cell];
            }
            return counts;
        }
    }

    /**
     * Draws clusters of both classes {@link #REPLICATES} times; the same rows, in the same order, and seed give the same intervals.
     *
     * @param budgets shares of benign rows, as for {@link Ranking#at}
     */
    public static Intervals of(Collection<Scored> rows, List<Double> budgets, long seed) {
        return of(rows, budgets, true, seed);
    }

    /** The same without what takes a ranking of every draw: only {@code recall} and {@code falsePositives}. */
    public static Intervals ofDecisions(Collection<Scored> rows, long seed) {
        return of(rows, List.of(), false, seed);
    }

    private static Intervals of(Collection<Scored> rows, List<Double> budgets, boolean ranked, long seed) {
        var scores = rows.stream()
                .mapToDouble(row -> -row.score())
                .sorted()
                .distinct()
                .map(score -> 0.0 - score)
                .toArray();
        var rankOf = new HashMap<Double, Integer>();
        for (double score : scores) {
            rankOf.put(score, rankOf.size());
        }
        var attacks = new Clusters();
        var benign = new Clusters();
        for (var row : rows) {
            (row.attack() ? attacks : benign).add(row, rankOf.getOrDefault(row.score(), 0));
        }
        attacks.close();
        benign.close();
        var random = new SplittableRandom(seed);
        ranked &= attacks.size() > 1 && benign.size() > 1;
        var recalls = new double[attacks.size() > 1 ? REPLICATES : 0];
        var costs = new double[benign.size() > 1 ? REPLICATES : 0];
        var areas = new double[ranked ? REPLICATES : 0];
        var recallsAt = new double[ranked ? budgets.size() : 0][REPLICATES];
        for (int replicate = 0; replicate < REPLICATES; replicate++) {
            var attackTimes = attacks.draw(random);
            var benignTimes = benign.draw(random);
            if (recalls.length > 0) {
                recalls[replicate] = attacks.blocked(attackTimes);
            }
            if (costs.length > 0) {
                costs[replicate] = benign.blocked(benignTimes);
            }
            if (ranked) {
                var ranking = new Ranking(
                        scores, attacks.byRank(attackTimes, scores.length), benign.byRank(benignTimes, scores.length));
                areas[replicate] = ranking.rocAuc().orElseThrow();
                var at = ranking.at(budgets);
                for (int i = 0; i < recallsAt.length; i++) {
                    recallsAt[i][replicate] = at.get(i).recall();
                }
            }
        }
        return new Intervals(
                middle(recalls),
                middle(costs),
                middle(areas),
                Arrays.stream(recallsAt).flatMap(at -> middle(at).stream()).toList());
    }

    private static Optional<Interval> middle(double[] replicates) {
        if (replicates.length == 0) {
            return Optional.empty();
        }
        Arrays.sort(replicates);
        int tail = (replicates.length + 1) / 40;
        return Optional.of(new Interval(replicates[tail - 1], replicates[replicates.length - tail]));
    }
}
