package pt.sunbeam.proxy.exchange;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import pt.sunbeam.cluster.DetectorNode;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.detector.audit.AuditRecord;
import pt.sunbeam.detector.audit.AuditRecord.Extension;
import pt.sunbeam.detector.audit.AuditRecord.Layer;
import pt.sunbeam.detector.audit.BodyShape;
import pt.sunbeam.detector.audit.Redaction;
import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.detector.verdict.DdosVerdict;
import pt.sunbeam.proxy.limit.RateLimiter;
import pt.sunbeam.proxy.message.UpstreamOutcome;
import pt.sunbeam.proxy.observe.AuditLog;
import pt.sunbeam.proxy.observe.Metrics;
import pt.sunbeam.proxy.observe.Stage;
import pt.sunbeam.proxy.orders.Order;
import pt.sunbeam.proxy.tunnel.TunnelEnd;

/** Writes down how each exchange ended: the audit line, the metrics, and the feedback to the DDoS detector. Thread-safe. */
public final class Journal {
    private static final Logger log = LoggerFactory.getLogger("pt.sunbeam.proxy.exchange");
    private static final int SCHEMA = 1;
    private static final int SWITCHED = 101;

    private final SunbeamConfig config;
    private final AuditLog audit;
    private final Metrics metrics;
    private final Redaction redaction;
    private final DetectorNode detectors;
    private final String models;
    private final String node;
    private final Clocks clocks;

    public Journal(
            SunbeamConfig config,
            AuditLog audit,
            Metrics metrics,
            Redaction redaction,
            DetectorNode detectors,
            String models,
            String node,
            Clocks clocks) {
        this.config = config;
        this.audit = audit;
        this.metrics = metrics;
        this.redaction = redaction;
        this.detectors = detectors;
        this.models = models;
        this.node = node;
        this.clocks = clocks;
    }

    /** A stage of an exchange is over, and the next one begins. */
    void passed(Exchange exchange, Stage stage) {
        long now = clocks.nanos();
        metrics.stage(stage, now - exchange.stageNanos);
        exchange.stageNanos = now;
    }

    /** Takes what the audit line says of a body. */
    BodyShape bodyShape() {
        return redaction.bodyShape();
    }

    void began() {
        metrics.active(1);
    }

    /**
     * The first call for an exchange counts, later ones do nothing.
     *
     * @param status 0 where the client left before there was one
     * @param bytes of the response's content, as far as they were passed on
     * @param error what went wrong, or null
     */
    void ended(Exchange exchange, int status, long bytes, @Nullable String error) {
        if (!exchange.end()) {
            return;
        }
        long nanos = clocks.nanos() - exchange.beganNanos;
        tell(exchange, status, nanos);
        long received = Math.max(0, exchange.head().contentLength());
        write(exchange, record(exchange, status, received, bytes, nanos / 1_000_000, error), nanos);
    }

    private void write(Exchange exchange, AuditRecord line, long nanos) {
        audit.write(line);
        if (exchange.span != null) {
            exchange.span.end(line, !config.audit().pseudonymise(), exchange.at(exchange.beganNanos + nanos));
        }
    }

    private void tell(Exchange exchange, int status, long nanos) {
        metrics.active(-1);
        metrics.request(exchange.head().method(), exchange.hostPrefix(), status, exchange.backend, nanos);
        count(exchange);
        if (exchange.countedByDdos && !exchange.refusedByDdos) {
            int millis = (int) Math.min(nanos / 1_000_000, Integer.MAX_VALUE);
            var scanner = exchange.scannerDecision();
            detectors.responded(
                    exchange.client,
                    clocks.millis(exchange.beganNanos) + millis,
                    exchange.eventId,
                    status,
                    millis,
                    scanner != null && scanner.block());
        }
    }

    void mirrored(Mirrors.Outcome outcome) {
        metrics.mirrored(outcome.name().toLowerCase(Locale.ROOT));
    }

    /**
     * The exchange goes on as a tunnel: what counts requests and their durations is told now, the audit line is written when the tunnel ends. False where the
     * exchange has ended before, for its client has gone.
     */
    boolean switched(Exchange exchange) {
        if (!exchange.end()) {
            return false;
        }
        tell(exchange, SWITCHED, clocks.nanos() - exchange.beganNanos);
        metrics.tunnelBegan();
        return true;
    }

    void tunnelEnded(Exchange exchange, TunnelEnd end) {
        metrics.tunnelEnded(end);
        long nanos = clocks.nanos() - exchange.beganNanos;
        String error = end.cause().isError() ? "tunnel: " + end.cause().label() : null;
        write(exchange, record(exchange, SWITCHED, end.toUpstream(), end.toClient(), nanos / 1_000_000, error), nanos);
    }

    void tunnelRefused() {
        metrics.tunnelRefused();
    }

    private void count(Exchange exchange) {
        if (exchange.order == Order.Kind.BAN) {
            metrics.bannedByOperator();
        }
        if (exchange.countedByDdos) {
            metrics.ddos(ddosDecision(exchange.ddos));
        }
        if (exchange.rateLimit != null) {
            boolean refused = exchange.rateLimit instanceof RateLimiter.Refused;
            metrics.rateLimit(
                    decision(refused, config.rateLimit().observeOnly()),
                    refused,
                    exchange.rateLimit.policy().name());
        }
        var scanner = exchange.scannerDecision();
        if (scanner != null) {
            metrics.scanner(decision(scanner.block(), config.scanner().observeOnly()), scanner.reason());
            if (scanner.judgement() != null) {
                metrics.scannerPath(scanner.judgement());
            }
        }
    }

