package pt.sunbeam.trainer.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import pt.sunbeam.trainer.Detector;
import pt.sunbeam.trainer.Training;
import pt.sunbeam.trainer.cart.Cart;
import pt.sunbeam.trainer.dataset.DatasetException;
import pt.sunbeam.trainer.export.Export;
import pt.sunbeam.trainer.mlp.MlpTrainer;
import pt.sunbeam.trainer.read.DataException;
import pt.sunbeam.trainer.report.Progress;

/** {@code train-mlp-scanner} and {@code train-mlp-ddos}. */
@Command(
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:model written",
            "1:no model: data sets missing, checks failed, or files not written",
            "2:bad options or broken data"
        })
public final class TrainCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int BAD_INPUT = 2;
    private static final int PATIENCE = 20;

    private final Detector detector;

    @Spec
    private CommandSpec spec;

    @Option(names = "--data", required = true, paramLabel = "DIR", description = "folder of the data sets")
    private Path data;

    @Option(
            names = {"--output", "--output-dir"},
            defaultValue = ".",
            paramLabel = "ROOT",
            description = "root of the repository into which model files are written")
    private Path output;

    @Option(names = "--hidden-dim", defaultValue = "32", description = "hidden units of the perceptron, 1 to 1024")
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
            defaultValue = "0.90",
            description = "share of one class from which a leaf decides, above 0.5, at most 1")
    private double treeMinPurity;

    @Option(names = "--min-samples-leaf", defaultValue = "20", description = "rows in a leaf, at least")
    private int minSamplesLeaf;

    @Option(names = "--seed", defaultValue = "42", description = "of split, frames, simulation and fit")
    private long seed;

    @SuppressWarnings("NullAway.Init") // picocli fills options in
    public TrainCommand(Detector detector) {
        this.detector = detector;
    }

    @Override
    public Integer call() throws IOException {
        require(Files.isDirectory(data), "--data", data, "a folder");
        require(hidden >= 1 && hidden <= 1_024, "--hidden-dim", hidden, "1 to 1024");
        require(epochs >= 1, "--epochs", epochs, "1 or more");
        require(learningRate > 0 && learningRate <= 1, "--learning-rate", learningRate, "above 0, at most 1");
        require(batchSize >= 1, "--batch-size", batchSize, "1 or more");
        require(treeMaxDepth >= 0 && treeMaxDepth <= 11, "--tree-max-depth", treeMaxDepth, "0 to 11");
        require(treeMinPurity > 0.5 && treeMinPurity <= 1, "--tree-min-purity", treeMinPurity, "above 0.5, at most 1");
        require(minSamplesLeaf >= 1, "--min-samples-leaf", minSamplesLeaf, "1 or more");
        var err = spec.commandLine().getErr();
        try {
            var report = Training.run(detector, settings(), data, output, Progress.standard());
            spec.commandLine().getOut().println(report);
            spec.commandLine().getOut().flush();
            return 0;
        } catch (DataException broken) {
            err.println(broken.getMessage());
            return BAD_INPUT;
        } catch (DatasetException | Export.ModelRefused failed) {
            err.println(failed.getMessage());
            return FAILED;
        }
    }

    private Training.Settings settings() {
        return new Training.Settings(
                new Cart.Settings(treeMaxDepth, treeMinPurity, minSamplesLeaf, detector.evidence()),
                new MlpTrainer.Settings(hidden, epochs, learningRate, batchSize, PATIENCE, seed, detector.evidence()),
                "sunbeam %s --data DIR --hidden-dim %d --epochs %d --learning-rate %s --batch-size %d --tree-max-depth %d"
                                .formatted(detector.command(), hidden, epochs, learningRate, batchSize, treeMaxDepth)
                        + " --tree-min-purity %s --min-samples-leaf %d --seed %d"
                                .formatted(treeMinPurity, minSamplesLeaf, seed));
    }

    private void require(boolean valid, String option, Object found, String expected) {
        if (!valid) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), option + ": found " + found + " (expected: " + expected + ")");
        }
    }
}
