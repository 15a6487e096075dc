package pt.sunbeam.trainer.lexicon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import pt.sunbeam.codegen.Codegen;
import pt.sunbeam.codegen.Evaluator;
import pt.sunbeam.codegen.Feature;
import pt.sunbeam.codegen.LexiconChecks;
import pt.sunbeam.codegen.Model;
import pt.sunbeam.codegen.Verdict;
import pt.sunbeam.detector.feature.ScanFeatures;
import pt.sunbeam.detector.lexicon.Lexicon;
import pt.sunbeam.trainer.Detector;
import pt.sunbeam.trainer.Training;
import pt.sunbeam.trainer.cart.Cart;
import pt.sunbeam.trainer.dataset.Dataset;
import pt.sunbeam.trainer.dataset.DatasetException;
import pt.sunbeam.trainer.dataset.DatasetFile;
import pt.sunbeam.trainer.dataset.Folds;
import pt.sunbeam.trainer.dataset.Role;
import pt.sunbeam.trainer.dataset.Row;
import pt.sunbeam.trainer.dataset.ScanDataset;
import pt.sunbeam.trainer.dataset.Split;
import pt.sunbeam.trainer.dataset.Targets;
import pt.sunbeam.trainer.dataset.TrainingRecord;
import pt.sunbeam.trainer.export.Calibration;
import pt.sunbeam.trainer.export.Export;
import pt.sunbeam.trainer.mlp.MlpTrainer;
import pt.sunbeam.trainer.quantise.Quantiser;
import pt.sunbeam.trainer.quantise.Sample;
import pt.sunbeam.trainer.report.ModelCard;
import pt.sunbeam.trainer.report.Progress;

/**
 * A run for the scanner detector: the lexicon on all rows but those of the fold held out, then tree, perceptron and blocking point on scores of the same
 * rows, each given by a lexicon that was fitted without the row's group (cross-fitting): a lexicon's scores of what it was fitted on say nothing.
 */
public final class ScannerTraining {
    /** The name of the model. */
    static final String MODEL = "scanner";

    private static final Set<Integer> EVIDENCE =
            IntStream.range(0, ScanFeatures.COUNT).boxed().collect(Collectors.toUnmodifiableSet());

    /** As far as tree, perceptron and calibration are concerned; rows come from a lexicon, so {@code data} is never asked. */
    static final Detector DETECTOR = new Detector(
            MODEL,
            "train-scanner",
            "requests",
            ScanFeatures.NAMES,
            ScanFeatures.UNITS,
            EVIDENCE,
            0,
            48,
            1,
            0.98,
            true,
            0.001,
            true,
            (_, _, _) -> {
                throw new IllegalStateException("rows of this detector need a lexicon");
            });

    private static final Path CARD = Path.of("docs", "models", MODEL + ".md");
    private static final int SCORE_CUTS = 72;
    private static final int PARTS = 3;

    /** The lexicon's odds are even at so many times its gate. */
    private static final int EVEN_ODDS = 2;

    /**
     * The tree blocks from this share of even odds on. Attacks are pushed further beyond even odds than others are kept away, and the mean of several
     * fits is lower where they disagree: balanced accuracy over the five folds is best between 0.9 and 1.
     */
    private static final double BLOCKED = 0.97;

    private static final int TREE_TO_PERCEPTRON = 10;

    private ScannerTraining() {}

    /** A lexicon, which names no ensemble yet, and the ensemble on its scores. */
    record Fitted(Model.Lexicon lexicon, Training.Fitted ensemble) {
        /** The lexicon, naming the ensemble. */
        Model.Lexicon lexicon(String ensembleSha256) {
            var named = new Model.Lexicon(
                    lexicon.name(),
                    ensembleSha256,
                    lexicon.channels(),
                    lexicon.gate(),
                    lexicon.bars(),
                    lexicon.any(),
                    lexicon.families());
            var faults = LexiconChecks.faults(named);
            if (!faults.isEmpty()) {
                throw new IllegalStateException(String.join("; ", faults));
            }
            return named;
        }
    }

