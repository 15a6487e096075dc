package pt.sunbeam.proxy.replay;

import java.util.List;
import java.util.Map;
import pt.sunbeam.detector.audit.Reasons;

/**
 * What a replay found. Its JSON form has these names in snake_case; {@code version} rises when one changes its meaning.
 *
 * @param lines of the input: {@code parsed}, {@code foreign} (of another kind) and {@code malformed} together
 * @param noRequest parsed lines that tell of no request
 * @param uncounted requests that the DDoS detector could not be told of, and why
 * @param together what the proxy would have blocked, whichever detector said so
 * @param examples the first 20 requests blocked
 * @param groups empty unless asked for
 */
public record Report(
        int version,
        Settings settings,
        long lines,
        long parsed,
        SetAside foreign,
        SetAside malformed,
        SetAside noRequest,
        SetAside uncounted,
        Decisions together,
        Scanner scanner,
        Ddos ddos,
        List<Example> examples,
        List<Group> groups,
        Addresses addresses) {

    /**
     * What was read and what the detectors were set to.
     *
     * @param format of the log: "audit" or "access"
     * @param scannerMode "lexicon" or "baseline"
     * @param allHostsConfigured whether every host of the log counted as one that a route is configured for
     * @param scannerModel SHA-256 of the model file, of the lexicon's where there is one; so is {@code ddosModel}
     */
    public record Settings(
            String format,
            String scannerMode,
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
     * A feature that blocks rest on.
     *
     * @param blocks requests for whose block it is one of the (at most three) strongest reasons
     * @param strongest those among them for which it is the strongest
     */
    public record Reason(String feature, long blocks, long strongest) {}

    /**
     * What the scanner detector did.
     *
     * @param paths requests by what decided: the labels of {@code sunbeam_scanner_decisions_total}
     */
    public record Scanner(Decisions decisions, Map<String, Long> paths, List<Reason> reasons) {}

    /**
     * What the DDoS detector did.
     *
     * @param paths requests by what decided: "no_ban", "ban:" or "throttle:" and what brought it about
     * @param judgements of windows, after each arrival and each response: the labels of {@code sunbeam_ddos_ensemble_path_total}
     * @param bans not counting prolongations
     * @param bannedAddresses different ones, of at most 100,000; so are those that were throttled
     * @param forgottenAddresses windows that were given up for lack of room: above zero, bans may be missing
     * @param banned the first 30
     */
    public record Ddos(
            Decisions decisions,
            Map<String, Long> paths,
            List<Reason> reasons,
            Map<String, Long> judgements,
            long bans,
            int bannedAddresses,
            int throttledAddresses,
            long forgottenAddresses,
            List<Banned> banned) {}

    /**
     * A request that was blocked.
     *
     * @param layers who blocked it: "ddos", "scanner", or both
     * @param path what decided in the first of them
     * @param reasons of the first of them, strongest first
     */
    public record Example(Sample request, List<String> layers, String path, List<String> reasons) {}

    /**
     * Requests and how many of them were blocked: by each detector and by any.
     *
     * @param share blocked by any, in [0, 1]
     */
    public record Blocks(long requests, long scanner, long ddos, long any, double share) {}

    /** A group of addresses that was asked for, or the requests of none. */
    public record Group(String name, Blocks blocks) {}

    /** A client. */
    public record Address(String address, Blocks blocks) {}

    /**
     * The clients of the log.
     *
     * @param distinct at most 100,000
     * @param beyond requests of addresses for which there was no room
     * @param withBlocks addresses of which a request was blocked
     * @param blocked the 30 with the most requests blocked
     * @param busiest the 10 with the most requests
     */
    public record Addresses(int distinct, long beyond, long withBlocks, List<Address> blocked, List<Address> busiest) {}

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
