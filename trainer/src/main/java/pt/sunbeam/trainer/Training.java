package pt.sunbeam.trainer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import pt.sunbeam.trainer.cart.Branch;
import pt.sunbeam.trainer.cart.Cart;
import pt.sunbeam.trainer.dataset.Dataset;
import pt.sunbeam.trainer.dataset.DatasetException;
import pt.sunbeam.trainer.dataset.Fold;
import pt.sunbeam.trainer.export.Calibration;
import pt.sunbeam.trainer.export.Export;
import pt.sunbeam.trainer.mlp.FittedMlp;
import pt.sunbeam.trainer.mlp.MlpTrainer;
import pt.sunbeam.trainer.quantise.Quantiser;
import pt.sunbeam.trainer.quantise.Sample;
import pt.sunbeam.trainer.report.Figures;
import pt.sunbeam.trainer.report.ModelCard;
import pt.sunbeam.trainer.report.Progress;

/** A whole run: data, quantiser, tree, perceptron, calibration, files, report. */
public final class Training {
    /**
     * How a run fits.
     *
     * @param mlp what the perceptron is fitted with
     * @param commandLine for the model card, without paths
     */
    public record Settings(Cart.Settings tree, MlpTrainer.Settings mlp, String commandLine) {}

    private Training() {}

    /**
     * Trains a detector on the data below a folder, and writes model files and model card below a root.
     *
     * @return the report, the text of the model card
     * @throws DatasetException if the data cannot train it
     * @throws Export.ModelRefused if the model fails its checks; then nothing is written
     */
    public static String run(Detector detector, Settings settings, Path data, Path root, Progress progress)
            throws IOException, DatasetException, Export.ModelRefused {
        var dataset = detector.data().read(data, settings.mlp().seed(), progress::line);
        var quantiser = Quantiser.fit(
                dataset.fitted(Fold.TRAIN), detector.featureNames(), detector.featureUnits(), detector.maxCuts());
        var train = sample(dataset, Fold.TRAIN, quantiser);
        progress.line("fitting on %,d rows, device %s".formatted(train.size(), MlpTrainer.device()));
        Branch grown = Cart.grow(train, settings.tree());
        FittedMlp fitted = MlpTrainer.fit(
                train,
                sample(dataset, Fold.VALIDATION, quantiser),
                quantiser.levels(),
                settings.mlp(),
                epoch -> progress.step(
                        epoch.number(),
                        settings.mlp().epochs(),
                        "loss %.5f, validation %.5f".formatted(epoch.trainLoss(), epoch.validationLoss())));
        progress.done();
        requireBoth(dataset, Fold.CALIBRATION);
        var calibrated = Calibration.calibrate(
                detector.model(),
                quantiser.features(),
                grown,
                fitted.mlp(),
                fitted.natsPerStep(),
                dataset.fitted(Fold.CALIBRATION),
                dataset.unjudged().getOrDefault(Fold.CALIBRATION, 0),
                detector.evidence(),
                detector.allowedFalsePositives(),
                detector.byGroup());
        var sha256 = Export.write(calibrated.model(), detector.evidence(), root);
        var figures = Figures.of(calibrated.model(), fitted.latent(), dataset);
        var card = ModelCard.text(detector, settings, dataset, grown, calibrated, fitted, figures, sha256);
        var path = root.resolve("docs").resolve("models").resolve(detector.model() + ".md");
        Files.createDirectories(path.getParent());
        Files.writeString(path, card);
        return card;
    }

    private static Sample sample(Dataset dataset, Fold fold, Quantiser quantiser) throws DatasetException {
        requireBoth(dataset, fold);
        return Sample.of(dataset.fitted(fold), quantiser);
    }

    private static void requireBoth(Dataset dataset, Fold fold) throws DatasetException {
        var rows = dataset.fitted(fold);
        long attacks = rows.stream().filter(row -> row.attack()).count();
        if (attacks == 0 || attacks == rows.size()) {
            throw new DatasetException(
                    "the " + fold + " fold has " + (rows.size() - attacks) + " benign rows and " + attacks
                            + " attacks that the features can see (expected: some of both; more sites, networks or templates are needed)");
        }
    }
}
