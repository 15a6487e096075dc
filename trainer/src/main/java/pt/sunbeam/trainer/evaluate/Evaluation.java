package pt.sunbeam.trainer.evaluate;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Rows of several folds, each scored by the model that was fitted without it: together, by fold, and by data set.
 *
 * @param folds by number
 * @param sources by name
 */
public record Evaluation(Slice pooled, Map<Integer, Slice> folds, Map<String, Source> sources) {
    /** A data set, or a class of one. */
    public record Source(Slice pooled, Map<Integer, Slice> folds) {}

    /**
     * Evaluates rows.
     *
     * @param seed of the bootstrap
     * @throws IllegalArgumentException if there are no rows
     */
    public static Evaluation of(List<Scored> rows, long seed) {
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("no rows");
        }
        var byFold = by(rows, Scored::fold);
        var sources = new TreeMap<String, Source>();
        by(rows, Scored::source).forEach((name, own) -> {
            var folds = new TreeMap<Integer, Slice>();
            by(own, Scored::fold)
                    .forEach((fold, some) ->
                            folds.put(fold, Slice.of(some, byFold.getOrDefault(fold, List.of()), seed)));
            sources.put(name, new Source(Slice.of(own, rows, seed), folds));
        });
        var folds = new TreeMap<Integer, Slice>();
        byFold.forEach((fold, some) -> folds.put(fold, Slice.of(some, seed)));
        return new Evaluation(Slice.of(rows, seed), folds, sources);
    }

    private static <K> Map<K, List<Scored>> by(Collection<Scored> rows, Function<Scored, K> key) {
        return rows.stream().collect(Collectors.groupingBy(key, TreeMap::new, Collectors.toList()));
    }
}
