package pt.sunbeam.detector.verdict;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.feature.AddressFeatures;
import pt.sunbeam.detector.feature.DdosFeatures;
import pt.sunbeam.detector.model.Attribution;
import pt.sunbeam.detector.model.Classifier;
import pt.sunbeam.detector.model.Judgement;
import pt.sunbeam.detector.model.Scratch;
import pt.sunbeam.detector.window.SlidingWindow;

/** When a window of requests is an attack, what is done about its sender, for how long, and why: the same online and in replays. Thread-safe. */
public final class Judge {
    private final Classifier model;
    private final int blockAt;
    private final int minEvents;
    private final Escalation escalation;
    private final Consumer<Judgement> judged;
    private final Attribution attribution;
    private final ThreadLocal<Desk> desks;

    /** Where one thread works. */
    private static final class Desk {
        final int[] features;
        final Scratch scratch;

        Desk(int features) {
            this.features = new int[features];
            scratch = new Scratch(features);
        }
    }

    /**
     * @param model of the 22 features of {@link AddressFeatures}, or the first 14 of them
     * @param threshold calibrated probability from which a window is an offence, in [0, 1]
     * @param minEvents events in the window below which nobody is judged
     * @param judged hears of each judgement; called by whoever judges, so it must not wait
     */
    public Judge(Classifier model, double threshold, int minEvents, Escalation escalation, Consumer<Judgement> judged) {
        this.model = model;
        this.blockAt = model.logitOf(threshold);
        this.minEvents = Math.max(1, minEvents);
        this.escalation = escalation;
        this.judged = judged;
        this.desks = ThreadLocal.withInitial(() -> new Desk(model.features()));
        this.attribution = new Attribution(
                model,
                Arrays.copyOf(visitor(), model.features()),
                AddressFeatures.NAMES.subList(0, model.features()),
                Judge::value);
    }

    /** Events in the window from which an address is worth a detector of its own: half of what a judgement needs. */
    public int worthWatching() {
        return (minEvents + 1) / 2;
    }

    public Escalation escalation() {
        return escalation;
    }

    /** What the model says against a window, or null where it says nothing or the window is too short. Evict first. */
    public @Nullable Finding judge(SlidingWindow window) {
        if (window.size() < minEvents) {
            return null;
        }
        Desk desk = desks.get();
        window.features(desk.features);
        Judgement judgement = model.judge(desk.features, desk.scratch, blockAt);
        judged.accept(judgement);
        return judgement.block()
                ? new Finding(judgement, model.score(judgement, desk.scratch), desk.features.clone())
                : null;
    }

    /** Whether an offence could call for more than is in force. */
    public boolean isDue(@Nullable DdosVerdict last, long nowMillis) {
        return Escalation.isDue(last, nowMillis);
    }

    /**
     * The verdict that an offence calls for, or null where what is in force will do. Sequences follow the wall clock, so that a shard that moved to another node
     * goes on where it was.
     *
     * @param last the last verdict on the sender, in force or not, or null
     */
    public @Nullable DdosVerdict verdict(Offence offence, @Nullable DdosVerdict last) {
        long now = offence.nowMillis();
        Escalation.Step step = escalation.next(last, offence.sinceMillis(), now);
        if (step == null) {
            return null;
        }
        Finding finding = offence.finding();
        return new DdosVerdict(
                step.measure(),
                now,
                now + step.millis(),
                last == null ? now : Math.max(now, last.sequence() + 1),
                step.strikes(),
                finding.score(),
                finding.judgement().path(),
                reasons(finding));
    }

    /** At most three feature names with their values, strongest first. */
    public List<String> reasons(Finding finding) {
        return attribution.reasons(finding.features(), blockAt);
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
    public static final class Finding {
        private final Judgement judgement;
        private final double score;
        private final int[] features;

        private Finding(Judgement judgement, double score, int[] features) {
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