    /** Models of one dataset file; each is fitted with another fold held out. */
    public static final class Run {
        private final DatasetFile file;
        private final long seed;
        private final String commandLine;
        private final Progress progress;
        private final Corpus corpus;

        /** Reads the texts of a file, which takes most of its memory: about 300 MB for the public sets. */
        public Run(DatasetFile file, long seed, String commandLine, Progress progress) throws IOException {
            this.file = file;
            this.seed = seed;
            this.commandLine = commandLine;
            this.progress = progress;
            corpus = Corpus.read(file, seed);
        }

        /**
         * Fits with a fold held out, writes model, lexicon, tables, training record and model card below the root of a repository, and returns
         * the model card.
         *
         * @throws Export.ModelRefused if the model fails its checks; then nothing is written
         */
        public String write(int heldOut, Path root) throws IOException, DatasetException, Export.ModelRefused {
            var settings = settings(seed, commandLine);
            var fitted = fit(corpus, file, heldOut, LexiconTrainer.Settings.STANDARD, settings, progress);
            var model = fitted.ensemble().calibrated().model();
            var sha256 = Export.write(model, EVIDENCE, root);
            Codegen.emit(model.withEvidence(EVIDENCE), fitted.lexicon(sha256), root);
            var split = new Split.ByGroup(heldOut);
            TrainingRecord.of(MODEL, sha256, file.sha256(), split, seed, settings.words(), commandLine)
                    .write(TrainingRecord.beside(root.resolve(Codegen.MODELS).resolve(MODEL + ".model")));
            var card = ModelCard.text(DETECTOR, settings, fitted.ensemble(), file, split, sha256);
            Files.createDirectories(root.resolve(CARD).getParent());
            Files.writeString(root.resolve(CARD), card);
            return card;
        }

        /** Fits a model for each fold, with that fold held out, and says how they fare; writes no files. */
        public String crossValidate() throws IOException, DatasetException {
            var figures = new ScanFigures();
            for (int fold = 0; fold < Folds.COUNT; fold++) {
                progress.line("fold %d of 0 to %d held out".formatted(fold, Folds.COUNT - 1));
                figures.add(
                        fold,
                        fit(corpus, file, fold, LexiconTrainer.Settings.STANDARD, settings(seed, commandLine), progress)
                                .ensemble());
            }
            return figures.text();
        }
    }

    static Training.Settings settings(long seed, String commandLine) {
        return new Training.Settings(
                new Cart.Settings(2, DETECTOR.treeMinPurity(), 50, EVIDENCE),
                new MlpTrainer.Settings(1, 8, 20, 0.005, 512, 6, seed, EVIDENCE),
                1,
                commandLine);
    }

    /** Fits with one fold held out; writes nothing. */
    static Fitted fit(
            Corpus corpus,
            DatasetFile file,
            int heldOut,
            LexiconTrainer.Settings lexiconSettings,
            Training.Settings settings,
            Progress progress)
            throws IOException, DatasetException {
        progress.line("fitting the lexicon and %d cross-fitted ones on %,d texts"
                .formatted(PARTS, corpus.texts().size()));
        var lexicon = LexiconTrainer.fit(corpus, entry -> entry.fold() != heldOut, lexiconSettings);
        var features = new Features(Lexicon.of(lexicon, LexiconTrainer.NONE));
        var unseen = new ArrayList<Features>();
        for (int part = 0; part < PARTS; part++) {
            int left = part;
            unseen.add(new Features(Lexicon.of(
                    LexiconTrainer.fit(
                            corpus, entry -> entry.fold() != heldOut && part(entry.group()) != left, lexiconSettings),
                    LexiconTrainer.NONE)));
        }
        var rows = ScanDataset.of(
                file,
                new Split.ByGroup(heldOut),
                (row, request) -> (row.origin().fold() == heldOut
                                ? features
                                : unseen.get(part(row.origin().group())))
                        .of(request),
                row -> {
                    var payload = row.payload() ? Targets.payload(row.target(), row.body()) : null;
                    return payload != null && AttackFamilies.teaches(row, payload);
                },
                settings.mlp().seed());
        return new Fitted(lexicon, ensemble(rows, lexicon.gate(), settings, progress));
    }

