package pt.sunbeam.proxy.observe;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import kamon.Kamon;
import kamon.metric.Counter;
import kamon.metric.Gauge;
import kamon.metric.Instrument;
import kamon.metric.Metric;
import kamon.metric.Timer;
import kamon.module.Module;
import kamon.module.ScheduledAction;
import kamon.tag.TagSet;
import kamon.util.Filter;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.cluster.DetectorCounters;
import pt.sunbeam.cluster.DetectorNode;
import pt.sunbeam.config.Backend;
import pt.sunbeam.config.CrawlerRule;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.detector.model.Judgement;
import pt.sunbeam.detector.verdict.Measure;
import pt.sunbeam.proxy.limit.RateLimiter;
import pt.sunbeam.proxy.observe.trace.Tracing;
import pt.sunbeam.proxy.tunnel.TunnelEnd;
import pt.sunbeam.proxy.upstream.PoolStatus;
import pt.sunbeam.proxy.upstream.Surroundings;
import scala.Option;

/**
 * The proxy's metrics: Kamon's instruments, kept in fields, and their Prometheus text.
 *
 * <p>Label values come from closed sets, so that no client can make series, and series exist from the start. Any thread may call any
 * method; none blocks. Kamon's registry belongs to the process: two proxies in one process add to the same counters,
 * and a reload of one takes series away from both.
 */
public final class Metrics implements AutoCloseable {
    /** How often values are gathered: {@link #text()} is at most about two such steps old. */
    private static final Duration TICK = Duration.ofSeconds(1);

    /** Upper bounds in seconds. */
    private static final double[] DURATION_BUCKETS = {.001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};

    /** Upper bounds in seconds: from what a look-up takes to what a slow backend takes. */
    private static final double[] STAGE_BUCKETS = {
        .000001, .00001, .0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10
    };

    /** Upper bounds in seconds; measured in steps of a millisecond. */
    private static final double[] VERDICT_BUCKETS = {.001, .002, .005, .01, .02, .05, .1, .25, .5, 1, 2.5};

    private static final String VERDICT_DELAY = "sunbeam_ddos_verdict_delay_seconds";
    private static final String STAGE_DURATION = "sunbeam_stage_duration_seconds";
    private static final String DURATION = "sunbeam_request_duration_seconds";
    private static final String OTHER = "other";

    /** What the scanner may decide, and why; see {@link #scanner}. */
    private static final Map<String, List<String>> SCANNER_DECISIONS = Map.of(
            "allow",
            List.of("ensemble:tree_allow", "ensemble:mlp", "allowlist:host+cookies", "allowlist:host+browser"),
            "block",
            List.of("ensemble:tree_block", "ensemble:mlp"),
            "observe",
            List.of("ensemble:tree_block", "ensemble:mlp"));

    private static final AtomicInteger instances = new AtomicInteger();

    private final Metric.Counter requestsMetric;
    private volatile RequestCounters requests;
    private final Metric.Counter scannerMetric;
    private final Map<Model, Gauge> modelInfo = new HashMap<>();
    private final Map<String, Counter> reloads = new HashMap<>();
    private final Gauge lastReloadGood;
    private final Gauge configTime;
    private final Counter bannedByOperator;
    private final Timer duration;
    private final Timer verdictDelay;
    private final Map<Stage, Timer> stages = new EnumMap<>(Stage.class);
    private final LongAdder active = new LongAdder();
    private final Gauge activeGauge;
    private final Map<String, Counter> ddosDecisions = new HashMap<>();
    private final Map<String, Map<String, Counter>> scannerDecisions = new HashMap<>();
    private final Counter otherDdosDecision;
    private final Counter otherScannerDecision;
    private final Map<Judgement, Counter> scannerPaths;
    private final Map<Judgement, Counter> ddosPaths;
    private final Map<String, Counter> connectionsRefused = new HashMap<>();
    private final Map<String, Counter> rateLimitDecisions = new HashMap<>();
    private final Map<String, Counter> rateLimitRefusals = new HashMap<>();
    private final Counter otherRateLimitDecision;
    private final Counter rateLimitShared;
    private final Counter rateLimitUnconfirmed;
    private final Gauge limitedAddresses;
    private final Gauge limitedIdentities;
    private final Counter auditLinesDropped;
    private final Counter detectorEventsDropped;
    private final LongAdder tunnels = new LongAdder();
    private final Gauge tunnelsGauge;
    private final Map<TunnelEnd.Cause, Counter> tunnelEnds = new EnumMap<>(TunnelEnd.Cause.class);
    private final Counter tunnelsRefused;
    private final Map<String, Counter> mirrored;
    private final Counter bytesToUpstreams;
    private final Counter bytesToClients;
    private final Gauge trackedAddresses;
    private final Gauge trackableAddresses;
    private final Gauge detectorActors;
    private final Map<String, Map<Surroundings.Event, Counter>> upstreamEvents = new ConcurrentHashMap<>();
    private final Map<String, PoolGauge> endpointGauges = new ConcurrentHashMap<>();
    private final Map<Measure, Counter> verdicts = new EnumMap<>(Measure.class);
    private final Gauge bannedAddresses;
    private final Gauge clusterPeers;
    private final Map<String, Counter> spans = new HashMap<>();
    private final List<Runnable> samples = new CopyOnWriteArrayList<>();
    private final Exposition reporter;
    private final Module.Registration reporting;
    private final Module.Registration sampling;

