package pt.sunbeam.trainer.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import pt.sunbeam.codegen.ModelChecks;
import pt.sunbeam.trainer.Detector;
import pt.sunbeam.trainer.Training;
import pt.sunbeam.trainer.cart.Cart;
import pt.sunbeam.trainer.dataset.Folds;
import pt.sunbeam.trainer.mlp.MlpTrainer;

/** How a model is fitted, for all commands that fit one. */
final class FitOptions {
    private static final int PATIENCE = 20;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--held-out",
            defaultValue = "4",
            paramLabel = "N",
            description = "fold that the model never sees, 0 to 4")
    private int heldOut;

    @Option(
            names = "--hidden-dim",
            defaultValue = "32",
            description = "hidden units of a perceptron, 1 to 1024; where several are put side by side, as many of them"
                    + " as have 1024 in all")
    private int hidden;

    @Option(names = "--epochs", defaultValue = "100", description = "passes over the rows, at most")
    private int epochs;

    @Option(names = "--learning-rate", defaultValue = "0.002", description = "step size of Adam")
    private double learningRate;

    @Option(names = "--batch-size", defaultValue = "512", description = "rows in a step")
    private int batchSize;

    @Option(
            names = "--tree-max-depth",
            defaultValue = "6",
            description = "splits on a path of the tree, at most; up to 11")
    private int treeMaxDepth;

    @Option(
            names = "--tree-min-purity",
            showDefaultValue = CommandLine.Help.Visibility.ALWAYS,
            description = "share of one class from which a leaf decides, above 0.5, at most 1")
    private double treeMinPurity;

    @Option(names = "--min-samples-leaf", defaultValue = "20", description = "rows in a leaf, at least")
    private int minSamplesLeaf;

    @Option(names = "--seed", defaultValue = "42", description = "of split, frames, simulation and fit")
    private long seed;

    @SuppressWarnings("NullAway.Init") // picocli fills options in
    FitOptions(Detector detector) {
        treeMinPurity = detector.treeMinPurity();
    }

    int heldOut() {
        return heldOut;
    }

    long seed() {
        return seed;
    }

    /**
     * Checks ranges.
     *
     * @throws CommandLine.ParameterException naming the option, what was found and what was expected
     */
    void check() {
        require(heldOut >= 0 && heldOut < Folds.COUNT, "--held-out", heldOut, "0 to 4");
        require(hidden >= 1 && hidden <= ModelChecks.MAX_HIDDEN, "--hidden-dim", hidden, "1 to 1024");
        require(epochs >= 1, "--epochs", epochs, "1 or more");
        require(learningRate > 0 && learningRate <= 1, "--learning-rate", learningRate, "above 0, at most 1");
        require(batchSize >= 1, "--batch-size", batchSize, "1 or more");
        require(treeMaxDepth >= 0 && treeMaxDepth <= 11, "--tree-max-depth", treeMaxDepth, "0 to 11");
        require(treeMinPurity > 0.5 && treeMinPurity <= 1, "--tree-min-purity", treeMinPurity, "above 0.5, at most 1");
        require(minSamplesLeaf >= 1, "--min-samples-leaf", minSamplesLeaf, "1 or more");
    }

    void require(boolean valid, String option, Object found, String expected) {
        if (!valid) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), option + ": found " + found + " (expected: " + expected + ")");
        }
    }

    /**
     * As a run takes them.
     *
     * @param rows which rows, as options without paths
     */
    Training.Settings settings(Detector detector, double cookieWeight, String rows) {
        return new Training.Settings(
                new Cart.Settings(treeMaxDepth, treeMinPurity, minSamplesLeaf, detector.evidence()),
                new MlpTrainer.Settings(
                        Math.min(detector.fits(), ModelChecks.MAX_HIDDEN / hidden),
                        hidden,
                        epochs,
                        learningRate,
                        batchSize,
                        PATIENCE,
                        seed,
                        detector.evidence()),
                cookieWeight,
                "sunbeam %s %s --hidden-dim %d --epochs %d --learning-rate %s --batch-size %d --tree-max-depth %d"
                                .formatted(
                                        detector.command(), rows, hidden, epochs, learningRate, batchSize, treeMaxDepth)
                        + " --tree-min-purity %s --min-samples-leaf %d --cookie-weight %s --seed %d"
                                .formatted(treeMinPurity, minSamplesLeaf, cookieWeight, seed));
    }
}
