package pt.sunbeam.proxy.replay;

import java.util.List;
import java.util.Map;
import pt.sunbeam.detector.audit.Reasons;

/**
 * What a replay found. Its JSON form has these names in snake_case; {@code version} rises when one changes its meaning.
 *
 * @param lines of the input: {@code parsed}, {@code foreign} (no audit lines) and {@code malformed} together
 * @param unjudged parsed lines that a detector could not be told of, and why
 */
public record Report(
        int version,
        Settings settings,
        long lines,
        long parsed,
        SetAside foreign,
        SetAside malformed,
        SetAside unjudged,
        Scanner scanner,
        Ddos ddos) {

    /**
     * What the detectors were set to.
     *
     * @param allHostsConfigured whether every host of the log counted as one that a route is configured for
     * @param scannerModel SHA-256 of the model file; so is {@code ddosModel}
     */
    public record Settings(
            double scannerThreshold,
            double ddosThreshold,
            long windowSecs,
            int windowCapacity,
            int minEvents,
            boolean allHostsConfigured,
            String scannerModel,
            String ddosModel) {}

    /** Lines set aside. */
    public record SetAside(long count, List<Reasons.Count> reasons) {
        static SetAside of(Reasons reasons) {
            return new SetAside(reasons.total(), reasons.counts());
        }
    }

    /**
     * What one detector decided.
     *
     * @param share of the requests judged that were blocked, in [0, 1]
     */
    public record Decisions(long judged, long blocked, double share, FalsePositives potentialFalsePositives) {}

    /**
     * Requests blocked in the replay that were answered with 2xx or 3xx when they came.
     *
     * @param first the first ten
     */
    public record FalsePositives(long count, List<Sample> first) {}

    /** A request of the log; texts are cut to 200 characters. */
    public record Sample(long line, String requestId, String client, String path, int status) {
        private static final int LONGEST = 200;

        public Sample {
            requestId = cut(requestId);
            client = cut(client);
            path = cut(path);
        }

        private static String cut(String text) {
            return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
        }
    }

    /**
     * What the scanner detector did.
     *
     * @param paths requests by what decided: the labels of {@code sunbeam_scanner_decisions_total}
     */
    public record Scanner(Decisions decisions, Map<String, Long> paths) {}

    /**
     * What the DDoS detector did.
     *
     * @param bans not counting prolongations
     * @param bannedAddresses different ones, of at most 100,000
     * @param forgottenAddresses windows that were given up for lack of room: above zero, bans may be missing
     * @param banned the first 30
     */
    public record Ddos(
            Decisions decisions, long bans, int bannedAddresses, long forgottenAddresses, List<Banned> banned) {}

    /**
     * An address that was banned.
     *
     * @param address as the detector counts: IPv6 by networks of 64 bits
     * @param since RFC 3339
     * @param score calibrated probability in [0, 1]
     * @param path "tree_block" or "mlp"
     */
    public record Banned(String address, String since, double score, String path, List<String> reasons) {}
}
