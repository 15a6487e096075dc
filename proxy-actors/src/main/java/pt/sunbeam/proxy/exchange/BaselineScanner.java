package pt.sunbeam.proxy.exchange;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.Route;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.detector.canon.ValueVisitor;
import pt.sunbeam.detector.feature.ScannerFeatures;
import pt.sunbeam.detector.feature.ShortCircuit;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.detector.model.Attribution;
import pt.sunbeam.detector.model.Classifier;
import pt.sunbeam.detector.model.Judgement;
import pt.sunbeam.detector.model.Scratch;

/** The original's detector: 12 features of path and envelope, and short-circuits before them. Thread-safe; holds no lock. */
public final class BaselineScanner implements ScannerLayer {
    private final ScannerFeatures extractor;
    private final Classifier model;
    private final int blockAt;
    private final SunbeamConfig.Scanner config;
    private final ThreadLocal<Scratch> scratch;
    private final Attribution attribution;

    public BaselineScanner(SunbeamConfig.Scanner config, List<Route> routes, Classifier model) {
        this.config = config;
        this.model = model;
        this.blockAt = model.logitOf(config.threshold());
        this.scratch = ThreadLocal.withInitial(() -> new Scratch(model.features()));
        Set<String> prefixes =
                routes.stream().map(route -> firstLabel(route.hostPrefix())).collect(Collectors.toUnmodifiableSet());
        this.extractor = new ScannerFeatures(prefixes);
        this.attribution =
                new Attribution(model, ordinary(), ScannerFeatures.NAMES, (_, value) -> Integer.toString(value));
    }

    private static String firstLabel(String host) {
        int dot = host.indexOf('.');
        return dot < 0 ? host : host.substring(0, dot);
    }

    /** A browser's request for the front page of a configured host. */
    private static int[] ordinary() {
        int[] features = new int[ScannerFeatures.COUNT];
        features[ScannerFeatures.PATH_DEPTH] = 1;
        features[ScannerFeatures.HAS_COOKIES] = 1;
        features[ScannerFeatures.HAS_REFERER] = 1;
        features[ScannerFeatures.HAS_ACCEPT_LANGUAGE] = 1;
        features[ScannerFeatures.ACCEPT_QUALITY] = 1;
        features[ScannerFeatures.UA_CATEGORY] = 4;
        features[ScannerFeatures.HOST_IS_CONFIGURED] = 1;
        return features;
    }

    @Override
    public Classifier model() {
        return model;
    }

    @Override
    public @Nullable BodyInspection body(RequestHead head, String route, ValueVisitor also) {
        return null;
    }

    @Override
    public Decision decide(RequestHead head, String route) {
        return decide(features(head));
    }

    /** The feature vector of a request, units as in ScannerFeatures. */
    public int[] features(RequestHead head) {
        int[] features = new int[ScannerFeatures.COUNT];
        extractor.extract(head, features);
        return features;
    }

    /**
     * The decision on a feature vector.
     *
     * @param features kept in the decision, not to be written any more
     */
    public Decision decide(int[] features) {
        var shortCircuit = ShortCircuit.of(features, config.allowHostCookies(), config.allowHostBrowser());
        if (shortCircuit != null) {
            return new Decision(false, 0, shortCircuit.reason(), null, features, List.of());
        }
        Scratch memory = scratch.get();
        Judgement judgement = model.judge(features, memory, blockAt);
        return new Decision(
                judgement.block(),
                model.score(judgement, memory),
                ScannerLayer.reason(judgement),
                judgement,
                features,
                judgement.block() ? attribution.reasons(features, blockAt) : List.of());
    }
}
