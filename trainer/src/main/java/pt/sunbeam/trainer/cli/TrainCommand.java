package pt.sunbeam.trainer.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import pt.sunbeam.trainer.Detector;
import pt.sunbeam.trainer.Training;
import pt.sunbeam.trainer.cart.Cart;
import pt.sunbeam.trainer.dataset.DatasetBuilder;
import pt.sunbeam.trainer.dataset.DatasetException;
import pt.sunbeam.trainer.dataset.DatasetFile;
import pt.sunbeam.trainer.dataset.Folds;
import pt.sunbeam.trainer.dataset.SourceFiles;
import pt.sunbeam.trainer.dataset.Split;
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

    private static final class Rows {
        @Option(names = "--dataset", paramLabel = "FILE", description = "dataset that prepare-dataset wrote")
        private @Nullable Path dataset;

        @Option(names = "--data", paramLabel = "DIR", description = "folder of public data sets, prepared first")
        private @Nullable Path data;
    }

    @ArgGroup(multiplicity = "1")
    private Rows rows;

    @Option(
            names = "--held-out",
            defaultValue = "4",
            paramLabel = "N",
            description = "fold that the model never sees, 0 to 4")
    private int heldOut;

    @Option(
            names = "--split",
            defaultValue = "group",
            paramLabel = "KIND",
            description = "group: test on the fold held out; time: on the last fifth of each source")
    private String split;

    @Option(
            names = "--cross-validate",
            paramLabel = "DIR",
            description = "train five models, a fold held out of each, into DIR/fold-N; no tables are written")
    private @Nullable Path crossValidate;

    @Option(
            names = "--cookie-weight",
            defaultValue = "1.0",
            paramLabel = "W",
            description = "0 to 1: how much cookies may say; in a share 1-W of the training rows they are another row's")
    private double cookieWeight;

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
        require(rows.data == null || Files.isDirectory(rows.data), "--data", rows.data, "a folder");
        require(heldOut >= 0 && heldOut < Folds.COUNT, "--held-out", heldOut, "0 to 4");
        require(split.equals("group") || split.equals("time"), "--split", split, "group or time");
        require(cookieWeight >= 0 && cookieWeight <= 1, "--cookie-weight", cookieWeight, "0 to 1");
        require(hidden >= 1 && hidden <= 1_024, "--hidden-dim", hidden, "1 to 1024");
        require(epochs >= 1, "--epochs", epochs, "1 or more");
        require(learningRate > 0 && learningRate <= 1, "--learning-rate", learningRate, "above 0, at most 1");
        require(batchSize >= 1, "--batch-size", batchSize, "1 or more");
        require(treeMaxDepth >= 0 && treeMaxDepth <= 11, "--tree-max-depth", treeMaxDepth, "0 to 11");
        require(treeMinPurity > 0.5 && treeMinPurity <= 1, "--tree-min-purity", treeMinPurity, "above 0.5, at most 1");
        require(minSamplesLeaf >= 1, "--min-samples-leaf", minSamplesLeaf, "1 or more");
        var err = spec.commandLine().getErr();
        try {
            train();
            return 0;
        } catch (DataException broken) {
            err.println(broken.getMessage());
            return BAD_INPUT;
        } catch (DatasetException | Export.ModelRefused failed) {
            err.println(failed.getMessage());
            return FAILED;
        }
    }

    private void train() throws IOException, DatasetException, Export.ModelRefused {
        var progress = Progress.standard();
        if (rows.dataset != null) {
            train(DatasetFile.open(rows.dataset), progress);
            return;
        }
        var temporary = Files.createTempFile("sunbeam-dataset", ".bin");
        try (var builder = new DatasetBuilder(seed)) {
            var sources = new SourceFiles(builder, seed, progress::line);
            sources.everything(requireNonNull(rows.data));
            sources.simulate(SourceFiles.RUNS_A_SHAPE);
            builder.finish(temporary);
            train(DatasetFile.open(temporary), progress);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private void train(DatasetFile file, Progress progress) throws IOException, DatasetException, Export.ModelRefused {
        if (crossValidate != null) {
            Training.crossValidate(detector, settings(), file, crossValidate, progress);
            progress.line("five models are in " + crossValidate);
            return;
        }
        var written = Training.run(detector, settings(), file, splitUsed(), output, progress);
        var out = spec.commandLine().getOut();
        out.println(written.card());
        out.println(written.changes());
        out.flush();
    }

    private Split splitUsed() {
        return split.equals("time") ? new Split.ByTime() : new Split.ByGroup(heldOut);
    }

    private Training.Settings settings() {
        return new Training.Settings(
                new Cart.Settings(treeMaxDepth, treeMinPurity, minSamplesLeaf, detector.evidence()),
                new MlpTrainer.Settings(hidden, epochs, learningRate, batchSize, PATIENCE, seed, detector.evidence()),
                cookieWeight,
                "sunbeam %s %s %s --hidden-dim %d --epochs %d --learning-rate %s --batch-size %d --tree-max-depth %d"
                                .formatted(
                                        detector.command(),
                                        rows.dataset != null ? "--dataset FILE" : "--data DIR",
                                        split.equals("time") ? "--split time" : "--held-out " + heldOut,
                                        hidden,
                                        epochs,
                                        learningRate,
                                        batchSize,
                                        treeMaxDepth)
                        + " --tree-min-purity %s --min-samples-leaf %d --cookie-weight %s --seed %d"
                                .formatted(treeMinPurity, minSamplesLeaf, cookieWeight, seed));
    }

    private void require(boolean valid, String option, @Nullable Object found, String expected) {
        if (!valid) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), option + ": found " + found + " (expected: " + expected + ")");
        }
    }
}
