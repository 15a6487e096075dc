package pt.sunbeam.trainer.mlp;

import java.util.Arrays;

/**
 * What one step of each integer of a perceptron is worth.
 *
 * <p>A feature of {@code n} levels enters the fit as {@code level / n}, so that its float weight is its effect over its whole range; one step of
 * its int8 weight is worth {@code input * n} of that.
 *
 * @param levels the highest level of each feature; 0 for a feature that never varies
 * @param input worth of one step of an accumulator
 * @param shift an activation is an accumulator shifted right by this
 * @param output worth of one step of an output weight
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Scales(int[] levels, double input, int shift, double output) {
    /**
     * The effect that a feature can have on a hidden unit, at most, were its levels the geometric mean of the fewest and the most: features of few
     * levels get less reach, those of many levels coarser steps.
     */
    private static final double LARGEST_WEIGHT = 2.0;

    /** The largest activation. */
    private static final double LARGEST_ACTIVATION = 4.0;

    private static final double LARGEST_OUTPUT_WEIGHT = 8.0;

    static Scales of(int[] levels) {
        int fewest = Arrays.stream(levels).filter(n -> n > 0).min().orElse(1);
        int most = Math.max(1, Arrays.stream(levels).max().orElse(1));
        double input = LARGEST_WEIGHT / (127.0 * Math.sqrt((double) fewest * most));
        int shift = (int) Math.ceil(Math.log(LARGEST_ACTIVATION / (127 * input)) / Math.log(2));
        return new Scales(levels, input, Math.clamp(shift, 0, 24), LARGEST_OUTPUT_WEIGHT / 127.0);
    }

    /** Nats for one step of the integer logit. */
    double logit() {
        return input * (1 << shift) * output;
    }

    /** Worth of one step of each input weight; 1 for features that never vary. */
    float[] inputWeights() {
        var steps = new float[levels.length];
        for (int f = 0; f < steps.length; f++) {
            steps[f] = levels[f] == 0 ? 1 : (float) (input * levels[f]);
        }
        return steps;
    }
}
