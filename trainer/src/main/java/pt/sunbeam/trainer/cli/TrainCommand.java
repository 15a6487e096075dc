package pt.sunbeam.trainer.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import pt.sunbeam.trainer.Detector;
import pt.sunbeam.trainer.Training;
import pt.sunbeam.trainer.dataset.DatasetException;
import pt.sunbeam.trainer.dataset.DatasetFile;
import pt.sunbeam.trainer.dataset.Split;
import pt.sunbeam.trainer.export.Export;
import pt.sunbeam.trainer.read.DataException;
import pt.sunbeam.trainer.report.Progress;

/** {@code train-mlp-scanner} and {@code train-mlp-ddos}, the latter with a model for each mode. */
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

    private final SequencedMap<String, Detector> modes;

    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private DatasetChoice rows;

    @Mixin
    private final FitOptions fit;

    @Option(
            names = "--split",
            defaultValue = "group",
            paramLabel = "KIND",
            description = "group: test on the fold held out; time: on the last fifth of each source")
    private String split;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            showDefaultValue = CommandLine.Help.Visibility.ALWAYS,
            description = "of the detector, as in configurations: evidence or baseline (scanner: baseline alone)")
    private String mode;

    @Option(
            names = "--cross-validate",
            paramLabel = "DIR",
            description = "train five models, a fold held out of each, into DIR/fold-N; no tables are written")
    private @Nullable Path crossValidate;

    @Option(
            names = "--cookie-weight",
            defaultValue = "1.0",
            paramLabel = "W",
            description =
                    "0 to 1: how much cookies may say; in a share 1-W of the training rows they are another row's")
    private double cookieWeight;

    @Option(
            names = {"--output", "--output-dir"},
            defaultValue = ".",
            paramLabel = "ROOT",
            description = "root of the repository into which model files are written")
    private Path output;

    @SuppressWarnings("NullAway.Init") // picocli fills options in
    public TrainCommand(SequencedMap<String, Detector> modes) {
        this.modes = modes;
        mode = modes.firstEntry().getKey();
        fit = new FitOptions(modes.firstEntry().getValue());
    }

    @Override
    public Integer call() throws IOException {
        fit.check();
        fit.require(split.equals("group") || split.equals("time"), "--split", split, "group or time");
        fit.require(modes.containsKey(mode), "--mode", mode, String.join(" or ", modes.keySet()));
        fit.require(cookieWeight >= 0 && cookieWeight <= 1, "--cookie-weight", cookieWeight, "0 to 1");
        var err = spec.commandLine().getErr();
        var progress = Progress.standard();
        try (var opened = rows.open(fit.seed(), progress::line)) {
            train(opened.file(), progress);
            return 0;
        } catch (DataException broken) {
            err.println(broken.getMessage());
            return BAD_INPUT;
        } catch (DatasetException | Export.ModelRefused failed) {
            err.println(failed.getMessage());
            return FAILED;
        }
    }

    private void train(DatasetFile file, Progress progress) throws IOException, DatasetException, Export.ModelRefused {
        if (crossValidate != null) {
            Training.crossValidate(detector(), settings(), file, crossValidate, progress);
            progress.line("five models are in " + crossValidate);
            return;
        }
        var written = Training.run(detector(), settings(), file, splitUsed(), output, progress);
        var out = spec.commandLine().getOut();
        out.println(written.card());
        out.println(written.changes());
        out.flush();
    }

    private Detector detector() {
        return requireNonNull(modes.get(mode));
    }

    private Split splitUsed() {
        return split.equals("time") ? new Split.ByTime() : new Split.ByGroup(fit.heldOut());
    }

    private Training.Settings settings() {
        return fit.settings(
                detector(),
                cookieWeight,
                rows.option() + (split.equals("time") ? " --split time" : " --held-out " + fit.heldOut()));
    }
}
