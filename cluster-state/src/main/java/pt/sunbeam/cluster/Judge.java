package pt.sunbeam.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.feature.DdosFeatures;
import pt.sunbeam.detector.model.Classifier;
import pt.sunbeam.detector.model.Judgement;
import pt.sunbeam.detector.model.Scratch;
import pt.sunbeam.detector.window.SlidingWindow;

/** When a window of requests is an attack, for how long its sender is banned, and why. Immutable and thread-safe. */
final class Judge {
    /** Length of a ban, and thereby the first Retry-After. */
    static final long BAN_MILLIS = 60_000;

    /** The features of an ordinary visitor with a browser: what a suspicious feature is compared with to tell how much it counts. */
    private static final int[] VISITOR = visitor();

    private final Classifier model;
    private final int blockAt;
    private final int minEvents;
    private final DetectorCounters counters;

    /**
     * @param threshold calibrated probability from which an address is banned, in [0, 1]
     * @param minEvents events in the window below which nobody is judged
     */
    Judge(Classifier model, double threshold, int minEvents, DetectorCounters counters) {
        this.model = model;
        this.blockAt = model.logitOf(threshold);
        this.minEvents = Math.max(1, minEvents);
        this.counters = counters;
    }

    /** Events in the window from which an address is worth a detector of its own: half of what a judgement needs. */
    int worthWatching() {
        return (minEvents + 1) / 2;
    }

    /** What the model says against a window, or null where it says nothing or the window is too short. Evict first. */
    @Nullable
    Offence judge(SlidingWindow window) {
        if (window.size() < minEvents) {
            return null;
        }
        int[] features = new int[DdosFeatures.COUNT];
        window.features(features);
        Scratch scratch = new Scratch(DdosFeatures.COUNT);
        Judgement judgement = model.judge(features, scratch, blockAt);
        counters.judged(judgement);
        return judgement.block() ? new Offence(judgement, model.score(judgement, scratch), features) : null;
    }

    /**
     * Whether an offence calls for a verdict: where none is in force, or where half of its time is over.
     *
     * <p>So an address that keeps offending stays banned, and is published twice a minute instead of fifty times a second.
     */
    static boolean due(@Nullable DdosVerdict inForce, long nowMillis) {
        return inForce == null || inForce.expiresAtMillis() - nowMillis < BAN_MILLIS / 2;
    }

    /** The verdict on an offence. Sequences follow the wall clock, so that a shard that moved to another node goes on where it was. */
    DdosVerdict verdict(Offence offence, @Nullable DdosVerdict inForce, long nowMillis) {
        long sequence = inForce == null ? nowMillis : Math.max(nowMillis, inForce.sequence() + 1);
        return new DdosVerdict(
                nowMillis + BAN_MILLIS,
                sequence,
                offence.score(),
                offence.judgement().path(),
                reasons(offence.features()));
    }

    /**
     * The features that speak most against the sender, strongest first, with their values.
     *
     * <p>A feature counts by how much suspicion falls when it alone becomes that of an ordinary visitor, plus how much it rises when an
     * ordinary visitor gets this feature alone: the first and the last term of the feature's Shapley value (Lundberg and Lee, NIPS 2017).
     */
    private List<String> reasons(int[] features) {
        long full = suspicion(features);
        long none = suspicion(VISITOR);
        record Weighed(int feature, long weight) {}
        List<Weighed> weighed = new ArrayList<>();
        for (int f = 0; f < features.length; f++) {
            int[] without = features.clone();
            without[f] = VISITOR[f];
            int[] only = VISITOR.clone();
            only[f] = features[f];
            long weight = full - suspicion(without) + suspicion(only) - none;
            if (weight > 0) {
                weighed.add(new Weighed(f, weight));
            }
        }
        weighed.sort(Comparator.comparingLong(Weighed::weight).reversed());
        return weighed.stream()
                .limit(3)
                .map(w -> "%s=%s"
                        .formatted(DdosFeatures.NAMES.get(w.feature()), value(w.feature(), features[w.feature()])))
                .toList();
    }

    /** The perceptron's logit, or where the tree decides a number beyond every logit. */
    private long suspicion(int[] features) {
        Scratch scratch = new Scratch(DdosFeatures.COUNT);
        return switch (model.judge(features, scratch, blockAt)) {
            case TREE_ALLOW -> Integer.MIN_VALUE;
            case TREE_BLOCK -> Integer.MAX_VALUE;
            case MLP_ALLOW, MLP_BLOCK -> scratch.logit();
        };
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
                    DdosFeatures.SUSPICIOUS_PATH_RATIO -> String.format(Locale.ROOT, "%.2f", value / 1e4);
            default -> Integer.toString(value);
        };
    }

    private static int[] visitor() {
        int[] f = new int[DdosFeatures.COUNT];
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
        return f;
    }

    /** A judgement against a sender and the features it rests on; the array is not changed after. */
    static final class Offence {
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
