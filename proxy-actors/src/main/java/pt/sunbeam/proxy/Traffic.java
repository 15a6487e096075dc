package pt.sunbeam.proxy;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.stream.SystemMaterializer;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.ExtendedResolver;
import pt.sunbeam.cluster.DetectorNode;
import pt.sunbeam.config.DdosMode;
import pt.sunbeam.config.ScannerMode;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.config.Transition;
import pt.sunbeam.detector.audit.Redaction;
import pt.sunbeam.detector.model.Classifier;
import pt.sunbeam.detector.model.Models;
import pt.sunbeam.proxy.access.Crawlers;
import pt.sunbeam.proxy.access.ReverseDns;
import pt.sunbeam.proxy.exchange.BodyInspection;
import pt.sunbeam.proxy.exchange.Clocks;
import pt.sunbeam.proxy.exchange.DdosLayer;
import pt.sunbeam.proxy.exchange.Journal;
import pt.sunbeam.proxy.exchange.Lifecycle;
import pt.sunbeam.proxy.exchange.ScannerLayer;
import pt.sunbeam.proxy.limit.RateLimiter;
import pt.sunbeam.proxy.message.Field;
import pt.sunbeam.proxy.message.Request;
import pt.sunbeam.proxy.message.Response;
import pt.sunbeam.proxy.observe.AuditLog;
import pt.sunbeam.proxy.observe.Metrics;
import pt.sunbeam.proxy.observe.trace.Tracing;
import pt.sunbeam.proxy.orders.Orders;
import pt.sunbeam.proxy.reload.Reloader;
import pt.sunbeam.proxy.tunnel.Tunnels;
import pt.sunbeam.proxy.upstream.PoolStatus;
import pt.sunbeam.proxy.upstream.Surroundings;
import pt.sunbeam.proxy.upstream.Upstreams;
import pt.sunbeam.proxy.wire.PekkoHttpClient;

/**
 * What requests are served with. Each reads one immutable generation when it begins and ends with it; a reload makes the next one and swaps. What has not
 * changed is handed on: tables that have filled, connections, inspectors that are warm.
 */
final class Traffic implements Reloader.Target, AutoCloseable {
    /**
     * The parts that outlive every configuration.
     *
     * @param tracing null where requests are not traced
     * @param bodies other judges of bodies than the scanner's, or null
     * @param lookups runs look-ups of crawlers' names
     * @param tunnels those that are open
     */
    record Parts(
            ActorSystem edge,
            AuditLog audit,
            Metrics metrics,
            @Nullable Tracing tracing,
            DetectorNode detectors,
            DdosLayer ddos,
            Classifier ddosModel,
            Orders orders,
            BodyInspection.@Nullable Maker bodies,
            Executor lookups,
            Tunnels tunnels,
            SecureRandom random) {}

    /** All of it immutable, or safe for all threads and made for this one configuration. */
    private record Generation(
            SunbeamConfig config,
            ScannerLayer scanner,
            Crawlers crawlers,
            Upstreams upstreams,
            @Nullable Limits limits,
            Lifecycle lifecycle,
            Duration longestWait) {}

    /** The rate limits, and what forgets who has not been seen for long. */
    private record Limits(RateLimiter limiter, Cancellable sweeping) {}

    private static final int SWITCHING_PROTOCOLS = 101;

    private final Parts parts;
    private final Surroundings around;
    private final byte[] redactionKey;
    private final long hashSeed;
    private final String node = Optional.ofNullable(System.getenv("HOSTNAME")).orElse("local");
    private final AtomicLong eventIds = new AtomicLong();
    private final Function<Response, Response> onLeaving = this::last;
    private volatile Generation current;
    private volatile boolean leaving;

    /** @param redactionKey of pseudonyms and hashes in audit lines */
    Traffic(Parts parts, SunbeamConfig config, Set<String> brokenRoutes, byte[] redactionKey) {
        this.parts = parts;
        around = new Surroundings(
                new PekkoHttpClient(parts.edge),
                parts.edge,
                SystemMaterializer.get(parts.edge).materializer(),
                System::nanoTime,
                InstantSource.system(),
                parts.metrics::upstream);
        this.redactionKey = redactionKey;
        hashSeed = parts.random.nextLong();
        current = generation(config, brokenRoutes, null);
    }

    CompletionStage<Response> live(Request request) {
        return current.lifecycle.live(request).thenApply(onLeaving);
    }

    Response refuseMalformed(int status, String reason) {
        return current.lifecycle.refuseMalformed(status, reason);
    }

    @Override
    public SunbeamConfig running() {
        return current.config;
    }

    @Override
    public List<String> apply(SunbeamConfig wanted, Set<String> brokenRoutes) {
        var transition = Transition.of(current.config, wanted);
        var next = generation(transition.effective(), brokenRoutes, current);
        parts.metrics.configure(next.config, models(next.config, parts.ddosModel));
        var before = current;
        current = next;
        if (before.limits != null && !before.limits.equals(next.limits)) {
            before.limits.sweeping.cancel();
        }
        before.upstreams.retireFor(next.upstreams);
        return transition.waiting();
    }

