package pt.sunbeam.detector.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which features speak most against an input: for the audit line of a block, not for the request path of what passes.
 *
 * <p>A feature counts by how much suspicion falls when it alone becomes ordinary, plus how much suspicion rises when it alone departs from
 * an ordinary input: the last and the first term of its Shapley value (Lundberg and Lee, "A Unified Approach to Interpreting Model
 * Predictions", NIPS 2017). Where no feature counts alone, those that are not ordinary are named in the order of the vector.
 */
public final class Attribution {
    private static final int REASONS = 3;

    /** Writes the raw value of the feature at a position for people. */
    @FunctionalInterface
    public interface Writing {
        String write(int feature, int value);
    }

    private final Classifier model;
    private final int[] ordinary;
    private final List<String> names;
    private final Writing values;

    /**
     * Readies a model.
     *
     * @param ordinary an input that nobody would suspect, in the model's raw units
     * @param names of the features, by position
     */
    public Attribution(Classifier model, int[] ordinary, List<String> names, Writing values) {
        if (ordinary.length != model.features()) {
            throw new IllegalArgumentException(
                    "found %d values (expected: %d)".formatted(ordinary.length, model.features()));
        }
        this.model = model;
        this.ordinary = ordinary.clone();
        this.names = names;
        this.values = values;
    }

    /** The features that count most against {@code raw}, as {@code name=value}: strongest first, at most three. */
    public List<String> reasons(int[] raw, int blockAt) {
        return strongest(raw, blockAt).stream()
                .limit(REASONS)
                .map(feature -> names.get(feature) + "=" + values.write(feature, raw[feature]))
                .toList();
    }

    private List<Integer> strongest(int[] raw, int blockAt) {
        record Weighed(int feature, long weight) {}
        var weighed = new ArrayList<Weighed>();
        var odd = new ArrayList<Integer>();
        Scratch scratch = new Scratch(ordinary.length);
        long full = suspicion(raw, blockAt, scratch);
        long none = suspicion(ordinary, blockAt, scratch);
        for (int feature = 0; feature < ordinary.length; feature++) {
            if (raw[feature] == ordinary[feature]) {
                continue;
            }
            odd.add(feature);
            int[] without = raw.clone();
            without[feature] = ordinary[feature];
            int[] only = ordinary.clone();
            only[feature] = raw[feature];
            long weight = full - suspicion(without, blockAt, scratch) + suspicion(only, blockAt, scratch) - none;
            if (weight > 0) {
                weighed.add(new Weighed(feature, weight));
            }
        }
        if (weighed.isEmpty()) {
            return odd;
        }
        weighed.sort(Comparator.comparingLong(Weighed::weight).reversed());
        return weighed.stream().map(Weighed::feature).toList();
    }

    /** The perceptron's logit, or where the tree decides a number beyond every logit. */
    private long suspicion(int[] raw, int blockAt, Scratch scratch) {
        return switch (model.judge(raw, scratch, blockAt)) {
            case TREE_ALLOW -> Integer.MIN_VALUE;
            case TREE_BLOCK -> Integer.MAX_VALUE;
            case MLP_ALLOW, MLP_BLOCK -> scratch.logit();
        };
    }
}
