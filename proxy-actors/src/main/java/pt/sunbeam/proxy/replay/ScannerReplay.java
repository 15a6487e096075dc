package pt.sunbeam.proxy.replay;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.feature.ScannerFeatures;
import pt.sunbeam.proxy.exchange.BaselineScanner;
import pt.sunbeam.proxy.exchange.LexiconScanner;
import pt.sunbeam.proxy.exchange.ScannerLayer;
import pt.sunbeam.proxy.replay.RequestLog.Entry;
import pt.sunbeam.proxy.route.DotSegments;
import pt.sunbeam.proxy.route.RouteTable;
import pt.sunbeam.proxy.route.Rule;
import pt.sunbeam.proxy.route.VirtualHost;

/** The scanner detector before the requests of a log. */
public final class ScannerReplay {
    private final ScannerLayer layer;
    private final @Nullable RouteTable routes;

    public ScannerReplay(Replay.Settings settings) {
        var configured = settings.routes();
        routes = configured == null ? null : new RouteTable(configured);
        layer = ScannerLayer.of(
                settings.scanner(),
                configured == null ? List.of() : configured,
                settings.models().baseline().classifier(),
                settings.models().lexicon().model());
    }

    public ScannerLayer layer() {
        return layer;
    }

    /** Logs have no bodies. */
    public ScannerLayer.Decision decide(Entry entry) {
        return decide(entry, new byte[0]);
    }

    public ScannerLayer.Decision decide(Entry entry, byte[] body) {
        return switch (layer) {
            case LexiconScanner lexicon -> lexicon.decide(entry.head(), body, route(entry));
            case BaselineScanner baseline -> baseline.decide(features(baseline, entry));
        };
    }

    /** The route as audit lines name it; empty where the log or the configuration tells of none. */
    public String route(Entry entry) {
        String path = DotSegments.resolve(entry.head().path());
        VirtualHost host =
                routes == null || path == null ? null : routes.host(entry.head().host());
        Rule rule = host == null ? null : host.find(entry.head(), Objects.requireNonNull(path));
        return rule == null ? "" : rule.name();
    }

    /** A host that no log tells, and without routes any host, counts as configured. */
    private int[] features(BaselineScanner baseline, Entry entry) {
        int[] features = baseline.features(entry.head());
        if (!entry.hostLogged()) {
            features[ScannerFeatures.HOST_IS_CONFIGURED] = 1;
        } else if (routes == null) {
            features[ScannerFeatures.HOST_IS_CONFIGURED] =
                    entry.head().hostStart() < entry.head().hostEnd() ? 1 : 0;
        }
        return features;
    }
}
