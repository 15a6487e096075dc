package pt.sunbeam.cluster;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.feature.AddressFeatures;
import pt.sunbeam.detector.feature.DdosFeatures;
import pt.sunbeam.detector.model.Attribution;
import pt.sunbeam.detector.model.Classifier;
import pt.sunbeam.detector.model.Judgement;
import pt.sunbeam.detector.model.Scratch;
import pt.sunbeam.detector.window.SlidingWindow;

/** When a window of requests is an attack, for how long its sender is banned, and why: the same online and in replays. Immutable and thread-safe. */
public final class Judge {
    /** Length of a ban, and thereby the first Retry-After. */
    static final long BAN_MILLIS = 60_000;

    private final Classifier model;
    private final int blockAt;
    private final int minEvents;
    private final DetectorCounters counters;
    private final Attribution attribution;

    /**
     * @param model of the 22 features of {@link AddressFeatures}, or the first 14 of them
     * @param threshold calibrated probability from which an address is banned, in [0, 1]
     * @param minEvents events in the window below which nobody is judged
     */
    public Judge(Classifier model, double threshold, int minEvents, DetectorCounters counters) {
        this.model = model;
        this.blockAt = model.logitOf(threshold);
        this.minEvents = Math.max(1, minEvents);
        this.counters = counters;
        this.attribution = new Attribution(
                model,
                Arrays.copyOf(visitor(), model.features()),
                AddressFeatures.NAMES.subList(0, model.features()),
                Judge::value);
    }

    /** Events in the window from which an address is worth a detector of its own: half of what a judgement needs. */
    int worthWatching() {
        return (minEvents + 1) / 2;
    }

    /** What the model says against a window, or null where it says nothing or the window is too short. Evict first. */
    public @Nullable Offence judge(SlidingWindow window) {
        if (window.size() < minEvents) {
            return null;
        }
        int[] features = new int[model.features()];
        window.features(features);
        Scratch scratch = new Scratch(model.features());
        Judgement judgement = model.judge(features, scratch, blockAt);
        counters.judged(judgement);
        return judgement.block() ? new Offence(judgement, model.score(judgement, scratch), features) : null;
    }

    /**
     * Whether an offence calls for a verdict: where none is in force, or where half of its time is over.
     *
     * <p>So an address that keeps offending stays banned, and is published twice a minute instead of fifty times a second.
     */
    public static boolean due(@Nullable DdosVerdict inForce, long nowMillis) {
        return inForce == null || inForce.expiresAtMillis() - nowMillis < BAN_MILLIS / 2;
    }

    /** The verdict on an offence. Sequences follow the wall clock, so that a shard that moved to another node goes on where it was. */
    public DdosVerdict verdict(Offence offence, @Nullable DdosVerdict inForce, long nowMillis) {
        long sequence = inForce == null ? nowMillis : Math.max(nowMillis, inForce.sequence() + 1);
        return new DdosVerdict(
                nowMillis + BAN_MILLIS,
                sequence,
                offence.score(),
                offence.judgement().path(),
                attribution.reasons(offence.features(), blockAt));
    }

    /** A feature's value in whole units: 1/1000 requests a second become requests a second. */
    private static String value(int feature, int value) {
        return switch (feature) {
            case DdosFeatures.REQUEST_RATE, DdosFeatures.BURST_SCORE ->
                String.format(Locale.ROOT, "%.1f/s", value / 1e3);
            case DdosFeatures.AVG_DURATION_MS -> value + "ms";
            case DdosFeatures.AVG_CONTENT_LENGTH -> value + "B";
            case DdosFeatures.ERROR_RATE,
                    DdosFeatures.METHOD_ENTROPY,
                    DdosFeatures.PATH_REPETITION,
                    DdosFeatures.COOKIE_RATIO,
                    DdosFeatures.REFERER_RATIO,
                    DdosFeatures.ACCEPT_LANGUAGE_RATIO,
                    DdosFeatures.SUSPICIOUS_PATH_RATIO,
                    AddressFeatures.DENIED_RATIO,
                    AddressFeatures.ASSET_RATIO,
                    AddressFeatures.SCANNER_RATIO -> String.format(Locale.ROOT, "%.2f", value / 1e4);
            case AddressFeatures.GAP_SPREAD, AddressFeatures.NETWORK_LOAD, AddressFeatures.SURGE ->
                String.format(Locale.ROOT, "%.1foct", value / 1e3);
            default -> Integer.toString(value);
        };
    }

    /** The features of an ordinary visitor with a browser: what a suspicious feature is compared with to tell how much it counts. */
    private static int[] visitor() {
        int[] f = new int[AddressFeatures.COUNT];
        f[DdosFeatures.REQUEST_RATE] = 300;
        f[DdosFeatures.UNIQUE_PATHS] = 12;
        f[DdosFeatures.UNIQUE_HOSTS] = 1;
        f[DdosFeatures.AVG_DURATION_MS] = 50;
        f[DdosFeatures.METHOD_ENTROPY] = 1_000;
        f[DdosFeatures.BURST_SCORE] = 2_000;
        f[DdosFeatures.PATH_REPETITION] = 2_000;
        f[DdosFeatures.UNIQUE_USER_AGENTS] = 1;
        f[DdosFeatures.COOKIE_RATIO] = 9_000;
        f[DdosFeatures.REFERER_RATIO] = 8_000;
        f[DdosFeatures.ACCEPT_LANGUAGE_RATIO] = 10_000;
        f[AddressFeatures.ASSET_RATIO] = 6_000;
        f[AddressFeatures.GAP_SPREAD] = 3_500;
        f[AddressFeatures.IDENTITIES] = 1;
        f[AddressFeatures.NETWORK_LOAD] = 2_000;
        return f;
    }

    /** A judgement against a sender and the features it rests on; the array is not changed after. */
    public static final class Offence {
        private final Judgement judgement;
        private final double score;
        private final int[] features;

        private Offence(Judgement judgement, double score, int[] features) {
            this.judgement = judgement;
            this.score = score;
            this.features = features;
        }

        private Judgement judgement() {
            return judgement;
        }

        private double score() {
            return score;
        }

        private int[] features() {
            return features;
        }
    }
}
