package pt.sunbeam.trainer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import pt.sunbeam.detector.feature.DdosFeatures;
import pt.sunbeam.detector.feature.ScannerFeatures;
import pt.sunbeam.trainer.dataset.Dataset;
import pt.sunbeam.trainer.dataset.DatasetException;
import pt.sunbeam.trainer.dataset.DdosDataset;
import pt.sunbeam.trainer.dataset.ScannerDataset;

/**
 * One of the two detectors, as far as training them differs.
 *
 * @param model the model's name
 * @param command the command that trains it
 * @param units what false positives are counted in
 * @param evidence features under the client's control of which more must never look better
 * @param maxCuts of a feature
 * @param allowedFalsePositives share of benign units that calibration lets be blocked
 * @param byGroup whether that must also hold as a mean over groups (sites)
 * @param data where rows come from
 */
public record Detector(
        String model,
        String command,
        String units,
        List<String> featureNames,
        List<String> featureUnits,
        Set<Integer> evidence,
        int maxCuts,
        double allowedFalsePositives,
        boolean byGroup,
        Data data) {

    /** Reads rows from a folder of data sets; {@code log} takes a line for each set. */
    public interface Data {
        Dataset read(Path folder, long seed, Consumer<String> log) throws IOException, DatasetException;
    }

    /** One request, 12 features. */
    public static final Detector SCANNER = new Detector(
            "scanner-baseline",
            "train-mlp-scanner",
            "requests",
            ScannerFeatures.NAMES,
            ScannerFeatures.UNITS,
            Set.of(
                    ScannerFeatures.SUSPICIOUS_PATH_SCORE,
                    ScannerFeatures.HAS_SUSPICIOUS_EXTENSION,
                    ScannerFeatures.METHOD_IS_UNUSUAL,
                    ScannerFeatures.CONTENT_LENGTH_MISMATCH,
                    ScannerFeatures.PATH_HAS_TRAVERSAL),
            16,
            0.001,
            true,
            ScannerDataset::read);

    /** The requests of one address over a window, 14 features. */
    public static final Detector DDOS = new Detector(
            "ddos-baseline",
            "train-mlp-ddos",
            "client days or runs",
            DdosFeatures.NAMES,
            DdosFeatures.UNITS,
            Set.of(
                    DdosFeatures.REQUEST_RATE,
                    DdosFeatures.ERROR_RATE,
                    DdosFeatures.BURST_SCORE,
                    DdosFeatures.PATH_REPETITION,
                    DdosFeatures.SUSPICIOUS_PATH_RATIO),
            48,
            0.0005,
            false,
            DdosDataset::read);
}
