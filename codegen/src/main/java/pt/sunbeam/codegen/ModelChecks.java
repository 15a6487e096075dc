package pt.sunbeam.codegen;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import pt.sunbeam.codegen.Model.Ensemble;
import pt.sunbeam.codegen.Model.HiddenUnit;
import pt.sunbeam.codegen.Model.Mlp;
import pt.sunbeam.codegen.Model.Tree;

/**
 * What must hold of a model before anything is computed or proved from it. An empty list means that it holds.
 *
 * <p>{@link #unreachableLeaves} and {@link #notMonotone} ask for a {@link #wellFormed} model.
 */
public final class ModelChecks {
    public static final int MAX_FEATURES = 512;
    public static final int MAX_CUTS = 127;
    public static final int MAX_NODES = 4_096;
    public static final int MAX_HIDDEN = 1_024;
    public static final int MAX_SHIFT = 24;
    public static final int MAX_NAME = 64;

    /** The largest value of a quantised feature and of a hidden unit's activation. */
    public static final int MAX_ACTIVATION = 127;

    static final String NAME = "[a-z][a-z0-9]*(-[a-z0-9]+)*";
    static final String FEATURE_NAME = "[a-z][a-z0-9_]*";

    /** Printable ASCII, no space at either end. */
    static final String UNIT = "[!-~]([ -~]*[!-~])?";

    /** The kind of a fault. */
    public enum Check {
        NAME,
        FEATURES,
        CUTS,
        TREE,
        UNREACHABLE_LEAF,
        MLP,
        OVERFLOW,
        CALIBRATION,
        NOT_MONOTONE
    }

    /**
     * One thing that does not hold.
     *
     * @param where the place in the model: "model", "feature 3", "node 17", "mlp", "hidden unit 4"; counted from 0
     * @param what what was found there and what was expected
     */
    public record Fault(Check check, String where, String what) {
        @Override
        public String toString() {
            return check + " at " + where + ": " + what;
        }
    }

    /** Shape and ranges, and that no 32-bit sum overflows for any input, in any order of summation. */
    public static List<Fault> wellFormed(Ensemble model) {
        var faults = new ArrayList<Fault>();
        if (model.name().length() > MAX_NAME || !model.name().matches(NAME)) {
            faults.add(new Fault(
                    Check.NAME, "model", found(model.name(), "lower-case words with hyphens, at most " + MAX_NAME)));
        }
        if (model.stepsPerNat() <= 0) {
            faults.add(new Fault(
                    Check.CALIBRATION, "model", found("steps per nat " + model.stepsPerNat(), "a positive number")));
        }
        features(model.features(), faults);
        tree(model.tree(), model.features().size(), faults);
        mlp(model.mlp(), model.features().size(), faults);
        return List.copyOf(faults);
    }

    /** That a model is {@link #wellFormed} and monotone in the features that it calls evidence. */
    public static List<Fault> keepsItsPromises(Ensemble model) {
        var faults = wellFormed(model);
        return faults.isEmpty() ? notMonotone(model, model.evidence()) : faults;
    }

    /** Leaves to which no input leads, for each feature lies in [0, number of its cuts]. */
    public static List<Fault> unreachableLeaves(Ensemble model) {
        var nodes = model.tree().nodes();
        var faults = new ArrayList<Fault>();
        // The box of inputs that lead to a node; children stand after their parent, so one pass is enough.
        var low = new int[nodes.size()][];
        var high = new int[nodes.size()][];
        low[0] = new int[model.features().size()];
        high[0] = model.features().stream().mapToInt(f -> f.cuts().size()).toArray();
        for (int i = 0; i < nodes.size(); i++) {
            switch (nodes.get(i)) {
                case Node.Split(int feature, int threshold, int left, int right) -> {
                    low[left] = low[i];
                    high[left] = high[i].clone();
                    high[left][feature] = Math.min(high[i][feature], threshold);
                    low[right] = low[i].clone();
                    low[right][feature] = Math.max(low[i][feature], threshold + 1);
                    high[right] = high[i];
                }
                case Node.Leaf(Verdict verdict) -> {
                    for (int f = 0; f < low[i].length; f++) {
                        if (low[i][f] > high[i][f]) {
                            faults.add(new Fault(
                                    Check.UNREACHABLE_LEAF,
                                    "node " + i,
                                    "%s would need feature %d to be at least %d and at most %d"
                                            .formatted(verdict, f, low[i][f], high[i][f])));
                            break;
                        }
                    }
                }
            }
        }
        return List.copyOf(faults);
    }

