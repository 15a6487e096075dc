package pt.sunbeam.trainer;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import pt.sunbeam.detector.feature.AddressFeatures;
import pt.sunbeam.detector.feature.DdosFeatures;
import pt.sunbeam.detector.feature.ScannerFeatures;
import pt.sunbeam.trainer.dataset.Dataset;
import pt.sunbeam.trainer.dataset.DatasetException;
import pt.sunbeam.trainer.dataset.DatasetFile;
import pt.sunbeam.trainer.dataset.DdosDataset;
import pt.sunbeam.trainer.dataset.ScannerDataset;
import pt.sunbeam.trainer.dataset.Split;

/**
 * A detector in one of its modes, as far as training differs.
 *
 * @param model the model's name
 * @param command the command that trains it
 * @param units what false positives are counted in
 * @param evidence features under the client's control of which more must never look better
 * @param cookieFeature the one that tells of cookies
 * @param maxCuts of a feature
 * @param fits perceptrons that are fitted and put side by side
 * @param treeMinPurity share of one class from which a leaf of the tree decides, above 0.5, at most 1
 * @param treeAllows whether a leaf of the tree may allow; else what no leaf blocks is the perceptron's
 * @param allowedFalsePositives share of benign units that calibration lets be blocked
 * @param bySite whether that must also hold as a mean over sites
 * @param data where rows come from
 */
public record Detector(
        String model,
        String command,
        String units,
        List<String> featureNames,
        List<String> featureUnits,
        Set<Integer> evidence,
        int cookieFeature,
        int maxCuts,
        int fits,
        double treeMinPurity,
        boolean treeAllows,
        double allowedFalsePositives,
        boolean bySite,
        Data data) {

    /** Divides the rows of a dataset file into roles; {@code seed} is that of frames and choices. */
    public interface Data {
        Dataset read(DatasetFile file, Split split, long seed) throws IOException, DatasetException;
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
            ScannerFeatures.HAS_COOKIES,
            16,
            1,
            0.90,
            true,
            0.001,
            true,
            ScannerDataset::of);

    /**
     * The requests of one address over a window, 22 features. What others cause, network load and surge, is held against nobody as such. A region in
     * which the fit saw nobody attack is no proof: a tool that it never saw may stand there, so the tree only blocks. What calibration allows are windows; who is blocked for them, escalation says.
     */
    public static final Detector DDOS = new Detector(
            "ddos",
            "train-mlp-ddos",
            "client days or runs",
            AddressFeatures.NAMES,
            AddressFeatures.UNITS,
            Set.of(
                    DdosFeatures.REQUEST_RATE,
                    DdosFeatures.ERROR_RATE,
                    DdosFeatures.BURST_SCORE,
                    DdosFeatures.PATH_REPETITION,
                    DdosFeatures.SUSPICIOUS_PATH_RATIO,
                    AddressFeatures.MISSED_PATHS,
                    AddressFeatures.DENIED_RATIO,
                    AddressFeatures.SCANNER_RATIO),
            DdosFeatures.COOKIE_RATIO,
            48,
            3,
            0.99,
            false,
            0.003,
            false,
            (file, split, seed) -> DdosDataset.of(AddressFeatures.COUNT, file, split, seed));

    /** The same with the original's 14 features. */
    public static final Detector DDOS_BASELINE = new Detector(
            "ddos-baseline",
            "train-mlp-ddos --mode baseline",
            "client days or runs",
            DdosFeatures.NAMES,
            DdosFeatures.UNITS,
            Set.of(
                    DdosFeatures.REQUEST_RATE,
                    DdosFeatures.ERROR_RATE,
                    DdosFeatures.BURST_SCORE,
                    DdosFeatures.PATH_REPETITION,
                    DdosFeatures.SUSPICIOUS_PATH_RATIO),
            DdosFeatures.COOKIE_RATIO,
            48,
            1,
            0.99,
            true,
            0.0005,
            false,
            (file, split, seed) -> DdosDataset.of(DdosFeatures.COUNT, file, split, seed));
}
