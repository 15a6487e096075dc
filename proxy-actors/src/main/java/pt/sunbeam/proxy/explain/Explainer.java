package pt.sunbeam.proxy.explain;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.cluster.DetectorCounters;
import pt.sunbeam.detector.feature.ShortCircuit;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.verdict.DdosVerdict;
import pt.sunbeam.detector.verdict.Judge;
import pt.sunbeam.detector.window.SlidingWindow;
import pt.sunbeam.proxy.exchange.BaselineScanner;
import pt.sunbeam.proxy.exchange.LexiconScanner;
import pt.sunbeam.proxy.exchange.ScannerLayer;
import pt.sunbeam.proxy.replay.DdosReplay;
import pt.sunbeam.proxy.replay.Replay;
import pt.sunbeam.proxy.replay.RequestLog;
import pt.sunbeam.proxy.replay.RequestLog.Entry;
import pt.sunbeam.proxy.replay.ScannerReplay;

/** Says of one request what each layer decides and why. */
public final class Explainer {
    private static final int VERSION = 1;

    private final Replay.Settings settings;
    private final Judge judge;
    private final ScannerReplay scanner;
    private final byte[] body;
    private Explanation.@Nullable Ddos ddos;

    private Explainer(Replay.Settings settings, byte[] body) {
        this.body = body;
        this.settings = settings;
        this.judge = settings.judge(new DetectorCounters());
        this.scanner = new ScannerReplay(settings);
    }

    /** A request that comes from no log, and so has no window for the DDoS detector. */
    public static Explanation single(Entry request, byte[] body, Replay.Settings settings) {
        return new Explainer(settings, body)
                .explanation(request, null, "one request has no window; a line of a log has (--input)");
    }

    /**
     * The first request of a log that is wanted, or nothing where the log has none. The DDoS detector sees the whole log up to it, and lines behind it as
     * long as they may tell of earlier arrivals.
     *
     * @param last the line behind which none can be wanted
     */
    public static Optional<Explanation> find(
            RequestLog log, Replay.Settings settings, Predicate<Entry> wanted, long last) throws IOException {
        return new Explainer(settings, new byte[0]).find(log, wanted, last);
    }

    private Optional<Explanation> find(RequestLog log, Predicate<Entry> wanted, long last) throws IOException {
        var target = new Entry[1];
        var replay =
                new DdosReplay(settings.judge(new DetectorCounters()), settings.ddos(), (request, window, inForce) -> {
                    if (target[0] != null
                            && target[0].sample().line() == request.sample().line()) {
                        ddos = ddos(request, window, inForce);
                    }
                });
        for (Entry entry = log.next(); entry != null && ddos == null; entry = log.next()) {
            boolean found = target[0] == null && wanted.test(entry);
            if (found) {
                target[0] = entry;
            } else if (target[0] == null && entry.sample().line() > last) {
                return Optional.empty();
            }
            String refused = replay.take(entry, scanner.decide(entry));
            if (found && refused != null) {
                return Optional.of(explanation(entry, null, refused));
            }
        }
        replay.finish();
        return Optional.ofNullable(target[0]).map(entry -> explanation(entry, ddos, null));
    }

    private Explanation explanation(Entry request, Explanation.@Nullable Ddos window, @Nullable String windowMissing) {
        return new Explanation(
                VERSION,
                request.sample(),
                request.head().method(),
                request.head().target(),
                request.head().host(),
                scanner(request),
                window,
                windowMissing);
    }

    private Explanation.Scanner scanner(Entry request) {
        ScannerLayer.Decision decision = scanner.decide(request, body);
        return new Explanation.Scanner(
                settings.scanner().mode().word(),
                decision.block() ? "block" : "allow",
                decision.reason(),
                decision.score(),
                decision.reasons(),
                shortCircuits(decision),
                findings(request),
                decision.block() ? edit(request) : List.of(),
                Tracer.trace(
                        settings.scannerModel(),
                        decision.features(),
                        settings.scanner().threshold()));
    }

    private List<Explanation.ShortCircuit> shortCircuits(ScannerLayer.Decision decision) {
        return switch (scanner.layer()) {
            case LexiconScanner _ -> List.of();
            case BaselineScanner _ ->
                List.of(
                        new Explanation.ShortCircuit(
                                ShortCircuit.HOST_AND_COOKIES.reason(),
                                settings.scanner().allowHostCookies(),
                                ShortCircuit.of(decision.features(), true, false) != null),
                        new Explanation.ShortCircuit(
                                ShortCircuit.HOST_AND_BROWSER.reason(),
                                settings.scanner().allowHostBrowser(),
                                ShortCircuit.of(decision.features(), false, true) != null));
        };
    }

    private List<Explanation.Finding> findings(Entry request) {
        return switch (scanner.layer()) {
            case BaselineScanner _ -> List.of();
            case LexiconScanner lexicon ->
                lexicon.findings(request.head(), body, scanner.route(request)).stream()
                        .map(Explanation.Finding::of)
                        .toList();
        };
    }

    private List<Explanation.Finding> edit(Entry request) {
        return switch (scanner.layer()) {
            case BaselineScanner _ -> List.of();
            case LexiconScanner lexicon ->
                lexicon.edit(request.head(), body, scanner.route(request)).stream()
                        .map(Explanation.Finding::of)
                        .toList();
        };
    }

    private Explanation.Ddos ddos(DdosReplay.Waiting request, SlidingWindow window, @Nullable DdosVerdict inForce) {
        int[] features = new int[settings.ddosModel().classifier().features()];
        window.features(features);
        Judge.Finding finding = judge.judge(window);
        IpAddress key = request.client().detectorKey();
        return new Explanation.Ddos(
                inForce == null ? "allow" : inForce.measure().word(),
                inForce == null
                        ? null
                        : new Explanation.Ban(
                                inForce.path(),
                                inForce.score(),
                                inForce.reasons(),
                                Instant.ofEpochMilli(inForce.expiresAtMillis()).toString()),
                key.isIpv4() ? key.toString() : key + "/64",
                Instant.ofEpochMilli(request.arrivalMillis()).toString(),
                window.size(),
                settings.ddos().minEvents(),
                window.size() >= settings.ddos().minEvents(),
                finding != null,
                finding == null ? List.of() : judge.reasons(finding),
                Tracer.trace(settings.ddosModel(), features, settings.ddos().threshold()));
    }
}