    /**
     * A model in use, for {@code sunbeam_model_info}.
     *
     * @param detector "scanner" or "ddos"
     * @param version SHA-256 of the model file, lower-case hex
     */
    public record Model(String detector, String name, String version) {}

    /** Starts Kamon where this process has not yet, without its agent and its own listeners. */
    public static Metrics start(SunbeamConfig config, Model... models) {
        return new Metrics(config, Started.CONFIG, models);
    }

    private Metrics(SunbeamConfig config, Config kamon, Model... models) {
        requestsMetric = Kamon.counter("sunbeam_requests_total", "Requests that were answered or given up");
        requests = new RequestCounters(requestsMetric, config.routes(), null);
        duration = Kamon.timer(DURATION, "From the head read to the last byte written")
                .withoutTags();
        verdictDelay = Kamon.timer(
                        VERDICT_DELAY,
                        "From the newest request at its DDoS detector to the verdict in the node's table")
                .withoutTags();
        var stage = Kamon.timer(STAGE_DURATION, "What the stages of requests take");
        for (Stage each : Stage.values()) {
            stages.put(each, stage.withTag("stage", each.label()));
        }
        activeGauge =
                Kamon.gauge("sunbeam_active_connections", "Requests in flight").withoutTags();
        var ddos = Kamon.counter(
                "sunbeam_ddos_decisions_total", "Requests by what the DDoS detector said of their address");
        for (String decision : List.of("allow", "throttle", "block", "observe")) {
            ddosDecisions.put(decision, ddos.withTag("decision", decision));
        }
        otherDdosDecision = ddos.withTag("decision", OTHER);
        scannerMetric =
                Kamon.counter("sunbeam_scanner_decisions_total", "Requests by what the scanner detector said of them");
        SCANNER_DECISIONS.forEach((decision, reasons) -> {
            var byReason = new ConcurrentHashMap<String, Counter>();
            for (String reason : reasons) {
                byReason.put(reason, scannerMetric.withTags(tags("decision", decision, "reason", reason)));
            }
            scannerDecisions.put(decision, byReason);
        });
        otherScannerDecision = scannerMetric.withTags(tags("decision", OTHER, "reason", OTHER));
        scannerPaths = paths(
                "sunbeam_scanner_ensemble_path_total", "Judgements of requests by the part of the model that decided");
        ddosPaths = paths(
                "sunbeam_ddos_ensemble_path_total", "Judgements of addresses by the part of the model that decided");
        var refused = Kamon.counter(
                "sunbeam_connections_refused_total", "Connections closed before a request was read, by reason");
        for (String reason : List.of("per_ip", "proxy_header")) {
            connectionsRefused.put(reason, refused.withTag("reason", reason));
        }
        var rateLimit = Kamon.counter("sunbeam_rate_limit_decisions_total", "Requests by what the rate limits said");
        for (String decision : List.of("allow", "block", "observe")) {
            rateLimitDecisions.put(decision, rateLimit.withTag("decision", decision));
        }
        otherRateLimitDecision = rateLimit.withTag("decision", OTHER);
        var refusals = Kamon.counter(
                "sunbeam_rate_limit_refusals_total",
                "Requests beyond a rate limit, refused or only observed, by limit");
        for (String policy : List.of("unauthenticated", "authenticated", "address")) {
            rateLimitRefusals.put(policy, refusals.withTag("policy", policy));
        }
        rateLimitShared = Kamon.counter(
                        "sunbeam_rate_limit_shared_total",
                        "Requests charged to a network, because the tables of the rate limits had no place for its address")
                .withoutTags();
        rateLimitUnconfirmed = Kamon.counter(
                        "sunbeam_rate_limit_unconfirmed_total",
                        "Credentials that stayed unconfirmed, because their address had confirmed too many or the table was full")
                .withoutTags();
        var tracked = Kamon.gauge("sunbeam_rate_limit_tracked", "Buckets in the tables of the rate limits");
        limitedAddresses = tracked.withTag("kind", "address");
        limitedIdentities = tracked.withTag("kind", "identity");
        tunnelsGauge = Kamon.gauge("sunbeam_tunnels_open", "Connections that have switched to another protocol")
                .withoutTags();
        var tunnelsTotal =
                Kamon.counter("sunbeam_tunnels_total", "Switched connections that have ended, by what ended them");
        for (TunnelEnd.Cause cause : TunnelEnd.Cause.values()) {
            tunnelEnds.put(cause, tunnelsTotal.withTag("outcome", cause.label()));
        }
        tunnelsRefused = tunnelsTotal.withTag("outcome", "refused");
        var mirroredTotal =
                Kamon.counter("sunbeam_mirrored_total", "Copies of requests for mirrors, by what became of them");
        mirrored = Stream.of("answered", "failed", "skipped")
                .collect(Collectors.toUnmodifiableMap(
                        outcome -> outcome, outcome -> mirroredTotal.withTag("outcome", outcome)));
        var tunnelBytes = Kamon.counter("sunbeam_tunnel_bytes_total", "Bytes that passed through tunnels");
        bytesToUpstreams = tunnelBytes.withTag("direction", "upstream");
        bytesToClients = tunnelBytes.withTag("direction", "client");
        auditLinesDropped = Kamon.counter(
                        "sunbeam_audit_lines_dropped_total", "Audit lines lost to a full queue or a failing output")
                .withoutTags();
        detectorEventsDropped = Kamon.counter(
                        "sunbeam_ddos_events_dropped_total", "Events that the DDoS detectors lost to a full queue")
                .withoutTags();
        trackedAddresses = Kamon.gauge(
                        "sunbeam_ddos_tracked_addresses", "Addresses in the tables of this node's detector shards")
                .withoutTags();
        trackableAddresses = Kamon.gauge(
                        "sunbeam_ddos_trackable_addresses",
                        "Addresses that the tables of this node's detector shards have room for")
                .withoutTags();
        detectorActors = Kamon.gauge(
                        "sunbeam_ddos_detector_actors",
                        "Addresses that have a detector actor of their own on this node")
                .withoutTags();
        var verdictsTotal =
                Kamon.counter("sunbeam_ddos_verdicts_total", "Verdicts of this node's DDoS detectors by what is done");
        for (Measure measure : Measure.values()) {
            verdicts.put(measure, verdictsTotal.withTag("measure", measure.word()));
        }
        bannedAddresses = Kamon.gauge(
                        "sunbeam_ddos_banned_addresses", "Verdicts of DDoS detectors in force that this node knows of")
                .withoutTags();
        clusterPeers = Kamon.gauge("sunbeam_cluster_peers", "Other members of the cluster that are up")
                .withoutTags();
        var spansTotal = Kamon.counter("sunbeam_trace_spans_total", "Spans of requests by what became of them");
        for (String result : List.of("exported", "failed", "dropped")) {
            spans.put(result, spansTotal.withTag("result", result));
        }
        Kamon.gauge("sunbeam_start_time_seconds", "When this program started, since the epoch")
                .withoutTags()
                .update((double) ProcessHandle.current()
                        .info()
                        .startInstant()
                        .orElseGet(Instant::now)
                        .getEpochSecond());
        Kamon.gauge("sunbeam_build_info", "The version of this program; always 1")
                .withTag("version", Version.text())
                .update(1);
        var reload =
                Kamon.counter("sunbeam_config_reloads_total", "Readings of the configuration by what came of them");
        for (String result : List.of("applied", "unchanged", "partial", "rejected")) {
            reloads.put(result, reload.withTag("result", result));
        }
        lastReloadGood = Kamon.gauge(
                        "sunbeam_config_last_reload_successful",
                        "1 where the last configuration that was read had no faults, else 0")
                .withoutTags();
        lastReloadGood.update(1);
        configTime = Kamon.gauge(
                        "sunbeam_config_last_reload_success_timestamp_seconds",
                        "When a configuration without faults was read last")
                .withoutTags();
        bannedByOperator = Kamon.counter(
                        "sunbeam_operator_refusals_total", "Requests refused because an operator banned their address")
                .withoutTags();
        configure(config, models);

        reporter = new Exposition(kamon, histograms());
        int instance = instances.incrementAndGet();
        reporting = Kamon.addReporter("sunbeam-prometheus-" + instance, reporter, Filter.fromGlob("sunbeam_*"));
        samples.add(() -> activeGauge.update((double) active.sum()));
        samples.add(() -> tunnelsGauge.update((double) tunnels.sum()));
        sampling =
                Kamon.addScheduledAction("sunbeam-sampling-" + instance, Option.empty(), new Sampling(samples), TICK);
    }

