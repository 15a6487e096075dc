package pt.sunbeam.trainer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import pt.sunbeam.codegen.Codegen;
import pt.sunbeam.trainer.cart.Branch;
import pt.sunbeam.trainer.cart.Cart;
import pt.sunbeam.trainer.dataset.Dataset;
import pt.sunbeam.trainer.dataset.DatasetException;
import pt.sunbeam.trainer.dataset.DatasetFile;
import pt.sunbeam.trainer.dataset.Folds;
import pt.sunbeam.trainer.dataset.Role;
import pt.sunbeam.trainer.dataset.Split;
import pt.sunbeam.trainer.dataset.TrainingRecord;
import pt.sunbeam.trainer.export.Calibration;
import pt.sunbeam.trainer.export.Changes;
import pt.sunbeam.trainer.export.Export;
import pt.sunbeam.trainer.mlp.FittedMlp;
import pt.sunbeam.trainer.mlp.MlpTrainer;
import pt.sunbeam.trainer.quantise.Quantiser;
import pt.sunbeam.trainer.quantise.Sample;
import pt.sunbeam.trainer.report.Figures;
import pt.sunbeam.trainer.report.ModelCard;
import pt.sunbeam.trainer.report.Progress;

/** A whole run: rows, quantiser, tree, perceptron, calibration, files, report. */
public final class Training {
    /**
     * How a run fits.
     *
     * @param mlp what the perceptron is fitted with
     * @param cookieWeight in [0, 1]: in a share of the training rows, 1 less this, the cookie feature is another row's, so that at 0 nothing can be
     *     learnt from cookies
     * @param commandLine for the model card, without paths
     */
    public record Settings(Cart.Settings tree, MlpTrainer.Settings mlp, double cookieWeight, String commandLine) {
        public Map<String, String> words() {
            return Map.of(
                    "hidden_dim", Integer.toString(mlp.hidden()),
                    "epochs", Integer.toString(mlp.epochs()),
                    "learning_rate", Double.toString(mlp.learningRate()),
                    "batch_size", Integer.toString(mlp.batchSize()),
                    "patience", Integer.toString(mlp.patience()),
                    "tree_max_depth", Integer.toString(tree.maxDepth()),
                    "tree_min_purity", Double.toString(tree.minPurity()),
                    "min_samples_leaf", Integer.toString(tree.minSamplesLeaf()),
                    "cookie_weight", Double.toString(cookieWeight));
        }
    }

    /** A model, and what it came from. */
    public record Fitted(Dataset dataset, Branch grown, FittedMlp mlp, Calibration.Result calibrated) {
        /** What it does on the test rows. */
        public Figures figures() {
            return Figures.of(calibrated.model(), mlp.latent(), dataset);
        }
    }

    /** The model card, and which files changed. */
    public record Written(String card, String changes) {}

    private Training() {}

    /**
     * Fits and calibrates a model; writes nothing.
     *
     * @throws DatasetException if the rows cannot train it
     */
    public static Fitted fit(Detector detector, Settings settings, Dataset dataset, Progress progress)
            throws DatasetException {
        requireBoth(dataset, Role.TRAIN);
        requireBoth(dataset, Role.VALIDATION);
        requireBoth(dataset, Role.CALIBRATION);
        var quantiser = Quantiser.fit(
                dataset.fitted(Role.TRAIN), detector.featureNames(), detector.featureUnits(), detector.maxCuts());
        var train = Sample.of(dataset.fitted(Role.TRAIN), quantiser)
                .shuffled(
                        detector.cookieFeature(),
                        1 - settings.cookieWeight(),
                        new SplittableRandom(settings.mlp().seed()));
        progress.line("fitting on %,d rows, device %s".formatted(train.size(), MlpTrainer.device()));
        Branch grown = Cart.grow(train, settings.tree());
        FittedMlp mlp = MlpTrainer.fit(
                train,
                Sample.of(dataset.fitted(Role.VALIDATION), quantiser),
                quantiser.levels(),
                settings.mlp(),
                epoch -> progress.step(
                        (epoch.fit() - 1) * settings.mlp().epochs() + epoch.number(),
                        settings.mlp().fits() * settings.mlp().epochs(),
                        "loss %.5f, validation %.5f".formatted(epoch.trainLoss(), epoch.validationLoss())));
        progress.done();
        var calibrated = Calibration.calibrate(
                detector.model(),
                quantiser.features(),
                grown,
                mlp.mlp(),
                mlp.natsPerStep(),
                dataset.fitted(Role.CALIBRATION),
                dataset.unjudged().getOrDefault(Role.CALIBRATION, 0),
                detector.evidence(),
                detector.treeAllows(),
                detector.allowedFalsePositives(),
                detector.bySite());
        return new Fitted(dataset, grown, mlp, calibrated);
    }

