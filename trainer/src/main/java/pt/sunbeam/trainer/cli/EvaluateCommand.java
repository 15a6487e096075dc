package pt.sunbeam.trainer.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import pt.sunbeam.codegen.Codegen;
import pt.sunbeam.trainer.Detector;
import pt.sunbeam.trainer.dataset.DatasetException;
import pt.sunbeam.trainer.dataset.DatasetFile;
import pt.sunbeam.trainer.dataset.Folds;
import pt.sunbeam.trainer.evaluate.Candidate;
import pt.sunbeam.trainer.evaluate.EvaluationException;
import pt.sunbeam.trainer.evaluate.HeldOutRows;
import pt.sunbeam.trainer.evaluate.HtmlReport;
import pt.sunbeam.trainer.evaluate.JsonReport;
import pt.sunbeam.trainer.evaluate.TextReport;
import pt.sunbeam.trainer.read.DataException;
import pt.sunbeam.trainer.report.Progress;

/** {@code evaluate}: how good models are on rows that they were not fitted on. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = {
            "Scores the rows of the fold that each model was fitted without, and says how good it is.",
            "What was held out is read from the training record beside the model file (NAME.training.json)."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:evaluated",
            "1:nothing to evaluate, rows of the training folds refused, or the page not written",
            "2:bad options, broken data or broken model"
        })
public final class EvaluateCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int BAD_INPUT = 2;

    /** What public sets are prepared with. */
    private static final long PREPARED_WITH = 42;

    /** As on the command line. */
    private enum Name {
        scanner,
        ddos
    }

    /** The DDoS detector's, as on the command line. */
    private enum Mode {
        evidence,
        baseline
    }

    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private DatasetChoice rows;

    @Option(names = "--detector", required = true, paramLabel = "NAME", description = "scanner or ddos")
    private Name detector;

    @Option(
            names = "--mode",
            defaultValue = "evidence",
            paramLabel = "MODE",
            description = "of ddos: evidence or baseline")
    private Mode mode;

    private static final class Models {
        @Option(
                names = "--model",
                paramLabel = "FILE",
                description = "model file, repeatable: one for each fold; default: the committed one, below --output")
        private @Nullable List<Path> files;

        @Option(
                names = "--models",
                paramLabel = "DIR",
                description = "folder that train-* --cross-validate wrote: one model in each fold-N")
        private @Nullable Path folder;
    }

    @ArgGroup(multiplicity = "0..1")
    private @Nullable Models models;

    @Option(
            names = {"--output", "--output-dir"},
            defaultValue = ".",
            paramLabel = "ROOT",
            description = "root of the repository whose committed model is the default")
    private Path output;

    @Option(
            names = "--include-training-folds",
            description = "score all rows, also those that a model was fitted on, and say so in every line")
    private boolean includeTrainingFolds;

    @Option(names = "--json", description = "print one JSON object instead of tables")
    private boolean json;

    @Option(names = "--html", paramLabel = "FILE", description = "write a page with curves and tables")
    private @Nullable Path html;

    @Option(names = "--seed", defaultValue = "42", description = "of the bootstrap")
    private long seed;

    @SuppressWarnings("NullAway.Init") // picocli fills options in
    public EvaluateCommand() {}

    @Override
    public Integer call() throws IOException {
        var err = spec.commandLine().getErr();
        try {
            var candidates = new ArrayList<Candidate>();
            for (var path : paths()) {
                candidates.add(Candidate.read(path, detector().model()));
            }
            try (var opened = rows.open(PREPARED_WITH, Progress.standard()::line)) {
                report(candidates, opened.file());
            }
            return 0;
        } catch (DataException broken) {
            err.println(broken.getMessage());
            return BAD_INPUT;
        } catch (EvaluationException failed) {
            err.println(failed.getMessage());
            return FAILED;
        }
    }

    private void report(List<Candidate> candidates, DatasetFile file) throws IOException, EvaluationException {
        var result = evaluated(candidates, file);
        if (html != null) {
            Files.writeString(html, HtmlReport.of(result.subject(), result.evaluation()));
        }
        var out = spec.commandLine().getOut();
        out.print(
                json
                        ? JsonReport.of(result.subject(), result.evaluation())
                        : TextReport.of(result.subject(), result.evaluation()));
        out.flush();
    }

    private HeldOutRows.Result evaluated(List<Candidate> candidates, DatasetFile file)
            throws IOException, EvaluationException {
        try {
            return HeldOutRows.evaluate(detector(), candidates, file, includeTrainingFolds, rows.name(), seed);
        } catch (DatasetException empty) {
            throw new EvaluationException(rows.name() + ": " + empty.getMessage());
        }
    }

    private Detector detector() {
        return switch (detector) {
            case scanner -> Detector.SCANNER;
            case ddos -> mode == Mode.evidence ? Detector.DDOS : Detector.DDOS_BASELINE;
        };
    }

    private List<Path> paths() throws EvaluationException {
        var name = detector().model() + ".model";
        if (models == null) {
            return List.of(output.resolve(Codegen.MODELS).resolve(name));
        }
        if (models.files != null) {
            return models.files;
        }
        var folder = requireNonNull(models.folder);
        var paths = IntStream.range(0, Folds.COUNT)
                .mapToObj(fold -> folder.resolve("fold-" + fold).resolve(name))
                .filter(Files::isRegularFile)
                .toList();
        if (paths.isEmpty()) {
            throw new EvaluationException(folder + ": no models (expected: fold-N/" + name + ")");
        }
        return paths;
    }
}