    /**
     * Makes the series of a configuration that is about to take effect, and takes away those of the one before that it has not: their hosts, backends,
     * crawlers and models. Not to be called by two threads at a time.
     */
    public void configure(SunbeamConfig config, Model... models) {
        var before = requests;
        var next = new RequestCounters(requestsMetric, config.routes(), before);
        requests = next;
        before.giveWayTo(next);
        upstreams(config);
        crawlers(config.scanner().allowlist());
        var info = Kamon.gauge("sunbeam_model_info", "The models in use; always 1");
        keep(modelInfo, List.of(models), gauge -> gauge.update(0).remove());
        for (Model model : models) {
            modelInfo
                    .computeIfAbsent(
                            model,
                            _ -> registered(
                                    info,
                                    tags("detector", model.detector, "name", model.name, "version", model.version)))
                    .update(1);
        }
    }

    private void crawlers(List<CrawlerRule> rules) {
        var allowed = requireNonNull(scannerDecisions.get("allow"));
        var wanted = new HashSet<>(requireNonNull(SCANNER_DECISIONS.get("allow")));
        rules.forEach(rule -> wanted.add(rule.reason()));
        keep(allowed, wanted, Counter::remove);
        for (String reason : wanted) {
            allowed.computeIfAbsent(
                    reason, _ -> registered(scannerMetric, tags("decision", "allow", "reason", reason)));
        }
    }

