package pt.sunbeam.proxy.replay;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.cluster.DetectorCounters;
import pt.sunbeam.config.Route;
import pt.sunbeam.config.ScannerMode;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.detector.audit.Reasons;
import pt.sunbeam.detector.http.Cidr;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.verdict.DdosVerdict;
import pt.sunbeam.detector.verdict.Judge;
import pt.sunbeam.detector.verdict.Measure;
import pt.sunbeam.detector.window.SlidingWindow;
import pt.sunbeam.proxy.exchange.ScannerLayer;
import pt.sunbeam.proxy.replay.RequestLog.Entry;

/**
 * Puts the requests of a log before the two detectors, each by itself, as if they came again. No clock: the same log gives the same report.
 *
 * <p>What the log does not have, the replay does not see: values of the query that are masked, cookies' values, and whether a body was chunked (so a
 * POST without a length counts as a mismatch). Responses are those of the log, also where another decision would have changed them.
 */
public final class Replay {
    private static final int VERSION = 1;
    private static final int MOST_EXAMPLES = 20;
    private static final String NO_BAN = "no_ban";

    private final Settings settings;
    private final ScannerReplay scanner;
    private final DetectorCounters counters = new DetectorCounters();
    private final DdosReplay ddos;
    private final LayerTally scannerTally = new LayerTally();
    private final LayerTally ddosTally = new LayerTally();
    private final LayerTally together = new LayerTally();
    private final ClientTally clients;
    private final List<Report.Example> examples = new ArrayList<>();
    private final Reasons uncounted = new Reasons();

    /**
     * What the detectors are set to; {@code enabled} and {@code observeOnly} do not count.
     *
     * @param routes null where every host of the log counts as configured
     * @param groups address blocks by the name of their group, which is counted apart
     */
    public record Settings(
            SunbeamConfig.Scanner scanner,
            SunbeamConfig.Ddos ddos,
            @Nullable List<Route> routes,
            DetectorModels models,
            Map<String, List<Cidr>> groups) {
        public Judge judge(DetectorCounters counters) {
            return new Judge(
                    ddosModel().classifier(),
                    ddos.threshold(),
                    ddos.minEvents(),
                    ddos.escalation().steps(),
                    counters::judged);
        }

        /** The DDoS detector's model that judges. */
        public DetectorModels.ReadModel ddosModel() {
            return models.ddos(ddos.mode());
        }

        /** The scanner's model that judges. */
        public DetectorModels.ReadModel scannerModel() {
            return scanner.mode() == ScannerMode.BASELINE
                    ? models.baseline()
                    : models.lexicon().ensemble();
        }
    }

    /** Reads the log to its end. */
    public static Report run(RequestLog log, Settings settings) throws IOException {
        var replay = new Replay(settings);
        for (Entry entry = log.next(); entry != null; entry = log.next()) {
            replay.take(entry);
        }
        return replay.report(log);
    }

    private Replay(Settings settings) {
        this.settings = settings;
        this.scanner = new ScannerReplay(settings);
        this.clients = new ClientTally(settings.groups());
        this.ddos = new DdosReplay(settings.judge(counters), settings.ddos(), this::arrived);
    }

    private void take(Entry entry) {
        Block block = scan(entry);
        IpAddress client = DdosReplay.client(entry);
        String refused = ddos.take(entry, client, block);
        if (refused != null) {
            uncounted.add(refused, entry.sample().line());
            settle(entry.sample(), client, block, null);
        }
    }

    private void arrived(DdosReplay.Waiting request, SlidingWindow window, @Nullable DdosVerdict refusal) {
        Block block = refusal == null ? null : new Block(path(refusal), refusal.reasons());
        if (block == null) {
            ddosTally.allowed(NO_BAN);
        } else {
            ddosTally.blocked(request.sample(), block);
        }
        settle(request.sample(), request.client(), request.scanner(), block);
    }

    private static String path(DdosVerdict refusal) {
        return (refusal.measure() == Measure.BLOCK ? "ban:" : "throttle:") + refusal.path();
    }

    private @Nullable Block scan(Entry entry) {
        ScannerLayer.Decision decision = scanner.decide(entry);
        if (!decision.block()) {
            scannerTally.allowed(decision.reason());
            return null;
        }
        var block = new Block(decision.reason(), decision.reasons());
        scannerTally.blocked(entry.sample(), block);
        return block;
    }

    /** Both decisions are known. The DDoS detector's comes first, as in the proxy. */
    private void settle(
            Report.Sample request, @Nullable IpAddress client, @Nullable Block byScanner, @Nullable Block byDdos) {
        clients.add(client, byScanner != null, byDdos != null);
        Block block = byDdos == null ? byScanner : byDdos;
        if (block == null) {
            together.allowed("allow");
            return;
        }
        together.blocked(request, block);
        if (examples.size() < MOST_EXAMPLES) {
            Set<Layer> layers = EnumSet.noneOf(Layer.class);
            if (byDdos != null) {
                layers.add(Layer.DDOS);
            }
            if (byScanner != null) {
                layers.add(Layer.SCANNER);
            }
            examples.add(new Report.Example(
                    request, layers.stream().map(Layer::label).toList(), block.path(), block.reasons()));
        }
    }

    /** The detectors in the order in which the proxy asks them. */
    private enum Layer {
        DDOS,
        SCANNER;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private Report report(RequestLog log) {
        DdosReplay.Bans bans = ddos.finish();
        Map<String, Long> judgements = new TreeMap<>();
        counters.judgements.forEach((judgement, count) -> judgements.merge(judgement.path(), count.sum(), Long::sum));
        return new Report(
                VERSION,
                new Report.Settings(
                        log.format().name().toLowerCase(Locale.ROOT),
                        settings.scanner().mode().word(),
                        settings.scanner().threshold(),
                        settings.ddos().threshold(),
                        settings.ddos().window().toSeconds(),
                        settings.ddos().windowCapacity(),
                        settings.ddos().minEvents(),
                        settings.routes() == null,
                        settings.scannerModel().version(),
                        settings.ddosModel().version()),
                log.account().lines(),
                log.account().parsed(),
                Report.SetAside.of(log.account().foreign()),
                Report.SetAside.of(log.account().malformed()),
                Report.SetAside.of(log.noRequest()),
                Report.SetAside.of(uncounted),
                together.decisions(),
                new Report.Scanner(scannerTally.decisions(), scannerTally.paths(), scannerTally.reasons()),
                new Report.Ddos(
                        ddosTally.decisions(),
                        ddosTally.paths(),
                        ddosTally.reasons(),
                        judgements,
                        bans.bans(),
                        bans.bannedAddresses(),
                        bans.throttledAddresses(),
                        bans.forgottenAddresses(),
                        bans.banned()),
                examples,
                clients.groups(),
                clients.addresses());
    }
}
