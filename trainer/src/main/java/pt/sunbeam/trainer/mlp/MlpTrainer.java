package pt.sunbeam.trainer.mlp;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDResource;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.training.GradientCollector;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.codegen.Model;
import pt.sunbeam.trainer.quantise.Sample;

/**
 * Fits a perceptron of one hidden layer in DJL: Adam, weighted binary cross entropy on the logit, early stopping.
 *
 * <p>The forward pass rounds weights, biases and activations as the integer model does, and the backward pass takes rounding for the identity
 * (the straight-through estimator: Bengio, Leonard, Courville 2013; Jacob et al. 2018). So what is fitted is what is shipped.
 *
 * <p>Each hidden unit speaks for one class for good: the sign of its output weight is fixed. For evidence features the input weight has the same
 * sign, so that more evidence never lowers the logit, rounded or not.
 */
public final class MlpTrainer {
    /**
     * How a fit goes.
     *
     * @param fits perceptrons, each with a start and an order of rows of its own, that are put side by side; {@code hidden} units in each
     * @param patience epochs without a better validation loss after which the fit ends
     * @param evidence features that may only raise the logit
     */
    public record Settings(
            int fits,
            int hidden,
            int epochs,
            double learningRate,
            int batchSize,
            int patience,
            long seed,
            Set<Integer> evidence) {
        public Settings {
            evidence = Set.copyOf(evidence);
        }
    }

    /** After each epoch: whose it is, its number, both from 1, and the losses in nats. */
    public record Epoch(int fit, int number, double trainLoss, double validationLoss) {}

    /** So that neither the next fit's start nor its order is that of a run with the next seed. */
    private static final long SEEDS_APART = 1_000;

    private final Settings settings;
    private final Scales scales;
    private final int features;

    private MlpTrainer(Settings settings, int[] levels) {
        this.settings = settings;
        features = levels.length;
        scales = Scales.of(levels.clone());
    }

    /** Where the fit runs: a GPU where the engine has one. */
    public static Device device() {
        return device(Engine.getInstance().getGpuCount());
    }

    /** The first GPU of so many, or the CPU; {@code Device.gpu()} itself does not ask whether there is one. */
    static Device device(int gpus) {
        return gpus > 0 ? Device.gpu() : Device.cpu();
    }

    /**
     * Fits on {@code train}; keeps the epoch of the lowest loss on {@code validation}.
     *
     * @param levels the highest level of each feature
     * @throws IllegalArgumentException if one of the samples has no weight
     */
    public static FittedMlp fit(
            Sample train, Sample validation, int[] levels, Settings settings, Consumer<Epoch> progress) {
        for (var sample : List.of(train, validation)) {
            if (total(sample) <= 0) {
                throw new IllegalArgumentException("no rows of positive weight to fit a perceptron on");
            }
        }
        var trainer = new MlpTrainer(settings, levels);
        return FittedMlp.committee(IntStream.rangeClosed(1, settings.fits())
                .mapToObj(fit -> trainer.fit(fit, train, validation, progress))
                .toList());
    }

    /** The numbers being fitted; gradients hang on them. */
    private record Parameters(NDArray inputs, NDArray biases, NDArray outputs, NDArray outputBias) {
        List<NDArray> all() {
            return List.of(inputs, biases, outputs, outputBias);
        }
    }

    /**
     * What stays as it is: worths of steps and their inverses, signs, masks.
     *
     * <p>Factors are arrays that live as long as the fit. {@code array.mul(2.0)} would wrap the number in an array over Java memory and let go of
     * it at once, while the gradient still has to read it (DJL 0.36): once the garbage collector has been there, it reads something else.
     */
    private record Fixed(
            NDArray inputSteps,
            NDArray unitSigns,
            NDArray evidence,
            NDArray biasSteps,
            NDArray outputSteps,
            NDArray logitSteps,
            NDArray activationStep,
            NDArray logitWorth) {
        NDArray[] all() {
            return new NDArray[] {
                inputSteps, unitSigns, evidence, biasSteps, outputSteps, logitSteps, activationStep, logitWorth
            };
        }
    }

