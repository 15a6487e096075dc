package pt.sunbeam.trainer.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Callable;
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
import pt.sunbeam.trainer.dataset.Role;
import pt.sunbeam.trainer.dataset.Split;
import pt.sunbeam.trainer.evaluate.Sweep;
import pt.sunbeam.trainer.export.Export;
import pt.sunbeam.trainer.read.DataException;
import pt.sunbeam.trainer.report.Progress;

/** {@code sweep-cookie-weight}: what trusting cookies more or less does to a model. */
@Command(
        name = "sweep-cookie-weight",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = {
            "Trains a model for each weight of the cookie feature and compares them on the fold held out of all.",
            "For people to choose from; models go to a new folder for temporary files, no tables are written."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:models compared",
            "1:data sets missing, checks failed, or files not written",
            "2:bad options or broken data"
        })
public final class SweepCookieWeightCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int BAD_INPUT = 2;

    /** As on the command line; the other detector sees shares of cookies over a window, which no weight was meant for. */
    private enum Name {
        scanner
    }

    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private DatasetChoice rows;

    @Option(names = "--detector", defaultValue = "scanner", paramLabel = "NAME", description = "scanner")
    private Name detector;

    @Option(
            names = "--weights",
            split = ",",
            defaultValue = "0.0,0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9,1.0",
            paramLabel = "W",
            description = "weights to try, 0 to 1")
    private List<Double> weights;

    @Mixin
    private final FitOptions fit = new FitOptions(Detector.SCANNER);

    @SuppressWarnings("NullAway.Init") // picocli fills options in
    public SweepCookieWeightCommand() {}

    @Override
    public Integer call() throws IOException {
        fit.check();
        weights.forEach(weight -> fit.require(weight >= 0 && weight <= 1, "--weights", weight, "0 to 1"));
        var err = spec.commandLine().getErr();
        var progress = Progress.standard();
        try (var opened = rows.open(fit.seed(), progress::line)) {
            sweep(opened.file(), progress);
            return 0;
        } catch (DataException broken) {
            err.println(broken.getMessage());
            return BAD_INPUT;
        } catch (DatasetException | Export.ModelRefused failed) {
            err.println(failed.getMessage());
            return FAILED;
        }
    }

    private void sweep(DatasetFile file, Progress progress) throws IOException, DatasetException, Export.ModelRefused {
        var trained = switch (detector) {
            case scanner -> Detector.SCANNER;
        };
        var folder = Files.createTempDirectory("sunbeam-sweep");
        var sweep = new Sweep("cookie weight", "a cookie");
        for (double weight : weights) {
            progress.line("cookie weight " + weight);
            var settings = fit.settings(trained, weight, rows.option() + " --held-out " + fit.heldOut());
            var fitted = Training.fitInto(
                    folder.resolve("cookie-weight-" + weight),
                    trained,
                    settings,
                    file,
                    new Split.ByGroup(fit.heldOut()),
                    progress);
            var held = fitted.dataset().of(Role.TEST);
            if (held.isEmpty()) {
                throw new DatasetException("fold " + fit.heldOut() + " has no rows (expected: some; hold out another)");
            }
            sweep.add(Double.toString(weight), fitted.calibrated().model(), held, trained.cookieFeature(), fit.seed());
        }
        var out = spec.commandLine().getOut();
        out.print(sweep.text());
        out.println("models: " + folder);
        out.flush();
    }
}
