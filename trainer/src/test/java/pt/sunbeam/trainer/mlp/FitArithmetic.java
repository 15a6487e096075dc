package pt.sunbeam.trainer.mlp;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import pt.sunbeam.codegen.Model;

/** The forward pass of the fit, in PyTorch, with the integers of a finished model. */
public final class FitArithmetic {
    private FitArithmetic() {}

    /** Logits in steps; one for each input. */
    public static int[] logits(Model.Mlp mlp, byte[][] inputs) {
        int hidden = mlp.hidden().size();
        int features = inputs[0].length;
        var weights = new float[hidden * features];
        var biases = new float[hidden];
        var outputs = new float[hidden];
        for (int unit = 0; unit < hidden; unit++) {
            var from = mlp.hidden().get(unit);
            biases[unit] = from.bias();
            outputs[unit] = from.outputWeight();
            for (int f = 0; f < features; f++) {
                weights[unit * features + f] = from.weights().get(f);
            }
        }
        var levels = new float[inputs.length * features];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = inputs[i / features][i % features];
        }
        try (var manager = NDManager.newBaseManager(Device.cpu())) {
            var steps = MlpTrainer.steps(
                            manager.create(levels, new Shape(inputs.length, features)),
                            new NDList(
                                    manager.create(weights, new Shape(hidden, features)),
                                    manager.create(biases),
                                    manager.create(outputs),
                                    manager.create(new float[] {mlp.outputBias()})),
                            manager.create(1f / (1 << mlp.shift())))
                    .toFloatArray();
            var logits = new int[steps.length];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = (int) steps[i];
                if (logits[i] != steps[i]) {
                    throw new AssertionError("no whole number: " + steps[i]);
                }
            }
            return logits;
        }
    }
}
