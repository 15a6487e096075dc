package pt.sunbeam.codegen;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import pt.sunbeam.codegen.Model.Ensemble;
import pt.sunbeam.codegen.Model.HiddenUnit;

/**
 * A model as the source of one Java class: the tree as nested ifs, everything else as tables.
 *
 * <p>HotSpot never compiles a method of more than 8,000 bytes (HugeMethodLimit) and inlines only small ones, so the tree
 * is cut into methods of {@link #LEVELS} levels. A method that fills an array spends about seven bytes on a number, and
 * javac ends at 64 KiB, so a long table becomes text that is parsed once.
 */
public final class JavaEmitter {
    static final String PACKAGE = "pt.sunbeam.detector.model.generated";

    private static final int LEVELS = 4;
    private static final int MAX_LITERALS = 8_000;
    private static final int NUMBERS_PER_LINE = 16;
    private static final int NUMBERS_PER_PIECE = 1_000;

    private final Ensemble model;
    private final String sha256;
    private final StringBuilder out = new StringBuilder();
    private boolean unpacks;

    private JavaEmitter(Ensemble model, String sha256) {
        this.model = model;
        this.sha256 = sha256;
    }

    /** The same model always gives the same text. */
    public static String emit(Ensemble model, String sha256) {
        return new JavaEmitter(model, sha256).source();
    }

    private String source() {
        var name = Codegen.className(model.name());
        var hidden = model.mlp().hidden();
        line(
                0,
                "/** %s as code: %d features, %d nodes, %d hidden units. */"
                        .formatted(
                                model.name(),
                                model.features().size(),
                                model.tree().nodes().size(),
                                hidden.size()));
        line(0, "public final class %s {".formatted(name));
        line(1, "private static final String NAME = \"%s\";".formatted(model.name()));
        line(1, "private static final String SHA256 = \"%s\";".formatted(sha256));
        line(1, "private static final int SHIFT = %d;".formatted(model.mlp().shift()));
        line(
                1,
                "private static final int OUTPUT_BIAS = %d;"
                        .formatted(model.mlp().outputBias()));
        line(1, "private static final int BLOCK_AT = %d;".formatted(model.blockAt()));
        line(1, "private static final int STEPS_PER_NAT = %d;".formatted(model.stepsPerNat()));
        line(0, "");
        line(1, "public static Classifier classifier() {");
        line(2, "var perceptron = new Perceptron(weights(), biases(), outputWeights(), SHIFT, OUTPUT_BIAS);");
        line(2, "return new Classifier(");
        line(4, "NAME, SHA256, new Quantiser(cuts()), %s::tree, perceptron, BLOCK_AT, STEPS_PER_NAT);".formatted(name));
        line(1, "}");
        tree();
        cuts();
        // Column layout: the weights of all hidden units for the first feature, then those for the second, ...
        table(
                "weights",
                IntStream.range(0, model.features().size())
                        .boxed()
                        .flatMap(i -> hidden.stream().map(unit -> unit.weights().get(i)))
                        .toList());
        table("biases", hidden.stream().map(HiddenUnit::bias).toList());
        table("outputWeights", hidden.stream().map(HiddenUnit::outputWeight).toList());
        if (unpacks) {
            line(0, "");
            line(1, "private static int[] unpack(String... pieces) {");
            line(2, "return Arrays.stream(pieces)");
            line(4, ".flatMap(piece -> Arrays.stream(piece.split(\" \")))");
            line(4, ".mapToInt(Integer::parseInt)");
            line(4, ".toArray();");
            line(1, "}");
        }
        line(0, "");
        line(1, "private %s() {}".formatted(name));
        line(0, "}");
        return header() + out;
    }

    private String header() {
        return """
                // Generated from %s.model by JavaEmitter; not to be edited.
                package %s;

                %simport pt.sunbeam.codegen.Verdict;
                import pt.sunbeam.detector.model.Classifier;
                import pt.sunbeam.detector.model.Perceptron;
                import pt.sunbeam.detector.model.Quantiser;

                """.formatted(model.name(), PACKAGE, unpacks ? "import java.util.Arrays;\n" : "");
    }

    private void tree() {
        var roots = new ArrayDeque<Integer>(List.of(0));
        while (!roots.isEmpty()) {
            int root = roots.remove();
            line(0, "");
            line(1, "private static Verdict %s(byte[] q) {".formatted(methodOf(root)));
            subtree(root, LEVELS, 2, roots);
            line(1, "}");
        }
    }

    private void subtree(int at, int levels, int indent, ArrayDeque<Integer> roots) {
        switch (model.tree().nodes().get(at)) {
            case Node.Leaf(Verdict verdict) -> line(indent, "return Verdict.%s;".formatted(verdict));
            case Node.Split _
            when levels == 0 -> {
                line(indent, "return %s(q);".formatted(methodOf(at)));
                roots.add(at);
            }
            case Node.Split(int feature, int threshold, int left, int right) -> {
                line(indent, "if (q[%d] <= %d) {".formatted(feature, threshold));
                subtree(left, levels - 1, indent + 1, roots);
                line(indent, "} else {");
                subtree(right, levels - 1, indent + 1, roots);
                line(indent, "}");
            }
        }
    }

    private static String methodOf(int root) {
        return root == 0 ? "tree" : "node" + root;
    }

    private void cuts() {
        boolean literal =
                model.features().stream().mapToInt(f -> f.cuts().size() + 1).sum() <= MAX_LITERALS;
        line(0, "");
        line(1, "private static int[][] cuts() {");
        line(2, "return new int[][] {");
        for (var feature : model.features()) {
            line(3, "// %s, %s".formatted(feature.name(), feature.unit()));
            if (literal || feature.cuts().isEmpty()) {
                line(3, "{%s},".formatted(joined(feature.cuts(), ", ")));
            } else {
                unpacks = true;
                line(3, "unpack(\"%s\"),".formatted(joined(feature.cuts(), " ")));
            }
        }
        line(2, "};");
        line(1, "}");
    }

    private void table(String name, List<Integer> numbers) {
        boolean literal = numbers.size() <= MAX_LITERALS;
        line(0, "");
        line(1, "private static int[] %s() {".formatted(name));
        line(2, literal ? "return new int[] {" : "return unpack(");
        var rows = new ArrayList<String>();
        int step = literal ? NUMBERS_PER_LINE : NUMBERS_PER_PIECE;
        for (int from = 0; from < numbers.size(); from += step) {
            var row = numbers.subList(from, Math.min(from + step, numbers.size()));
            rows.add(literal ? joined(row, ", ") : "\"" + joined(row, " ") + "\"");
        }
        var indentation = "    ".repeat(literal ? 3 : 4);
        out.append(rows.stream().collect(Collectors.joining(",\n" + indentation, indentation, literal ? "\n" : "")));
        if (literal) {
            line(2, "};");
        } else {
            unpacks = true;
            out.append(");\n");
        }
        line(1, "}");
    }

    private static String joined(List<Integer> numbers, String separator) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(separator));
    }

    private void line(int indent, String text) {
        out.append(text.isEmpty() ? "" : "    ".repeat(indent)).append(text).append('\n');
    }
}
