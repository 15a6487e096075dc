package pt.sunbeam.trainer.evaluate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import pt.sunbeam.trainer.Detector;
import pt.sunbeam.trainer.dataset.DatasetException;
import pt.sunbeam.trainer.dataset.DatasetFile;
import pt.sunbeam.trainer.dataset.Role;
import pt.sunbeam.trainer.dataset.Split;
import pt.sunbeam.trainer.dataset.TrainingRecord;

/** Scores with each model the rows of the fold that it was fitted without, and no other unless told to. */
public final class HeldOutRows {
    private static final long SEED_WITHOUT_RECORD = 42;
    private static final Split SPLIT_WITHOUT_RECORD = new Split.ByGroup(4);

    /** Rows and what is to be said of them. */
    public record Result(Subject subject, Evaluation evaluation) {}

    private final Detector detector;
    private final DatasetFile file;
    private final boolean includeTrainingFolds;
    private final List<Scored> scored = new ArrayList<>();
    private int unjudged;
    private final Set<String> notes = new LinkedHashSet<>();

    private HeldOutRows(Detector detector, DatasetFile file, boolean includeTrainingFolds) {
        this.detector = detector;
        this.file = file;
        this.includeTrainingFolds = includeTrainingFolds;
    }

    /**
     * Evaluates models on a dataset.
     *
     * @param includeTrainingFolds whether each model scores all rows, those of its fit too
     * @param data where the rows come from, for people
     * @param seed of the bootstrap
     * @throws EvaluationException if there is no row to score, two models hold out the same fold, or what a model was fitted on is not known
     * @throws DatasetException if the dataset has no rows for the detector
     */
    public static Result evaluate(
            Detector detector,
            List<Candidate> candidates,
            DatasetFile file,
            boolean includeTrainingFolds,
            String data,
            long seed)
            throws IOException, DatasetException, EvaluationException {
        var rows = new HeldOutRows(detector, file, includeTrainingFolds);
        rows.check(candidates);
        for (var candidate : candidates) {
            rows.score(candidate);
        }
        return rows.result(candidates, data, seed);
    }

    private void check(List<Candidate> candidates) throws EvaluationException {
        var folds = new TreeSet<Integer>();
        for (var candidate : candidates) {
            if (!includeTrainingFolds) {
                check(candidate);
            }
            var fold = candidate.heldOut();
            if (fold.isPresent() && !folds.add(fold.getAsInt())) {
                throw new EvaluationException("%s: holds out %s as another model does (expected: each fold once)"
                        .formatted(candidate.path(), Texts.fold(fold.getAsInt())));
            }
        }
    }

    private void check(Candidate candidate) throws EvaluationException {
        var training = candidate
                .training()
                .orElseThrow(() -> new EvaluationException(candidate.path()
                        + ": no training record beside it, so nothing tells which rows it was fitted on (to score all rows, and"
                        + " be told so in every line: --include-training-folds)"));
        boolean sameRows = training.datasetSha256().equals(file.sha256());
        if (training.splitUsed() instanceof Split.ByTime && !sameRows) {
            throw new EvaluationException(candidate.path()
                    + ": split by time on another dataset, so nothing tells which of these rows it was fitted on (to score all"
                    + " rows, and be told so in every line: --include-training-folds)");
        }
        if (!sameRows) {
            notes.add(
                    "A model was trained on another dataset than this one; a group is in the same fold in all datasets.");
        }
    }

    private void score(Candidate candidate) throws IOException, DatasetException, EvaluationException {
        var split = candidate.training().map(TrainingRecord::splitUsed).orElse(SPLIT_WITHOUT_RECORD);
        long seed = candidate.training().map(TrainingRecord::seed).orElse(SEED_WITHOUT_RECORD);
        var dataset = detector.data().read(file, split, seed);
        if (scored.isEmpty()) {
            notes.addAll(dataset.notes()); // those of other folds say the same
        }
        boolean unknown = candidate.training().isEmpty();
        var rows = includeTrainingFolds ? dataset.rows() : dataset.of(Role.TEST);
        if (rows.isEmpty()) {
            throw new EvaluationException(candidate.path() + ": the dataset has no row of what it holds out");
        }
        scored.addAll(new Scorer(candidate.file().model())
                .score(
                        rows,
                        row -> split instanceof Split.ByTime ? Scored.LAST_FIFTH : row.fold(),
                        row -> unknown || row.role() != Role.TEST));
        if (!includeTrainingFolds) {
            unjudged += dataset.unjudged().getOrDefault(Role.TEST, 0);
        }
    }

    private Result result(List<Candidate> candidates, String data, long seed) {
        if (unjudged > 0) {
            notes.add(
                    "%s more benign %s have too few requests to be judged, and are never blocked; they are in no figure."
                            .formatted(Texts.count(unjudged), detector.units()));
        }
        var subject = new Subject(
                detector.model(),
                detector.units(),
                "%s, %s rows, SHA-256 %.16s".formatted(data, Texts.count(file.count()), file.sha256()),
                candidates.stream()
                        .map(candidate -> new Subject.Used(
                                candidate.path().toString(), candidate.file().sha256(), candidate.heldOut()))
                        .toList(),
                List.copyOf(notes));
        return new Result(subject, Evaluation.of(scored, seed));
    }
}
