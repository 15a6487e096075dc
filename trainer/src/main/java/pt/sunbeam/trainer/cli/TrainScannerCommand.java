package pt.sunbeam.trainer.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import pt.sunbeam.trainer.dataset.DatasetException;
import pt.sunbeam.trainer.dataset.Folds;
import pt.sunbeam.trainer.export.Export;
import pt.sunbeam.trainer.lexicon.ScannerTraining;
import pt.sunbeam.trainer.read.DataException;
import pt.sunbeam.trainer.report.Progress;

/** {@code train-scanner}: the lexicon and its ensemble. The baseline's command is {@code train-mlp-scanner}. */
@Command(
        name = "train-scanner",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Trains the scanner detector: its lexicon, tree and perceptron.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:model written",
            "1:no model: data sets missing, checks failed, or files not written",
            "2:bad options or broken data"
        })
public final class TrainScannerCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int BAD_INPUT = 2;

    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private DatasetChoice rows;

    @Option(
            names = "--held-out",
            defaultValue = "4",
            paramLabel = "N",
            description = "fold that the model never sees, 0 to 4")
    private int heldOut;

    @Option(
            names = "--seed",
            defaultValue = "42",
            description = "of what is drawn: frames, made texts, order of the fit")
    private long seed;

    @Option(
            names = "--cross-validate",
            description = "train five models, a fold held out of each, and say how they fare on it; nothing is written")
    private boolean crossValidate;

    @Option(
            names = {"--output", "--output-dir"},
            defaultValue = ".",
            paramLabel = "ROOT",
            description = "root of the repository into which model files are written")
    private Path output;

    @SuppressWarnings("NullAway.Init") // picocli fills options in
    public TrainScannerCommand() {}

    @Override
    public Integer call() throws IOException {
        if (heldOut < 0 || heldOut >= Folds.COUNT) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--held-out: found " + heldOut + " (expected: 0 to 4)");
        }
        var out = spec.commandLine().getOut();
        var err = spec.commandLine().getErr();
        var progress = Progress.standard();
        try (var opened = rows.open(seed, progress::line)) {
            var commandLine =
                    "sunbeam train-scanner %s --held-out %d --seed %d".formatted(rows.option(), heldOut, seed);
            var run = new ScannerTraining.Run(opened.file(), seed, commandLine, progress);
            out.println(crossValidate ? run.crossValidate() : run.write(heldOut, output));
            out.flush();
            return 0;
        } catch (DataException broken) {
            err.println(broken.getMessage());
            return BAD_INPUT;
        } catch (DatasetException | Export.ModelRefused failed) {
            err.println(failed.getMessage());
            return FAILED;
        }
    }
}