    private FittedMlp fit(int fit, Sample train, Sample validation, Consumer<Epoch> progress) {
        var device = device();
        long seed = settings.seed() + SEEDS_APART * (fit - 1);
        try (var manager = NDManager.newBaseManager(device)) {
            var fixed = fixed(manager);
            var parameters = initial(manager, seed);
            var optimizer = Optimizer.adam()
                    .optLearningRateTracker(Tracker.fixed((float) settings.learningRate()))
                    .build();
            var order = new SplittableRandom(seed);
            var trainLoss = new ArrayList<Double>();
            var validationLoss = new ArrayList<Double>();
            Snapshot best = null;
            double bestLoss = Double.POSITIVE_INFINITY;
            int bestEpoch = 0;
            for (int epoch = 1; epoch <= settings.epochs() && epoch - bestEpoch <= settings.patience(); epoch++) {
                trainLoss.add(epoch(manager, train, shuffled(train.size(), order), parameters, fixed, optimizer));
                double loss = epoch(manager, validation, inOrder(validation.size()), parameters, fixed, null);
                validationLoss.add(loss);
                if (loss < bestLoss) {
                    bestLoss = loss;
                    bestEpoch = epoch;
                    best = snapshot(manager, parameters, fixed);
                }
                progress.accept(new Epoch(fit, epoch, trainLoss.getLast(), loss));
            }
            if (best == null) {
                throw new IllegalStateException("the loss was never a number: learning rate too high?");
            }
            return new FittedMlp(
                    best.integers(features, scales.shift()),
                    best.latent(scales.shift()),
                    scales.logit(),
                    List.of(new FittedMlp.Course(trainLoss, validationLoss, bestEpoch)),
                    device.toString());
        }
    }

