package pt.sunbeam.trainer.mlp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import pt.sunbeam.trainer.quantise.Sample;

/**
 * The fit of {@link MlpTrainer} once more in plain Java, with the gradients worked out by hand: same start, same batches, Adam (Kingma and Ba 2015).
 *
 * <p>Single precision, as there: sums of whole numbers below 2^24 are exact in any order, so that both round the same numbers to the same integers.
 */
final class PlainFit {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private final MlpTrainer.Settings settings;
    private final Scales scales;
    private final int features;
    private final int hidden;
    private final float[] evidence;

    private final Parameter inputs;
    private final Parameter biases;
    private final Parameter outputs;
    private final Parameter outputBias;

    final List<Double> trainLoss = new ArrayList<>();
    final List<Double> validationLoss = new ArrayList<>();

    /** Numbers, and Adam's moments of their gradients. */
    private static final class Parameter {
        final float[] values;
        final float[] gradient;
        private final float[] mean;
        private final float[] variance;
        private int steps;

        Parameter(int size) {
            values = new float[size];
            gradient = new float[size];
            mean = new float[size];
            variance = new float[size];
        }

        void learn(double rate) {
            steps++;
            float corrected = (float) (rate * Math.sqrt(1 - Math.pow(BETA2, steps)) / (1 - Math.pow(BETA1, steps)));
            for (int i = 0; i < values.length; i++) {
                float g = gradient[i];
                mean[i] = (float) (BETA1 * mean[i] + (1 - BETA1) * g);
                variance[i] = (float) (BETA2 * variance[i] + (1 - BETA2) * g * g);
                values[i] -= (float) (corrected * mean[i] / (Math.sqrt(variance[i]) + EPSILON));
                gradient[i] = 0;
            }
        }
    }

    PlainFit(MlpTrainer.Settings settings, int[] levels) {
        this.settings = settings;
        scales = Scales.of(levels);
        features = levels.length;
        hidden = settings.hidden();
        evidence = new float[features];
        settings.evidence().forEach(feature -> evidence[feature] = 1);
        inputs = new Parameter(hidden * features);
        biases = new Parameter(hidden);
        outputs = new Parameter(hidden);
        outputBias = new Parameter(1);
        var random = new SplittableRandom(settings.seed());
        for (int i = 0; i < inputs.values.length; i++) {
            inputs.values[i] =
                    levels[i % features] > 0 ? (float) (random.nextGaussian() * Math.sqrt(2.0 / features)) : 0;
        }
        for (int unit = 0; unit < hidden; unit++) {
            biases.values[unit] = (float) random.nextDouble(-0.5, 0.5);
            outputs.values[unit] = (float) (random.nextGaussian() * Math.sqrt(1.0 / hidden));
        }
    }

    void fit(Sample train, Sample validation) {
        var order = new SplittableRandom(settings.seed());
        for (int epoch = 0; epoch < settings.epochs(); epoch++) {
            trainLoss.add(pass(train, shuffled(train.size(), order), true));
            validationLoss.add(pass(validation, inOrder(validation.size()), false));
        }
    }

    private double pass(Sample sample, int[] order, boolean learn) {
        double total = 0;
        for (int row = 0; row < sample.size(); row++) {
            total += sample.weight(row);
        }
        double meanWeight = total / sample.size();
        double lost = 0;
        for (int from = 0; from < order.length; from += settings.batchSize()) {
            int size = Math.min(settings.batchSize(), order.length - from);
            double loss = 0;
            for (int i = 0; i < size; i++) {
                int row = order[from + i];
                float weight = (float) (sample.weight(row) / meanWeight);
                loss += weight * row(sample.levels(row), sample.attack(row) ? 1 : 0, weight / size) / size;
            }
            lost += loss * size;
            for (var parameter : List.of(inputs, biases, outputs, outputBias)) {
                if (learn) {
                    parameter.learn(settings.learningRate());
                } else {
                    Arrays.fill(parameter.gradient, 0);
                }
            }
        }
        return lost / order.length;
    }

    /** The loss of one row; adds to the gradients what {@code share} of it is worth. */
    private double row(byte[] levels, int label, float share) {
        var steps = scales.inputWeights();
        float activationStep = 1f / (1 << scales.shift());
        float biasStep = (float) (1 / scales.input());
        float outputStep = (float) (1 / scales.output());
        float logitStep = (float) (1 / scales.logit());
        float worth = (float) scales.logit();

        var sums = new float[hidden];
        var activations = new float[hidden];
        var outputWeights = new float[hidden];
        float logit = rounded(outputBias.values[0] * logitStep, 1 << 24);
        for (int unit = 0; unit < hidden; unit++) {
            float sum = rounded(biases.values[unit] * biasStep, 1 << 24);
            for (int f = 0; f < features; f++) {
                sum += rounded(input(unit, f) / steps[f], 127) * levels[f];
            }
            sums[unit] = sum * activationStep;
            activations[unit] = (float) Math.floor(Math.clamp(sums[unit], 0f, 127f));
            outputWeights[unit] = rounded(Math.abs(outputs.values[unit]) * sign(unit) * outputStep, 127);
            logit += outputWeights[unit] * activations[unit];
        }
        float z = logit * worth;
        float slope = (z > 0 ? 1 : 0) - label - (float) (Math.signum(z) / (1 + Math.exp(Math.abs(z))));
        float atLogit = share * slope * worth;
        outputBias.gradient[0] += atLogit * logitStep;
        for (int unit = 0; unit < hidden; unit++) {
            outputs.gradient[unit] +=
                    atLogit * activations[unit] * outputStep * sign(unit) * Math.signum(outputs.values[unit]);
            boolean open = sums[unit] >= 0 && sums[unit] <= 127;
            float atSum = open ? atLogit * outputWeights[unit] * activationStep : 0;
            biases.gradient[unit] += atSum * biasStep;
            for (int f = 0; f < features; f++) {
                float free = inputs.values[unit * features + f];
                float inner = evidence[f] == 1 ? sign(unit) * Math.signum(free) : 1;
                inputs.gradient[unit * features + f] += atSum * levels[f] / steps[f] * inner;
            }
        }
        return Math.max(z, 0) - z * label + Math.log1p(Math.exp(-Math.abs(z)));
    }

    /** The weight itself, or for evidence its size with the sign of the unit. */
    private float input(int unit, int feature) {
        float free = inputs.values[unit * features + feature];
        return free + (Math.abs(free) * sign(unit) - free) * evidence[feature];
    }

    private static int sign(int unit) {
        return unit % 2 == 0 ? 1 : -1;
    }

    private static float rounded(float value, float limit) {
        return (float) Math.rint(Math.clamp(value, -limit, limit));
    }

    private static int[] inOrder(int size) {
        var order = new int[size];
        Arrays.setAll(order, i -> i);
        return order;
    }

    private static int[] shuffled(int size, SplittableRandom random) {
        var order = inOrder(size);
        for (int i = size - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
        return order;
    }
}
