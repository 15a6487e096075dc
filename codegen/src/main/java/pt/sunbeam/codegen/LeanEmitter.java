package pt.sunbeam.codegen;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import pt.sunbeam.codegen.Model.Ensemble;
import pt.sunbeam.codegen.Model.HiddenUnit;

/** A model as constants for the Lean 4 module {@code Model}, whose theorems hold for every table that passes its checks. */
public final class LeanEmitter {
    /** The same arguments always give the same text; {@code cases} are those that Lean is to compute, too. */
    public static String emit(Ensemble model, String sha256, List<Vectors.Case> cases) {
        var name = Codegen.className(model.name());
        return """
                module
                public import Model
                /-! Generated from %s.model, sha256 %s; not to be edited. -/
                @[expose] public noncomputable section
                namespace %s
                open Model

                /-- %s -/
                def features : List Feature := [
                %s]

                def table : List Node := [
                %s]

                def rows : List Row := [
                %s]

                def net : Net := ⟨rows, %d, %d⟩
                def model : Ensemble := ⟨features, table, net, %d⟩

                /-- The first of the committed test vectors. -/
                def vectors : List Case := [
                %s]

                end %s
                """.formatted(
                        model.name(),
                        sha256,
                        name,
                        model.features().stream().map(Feature::name).collect(Collectors.joining(", ")),
                        lines(model.features(), LeanEmitter::feature),
                        lines(model.tree().nodes(), LeanEmitter::node),
                        lines(model.mlp().hidden(), LeanEmitter::row),
                        model.mlp().outputBias(),
                        model.mlp().shift(),
                        model.blockAt(),
                        lines(cases, LeanEmitter::testCase),
                        name);
    }

    private static <T> String lines(List<T> items, Function<T, String> form) {
        return items.stream().map(item -> "  " + form.apply(item)).collect(Collectors.joining(",\n"));
    }

    private static String feature(Feature feature) {
        return "⟨%s, %s⟩".formatted(feature.cuts(), feature.evidence());
    }

    private static String node(Node node) {
        return switch (node) {
            case Node.Split(int feature, int threshold, int left, int right) ->
                ".split %d %d %d %d".formatted(feature, threshold, left, right);
            case Node.Leaf(Verdict verdict) -> ".leaf " + verdict(verdict);
        };
    }

    private static String row(HiddenUnit unit) {
        return "⟨%s, %d, %d⟩".formatted(unit.weights(), unit.bias(), unit.outputWeight());
    }

    private static String testCase(Vectors.Case one) {
        return "⟨%s, %s, %s, %d, %s⟩"
                .formatted(one.raw(), one.quantised(), verdict(one.tree()), one.logit(), verdict(one.verdict()));
    }

    private static String verdict(Verdict verdict) {
        return "." + verdict.name().toLowerCase(Locale.ROOT);
    }

    private LeanEmitter() {}
}
