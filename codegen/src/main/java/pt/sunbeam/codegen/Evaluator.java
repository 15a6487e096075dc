package pt.sunbeam.codegen;

import java.util.List;
import pt.sunbeam.codegen.Model.Ensemble;
import pt.sunbeam.codegen.Model.HiddenUnit;

/**
 * What a model means, computed in the plainest way. Every other computation of a model (generated code, vector kernels,
 * the Lean model) must give the same numbers.
 */
public final class Evaluator {
    private final Ensemble model;

    /** @throws IllegalArgumentException if the model is not {@link ModelChecks#wellFormed well-formed} */
    public Evaluator(Ensemble model) {
        var faults = ModelChecks.wellFormed(model);
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(model.name() + ": " + faults);
        }
        this.model = model;
    }

    /** {@code raw} is in the features' units and order; the result is in [0, 127]. */
    public byte[] quantise(int[] raw) {
        var quantised = new byte[model.features().size()];
        for (int i = 0; i < quantised.length; i++) {
            quantised[i] = quantise(raw[i], model.features().get(i).cuts());
        }
        return quantised;
    }

    public Verdict tree(byte[] quantised) {
        var nodes = model.tree().nodes();
        int at = 0;
        while (true) {
            switch (nodes.get(at)) {
                case Node.Leaf(Verdict verdict) -> {
                    return verdict;
                }
                case Node.Split(int feature, int threshold, int left, int right) ->
                    at = quantised[feature] <= threshold ? left : right;
            }
        }
    }

    public int logit(byte[] quantised) {
        int logit = model.mlp().outputBias();
        for (HiddenUnit unit : model.mlp().hidden()) {
            int sum = unit.bias();
            for (int i = 0; i < quantised.length; i++) {
                sum += unit.weights().get(i) * quantised[i];
            }
            int activation = Math.min(
                    ModelChecks.MAX_ACTIVATION, Math.max(0, sum) >> model.mlp().shift());
            logit += unit.outputWeight() * activation;
        }
        return logit;
    }

    /** ALLOW or BLOCK, with the logit at or above {@code blockAt} blocking where the tree defers. */
    public Verdict verdict(byte[] quantised, int blockAt) {
        var verdict = tree(quantised);
        if (verdict != Verdict.DEFER) {
            return verdict;
        }
        return logit(quantised) >= blockAt ? Verdict.BLOCK : Verdict.ALLOW;
    }

    /** The verdict on raw features at the model's own threshold. */
    public Verdict verdict(int[] raw) {
        return verdict(quantise(raw), model.blockAt());
    }

    private static byte quantise(int value, List<Integer> cuts) {
        byte level = 0;
        for (int cut : cuts) {
            level += (byte) (cut <= value ? 1 : 0);
        }
        return level;
    }
}
