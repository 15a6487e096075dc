package pt.sunbeam.trainer.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import pt.sunbeam.codegen.Codegen;
import pt.sunbeam.detector.model.Classifier;
import pt.sunbeam.detector.verdict.Escalation;
import pt.sunbeam.detector.verdict.Judge;
import pt.sunbeam.trainer.Detector;
import pt.sunbeam.trainer.dataset.ClientTrial;
import pt.sunbeam.trainer.dataset.ClientWindows;
import pt.sunbeam.trainer.dataset.Folds;
import pt.sunbeam.trainer.evaluate.Candidate;
import pt.sunbeam.trainer.evaluate.TrialReport;
import pt.sunbeam.trainer.read.DataException;
import pt.sunbeam.trainer.report.Progress;

/** {@code evaluate-clients}: who of a log is blocked, and when. */
@Command(
        name = "evaluate-clients",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = {
            "Plays the public access logs, with recorded floods laid over them, against DDoS models and their escalation, and says which clients are",
            "blocked, after what time, and why. Each client is judged by the model that was fitted without it; beside stand limits and rules without a model."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:evaluated", "1:nothing to evaluate", "2:bad options, broken data or broken model"})
public final class EvaluateClientsCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int BAD_INPUT = 2;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "folder of public data sets: its access-logs are played")
    private Path data;

    @Mixin
    private RecordingsOption recordings;

    @Option(
            names = "--models",
            paramLabel = "DIR",
            description =
                    "folder that train-mlp-ddos --cross-validate wrote, of one mode or both; default: the committed models, each on its"
                            + " held-out fold alone")
    private @Nullable Path models;

    @Option(
            names = {"--output", "--output-dir"},
            defaultValue = ".",
            paramLabel = "ROOT",
            description = "root of the repository whose committed models are the default")
    private Path output;

    @Option(names = "--threshold", defaultValue = "0.5", description = "as ddos.threshold, 0 to 1")
    private double threshold;

    @Option(
            names = "--seed",
            defaultValue = "42",
            description = "of what logs do not tell, and of where floods are laid")
    private long seed;

    @SuppressWarnings("NullAway.Init") // picocli fills options in
    public EvaluateClientsCommand() {}

    @Override
    public Integer call() throws IOException {
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--threshold: found " + threshold + " (expected: 0 to 1)");
        }
        var err = spec.commandLine().getErr();
        try {
            Consumer<String> log = Progress.standard()::line;
            var campaigns = recordings.read(log);
            boolean any = false;
            for (var detector : List.of(Detector.DDOS, Detector.DDOS_BASELINE)) {
                var judges = judges(detector);
                if (judges.isEmpty()) {
                    continue;
                }
                log.accept(detector.model() + ": folds " + judges.keySet());
                var outcomes = new ClientTrial(judges, seed, log)
                        .play(data.resolve("access-logs"), campaigns).stream()
                                .filter(outcome -> judges.containsKey(outcome.fold()))
                                .toList();
                if (outcomes.isEmpty()) {
                    err.println(data + ": no client that a model was not fitted on");
                    return FAILED;
                }
                if (!any) {
                    print(TrialReport.ofRules(outcomes));
                }
                print(TrialReport.of(detector.model(), outcomes));
                any = true;
            }
            if (!any) {
                err.println(models + ": no models (expected: fold-N/ddos.model)");
            }
            return any ? 0 : FAILED;
        } catch (DataException broken) {
            err.println(broken.getMessage());
            return BAD_INPUT;
        }
    }

    private void print(String report) {
        spec.commandLine().getOut().println(report);
        spec.commandLine().getOut().flush();
    }

    /** By the fold that each model was fitted without. */
    private Map<Integer, Judge> judges(Detector detector) throws IOException {
        var paths = new ArrayList<Path>();
        var name = detector.model() + ".model";
        if (models == null) {
            paths.add(output.resolve(Codegen.MODELS).resolve(name));
        } else {
            for (int fold = 0; fold < Folds.COUNT; fold++) {
                paths.add(models.resolve("fold-" + fold).resolve(name));
            }
        }
        var judges = new HashMap<Integer, Judge>();
        for (var path : paths) {
            if (Files.isRegularFile(path)) {
                var candidate = Candidate.read(path, detector.model());
                int fold = candidate
                        .heldOut()
                        .orElseThrow(() -> new DataException(
                                path, "no training record beside it, so nothing tells which clients it was fitted on"));
                var file = candidate.file();
                judges.put(
                        fold,
                        new Judge(
                                Classifier.of(file.model(), file.sha256()),
                                threshold,
                                ClientWindows.MIN_EVENTS,
                                Escalation.STANDARD,
                                _ -> {}));
            }
        }
        return judges;
    }
}
