package pt.sunbeam.codegen;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import pt.sunbeam.codegen.Model.Ensemble;
import pt.sunbeam.codegen.Model.HiddenUnit;
import pt.sunbeam.codegen.Model.Mlp;
import pt.sunbeam.codegen.Model.Tree;
import pt.sunbeam.codegen.ModelChecks.Fault;

/**
 * A model as a text of ASCII lines, each ended by LF, words parted by one space, all numbers whole and in decimal. The
 * first line names format and version; the last one is {@code sha256} and the hash of all bytes before that line, which
 * is also the model's version. One model has exactly one text.
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
    private static final String HASH = "sha256 ";
    private static final int HASH_LINE = HASH.length() + 64 + 1;

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
        line(text, HASH + sha256(text.toString().getBytes(US_ASCII)));
        return text.toString().getBytes(US_ASCII);
    }

    /** Reads and checks a file; never throws, whatever the bytes. */
    public static Outcome read(byte[] file) {
        if (file.length > MAX_BYTES) {
            return new Refused("found " + file.length + " bytes (expected: at most " + MAX_BYTES + ")");
        }
        if (file.length < HASH_LINE) {
            return new Refused("found " + file.length + " bytes (expected: " + HEADER + " …)");
        }
        int end = file.length - HASH_LINE;
        var lastLine = new String(file, end, HASH_LINE, ISO_8859_1);
        if (!lastLine.matches(HASH + "[0-9a-f]{64}\n") || end == 0 || file[end - 1] != '\n') {
            return new Refused("last line: not the hash (expected: sha256 and 64 lower-case hex digits); cut off?");
        }
        var stated = lastLine.substring(HASH.length(), HASH_LINE - 1);
        var actual = sha256(Arrays.copyOf(file, end));
        if (!stated.equals(actual)) {
            return new Refused("corrupted: the file states sha256 " + stated + " but its bytes have " + actual);
        }
        try {
            return new Loaded(new Reader(new String(file, 0, end - 1, ISO_8859_1).split("\n", -1)).ensemble(), actual);
        } catch (Refusal refusal) {
            return new Refused(refusal.reason);
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
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

    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1;

        final String reason;

        Refusal(String reason) {
            super(reason);
            this.reason = reason;
        }
    }

    /** Reads line by line, with no line skipped and no freedom in how a line is written. */
    private static final class Reader {
        private static final Pattern NUMBER = Pattern.compile("0|-?[1-9][0-9]{0,9}");

        private final String[] lines;
        private int next;

        /** From a place in the model to the line that it was read from, for faults that are found later. */
        private final Map<String, Integer> places = new HashMap<>();

        Reader(String[] lines) {
            this.lines = lines;
        }

        Ensemble ensemble() throws Refusal {
            if (!take().equals(HEADER)) {
                throw unexpected(HEADER);
            }
            var name = rest("name");
            int blockAt = number("block_at");
            int stepsPerNat = number("steps_per_nat");

            int featureCount = count("features", ModelChecks.MAX_FEATURES);
            var features = new ArrayList<Feature>();
            for (int i = 0; i < featureCount; i++) {
                places.put("feature " + i, next + 1);
                var feature = rest("feature");
                var unit = rest("unit");
                boolean evidence = yesOrNo("evidence");
                features.add(new Feature(feature, unit, evidence, numbers("cuts N…", words("cuts N…", 1), 1)));
            }

            int nodeCount = count("nodes", ModelChecks.MAX_NODES);
            var nodes = new ArrayList<Node>();
            for (int i = 0; i < nodeCount; i++) {
                places.put("node " + i, next + 1);
                nodes.add(node());
            }

            places.put("mlp", next + 1);
            int hiddenCount = count("hidden_units", ModelChecks.MAX_HIDDEN);
            int shift = number("shift");
            int outputBias = number("output_bias");
            var hidden = new ArrayList<HiddenUnit>();
            for (int i = 0; i < hiddenCount; i++) {
                places.put("hidden unit " + i, next + 1);
                var form = "hidden bias N output N weights N…";
                var words = words(form, 6);
                if (!words[1].equals("bias") || !words[3].equals("output") || !words[5].equals("weights")) {
                    throw unexpected(form);
                }
                hidden.add(new HiddenUnit(number(words[2], form), numbers(form, words, 6), number(words[4], form)));
            }
            if (next != lines.length) {
                take();
                throw unexpected("the hash");
            }

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
            var words = take().split(" ", -1);
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
                        number(words[2], form), number(words[4], form), number(words[6], form), number(words[8], form));
            }
            throw unexpected(form);
        }

        private String take() throws Refusal {
            if (next == lines.length) {
                throw new Refusal("line " + (next + 1) + ": found the hash (expected: more of the model)");
            }
            return lines[next++];
        }

        private String rest(String key) throws Refusal {
            var line = take();
            if (!line.startsWith(key + " ")) {
                throw unexpected(key + " …");
            }
            return line.substring(key.length() + 1);
        }

        private boolean yesOrNo(String key) throws Refusal {
            return switch (rest(key)) {
                case "yes" -> true;
                case "no" -> false;
                default -> throw unexpected(key + " yes, or no");
            };
        }

        private int number(String key) throws Refusal {
            return number(rest(key), key + " and a whole number of 32 bits");
        }

        private int count(String key, int max) throws Refusal {
            var expected = key + " and a number from 1 to " + max;
            int count = number(rest(key), expected);
            if (count < 1 || count > max) {
                throw unexpected(expected);
            }
            return count;
        }

        /** The words of a line that begins with the first word of {@code form}. */
        private String[] words(String form, int atLeast) throws Refusal {
            var words = take().split(" ", -1);
            if (words.length < atLeast || !words[0].equals(form.split(" ", 2)[0])) {
                throw unexpected(form);
            }
            return words;
        }

        private List<Integer> numbers(String form, String[] words, int from) throws Refusal {
            if (words.length - from > ModelChecks.MAX_FEATURES) {
                throw unexpected("at most " + ModelChecks.MAX_FEATURES + " numbers");
            }
            var numbers = new ArrayList<Integer>();
            for (int i = from; i < words.length; i++) {
                numbers.add(number(words[i], form));
            }
            return numbers;
        }

        private int number(String word, String expected) throws Refusal {
            if (NUMBER.matcher(word).matches()) {
                long value = Long.parseLong(word);
                if (value == (int) value) {
                    return (int) value;
                }
            }
            throw unexpected(expected);
        }

        /** Of the line taken last. */
        private Refusal unexpected(String expected) {
            var line = lines[next - 1];
            var shown = line.length() <= 80 ? line : line.substring(0, 80) + "…";
            return new Refusal("line " + next + ": found \"" + shown + "\" (expected: " + expected + ")");
        }
    }

    private ModelFile() {}
}