    private void upstreams(SunbeamConfig config) {
        var wanted = new HashSet<String>();
        for (var pools : List.of(config.pools(), config.mirrors())) {
            pools.forEach(pool -> pool.backends().forEach(backend -> wanted.add(backend.url())));
        }
        keep(upstreamEvents, wanted, events -> events.values().forEach(Counter::remove));
        keep(endpointGauges, wanted, PoolGauge::remove);
        for (String backend : wanted) {
            upstreamEvents.computeIfAbsent(backend, Metrics::upstreamEvents);
            endpointGauges.computeIfAbsent(backend, PoolGauge::new);
        }
    }

    private static Map<Surroundings.Event, Counter> upstreamEvents(String backend) {
        var metric = Kamon.counter("sunbeam_upstream_events_total", "What happened to backends, by event");
        var events = new EnumMap<Surroundings.Event, Counter>(Surroundings.Event.class);
        for (var event : Surroundings.Event.values()) {
            events.put(event, registered(metric, tags("backend", backend, "event", label(event))));
        }
        return events;
    }

    private static <K, I> void keep(Map<K, I> series, Collection<K> wanted, Consumer<I> remove) {
        series.entrySet().removeIf(entry -> {
            boolean gone = !wanted.contains(entry.getKey());
            if (gone) {
                remove.accept(entry.getValue());
            }
            return gone;
        });
    }