    /**
     * Where raising one of {@code features} may lower the verdict. The tests are sufficient, not necessary: no split on
     * such a feature has a leaf on its left that ranks above one on its right, and in the perceptron an input weight
     * never has the sign opposite to its unit's output weight.
     */
    public static List<Fault> notMonotone(Ensemble model, Set<Integer> features) {
        var faults = new ArrayList<Fault>();
        var nodes = model.tree().nodes();
        var lowest = new Verdict[nodes.size()];
        var highest = new Verdict[nodes.size()];
        for (int i = nodes.size() - 1; i >= 0; i--) {
            switch (nodes.get(i)) {
                case Node.Leaf(Verdict verdict) -> {
                    lowest[i] = verdict;
                    highest[i] = verdict;
                }
                case Node.Split(int feature, int _, int left, int right) -> {
                    lowest[i] = lowest[left].compareTo(lowest[right]) <= 0 ? lowest[left] : lowest[right];
                    highest[i] = highest[left].compareTo(highest[right]) >= 0 ? highest[left] : highest[right];
                    if (features.contains(feature) && highest[left].compareTo(lowest[right]) > 0) {
                        faults.add(new Fault(
                                Check.NOT_MONOTONE,
                                "node " + i,
                                "split on feature %d has %s on its left and %s on its right"
                                        .formatted(feature, highest[left], lowest[right])));
                    }
                }
            }
        }
        var hidden = model.mlp().hidden();
        for (int j = 0; j < hidden.size(); j++) {
            for (int k = 0; k < model.features().size(); k++) {
                int weight = hidden.get(j).weights().get(k);
                if (features.contains(k) && weight * hidden.get(j).outputWeight() < 0) {
                    faults.add(new Fault(
                            Check.NOT_MONOTONE,
                            "hidden unit " + j,
                            "weight %d of feature %d against output weight %d"
                                    .formatted(weight, k, hidden.get(j).outputWeight())));
                }
            }
        }
        return List.copyOf(faults);
    }

    private static void features(List<Feature> features, List<Fault> faults) {
        if (features.isEmpty() || features.size() > MAX_FEATURES) {
            faults.add(
                    new Fault(Check.FEATURES, "model", found(features.size() + " features", "1 to " + MAX_FEATURES)));
        }
        var names = new HashSet<String>();
        for (int i = 0; i < features.size(); i++) {
            var feature = features.get(i);
            var where = "feature " + i;
            if (feature.name().length() > MAX_NAME || !feature.name().matches(FEATURE_NAME)) {
                faults.add(new Fault(
                        Check.FEATURES, where, found(feature.name(), "a snake_case name, at most " + MAX_NAME)));
            }
            if (!names.add(feature.name())) {
                faults.add(new Fault(Check.FEATURES, where, found(feature.name() + " again", "a name of its own")));
            }
            if (feature.unit().length() > MAX_NAME || !feature.unit().matches(UNIT)) {
                faults.add(new Fault(
                        Check.FEATURES,
                        where,
                        found(feature.unit(), "a unit in printable ASCII, at most " + MAX_NAME)));
            }
            var cuts = feature.cuts();
            if (cuts.size() > MAX_CUTS) {
                faults.add(new Fault(Check.CUTS, where, found(cuts.size() + " cuts", "at most " + MAX_CUTS)));
            }
            for (int c = 0; c < cuts.size(); c++) {
                int before = c == 0 ? Integer.MIN_VALUE : cuts.get(c - 1);
                if (cuts.get(c) <= before) {
                    faults.add(new Fault(
                            Check.CUTS, where, found("cut " + cuts.get(c) + " after " + before, "ascending cuts")));
                }
            }
        }
    }

