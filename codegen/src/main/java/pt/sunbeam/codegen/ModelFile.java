package pt.sunbeam.codegen;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import pt.sunbeam.codegen.Lines.Refusal;
import pt.sunbeam.codegen.Model.Ensemble;
import pt.sunbeam.codegen.Model.HiddenUnit;
import pt.sunbeam.codegen.Model.Mlp;
import pt.sunbeam.codegen.Model.Tree;
import pt.sunbeam.codegen.ModelChecks.Fault;

/**
 * A model as a text of {@link Lines}; its hash is also the model's version. One model has exactly one text.
 *
 * <pre>
 * sunbeam-model 2
 * name scanner-baseline
 * block_at 60
 * steps_per_nat 20
 * features 2
 * feature path_depth
 * unit segments
 * evidence no
 * cuts 1 2 4 8
 * feature has_cookies
 * unit 0 or 1
 * evidence no
 * cuts 1
 * nodes 3
 * split feature 0 threshold 2 left 1 right 2
 * leaf allow
 * leaf defer
 * hidden_units 1
 * shift 4
 * output_bias -3
 * hidden bias 12 output 90 weights 17 -40
 * sha256 …
 * </pre>
 */
public final class ModelFile {
    public static final int MAX_BYTES = 4 << 20;

    private static final String HEADER = "sunbeam-model 2";

    /** What became of a file. */
    public sealed interface Outcome {}

    /** A well-formed model, monotone in its evidence, and its version. */
    public record Loaded(Ensemble model, String sha256) implements Outcome {}

    /** The file is not a model: why, with the line, or with both hashes where they differ. */
    public record Refused(String reason) implements Outcome {}

    /**
     * The file of a model.
     *
     * @throws IllegalArgumentException if the model does not {@link ModelChecks#keepsItsPromises keep its promises}
     */
    public static byte[] write(Ensemble model) {
        var faults = ModelChecks.keepsItsPromises(model);
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(model.name() + ": " + faults);
        }
        var text = new StringBuilder(HEADER).append('\n');
        line(text, "name " + model.name());
        line(text, "block_at " + model.blockAt());
        line(text, "steps_per_nat " + model.stepsPerNat());
        line(text, "features " + model.features().size());
        for (var feature : model.features()) {
            line(text, "feature " + feature.name());
            line(text, "unit " + feature.unit());
            line(text, "evidence " + (feature.evidence() ? "yes" : "no"));
            line(text, numbers("cuts", feature.cuts()));
        }
        line(text, "nodes " + model.tree().nodes().size());
        for (var node : model.tree().nodes()) {
            line(
                    text,
                    switch (node) {
                        case Node.Split(int feature, int threshold, int left, int right) ->
                            "split feature " + feature + " threshold " + threshold + " left " + left + " right "
                                    + right;
                        case Node.Leaf(Verdict verdict) -> "leaf " + word(verdict);
                    });
        }
        line(text, "hidden_units " + model.mlp().hidden().size());
        line(text, "shift " + model.mlp().shift());
        line(text, "output_bias " + model.mlp().outputBias());
        for (var unit : model.mlp().hidden()) {
            line(
                    text,
                    numbers(
                            "hidden bias " + unit.bias() + " output " + unit.outputWeight() + " weights",
                            unit.weights()));
        }
        return Lines.hashed(text);
    }

    /** Reads and checks a file; never throws, whatever the bytes. */
    public static Outcome read(byte[] file) {
        try {
            var lines = Lines.open(file, MAX_BYTES, HEADER);
            return new Loaded(new Reader(lines).ensemble(), lines.sha256());
        } catch (Refusal refusal) {
            return new Refused(refusal.reason);
        }
    }

    static String sha256(byte[] bytes) {
        return Lines.sha256(bytes);
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append('\n');
    }

    private static String numbers(String words, List<Integer> numbers) {
        var text = new StringBuilder(words);
        for (int number : numbers) {
            text.append(' ').append(number);
        }
        return text.toString();
    }

    private static String word(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT);
    }

    private static final class Reader {
        private final Lines lines;

        /** From a place in the model to the line that it was read from, for faults that are found later. */
        private final Map<String, Integer> places = new HashMap<>();

        Reader(Lines lines) {
            this.lines = lines;
        }

        Ensemble ensemble() throws Refusal {
            var name = lines.rest("name");
            int blockAt = lines.number("block_at");
            int stepsPerNat = lines.number("steps_per_nat");

            int featureCount = lines.count("features", 1, ModelChecks.MAX_FEATURES);
            var features = new ArrayList<Feature>();
            for (int i = 0; i < featureCount; i++) {
                places.put("feature " + i, lines.place());
                var feature = lines.rest("feature");
                var unit = lines.rest("unit");
                boolean evidence = yesOrNo("evidence");
                features.add(new Feature(
                        feature,
                        unit,
                        evidence,
                        lines.numbers("cuts N…", lines.words("cuts N…", 1), 1, ModelChecks.MAX_FEATURES)));
            }

            int nodeCount = lines.count("nodes", 1, ModelChecks.MAX_NODES);
            var nodes = new ArrayList<Node>();
            for (int i = 0; i < nodeCount; i++) {
                places.put("node " + i, lines.place());
                nodes.add(node());
            }

            places.put("mlp", lines.place());
            int hiddenCount = lines.count("hidden_units", 1, ModelChecks.MAX_HIDDEN);
            int shift = lines.number("shift");
            int outputBias = lines.number("output_bias");
            var hidden = new ArrayList<HiddenUnit>();
            for (int i = 0; i < hiddenCount; i++) {
                places.put("hidden unit " + i, lines.place());
                var form = "hidden bias N output N weights N…";
                var words = lines.words(form, 6);
                if (!words[1].equals("bias") || !words[3].equals("output") || !words[5].equals("weights")) {
                    throw lines.unexpected(form);
                }
                hidden.add(new HiddenUnit(
                        lines.number(words[2], form),
                        lines.numbers(form, words, 6, ModelChecks.MAX_FEATURES),
                        lines.number(words[4], form)));
            }
            lines.end();

            var model = new Ensemble(
                    name, features, new Tree(nodes), new Mlp(hidden, shift, outputBias), blockAt, stepsPerNat);
            for (Fault fault : ModelChecks.keepsItsPromises(model)) {
                throw new Refusal(
                        "line " + places.getOrDefault(fault.where(), 1) + ": " + fault.where() + ": " + fault.what());
            }
            return model;
        }

        private Node node() throws Refusal {
            var form = "split feature N threshold N left N right N, or leaf allow, defer or block";
            var words = lines.take().split(" ", -1);
            if (words.length == 2 && words[0].equals("leaf")) {
                for (var verdict : Verdict.values()) {
                    if (words[1].equals(word(verdict))) {
                        return new Node.Leaf(verdict);
                    }
                }
            }
            if (words.length == 9
                    && words[0].equals("split")
                    && words[1].equals("feature")
                    && words[3].equals("threshold")
                    && words[5].equals("left")
                    && words[7].equals("right")) {
                return new Node.Split(
                        lines.number(words[2], form),
                        lines.number(words[4], form),
                        lines.number(words[6], form),
                        lines.number(words[8], form));
            }
            throw lines.unexpected(form);
        }

        private boolean yesOrNo(String key) throws Refusal {
            return switch (lines.rest(key)) {
                case "yes" -> true;
                case "no" -> false;
                default -> throw lines.unexpected(key + " yes, or no");
            };
        }
    }

    private ModelFile() {}
}