    /** The rate limits in force, or null. */
    @Nullable
    RateLimiter limiter() {
        var limits = current.limits;
        return limits == null ? null : limits.limiter;
    }

    /** How the upstreams in use are. */
    List<PoolStatus> upstreams() {
        return current.upstreams.status();
    }

    /** The longest that a request may keep silent towards its client. */
    Duration longestWait() {
        return current.longestWait;
    }

    @Override
    public void close() {
        current.upstreams.close();
        var limits = current.limits;
        if (limits != null) {
            limits.sweeping.cancel();
        }
    }

    /** From now on each response is the last on its connection, so that its client opens the next one elsewhere. */
    void leave() {
        leaving = true;
    }

    private Response last(Response response) {
        if (!leaving || response.status() == SWITCHING_PROTOCOLS) {
            return response;
        }
        var fields = new ArrayList<>(response.fields());
        fields.add(new Field("Connection", "close"));
        return new Response(response.status(), fields, response.body());
    }

    private Generation generation(SunbeamConfig config, Set<String> brokenRoutes, @Nullable Generation before) {
        var scanner = scanner(config, before);
        var crawlers = crawlers(config, before);
        var upstreams = new Upstreams(config, before == null ? null : before.upstreams, around);
        var limits = limits(config, before);
        var names = Stream.of(models(config, parts.ddosModel))
                .map(model -> model.name() + "@" + model.version().substring(0, 12))
                .collect(Collectors.joining(" "));
        var audit = config.audit();
        var journal = new Journal(
                config,
                parts.audit,
                parts.metrics,
                new Redaction(audit.keepValues(), audit.pseudonymise(), redactionKey),
                parts.detectors,
                names,
                node,
                Clocks.SYSTEM);
        var lifecycle = new Lifecycle(
                config,
                brokenRoutes,
                parts.orders,
                parts.detectors,
                parts.ddos,
                crawlers,
                scanner,
                parts.bodies == null ? scanner::body : parts.bodies,
                limits == null ? null : limits.limiter,
                upstreams,
                parts.tunnels,
                journal,
                parts.tracing,
                Clocks.SYSTEM,
                () -> ThreadLocalRandom.current().nextLong(),
                hashSeed,
                eventIds,
                SystemMaterializer.get(parts.edge).materializer());
        return new Generation(config, scanner, crawlers, upstreams, limits, lifecycle, Upstreams.longestWait(config));
    }

    /** The baseline knows the configured hosts. */
    private static ScannerLayer scanner(SunbeamConfig config, @Nullable Generation before) {
        if (before != null
                && before.config.scanner().equals(config.scanner())
                && (config.scanner().mode() == ScannerMode.LEXICON
                        || before.config.routes().equals(config.routes()))) {
            return before.scanner;
        }
        return ScannerLayer.of(config.scanner(), config.routes(), Models.scannerBaseline(), Models.scanner());
    }

    /** Buckets are handed on where they count as before, so that a reload gives nobody a fresh one. */
    private @Nullable Limits limits(SunbeamConfig config, @Nullable Generation before) {
        var wanted = config.rateLimit();
        if (!wanted.enabled()) {
            return null;
        }
        if (before != null && before.limits != null && before.config.rateLimit().countsLike(wanted)) {
            return before.limits;
        }
        var limiter = new RateLimiter(wanted, parts.random, System.nanoTime());
        var interval = wanted.evictionInterval();
        return new Limits(
                limiter,
                parts.edge
                        .scheduler()
                        .scheduleWithFixedDelay(
                                interval, interval, () -> limiter.sweep(System.nanoTime()), parts.edge.dispatcher()));
    }

    private Crawlers crawlers(SunbeamConfig config, @Nullable Generation before) {
        var scanner = config.scanner();
        if (before != null
                && before.config.scanner().allowlist().equals(scanner.allowlist())
                && before.config.scanner().botCacheTtl().equals(scanner.botCacheTtl())) {
            return before.crawlers;
        }
        return new Crawlers(
                scanner.allowlist(),
                new ReverseDns(new ExtendedResolver())::confirmedNames,
                parts.lookups,
                scanner.botCacheTtl());
    }

    /** The DDoS detector's model that a configuration asks for. */
    static Classifier ddosModel(SunbeamConfig config) {
        return config.ddos().mode() == DdosMode.BASELINE ? Models.ddosBaseline() : Models.ddos();
    }

    /** The models that a configuration asks for. */
    static Metrics.Model[] models(SunbeamConfig config, Classifier ddos) {
        var scanner = config.scanner().mode() == ScannerMode.BASELINE
                ? new Metrics.Model(
                        "scanner",
                        Models.scannerBaseline().name(),
                        Models.scannerBaseline().sha256())
                : new Metrics.Model(
                        "scanner",
                        Models.scanner().ensemble().name(),
                        Models.scanner().version());
        return new Metrics.Model[] {scanner, new Metrics.Model("ddos", ddos.name(), ddos.sha256())};
    }
}