    private static Training.Fitted ensemble(Dataset rows, int gate, Training.Settings settings, Progress progress) {
        var fitRows = rows.fitted(Role.TRAIN);
        var features = new ArrayList<>(
                Quantiser.fit(fitRows, DETECTOR.featureNames(), DETECTOR.featureUnits(), DETECTOR.maxCuts())
                        .features());
        for (int score = ScanFeatures.ANY; score <= ScanFeatures.ANY_SECOND; score++) {
            features.set(
                    score,
                    new Feature(
                            DETECTOR.featureNames().get(score),
                            DETECTOR.featureUnits().get(score),
                            cuts(gate)));
        }
        var quantiser = Quantiser.of(features);
        var train = Sample.of(fitRows, quantiser);
        progress.line(
                "fitting tree and perceptron on %,d rows, device %s".formatted(train.size(), MlpTrainer.device()));
        var calibration = rows.fitted(Role.CALIBRATION);
        var grown = Bands.of(calibration, cuts(gate), blocked(gate));
        var mlp = MlpTrainer.fit(
                train,
                Sample.of(rows.fitted(Role.VALIDATION), quantiser),
                quantiser.levels(),
                settings.mlp(),
                epoch -> progress.step(
                        epoch.number(),
                        settings.mlp().epochs(),
                        "loss %.5f, validation %.5f".formatted(epoch.trainLoss(), epoch.validationLoss())));
        progress.done();
        // So much that the tree's own band is kept: what it blocks is not for the perceptron to decide.
        double allowed = 2 * Bands.rate(calibration, blocked(gate)) + 1e-9;
        var calibrated = Calibration.calibrate(
                DETECTOR.model(),
                quantiser.features(),
                grown,
                mlp.mlp(),
                mlp.natsPerStep(),
                calibration,
                0,
                EVIDENCE,
                DETECTOR.treeAllows(),
                allowed,
                DETECTOR.bySite());
        return new Training.Fitted(rows, grown, mlp, strict(calibrated, calibration));
    }

    /**
     * Raises the perceptron's point until it blocks one benign request where the tree blocks {@value #TREE_TO_PERCEPTRON}. The cross-fitted lexicons know
     * fewer sites than the one that is shipped, so their rates are too high for a bound on the whole; how two shares of them compare holds.
     */
    private static Calibration.Result strict(Calibration.Result calibrated, List<Row> rows) {
        var model = calibrated.model();
        var evaluator = new Evaluator(model);
        var logits = new ArrayList<Integer>();
        int blocked = 0;
        int benign = 0;
        for (var row : rows) {
            if (!row.attack()) {
                var levels = evaluator.quantise(row.raw());
                var verdict = evaluator.tree(levels);
                benign++;
                if (verdict == Verdict.BLOCK) {
                    blocked++;
                } else if (verdict == Verdict.DEFER) {
                    logits.add(evaluator.logit(levels));
                }
            }
        }
        logits.sort(Comparator.reverseOrder());
        int spared = Math.min(blocked / TREE_TO_PERCEPTRON, logits.size());
        int blockAt = spared < logits.size() ? Math.max(0, logits.get(spared) + 1) : Math.max(0, model.blockAt());
        long passed = logits.stream().filter(logit -> logit >= blockAt).count();
        return new Calibration.Result(
                new Model.Ensemble(
                        model.name(), model.features(), model.tree(), model.mlp(), blockAt, model.stepsPerNat()),
                calibrated.tree(),
                (blocked + passed) / (double) Math.max(1, benign));
    }

    /** Which of the cross-fitted lexicons has not seen a group. */
    private static int part(String group) {
        return Math.floorMod((group.hashCode() * 0x9E3779B1) >>> 8, PARTS);
    }

    private static int blocked(int gate) {
        return (int) (EVEN_ODDS * gate * BLOCKED);
    }

    /** Even steps around the score at which the lexicon's odds are even, twice the gate: there it is decided, and quantiles would be far apart there. */
    private static List<Integer> cuts(int gate) {
        return IntStream.range(0, SCORE_CUTS)
                .map(i -> gate / 2 + i * gate / 32)
                .boxed()
                .toList();
    }
}