    /** Kamon takes snapshots in this same monitor; else one could take away what was removed before and is wanted again now. */
    static <I extends Instrument<I, S>, S extends Metric.Settings> I registered(Metric<I, S> metric, TagSet tags) {
        synchronized (metric) {
            return metric.withTags(tags);
        }
    }

    /**
     * Counts a reading of the configuration.
     *
     * @param result "applied", "unchanged", "partial" or "rejected"
     */
    public void reloaded(String result, Instant at) {
        requireNonNull(reloads.get(result)).increment();
        loaded(result.equals("applied") || result.equals("unchanged"), at);
    }

    /** Says how the configuration that was read last is. */
    public void loaded(boolean good, Instant at) {
        lastReloadGood.update(good ? 1 : 0);
        if (good) {
            configTime.update((double) at.getEpochSecond());
        }
    }

    /** Counts a request whose address an operator has banned. */
    public void bannedByOperator() {
        bannedByOperator.increment();
    }

    /**
     * Counts a request that is over.
     *
     * @param hostPrefix the configured {@code host_prefix} it went to, or null for a host that no route names
     * @param status 0 where nothing was written
     * @param backend the configured URL of the backend asked, or null
     * @param nanos from the head read to the last byte written
     */
    public void request(String method, @Nullable String hostPrefix, int status, @Nullable String backend, long nanos) {
        requests.of(method, hostPrefix, status, backend).increment();
        duration.record(nanos);
    }

    /** Tells what a stage of a request took. */
    public void stage(Stage stage, long nanos) {
        requireNonNull(stages.get(stage)).record(nanos);
    }

    /**
     * Keeps count of what is in flight.
     *
     * @param change +1 when a request begins, -1 when it is over
     */
    public void active(int change) {
        active.add(change);
    }

    /** A connection switched to another protocol. */
    public void tunnelBegan() {
        tunnels.increment();
    }

    public void tunnelEnded(TunnelEnd end) {
        tunnels.decrement();
        requireNonNull(tunnelEnds.get(end.cause())).increment();
        bytesToUpstreams.increment(end.toUpstream());
        bytesToClients.increment(end.toClient());
    }

    /** A copy of a request for a mirror was answered, failed or skipped. */
    public void mirrored(String outcome) {
        requireNonNull(mirrored.get(outcome)).increment();
    }

    /** There was no place for it. */
    public void tunnelRefused() {
        tunnelsRefused.increment();
    }

    /**
     * Counts what the DDoS detector said of a request's address.
     *
     * @param decision "allow", "block", or "observe" (would have blocked)
     */
    public void ddos(String decision) {
        Counter counter = ddosDecisions.get(decision);
        (counter == null ? otherDdosDecision : counter).increment();
    }

    /**
     * Counts what the scanner detector said of a request.
     *
     * @param decision "allow", "block", or "observe" (would have blocked)
     * @param reason "ensemble:" and the judgement's path, "allowlist:host+cookies", "allowlist:host+browser" or that of a configured
     *     crawler; a pair that cannot be is
     *     counted as "other"
     */
    public void scanner(String decision, String reason) {
        var byReason = scannerDecisions.get(decision);
        Counter counter = byReason == null ? null : byReason.get(reason);
        (counter == null ? otherScannerDecision : counter).increment();
    }

    /** Counts a judgement of the scanner's model, whatever came of it. */
    public void scannerPath(Judgement judgement) {
        requireNonNull(scannerPaths.get(judgement)).increment();
    }

    /**
     * Counts a connection that was closed before a request was read from it.
     *
     * @param reason "per_ip" or "proxy_header"
     */
    public void connectionRefused(String reason) {
        Counter counter = connectionsRefused.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }

