package pt.sunbeam.detector.model;

import java.util.function.Function;
import pt.sunbeam.codegen.Feature;
import pt.sunbeam.codegen.Model.Ensemble;
import pt.sunbeam.codegen.Model.HiddenUnit;
import pt.sunbeam.codegen.ModelChecks;
import pt.sunbeam.codegen.Verdict;

/** A tree and a perceptron over quantised features, ready to judge. Immutable and thread-safe. */
public final class Classifier {
    final Quantiser quantiser;
    final Function<byte[], Verdict> tree;
    final Perceptron perceptron;

    private final String name;
    private final String sha256;
    private final int blockAt;
    private final int stepsPerNat;

    /**
     * For generated code.
     *
     * @param tree from quantised features to a verdict
     * @param blockAt the logit of the calibrated probability 0.5
     * @param stepsPerNat how many steps of the logit make one nat of the log-odds, positive
     */
    public Classifier(
            String name,
            String sha256,
            Quantiser quantiser,
            Function<byte[], Verdict> tree,
            Perceptron perceptron,
            int blockAt,
            int stepsPerNat) {
        this.name = name;
        this.sha256 = sha256;
        this.quantiser = quantiser;
        this.tree = tree;
        this.perceptron = perceptron;
        this.blockAt = blockAt;
        this.stepsPerNat = stepsPerNat;
    }

    /**
     * A model that was read at run time; it judges exactly as its generated class would.
     *
     * @throws IllegalArgumentException if the model is not {@link ModelChecks#wellFormed well-formed}
     */
    public static Classifier of(Ensemble model, String sha256) {
        var faults = ModelChecks.wellFormed(model);
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(model.name() + ": " + faults);
        }
        var hidden = model.mlp().hidden();
        var weights = new int[model.features().size() * hidden.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = hidden.get(i % hidden.size()).weights().get(i / hidden.size());
        }
        return new Classifier(
                model.name(),
                sha256,
                new Quantiser(model.features().stream().map(Classifier::cuts).toArray(int[][]::new)),
                new TreeTable(model.tree().nodes())::walk,
                new Perceptron(
                        weights,
                        hidden.stream().mapToInt(HiddenUnit::bias).toArray(),
                        hidden.stream().mapToInt(HiddenUnit::outputWeight).toArray(),
                        model.mlp().shift(),
                        model.mlp().outputBias()),
                model.blockAt(),
                model.stepsPerNat());
    }

    private static int[] cuts(Feature feature) {
        return feature.cuts().stream().mapToInt(cut -> cut).toArray();
    }

    public String name() {
        return name;
    }

    /** SHA-256 of the model file, lower-case hex: the model's version. */
    public String sha256() {
        return sha256;
    }

    public int features() {
        return quantiser.features();
    }

    /** Judges raw features ({@code raw[0..features)}); {@code blockAt} comes from {@link #logitOf}. Allocates nothing. */
    public Judgement judge(int[] raw, Scratch scratch, int blockAt) {
        quantiser.quantise(raw, scratch.quantised);
        return switch (tree.apply(scratch.quantised)) {
            case ALLOW -> Judgement.TREE_ALLOW;
            case BLOCK -> Judgement.TREE_BLOCK;
            case DEFER -> {
                scratch.logit = perceptron.logit(scratch.quantised);
                yield scratch.logit >= blockAt ? Judgement.MLP_BLOCK : Judgement.MLP_ALLOW;
            }
        };
    }

    /**
     * The integer logit of a calibrated probability in [0, 1]; 0.5 is the model's own point; 1 is above, 0 below every logit.
     *
     * @throws IllegalArgumentException outside [0, 1]
     */
    public int logitOf(double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("found probability " + probability + " (expected: 0 to 1)");
        }
        // StrictMath, so that all nodes of a cluster get the same threshold from the same configuration.
        double steps = stepsPerNat * StrictMath.log(probability / (1 - probability));
        return Math.clamp(blockAt + Math.round(Math.clamp(steps, -1e15, 1e15)), Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /** For logs: 1 and 0 for the tree's verdicts, else the calibrated probability of the scratch's logit. */
    public double score(Judgement judgement, Scratch scratch) {
        return switch (judgement) {
            case TREE_ALLOW -> 0;
            case TREE_BLOCK -> 1;
            case MLP_ALLOW, MLP_BLOCK -> {
                double nats = ((double) scratch.logit - blockAt) / stepsPerNat;
                yield 1 / (1 + Math.exp(-nats));
            }
        };
    }
}
