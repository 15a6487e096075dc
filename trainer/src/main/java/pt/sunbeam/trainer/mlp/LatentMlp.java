package pt.sunbeam.trainer.mlp;

import java.util.List;
import java.util.function.Function;

/** A perceptron of floats in steps of the integers; differs from the integer model by what rounding makes of single numbers. */
public final class LatentMlp {
    private final float[] weights;
    private final float[] biases;
    private final float[] outputWeights;
    private final float outputBias;
    private final int shift;

    LatentMlp(float[] weights, float[] biases, float[] outputWeights, float outputBias, int shift) {
        this.weights = weights;
        this.biases = biases;
        this.outputWeights = outputWeights;
        this.outputBias = outputBias;
        this.shift = shift;
    }

    /** What several say together: the sum of their logits. */
    static LatentMlp sum(List<LatentMlp> members) {
        float outputBias = 0;
        for (var member : members) {
            outputBias += member.outputBias;
        }
        return new LatentMlp(
                joined(members, member -> member.weights),
                joined(members, member -> member.biases),
                joined(members, member -> member.outputWeights),
                outputBias,
                members.getFirst().shift);
    }

    private static float[] joined(List<LatentMlp> members, Function<LatentMlp, float[]> part) {
        var parts = members.stream().map(part).toList();
        var joined = new float[parts.stream().mapToInt(array -> array.length).sum()];
        int at = 0;
        for (var array : parts) {
            System.arraycopy(array, 0, joined, at, array.length);
            at += array.length;
        }
        return joined;
    }

    /** The logit in steps, not rounded. */
    public double logit(byte[] levels) {
        double logit = outputBias;
        for (int unit = 0; unit < biases.length; unit++) {
            double sum = biases[unit];
            for (int f = 0; f < levels.length; f++) {
                sum += (double) weights[unit * levels.length + f] * levels[f];
            }
            // An activation is rounded down, by half a step on average.
            logit += outputWeights[unit] * Math.clamp(sum / (1 << shift) - 0.5, 0.0, 127.0);
        }
        return logit;
    }
}