    /**
     * Counts what the rate limits said of a request.
     *
     * @param decision "allow", "block", or "observe" (would have blocked)
     * @param refused whether it was, or would have been
     * @param policy "unauthenticated", "authenticated" or "address"
     */
    public void rateLimit(String decision, boolean refused, String policy) {
        Counter counter = rateLimitDecisions.get(decision);
        (counter == null ? otherRateLimitDecision : counter).increment();
        Counter refusals = refused ? rateLimitRefusals.get(policy) : null;
        if (refusals != null) {
            refusals.increment();
        }
    }

    /** Exports how full the tables of the rate limits are. */
    public void watchLimiter(Supplier<@Nullable RateLimiter> limiter) {
        samples.add(() -> limitedAddresses.update((double) of(limiter, RateLimiter::trackedAddresses)));
        samples.add(() -> limitedIdentities.update((double) of(limiter, RateLimiter::trackedIdentities)));
        samples.add(rise(rateLimitShared, () -> of(limiter, RateLimiter::sharing)));
        samples.add(rise(rateLimitUnconfirmed, () -> of(limiter, RateLimiter::unconfirmed)));
    }

    private static long of(Supplier<@Nullable RateLimiter> limiter, ToLongFunction<RateLimiter> what) {
        var running = limiter.get();
        return running == null ? 0 : what.applyAsLong(running);
    }

    /** Counts what happened to an upstream; rare, so that it may be looked up. */
    public void upstream(Surroundings.Event event, Backend backend) {
        var events = upstreamEvents.get(backend.url());
        if (events != null) { // else its pool is not in use any more
            requireNonNull(events.get(event)).increment();
        }
    }

    private static String label(Surroundings.Event event) {
        return event.name().toLowerCase(Locale.ROOT);
    }

    /** Exports how many addresses of each backend there are, and how many of them are fit. */
    public void watchUpstreams(Supplier<List<PoolStatus>> pools) {
        samples.add(() -> {
            endpointGauges.values().forEach(PoolGauge::clear);
            for (PoolStatus pool : pools.get()) {
                for (PoolStatus.EndpointStatus endpoint : pool.endpoints()) {
                    var gauge = endpointGauges.get(endpoint.url());
                    if (gauge != null) {
                        gauge.add(endpoint.isFit());
                    }
                }
            }
            endpointGauges.values().forEach(PoolGauge::update);
        });
    }

    /** The addresses of one backend, counted anew by each sampling; that is one thread. */
    private static final class PoolGauge {
        private final Gauge fit;
        private final Gauge unfit;
        private int fitNow;
        private int unfitNow;

        private PoolGauge(String backend) {
            var endpoints = Kamon.gauge(
                    "sunbeam_upstream_endpoints", "Addresses of backends, by whether they are fit to be asked");
            fit = registered(endpoints, tags("backend", backend, "state", "healthy"));
            unfit = registered(endpoints, tags("backend", backend, "state", "unhealthy"));
        }

        private void clear() {
            fitNow = 0;
            unfitNow = 0;
        }

        private void zero() {
            fit.update(0);
            unfit.update(0);
        }

        private void remove() {
            zero();
            fit.remove();
            unfit.remove();
        }

        private void add(boolean isFit) {
            fitNow += isFit ? 1 : 0;
            unfitNow += isFit ? 0 : 1;
        }

        private void update() {
            fit.update(fitNow);
            unfit.update(unfitNow);
        }
    }

    /** Exports the totals of this node's DDoS detectors. */
    public void watch(DetectorCounters counters) {
        counters.judgements.forEach(
                (judgement, total) -> samples.add(rise(requireNonNull(ddosPaths.get(judgement)), total::sum)));
        counters.onVerdict((_, verdict, delayMillis) -> {
            verdictDelay.record(delayMillis, TimeUnit.MILLISECONDS);
            requireNonNull(verdicts.get(verdict.measure())).increment();
        });
        samples.add(rise(detectorEventsDropped, counters.dropped::sum));
        samples.add(() -> trackedAddresses.update((double) counters.trackedAddresses.sum()));
        samples.add(() -> trackableAddresses.update((double) counters.trackable.sum()));
        samples.add(() -> detectorActors.update((double) counters.detectorActors.sum()));
    }

    /** Exports what this node knows of others. */
    public void watch(DetectorNode node) {
        samples.add(() -> bannedAddresses.update((double) node.bannedAddresses()));
        samples.add(() -> clusterPeers.update((double) node.peers()));
        watch(node.counters());
    }