    /**
     * Trains a detector on a dataset file, and writes model files, training record and model card below a root.
     *
     * @throws DatasetException if the data cannot train it
     * @throws Export.ModelRefused if the model fails its checks; then nothing is written
     */
    public static Written run(
            Detector detector, Settings settings, DatasetFile file, Split split, Path root, Progress progress)
            throws IOException, DatasetException, Export.ModelRefused {
        var fitted = fit(
                detector,
                settings,
                detector.data().read(file, split, settings.mlp().seed()),
                progress);
        var model = fitted.calibrated().model();
        var modelFile = Codegen.MODELS.resolve(detector.model() + ".model");
        var record = TrainingRecord.beside(modelFile);
        var card = Path.of("docs", "models", detector.model() + ".md");
        var paths = new ArrayList<>(Codegen.files(model).keySet());
        paths.addAll(List.of(record, card));
        var changes = Changes.from(root, paths);
        var sha256 = Export.write(model, detector.evidence(), root);
        record(detector, settings, file, split, sha256).write(root.resolve(record));
        var report = ModelCard.text(detector, settings, fitted, file, split, sha256);
        Files.createDirectories(root.resolve(card).getParent());
        Files.writeString(root.resolve(card), report);
        return new Written(report, changes.text());
    }

    /**
     * Trains one model for each fold, with that fold held out, into {@code folder/fold-N}: model file and training record, no tables.
     *
     * @throws Export.ModelRefused if one of the models fails its checks
     */
    public static void crossValidate(
            Detector detector, Settings settings, DatasetFile file, Path folder, Progress progress)
            throws IOException, DatasetException, Export.ModelRefused {
        for (int fold = 0; fold < Folds.COUNT; fold++) {
            var split = new Split.ByGroup(fold);
            progress.line("fold %d of 0 to %d held out".formatted(fold, Folds.COUNT - 1));
            fitInto(folder.resolve("fold-" + fold), detector, settings, file, split, progress);
        }
    }

    /**
     * Trains a model into a folder: model file and training record, no tables.
     *
     * @throws Export.ModelRefused if the model fails its checks; then nothing is written
     */
    public static Fitted fitInto(
            Path folder, Detector detector, Settings settings, DatasetFile file, Split split, Progress progress)
            throws IOException, DatasetException, Export.ModelRefused {
        var fitted = fit(
                detector,
                settings,
                detector.data().read(file, split, settings.mlp().seed()),
                progress);
        var modelFile = folder.resolve(detector.model() + ".model");
        Files.createDirectories(folder);
        var sha256 = Export.writeFile(fitted.calibrated().model(), detector.evidence(), modelFile);
        record(detector, settings, file, split, sha256).write(TrainingRecord.beside(modelFile));
        return fitted;
    }

    private static TrainingRecord record(
            Detector detector, Settings settings, DatasetFile file, Split split, String sha256) {
        return TrainingRecord.of(
                detector.model(),
                sha256,
                file.sha256(),
                split,
                settings.mlp().seed(),
                settings.words(),
                settings.commandLine());
    }

    private static void requireBoth(Dataset dataset, Role role) throws DatasetException {
        var rows = dataset.fitted(role);
        long attacks = rows.stream().filter(row -> row.attack()).count();
        if (attacks == 0 || attacks == rows.size()) {
            throw new DatasetException("for %s there are %,d benign rows and %,d attacks that the features can see"
                            .formatted(role, rows.size() - attacks, attacks)
                    + " (expected: some of both; more sites, networks or templates are needed)");
        }
    }
}
