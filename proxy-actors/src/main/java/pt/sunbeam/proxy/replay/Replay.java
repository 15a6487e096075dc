package pt.sunbeam.proxy.replay;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.cluster.DetectorCounters;
import pt.sunbeam.cluster.Judge;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.detector.audit.AuditLines;
import pt.sunbeam.detector.audit.AuditRecord;
import pt.sunbeam.detector.audit.LoggedRequest;
import pt.sunbeam.detector.audit.Reasons;
import pt.sunbeam.detector.feature.ScannerFeatures;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.detector.model.Classifier;
import pt.sunbeam.detector.window.EventReader;
import pt.sunbeam.proxy.exchange.ScannerLayer;

/**
 * Puts the requests of an audit log before the two detectors, each by itself, as if they came again. No clock: the same log gives the same report.
 *
 * <p>What the log does not have, the replay does not see: values of the query that are masked, cookies' values, and whether a body was chunked (so a
 * POST without a length counts as a mismatch). Responses are those of the log, also where another decision would have changed them.
 */
public final class Replay {
    private static final int VERSION = 1;
    private static final long LAST_SECOND =
            Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

    private final Settings settings;
    private final ScannerLayer scanner;
    private final DdosReplay ddos;
    private final EventReader events = new EventReader(0); // not secret: whoever wrote the log is gone
    private final DecisionTally scannerTally = new DecisionTally();
    private final Map<String, Long> scannerPaths = new TreeMap<>();
    private final Reasons unjudged = new Reasons();

    /**
     * What the detectors are set to; {@code enabled} and {@code observeOnly} do not count.
     *
     * @param routes null where every host of the log counts as configured
     */
    public record Settings(
            SunbeamConfig.Scanner scanner,
            SunbeamConfig.Ddos ddos,
            @Nullable List<SunbeamConfig.Route> routes,
            Classifier scannerModel,
            Classifier ddosModel) {}

    /** Reads the lines to their end. */
    public static Report run(AuditLines lines, Settings settings) throws IOException {
        var replay = new Replay(settings);
        for (AuditRecord record = lines.next(); record != null; record = lines.next()) {
            replay.take(record, lines.lines());
        }
        return replay.report(lines);
    }

    private Replay(Settings settings) {
        this.settings = settings;
        var routes = settings.routes() == null ? List.<SunbeamConfig.Route>of() : settings.routes();
        this.scanner = new ScannerLayer(settings.scanner(), routes, settings.scannerModel());
        var config = settings.ddos();
        this.ddos = new DdosReplay(
                new Judge(settings.ddosModel(), config.threshold(), config.minEvents(), new DetectorCounters()),
                Math.toIntExact(config.window().toMillis()),
                config.windowCapacity());
    }

    private void take(AuditRecord record, long line) {
        if (!LoggedRequest.isRequest(record)) {
            unjudged.add("no request: refused before it could be read", line);
            return;
        }
        RequestHead head;
        try {
            head = LoggedRequest.head(record);
        } catch (IllegalArgumentException impossible) {
            unjudged.add("no request: " + impossible.getMessage(), line);
            return;
        }
        var sample = new Report.Sample(line, record.requestId(), record.clientIp(), record.path(), record.status());
        scan(head, sample);
        count(record, head, sample);
    }

    private void scan(RequestHead head, Report.Sample sample) {
        int[] features = scanner.features(head);
        if (settings.routes() == null) {
            features[ScannerFeatures.HOST_IS_CONFIGURED] = head.hostStart() < head.hostEnd() ? 1 : 0;
        }
        ScannerLayer.Decision decision = scanner.decide(features);
        scannerPaths.merge(decision.reason(), 1L, Long::sum);
        if (decision.block()) {
            scannerTally.blocked(sample);
        } else {
            scannerTally.allowed();
        }
    }

    private void count(AuditRecord record, RequestHead head, Report.Sample sample) {
        IpAddress client;
        try {
            client = IpAddress.parse(record.clientIp());
        } catch (IllegalArgumentException noAddress) {
            unjudged.add("ddos: client_ip: " + noAddress.getMessage(), sample.line());
            return;
        }
        long second = record.timestamp().getEpochSecond();
        if (second < 0 || second > LAST_SECOND) {
            unjudged.add("ddos: timestamp: found a year that is not in 1970 to 9999", sample.line());
            return;
        }
        var request = new DdosReplay.Request(
                client.detectorKey(),
                events.read(head, sample.line(), LoggedRequest.arrivalMillis(record)),
                LoggedRequest.durationMillis(record),
                !LoggedRequest.isRefusedByDdos(record),
                sample);
        if (!ddos.add(request)) {
            unjudged.add("ddos: timestamp: too far behind earlier lines; is the log sorted?", sample.line());
        }
    }

    private Report report(AuditLines lines) {
        Report.Ddos counted = ddos.finish();
        return new Report(
                VERSION,
                new Report.Settings(
                        settings.scanner().threshold(),
                        settings.ddos().threshold(),
                        settings.ddos().window().toSeconds(),
                        settings.ddos().windowCapacity(),
                        settings.ddos().minEvents(),
                        settings.routes() == null,
                        settings.scannerModel().sha256(),
                        settings.ddosModel().sha256()),
                lines.lines(),
                lines.parsed(),
                Report.SetAside.of(lines.foreign()),
                Report.SetAside.of(lines.malformed()),
                Report.SetAside.of(unjudged),
                new Report.Scanner(scannerTally.decisions(), scannerPaths),
                counted);
    }
}