    /** Exports what becomes of spans. */
    public void watch(Tracing tracing) {
        samples.add(rise(requireNonNull(spans.get("exported")), tracing::exported));
        samples.add(rise(requireNonNull(spans.get("failed")), tracing::failed));
        samples.add(rise(requireNonNull(spans.get("dropped")), tracing::dropped));
    }

    public void watch(AuditLog auditLog) {
        samples.add(rise(auditLinesDropped, auditLog::dropped));
    }

    /** Prometheus text, format 0.0.4, of about a second ago; a comment alone within the first second. */
    public String text() {
        return reporter.text();
    }

    /** Stops reporting. The process's counters stay; its gauges go to 0, for nothing of what they counted is left. */
    @Override
    public void close() {
        sampling.cancel();
        reporting.cancel();
        for (Gauge gauge : List.of(
                activeGauge,
                tunnelsGauge,
                trackedAddresses,
                trackableAddresses,
                detectorActors,
                bannedAddresses,
                clusterPeers,
                limitedAddresses,
                limitedIdentities)) {
            gauge.update(0);
        }
        endpointGauges.values().forEach(PoolGauge::zero);
    }

    private static List<Exposition.Histogram> histograms() {
        var all = new ArrayList<Exposition.Histogram>();
        all.add(new Exposition.Histogram(DURATION, "", bounds(DURATION_BUCKETS)));
        all.add(new Exposition.Histogram(VERDICT_DELAY, "", bounds(VERDICT_BUCKETS)));
        for (Stage stage : Stage.values()) {
            all.add(new Exposition.Histogram(STAGE_DURATION, "stage=\"" + stage.label() + "\"", bounds(STAGE_BUCKETS)));
        }
        return all;
    }

    private static List<Double> bounds(double[] buckets) {
        return DoubleStream.of(buckets).boxed().toList();
    }

    /** Both judgements of the perceptron share a path, and so a counter. */
    private static Map<Judgement, Counter> paths(String name, String description) {
        var metric = Kamon.counter(name, description);
        var counters = new EnumMap<Judgement, Counter>(Judgement.class);
        for (Judgement judgement : Judgement.values()) {
            counters.put(judgement, metric.withTag("path", judgement.path()));
        }
        return counters;
    }

    private static TagSet tags(String... keysAndValues) {
        var tags = TagSet.builder();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            tags.add(keysAndValues[i], keysAndValues[i + 1]);
        }
        return tags.build();
    }

    /** Adds to a counter what a total elsewhere has risen by since last time. */
    private static Runnable rise(Counter counter, LongSupplier total) {
        var seen = new AtomicLong();
        return () -> {
            long now = total.getAsLong();
            long before = seen.getAndSet(now);
            counter.increment(now < before ? now : now - before); // less than before: another one counts, from 0
        };
    }

    private record Sampling(List<Runnable> samples) implements ScheduledAction {
        @Override
        public void run() {
            samples.forEach(Runnable::run);
        }

        @Override
        public void stop() {}

        @Override
        public void reconfigure(Config config) {}
    }

    /** Kamon is a singleton: it is configured and started when this class is first used. */
    private static final class Started {
        static final Config CONFIG = ConfigFactory.parseString("""
                        kamon {
                          environment { service = sunbeam, host = localhost }
                          init { hide-banner = yes, attach-instrumentation = no }
                          metric.tick-interval = %d ms
                          modules.prometheus-reporter.enabled = no
                          prometheus {
                            start-embedded-http-server = no
                            buckets.custom { %s = %s, %s = %s, %s = %s }
                          }
                        }
                        """.formatted(
                                TICK.toMillis(),
                                DURATION,
                                Arrays.toString(DURATION_BUCKETS),
                                VERDICT_DELAY,
                                Arrays.toString(VERDICT_BUCKETS),
                                STAGE_DURATION,
                                Arrays.toString(STAGE_BUCKETS)))
                .withFallback(ConfigFactory.defaultReference())
                .resolve();

        static {
            Kamon.initWithoutAttaching(CONFIG);
        }
    }
}
