package pt.sunbeam.codegen;

import java.util.Locale;
import java.util.stream.Collectors;
import pt.sunbeam.codegen.Model.Ensemble;

/**
 * A model as constants for the Lean 4 module {@code Model}, which proves its theorems over quantised features in [0, 127].
 *
 * <p>There the perceptron, too, has a middle verdict between {@code allowAt} and {@code blockAt}; here it has none.
 */
public final class LeanEmitter {
    public static String emit(Ensemble model, String sha256) {
        var nodes = model.tree().nodes().stream()
                .map(node -> switch (node) {
                    case Node.Split(int feature, int threshold, int left, int right) ->
                        "  split %d (%d) %d %d".formatted(feature, threshold, left, right);
                    case Node.Leaf(Verdict verdict) ->
                        "  leaf ." + verdict.name().toLowerCase(Locale.ROOT);
                })
                .collect(Collectors.joining(",\n"));
        var rows = model.mlp().hidden().stream()
                .map(unit -> "  ⟨%s, %d, %d⟩".formatted(unit.weights(), unit.bias(), unit.outputWeight()))
                .collect(Collectors.joining(",\n"));
        var features = model.features().stream().map(Feature::name).collect(Collectors.joining(", "));
        return """
                module
                public import Model
                /-! Generated from %s.model, sha256 %s; not to be edited.
                Features, from 0: %s. -/
                @[expose] public noncomputable section
                namespace %s
                open Model

                def features : Nat := %d

                def tree : Table := [
                %s]

                def rows : List Row := [
                %s]

                def net : Net := ⟨rows, %d, %d⟩
                def ens : Ensemble := ⟨tree, net, %d, %d⟩

                end %s
                """.formatted(
                        model.name(),
                        sha256,
                        features,
                        Codegen.className(model.name()),
                        model.features().size(),
                        nodes,
                        rows,
                        model.mlp().outputBias(),
                        model.mlp().shift(),
                        model.blockAt() - 1L,
                        model.blockAt(),
                        Codegen.className(model.name()));
    }

    private LeanEmitter() {}
}