    /** "observe": would have blocked, had it been told to. */
    private static String decision(boolean block, boolean observeOnly) {
        return !block ? "allow" : observeOnly ? "observe" : "block";
    }

    void upstreamFailed(Exchange exchange, UpstreamOutcome.Fault fault, String detail) {
        try (var _ = MDC.putCloseable("request_id", exchange.id)) {
            String backend = exchange.backend == null ? "-" : exchange.backend;
            log.warn("{}: {}: {}", backend, fault.words(), detail);
        }
    }

    void responseCut(Exchange exchange, Throwable failure) {
        try (var _ = MDC.putCloseable("request_id", exchange.id)) {
            log.warn("The response was cut short: {}", failure.toString());
        }
    }

    void detectorBroke(Exchange exchange, RuntimeException bug) {
        try (var _ = MDC.putCloseable("request_id", exchange.id)) {
            log.error("The scanner detector failed; the request passes unjudged", bug);
        }
    }

    /** What the wire refused before it was a request: it gets a line too, with what is known of it. */
    void malformed(String id, int status, String reason) {
        metrics.request("", null, status, null, 0);
        audit.write(new AuditRecord(
                clocks.wall(),
                id,
                "-",
                "-",
                "-",
                "",
                "-",
                status,
                0,
                0,
                0,
                null,
                null,
                null,
                null,
                null,
                false,
                null,
                null,
                null,
                "malformed request: " + redaction.piece(firstLine(reason)),
                "-",
                0,
                null,
                new Extension(SCHEMA, node, null, null, null, null, 0, List.of(), null)));
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        String line = end < 0 ? text : text.substring(0, end);
        return line.length() <= 200 ? line : line.substring(0, 200);
    }

    /** @param received bytes of the request's content, or of what a tunnel brought from the client */
    private AuditRecord record(
            Exchange exchange, int status, long received, long bytes, long millis, @Nullable String error) {
        RequestHead head = exchange.head();
        String referer = head.first(HeaderName.REFERER);
        var scanner = exchange.scannerDecision();
        boolean sampled =
                ThreadLocalRandom.current().nextDouble() < config.audit().featureSample();
        return new AuditRecord(
                exchange.began,
                exchange.id,
                redaction.text(head.method()),
                redaction.text(exchange.host),
                redaction.path(head.path()),
                redaction.query(head.query()),
                redaction.address(exchange.client.toString()),
                status,
                millis,
                received,
                bytes,
                text(head, HeaderName.USER_AGENT),
                referer == null ? null : redaction.url(referer),
                text(head, HeaderName.ACCEPT_LANGUAGE),
                text(head, HeaderName.ACCEPT),
                text(head, HeaderName.ACCEPT_ENCODING),
                head.find(HeaderName.COOKIE, 0) >= 0,
                text(head, HeaderName.CONNECTION),
                text(head, HeaderName.CF_IPCOUNTRY),
                exchange.backend,
                error,
                head.version(),
                head.fieldCount(),
                null,
                new Extension(
                        SCHEMA,
                        node,
                        exchange.rule == null ? exchange.hostPrefix() : exchange.rule.name(),
                        ddosLayer(exchange),
                        scannerLayer(scanner),
                        rateLimitLayer(exchange.rateLimit),
                        models,
                        exchange.upstreamNanos / 1_000_000,
                        exchange.bodyShape == null
                                ? redaction.shape(head)
                                : exchange.bodyShape.behind(redaction.shape(head)),
                        sampled && scanner != null && scanner.features().length > 0 ? scanner.features() : null));
    }

    private @Nullable String text(RequestHead head, HeaderName name) {
        String value = head.first(name);
        return value == null ? null : redaction.text(value);
    }

    private @Nullable Layer ddosLayer(Exchange exchange) {
        if (!exchange.countedByDdos) {
            return null;
        }
        DdosVerdict verdict = exchange.ddos.verdict();
        return verdict == null
                ? new Layer("allow", 0, "verdict", List.of())
                : new Layer(ddosDecision(exchange.ddos), verdict.score(), verdict.path(), verdict.reasons());
    }

    /** "throttle" and "block" refuse; of a throttled address's requests some are allowed. */
    private String ddosDecision(DdosLayer.Decision decision) {
        DdosVerdict verdict = decision.verdict();
        return verdict == null || !decision.refuses()
                ? "allow"
                : config.ddos().observeOnly() ? "observe" : verdict.measure().word();
    }

    private @Nullable Layer rateLimitLayer(RateLimiter.@Nullable Outcome outcome) {
        return switch (outcome) {
            case null -> null;
            case RateLimiter.Admitted(var policy) -> new Layer("allow", 0, policy.name(), List.of());
            case RateLimiter.Refused(var policy, var waitNanos) ->
                new Layer(
                        decision(true, config.rateLimit().observeOnly()), 1, policy.name(), policy.reasons(waitNanos));
        };
    }

    private @Nullable Layer scannerLayer(ScannerLayer.@Nullable Decision decision) {
        return decision == null
                ? null
                : new Layer(
                        decision(decision.block(), config.scanner().observeOnly()),
                        decision.score(),
                        decision.reason(),
                        decision.reasons().stream().map(redaction::piece).toList());
    }
}