    /** One pass over the rows; with an optimizer it learns. Returns the mean loss by weight. */
    private double epoch(
            NDManager manager,
            Sample sample,
            int[] order,
            Parameters parameters,
            Fixed fixed,
            @Nullable Optimizer optimizer) {
        double meanWeight = total(sample) / sample.size();
        double lost = 0;
        for (int from = 0; from < order.length; from += settings.batchSize()) {
            int size = Math.min(settings.batchSize(), order.length - from);
            var levels = new float[size * features];
            var labels = new float[size];
            var weights = new float[size];
            for (int i = 0; i < size; i++) {
                int row = order[from + i];
                for (int f = 0; f < features; f++) {
                    levels[i * features + f] = sample.levels(row)[f];
                }
                labels[i] = sample.attack(row) ? 1 : 0;
                weights[i] = (float) (sample.weight(row) / meanWeight);
            }
            try (var batch = manager.newSubManager()) {
                attach(batch, parameters, fixed);
                var inputs = batch.create(levels, new Shape(size, features));
                var wanted = batch.create(labels);
                var weight = batch.create(weights);
                if (optimizer == null) {
                    lost += loss(inputs, wanted, weight, parameters, fixed).getFloat() * size;
                } else {
                    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                        var loss = loss(inputs, wanted, weight, parameters, fixed);
                        collector.backward(loss);
                        lost += loss.getFloat() * size;
                    }
                    int id = 0;
                    for (var parameter : parameters.all()) {
                        var gradient = parameter.getGradient();
                        optimizer.update("p" + id++, parameter, gradient);
                        gradient.subi(gradient); // else the next batch adds to it
                    }
                }
            }
        }
        return lost / order.length;
    }

    /** Weighted mean of {@code max(z, 0) - z y + ln(1 + exp(-|z|))}. */
    private NDArray loss(NDArray inputs, NDArray labels, NDArray weights, Parameters parameters, Fixed fixed) {
        var logit = logit(inputs, integers(parameters, fixed), fixed);
        var loss = Activation.relu(logit)
                .sub(logit.mul(labels))
                .add(logit.abs().neg().exp().add(1).log());
        return loss.mul(weights).mean();
    }

    /** Logits in nats, through integers. */
    private static NDArray logit(NDArray levels, NDList integers, Fixed fixed) {
        return steps(levels, integers, fixed.activationStep()).mul(fixed.logitWorth());
    }

    /** Logits in steps of the integer model: whole numbers, all of them and all sums on the way below 2^24, where floats are exact. */
    static NDArray steps(NDArray levels, NDList integers, NDArray activationStep) {
        var sums = levels.matMul(integers.get(0).transpose()).add(integers.get(1));
        var activations = floor(sums.mul(activationStep).clip(0, 127));
        return activations.matMul(integers.get(2)).add(integers.get(3));
    }

    private NDList integers(Parameters parameters, Fixed fixed) {
        var latent = latent(parameters, fixed);
        var inRange = clipped(latent);
        var integers = new NDList();
        for (int i = 0; i < latent.size(); i++) {
            // Forward the nearest whole number in range, backward the identity.
            integers.add(
                    latent.get(i).add(inRange.get(i).round().sub(latent.get(i)).stopGradient()));
        }
        return integers;
    }

    private static NDList clipped(NDList latent) {
        return new NDList(
                latent.get(0).clip(-127, 127),
                latent.get(1).clip(-(1 << 24), 1 << 24),
                latent.get(2).clip(-127, 127),
                latent.get(3).clip(-(1 << 24), 1 << 24));
    }

    /** Parameters in steps of the integers, signs put in. */
    private NDList latent(Parameters parameters, Fixed fixed) {
        var free = parameters.inputs();
        var bound = free.abs().mul(fixed.unitSigns().expandDims(1));
        var inputs = free.add(bound.sub(free).mul(fixed.evidence())).div(fixed.inputSteps());
        return new NDList(
                inputs,
                parameters.biases().mul(fixed.biasSteps()),
                parameters.outputs().abs().mul(fixed.unitSigns()).mul(fixed.outputSteps()),
                parameters.outputBias().mul(fixed.logitSteps()));
    }

    private static NDArray floor(NDArray values) {
        return values.add(values.floor().sub(values).stopGradient());
    }

    private Fixed fixed(NDManager manager) {
        var signs = new float[settings.hidden()];
        for (int unit = 0; unit < signs.length; unit++) {
            signs[unit] = unit % 2 == 0 ? 1 : -1;
        }
        var evidence = new float[features];
        settings.evidence().forEach(feature -> evidence[feature] = 1);
        return new Fixed(
                manager.create(scales.inputWeights(), new Shape(1, features)),
                manager.create(signs),
                manager.create(evidence, new Shape(1, features)),
                manager.create((float) (1 / scales.input())),
                manager.create((float) (1 / scales.output())),
                manager.create((float) (1 / scales.logit())),
                manager.create(1f / (1 << scales.shift())),
                manager.create((float) scales.logit()));
    }

    /** He initialisation, drawn here so that a seed gives the same start on every device. */
    private Parameters initial(NDManager manager, long seed) {
        var random = new SplittableRandom(seed);
        var inputs = new float[settings.hidden() * features];
        for (int i = 0; i < inputs.length; i++) {
            boolean varies = scales.levels()[i % features] > 0;
            inputs[i] = varies ? (float) (random.nextGaussian() * Math.sqrt(2.0 / features)) : 0;
        }
        var biases = new float[settings.hidden()];
        var outputs = new float[settings.hidden()];
        for (int unit = 0; unit < settings.hidden(); unit++) {
            biases[unit] = (float) random.nextDouble(-0.5, 0.5);
            outputs[unit] = (float) (random.nextGaussian() * Math.sqrt(1.0 / settings.hidden()));
        }
        var parameters = new Parameters(
                manager.create(inputs, new Shape(settings.hidden(), features)),
                manager.create(biases),
                manager.create(outputs),
                manager.create(new float[1]));
        parameters.all().forEach(array -> array.setRequiresGradient(true));
        return parameters;
    }

    /** Integers and latent floats of one moment. */
    private record Snapshot(List<float[]> integers, List<float[]> latent) {
        Model.Mlp integers(int features, int shift) {
            var hidden = new ArrayList<Model.HiddenUnit>();
            for (int unit = 0; unit < integers.get(1).length; unit++) {
                var weights = new ArrayList<Integer>();
                for (int f = 0; f < features; f++) {
                    weights.add(Math.round(integers.get(0)[unit * features + f]));
                }
                hidden.add(new Model.HiddenUnit(
                        Math.round(integers.get(1)[unit]), weights, Math.round(integers.get(2)[unit])));
            }
            return new Model.Mlp(hidden, shift, Math.round(integers.get(3)[0]));
        }

        LatentMlp latent(int shift) {
            return new LatentMlp(latent.get(0), latent.get(1), latent.get(2), latent.get(3)[0], shift);
        }
    }

    private Snapshot snapshot(NDManager manager, Parameters parameters, Fixed fixed) {
        try (var now = manager.newSubManager()) {
            attach(now, parameters, fixed);
            return new Snapshot(
                    integers(parameters, fixed).stream()
                            .map(NDArray::toFloatArray)
                            .toList(),
                    clipped(latent(parameters, fixed)).stream()
                            .map(NDArray::toFloatArray)
                            .toList());
        }
    }

    /** What is computed from an array belongs to the array's manager: until this one is closed, that is it. */
    private static void attach(NDManager manager, Parameters parameters, Fixed fixed) {
        parameters.all().forEach(manager::tempAttachAll);
        manager.tempAttachAll((NDResource[]) fixed.all());
    }

    private static double total(Sample sample) {
        double total = 0;
        for (int row = 0; row < sample.size(); row++) {
            total += sample.weight(row);
        }
        return total;
    }

    private static int[] inOrder(int size) {
        var order = new int[size];
        for (int i = 0; i < size; i++) {
            order[i] = i;
        }
        return order;
    }

    /** Fisher-Yates. */
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
