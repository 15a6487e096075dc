package pt.sunbeam.trainer.dataset;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Weights in the fit. Both classes weigh the same. Within a class own traffic, what others recorded, and what lists and simulations make share the weight
 * as 1.0 to 0.8 to 0.5, whatever their numbers; within each of the three every part (a site, an attack source) weighs the same. No row weighs more than 20
 * times the mean.
 */
final class Balance {
    private static final double HEAVIEST_OVER_MEAN = 20;

    private static final class Part {
        private final boolean own;
        private double weight;
        private int rows;
        private double share;

        private Part(boolean own) {
            this.own = own;
        }

        private double kind() {
            return own
                    ? Sources.OWN_WEIGHT
                    : meanWeight() >= Sources.RECORDED_WEIGHT ? Sources.RECORDED_WEIGHT : Sources.SYNTHETIC_WEIGHT;
        }

        private double meanWeight() {
            return weight / rows;
        }
    }

    private Balance() {}

    /** The same rows, weighed; rows outside the fit weigh nothing. */
    static List<Row> weigh(List<Row> rows, Function<Row, String> part) {
        var sides = new HashMap<String, Map<String, Part>>();
        var fitted = new EnumMap<Role, Integer>(Role.class);
        for (var row : rows) {
            if (row.fitted()) {
                fitted.merge(row.role(), 1, Integer::sum);
                var counted = sides.computeIfAbsent(side(row), _ -> new HashMap<>())
                        .computeIfAbsent(part(row, part), _ -> new Part(Sources.isOwn(row)));
                counted.weight += row.weight();
                counted.rows++;
            }
        }
        sides.values().forEach(side -> share(side.values()));
        return rows.stream()
                .map(row -> {
                    if (!row.fitted()) {
                        return row.withWeight(0);
                    }
                    var its =
                            requireNonNull(requireNonNull(sides.get(side(row))).get(part(row, part)));
                    double classWeight = fitted.getOrDefault(row.role(), 0) / 2.0;
                    return row.withWeight(
                            Math.min(HEAVIEST_OVER_MEAN, classWeight * its.share * row.weight() / its.weight));
                })
                .toList();
    }

    private static void share(Collection<Part> side) {
        var kinds = new TreeMap<Double, Double>(); // what the kind's parts weigh together
        side.forEach(part -> kinds.merge(part.kind(), part.meanWeight(), Double::sum));
        double all = kinds.keySet().stream().mapToDouble(kind -> kind).sum();
        for (var part : side) {
            part.share = part.kind() / all * part.meanWeight() / kinds.getOrDefault(part.kind(), 1.0);
        }
    }

    private static String side(Row row) {
        return row.role() + (row.attack() ? " attack" : " benign");
    }

    private static String part(Row row, Function<Row, String> part) {
        return Sources.isOwn(row) ? Sources.OWN : part.apply(row);
    }
}
