package pt.sunbeam.trainer.quantise;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import pt.sunbeam.codegen.Feature;
import pt.sunbeam.trainer.dataset.Row;

/**
 * Cuts for each feature, learnt from training rows: between all values where they are few, else at quantiles of the weight of each class, so
 * that both classes have levels where they live. A value that many rows have, such as 0, is a level of its own and takes no further cuts from the others.
 */
public final class Quantiser {
    private final List<Feature> features;
    private final int[][] cuts;

    private Quantiser(List<Feature> features) {
        this.features = features;
        cuts = features.stream()
                .map(feature ->
                        feature.cuts().stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
    }

    /**
     * Learns cuts from rows.
     *
     * @param maxCuts at most 127; few cuts keep int8 weights fine beside features of one cut
     */
    public static Quantiser fit(List<Row> rows, List<String> names, List<String> units, int maxCuts) {
        var features = new ArrayList<Feature>();
        for (int f = 0; f < names.size(); f++) {
            features.add(new Feature(names.get(f), units.get(f), cuts(rows, f, maxCuts)));
        }
        return new Quantiser(List.copyOf(features));
    }

    public static Quantiser of(List<Feature> features) {
        return new Quantiser(List.copyOf(features));
    }

    public List<Feature> features() {
        return features;
    }

    /** The number of cuts of each feature, its highest level. */
    public int[] levels() {
        return Arrays.stream(cuts).mapToInt(c -> c.length).toArray();
    }

    /** By position, the number of cuts that are not above the value. */
    public byte[] quantise(int[] raw) {
        var quantised = new byte[cuts.length];
        for (int f = 0; f < quantised.length; f++) {
            int at = Arrays.binarySearch(cuts[f], raw[f]);
            quantised[f] = (byte) (at >= 0 ? at + 1 : -at - 1);
        }
        return quantised;
    }

    private static List<Integer> cuts(List<Row> rows, int feature, int maxCuts) {
        var values = rows.stream()
                .mapToInt(row -> row.raw()[feature])
                .distinct()
                .sorted()
                .toArray();
        var cuts = new TreeSet<Integer>();
        if (values.length <= maxCuts + 1) {
            for (int i = 1; i < values.length; i++) {
                cuts.add(between(values[i - 1], values[i]));
            }
        } else {
            for (boolean attack : new boolean[] {false, true}) {
                quantiles(rows.stream().filter(row -> row.attack() == attack).toList(), feature, maxCuts / 2, cuts);
            }
            cuts.removeIf(cut -> cut <= values[0] || cut > values[values.length - 1]);
        }
        return List.copyOf(cuts);
    }

    private static void quantiles(List<Row> rows, int feature, int count, Set<Integer> cuts) {
        var weights = new TreeMap<Integer, Double>();
        rows.forEach(row -> weights.merge(row.raw()[feature], row.weight(), Double::sum));
        double most = weights.values().stream().mapToDouble(weight -> weight).sum() / (count + 1);
        int left = count;
        for (var common : weights.entrySet().stream()
                .filter(value -> value.getValue() >= most)
                .sorted(Map.Entry.<Integer, Double>comparingByValue().reversed())
                .limit(count / 2)
                .map(Map.Entry::getKey)
                .toList()) {
            cuts.add(common);
            cuts.add(common + 1);
            weights.remove(common);
            left -= 2;
        }
        double total = weights.values().stream().mapToDouble(weight -> weight).sum();
        double passed = 0;
        int next = 1;
        for (var value : weights.entrySet()) {
            passed += value.getValue();
            while (next <= left && passed * (left + 1) >= total * next) {
                cuts.add(value.getKey());
                next++;
            }
        }
    }

    /** The cut in the middle: above {@code low}, not above {@code high}. */
    private static int between(int low, int high) {
        return (int) (low + ((long) high - low + 1) / 2);
    }
}
