package pt.sunbeam.codegen;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import pt.sunbeam.codegen.Model.Ensemble;

/**
 * Inputs of a model and what {@link Evaluator} makes of them, to be committed and held against every other computation.
 *
 * <p>The text has a line for the format, one for the model, one for seed and number of cases, and then a line per case:
 * the quantised features in hex, the tree's verdict (A, D, B), the logit and the verdict (A, B) at the model's own
 * threshold. The raw features are drawn again from the seed, so they take no room.
 */
public record Vectors(String model, String sha256, long seed, List<Case> cases) {

    /** One input and its results. */
    public record Case(List<Integer> raw, List<Byte> quantised, Verdict tree, int logit, Verdict verdict) {
        public Case {
            raw = List.copyOf(raw);
            quantised = List.copyOf(quantised);
        }
    }

    private static final String HEADER = "sunbeam-vectors 1";

    public Vectors {
        cases = List.copyOf(cases);
    }

    /** Draws {@code count} inputs; the same arguments always give the same cases. */
    public static Vectors of(Ensemble model, String sha256, long seed, int count) {
        var evaluator = new Evaluator(model);
        var random = new SplittableRandom(seed);
        var cases = new ArrayList<Case>(count);
        for (int i = 0; i < count; i++) {
            var raw = raw(model.features(), random);
            var quantised = evaluator.quantise(raw.stream().mapToInt(x -> x).toArray());
            cases.add(new Case(
                    raw,
                    boxed(quantised),
                    evaluator.tree(quantised),
                    evaluator.logit(quantised),
                    evaluator.verdict(quantised, model.blockAt())));
        }
        return new Vectors(model.name(), sha256, seed, cases);
    }

    /** A random input: every level of every feature is equally likely, and its edges are met often. */
    public static List<Integer> raw(List<Feature> features, SplittableRandom random) {
        var raw = new ArrayList<Integer>(features.size());
        for (var feature : features) {
            var cuts = feature.cuts();
            int level = random.nextInt(cuts.size() + 1);
            long low = level == 0 ? Integer.MIN_VALUE : cuts.get(level - 1);
            long high = level == cuts.size() ? Integer.MAX_VALUE : cuts.get(level) - 1L;
            raw.add((int)
                    switch (random.nextInt(4)) {
                        case 0 -> low;
                        case 1 -> high;
                        default -> random.nextLong(low, high + 1);
                    });
        }
        return raw;
    }

    public String text() {
        var text = new StringBuilder(HEADER).append('\n');
        text.append("model ").append(model).append(' ').append(sha256).append('\n');
        text.append("seed ").append(seed).append(" count ").append(cases.size()).append('\n');
        for (var one : cases) {
            var quantised = new byte[one.quantised.size()];
            for (int i = 0; i < quantised.length; i++) {
                quantised[i] = one.quantised.get(i);
            }
            text.append(HexFormat.of().formatHex(quantised)).append(' ');
            text.append(letter(one.tree)).append(' ').append(one.logit).append(' ');
            text.append(letter(one.verdict)).append('\n');
        }
        return text.toString();
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @param features those of the model, to draw the raw inputs again
     * @throws IllegalArgumentException with the line, if it is anything else
     */
    public static Vectors read(String text, List<Feature> features) {
        var lines = text.split("\n", -1);
        if (lines.length < 4 || !lines[0].equals(HEADER)) {
            throw new IllegalArgumentException("line 1: not vectors (expected: " + HEADER + ")");
        }
        var model = words(lines, 1, "model [a-z0-9-]+ [0-9a-f]{64}");
        var seed = words(lines, 2, "seed -?[0-9]{1,18} count [0-9]{1,7}");
        int count = Integer.parseInt(seed[3]);
        if (lines.length != count + 4 || !lines[count + 3].isEmpty()) {
            throw new IllegalArgumentException(
                    "line 3: found " + (lines.length - 4) + " cases (expected: " + count + ")");
        }
        var random = new SplittableRandom(Long.parseLong(seed[1]));
        var cases = new ArrayList<Case>(count);
        var form = "([0-7][0-9a-f]){" + features.size() + "} [ADB] -?[0-9]{1,10} [AB]";
        for (int i = 0; i < count; i++) {
            var words = words(lines, i + 3, form);
            cases.add(new Case(
                    raw(features, random),
                    boxed(HexFormat.of().parseHex(words[0])),
                    verdict(words[1]),
                    Integer.parseInt(words[2]),
                    verdict(words[3])));
        }
        return new Vectors(model[1], model[2], Long.parseLong(seed[1]), cases);
    }

    private static String[] words(String[] lines, int at, String form) {
        if (!lines[at].matches(form)) {
            throw new IllegalArgumentException(
                    "line " + (at + 1) + ": found \"" + lines[at] + "\" (expected: " + form + ")");
        }
        return lines[at].split(" ", -1);
    }

    private static char letter(Verdict verdict) {
        return verdict.name().charAt(0);
    }

    private static Verdict verdict(String letter) {
        return switch (letter) {
            case "A" -> Verdict.ALLOW;
            case "D" -> Verdict.DEFER;
            default -> Verdict.BLOCK;
        };
    }

    private static List<Byte> boxed(byte[] bytes) {
        var boxed = new ArrayList<Byte>(bytes.length);
        for (byte b : bytes) {
            boxed.add(b);
        }
        return boxed;
    }
}
