package pt.sunbeam.trainer.dataset;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import pt.sunbeam.detector.audit.Reasons;
import pt.sunbeam.detector.feature.AddressFeatures;
import pt.sunbeam.detector.feature.ScannerFeatures;

/**
 * What a dataset file says about itself, as JSON.
 *
 * @param features of each detector: whoever reads the windows must know their order and units
 * @param folds how many rows each fold holds, by table
 * @param unjudged benign clients' days of too few requests to be judged, for each fold and, within it, for each role that it has when not held out
 * @param notes what a reader of figures must know, by table
 */
public record Header(
        int version,
        String tool,
        long seed,
        List<Source> sources,
        Map<String, Features> features,
        Window window,
        Map<String, List<Long>> folds,
        List<Map<Role, Integer>> unjudged,
        Map<String, List<String>> notes) {

    /** The tables, as {@code folds} and {@code notes} name them. */
    public static final String REQUESTS = "requests", WINDOWS = "windows";

    /** Version of the format that this program writes and reads. */
    public static final int VERSION = 2;

    /**
     * One file that was read.
     *
     * @param set the data set: a folder's name, or the option that named the file
     * @param sha256 of the file as stored; empty for standard input
     * @param lines or records read
     * @param requests rows kept, and {@code windows}
     * @param duplicates requests dropped because the same decoded request is there already, from whatever source
     * @param contradicted attacks dropped because the same decoded request is benign elsewhere
     * @param unlabelled requests that nothing says the label of
     * @param setAside lines that could not be read, by reason
     */
    public record Source(
            String set,
            String file,
            String sha256,
            long lines,
            Rows requests,
            Rows windows,
            long duplicates,
            long contradicted,
            long unlabelled,
            List<Reasons.Count> setAside) {}

    /** Rows by label. */
    public record Rows(long normal, long attack) {
        public long total() {
            return normal + attack;
        }
    }

    /** By position. */
    public record Features(List<String> names, List<String> units) {
        /** In the order of their names: that of {@code Map.of} is another in each process, and the file's hash with it. */
        static final Map<String, Features> OF_DETECTORS = Collections.unmodifiableMap(new TreeMap<>(Map.of(
                "scanner",
                new Features(ScannerFeatures.NAMES, ScannerFeatures.UNITS),
                "ddos",
                new Features(AddressFeatures.NAMES, AddressFeatures.UNITS))));
    }

    /** What windows were made with. */
    public record Window(int millis, int capacity, int minEvents) {}
}