    private static void tree(Tree tree, int features, List<Fault> faults) {
        var nodes = tree.nodes();
        int size = nodes.size();
        if (size == 0 || size > MAX_NODES) {
            faults.add(new Fault(Check.TREE, "model", found(size + " nodes", "1 to " + MAX_NODES)));
            return;
        }
        var parents = new int[size];
        for (int i = 0; i < size; i++) {
            if (!(nodes.get(i) instanceof Node.Split(int feature, int threshold, int left, int right))) {
                continue;
            }
            var where = "node " + i;
            if (feature < 0 || feature >= features) {
                faults.add(new Fault(Check.TREE, where, found("feature " + feature, "0 to " + (features - 1))));
            }
            if (threshold < 0 || threshold >= MAX_ACTIVATION) {
                faults.add(
                        new Fault(Check.TREE, where, found("threshold " + threshold, "0 to " + (MAX_ACTIVATION - 1))));
            }
            for (int child : new int[] {left, right}) {
                if (child <= i || child >= size) {
                    faults.add(new Fault(
                            Check.TREE,
                            where,
                            found("child " + child, "a node after its parent, up to " + (size - 1))));
                } else {
                    parents[child]++;
                }
            }
        }
        for (int i = 1; i < size; i++) {
            if (parents[i] != 1) {
                faults.add(new Fault(Check.TREE, "node " + i, found(parents[i] + " parents", "one")));
            }
        }
    }

    private static void mlp(Mlp mlp, int features, List<Fault> faults) {
        if (mlp.shift() < 0 || mlp.shift() > MAX_SHIFT) {
            faults.add(new Fault(Check.MLP, "mlp", found("shift " + mlp.shift(), "0 to " + MAX_SHIFT)));
        }
        if (mlp.hidden().isEmpty() || mlp.hidden().size() > MAX_HIDDEN) {
            faults.add(new Fault(Check.MLP, "mlp", found(mlp.hidden().size() + " hidden units", "1 to " + MAX_HIDDEN)));
        }
        long output = Math.abs((long) mlp.outputBias());
        for (int j = 0; j < mlp.hidden().size(); j++) {
            HiddenUnit unit = mlp.hidden().get(j);
            var where = "hidden unit " + j;
            if (unit.weights().size() != features) {
                faults.add(new Fault(
                        Check.MLP,
                        where,
                        found(unit.weights().size() + " weights", "one for each of " + features + " features")));
            }
            for (int weight : unit.weights()) {
                if (!isInt8(weight)) {
                    faults.add(new Fault(Check.MLP, where, found("weight " + weight, "-128 to 127")));
                }
            }
            if (!isInt8(unit.outputWeight())) {
                faults.add(new Fault(Check.MLP, where, found("output weight " + unit.outputWeight(), "-128 to 127")));
            }
            long sum = Math.abs((long) unit.bias());
            for (int weight : unit.weights()) {
                sum += MAX_ACTIVATION * Math.abs((long) weight);
            }
            if (sum > Integer.MAX_VALUE) {
                faults.add(new Fault(
                        Check.OVERFLOW, where, found("a sum of up to " + sum, "at most " + Integer.MAX_VALUE)));
            }
            output += MAX_ACTIVATION * Math.abs((long) unit.outputWeight());
        }
        // One below the largest int, so that a threshold above every logit exists.
        if (output >= Integer.MAX_VALUE) {
            faults.add(new Fault(
                    Check.OVERFLOW, "mlp", found("a logit of up to " + output, "less than " + Integer.MAX_VALUE)));
        }
    }

    private static boolean isInt8(int value) {
        return value == (byte) value;
    }

    private static String found(String found, String expected) {
        return "found " + found + " (expected: " + expected + ")";
    }

    private ModelChecks() {}
}
