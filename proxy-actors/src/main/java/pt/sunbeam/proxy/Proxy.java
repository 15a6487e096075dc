package pt.sunbeam.proxy;

import com.typesafe.config.ConfigFactory;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.ActorSystem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pt.sunbeam.cluster.BindFailure;
import pt.sunbeam.cluster.DetectorNode;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.detector.http.Cidr;
import pt.sunbeam.detector.model.Classifier;
import pt.sunbeam.detector.model.Kernels;
import pt.sunbeam.proxy.admin.AdminApi;
import pt.sunbeam.proxy.exchange.BodyInspection;
import pt.sunbeam.proxy.exchange.Clocks;
import pt.sunbeam.proxy.exchange.DdosLayer;
import pt.sunbeam.proxy.limit.Throttle;
import pt.sunbeam.proxy.observe.AdminCall;
import pt.sunbeam.proxy.observe.AdminReply;
import pt.sunbeam.proxy.observe.AuditKey;
import pt.sunbeam.proxy.observe.AuditLog;
import pt.sunbeam.proxy.observe.Health;
import pt.sunbeam.proxy.observe.Metrics;
import pt.sunbeam.proxy.observe.ObserveServer;
import pt.sunbeam.proxy.observe.Version;
import pt.sunbeam.proxy.observe.trace.Tracing;
import pt.sunbeam.proxy.orders.Orders;
import pt.sunbeam.proxy.reload.Beginning;
import pt.sunbeam.proxy.reload.ConfigWatch;
import pt.sunbeam.proxy.reload.Reloader;
import pt.sunbeam.proxy.reload.Report;
import pt.sunbeam.proxy.startup.StartFailure;
import pt.sunbeam.proxy.tunnel.Tunnels;
import pt.sunbeam.proxy.wire.PekkoHttpServer;

/**
 * A running proxy: two ActorSystems ({@code edge} carries traffic and never joins a cluster, {@code cluster} holds the detectors),
 * the listeners and the logs, started in order and stopped in reverse.
 */
public final class Proxy implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Proxy.class);
    private static final Duration START_WITHIN = Duration.ofSeconds(60);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(15);

    /** Also where the drain is over. */
    private static final Duration LAST_SPANS_WITHIN = Duration.ofSeconds(1);

    private static final int LOOKUP_THREADS = 2;
    private static final int LOOKUPS_WAITING = 1_000;

    private final Beginning beginning;
    private final SunbeamConfig config;
    private final BodyInspection.@Nullable Maker bodies;
    private final Health health;
    private final Deque<Part> running = new ArrayDeque<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private long drainedAt = System.nanoTime();
    private int httpPort;
    private int metricsPort;
    private int adminPort;
    private volatile @Nullable AuditLog audit;
    private volatile @Nullable Traffic traffic;
    private volatile @Nullable Reloader reloader;
    private volatile @Nullable AdminApi admin;

    /** Something that was started, and how it is stopped. */
    private record Part(String name, Stop stop) {}

    @FunctionalInterface
    private interface Stop {
        void run() throws Exception;
    }

    private Proxy(Beginning beginning, BodyInspection.@Nullable Maker bodies) {
        this.beginning = beginning;
        this.config = beginning.config();
        this.bodies = bodies;
        this.health = new Health();
    }

    /** Returns once it is ready to serve. Throws {@link StartFailure} that names the cause; nothing is left running then. */
    public static Proxy start(SunbeamConfig config) {
        return start(Beginning.of(config), null);
    }

    /** The same, with a configuration that can be read again. */
    public static Proxy start(Beginning beginning) {
        return start(beginning, null);
    }

    /** The same with other judges of bodies than its own. */
    static Proxy start(SunbeamConfig config, BodyInspection.@Nullable Maker bodies) {
        return start(Beginning.of(config), bodies);
    }

    private static Proxy start(Beginning beginning, BodyInspection.@Nullable Maker bodies) {
        var proxy = new Proxy(beginning, bodies);
        try {
            proxy.startAll();
            return proxy;
        } catch (RuntimeException failure) {
            proxy.stopAll();
            throw failure;
        }
    }

    private void startAll() {
        health.done(Health.Step.CONFIG_LOADED);
        AuditLog audit = AuditLog.open(config.audit());
        started("audit log", audit::close);
        this.audit = audit;
        var ddosModel = Traffic.ddosModel(config);
        var metrics = Metrics.start(config, Traffic.models(config, ddosModel));
        started("metrics", metrics::close);
        metrics.watch(audit);
        var traces = config.telemetry().traces();
        Tracing tracing = traces == null ? null : Tracing.start(traces, Version.text());
        if (tracing != null) {
            metrics.watch(tracing);
            started("traces", () -> tracing.close(leftOfDrain()));
        }
        var first = beginning.report();
        metrics.loaded(first.faults().isEmpty(), first.at());
        ActorSystem edge = ActorSystem.create(
                "edge", ConfigFactory.parseResources("edge.conf").withFallback(ConfigFactory.load()));
        started("edge", () -> {
            edge.terminate();
            await(edge.getWhenTerminated(), STOP_WITHIN);
        });
        ObserveServer observe = ObserveServer.start(config, metrics, health, this::administer, edge);
        started("health endpoints", () -> await(observe.stop(Duration.ofSeconds(1)), STOP_WITHIN));
        metricsPort = observe.port();
        adminPort = observe.adminPort();
        DetectorNode detectors = detectors(ddosModel);
        started("detectors", () -> await(detectors.stop(), STOP_WITHIN));
        metrics.watch(detectors);
        Kernels.warmUp(Duration.ofSeconds(10));
        health.done(Health.Step.WARMED_UP);
        wait("the DDoS detectors", detectors.ready());
        health.done(Health.Step.DETECTORS_READY);

        var tunnels = new Tunnels(edge);
        var orders = new Orders();
        var random = new SecureRandom();
        var parts = new Traffic.Parts(
                edge,
                audit,
                metrics,
                tracing,
                detectors,
                new DdosLayer(
                        detectors,
                        orders,
                        new Throttle(config.ddos().escalation().throttled(), random)),
                ddosModel,
                orders,
                bodies,
                lookups(),
                tunnels,
                random);
        var traffic = new Traffic(parts, config, first.brokenRoutes(), AuditKey.of(beginning.stateDirectory(), random));
        started("rate limits and upstreams", traffic::close);
        metrics.watchLimiter(traffic::limiter);
        metrics.watchUpstreams(traffic::upstreams);
        PekkoHttpServer server = wait(
                "listen.http",
                PekkoHttpServer.bind(
                        edge,
                        config.listen().http(),
                        config,
                        peer -> Cidr.anyContains(traffic.running().trustedProxies(), peer),
                        traffic::live,
                        traffic::refuseMalformed,
                        traffic::longestWait,
                        refusal -> metrics.connectionRefused(refusal.name().toLowerCase(Locale.ROOT))));
        started("listener", () -> {
            var rest = traffic.running().shutdown();
            var left = rest.drain().minus(rest.announce());
            tunnels.drain(left);
            await(server.terminate(left), left.plus(STOP_WITHIN));
        });
        httpPort = server.port();
        health.done(Health.Step.BOUND);
        log.info("Serving HTTP on {}:{}", config.listen().http().host(), httpPort);
        this.traffic = traffic;
        watchConfiguration(traffic, metrics, detectors, orders);
    }

    private void watchConfiguration(Traffic traffic, Metrics metrics, DetectorNode detectors, Orders orders) {
        var reloader = new Reloader(
                beginning,
                traffic,
                report -> metrics.reloaded(report.result().word(), report.at()),
                InstantSource.system());
        started("reloading", reloader::close);
        this.reloader = reloader;
        admin = new AdminApi(
                traffic::running,
                () -> List.of(Traffic.models(traffic.running(), Traffic.ddosModel(traffic.running()))),
                health,
                reloader,
                orders,
                detectors,
                traffic::upstreams,
                InstantSource.system());
        if (beginning.file() != null) {
            var watch = ConfigWatch.start(reloader::files, () -> reload("file change"));
            started("watch of the configuration", watch::close);
        }
    }

    /** Reads the configuration again; where there is no file, or the proxy stops, it only says so. */
    public CompletionStage<Report> reload(String trigger) {
        var running = reloader;
        return running == null || stopping.get()
                ? CompletableFuture.failedStage(new IllegalStateException("the proxy is starting or stopping"))
                : running.reload(trigger);
    }

    /** Opens the audit log's file anew under its name, for it was renamed. */
    public void reopenAuditLog() {
        var open = audit;
        if (open != null) {
            open.reopen();
        }
    }

    private CompletionStage<AdminReply> administer(AdminCall call) {
        var running = admin;
        return running == null
                ? CompletableFuture.completedStage(AdminApi.problem(503, "the proxy is starting"))
                : running.answer(call);
    }

    /** Lookups have two threads of their own and a bounded queue: a flood of claims costs no request anything. */
    private ThreadPoolExecutor lookups() {
        var lookups = new ThreadPoolExecutor(
                LOOKUP_THREADS,
                LOOKUP_THREADS,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(LOOKUPS_WAITING),
                Thread.ofPlatform().name("crawler-names-", 0).daemon().factory());
        started("lookups of crawlers' names", lookups::shutdownNow);
        return lookups;
    }

    private void started(String name, Stop stop) {
        running.push(new Part(name, stop));
    }

    /** The port of {@code listen.http} that is bound in fact. */
    public int httpPort() {
        return httpPort;
    }

    /** Where /metrics, /health and /ready are served. */
    public int metricsPort() {
        return metricsPort;
    }

    /** The port of {@code admin.listen} that is bound in fact. */
    public int adminPort() {
        return adminPort;
    }

    /**
     * Withdraws readiness, serves on for {@code shutdown.announce} so that whoever sends traffic here learns of it, with each response the last on its
     * connection; then accepts no more and lets the exchanges in flight end within the rest of {@code shutdown.drain}.
     */
    public void drainAndStop() {
        if (stopping.compareAndSet(false, true)) {
            health.draining();
            var shutdown =
                    traffic == null ? config.shutdown() : traffic.running().shutdown();
            drainedAt = System.nanoTime() + shutdown.drain().toNanos();
            log.info("Draining for at most {} s", shutdown.drain().toSeconds());
            if (traffic != null) {
                traffic.leave();
                pause(shutdown.announce());
            }
            stopAll();
            log.info("Stopped");
        }
        awaitStopped();
    }

    private Duration leftOfDrain() {
        var left = Duration.ofNanos(drainedAt - System.nanoTime());
        return left.compareTo(LAST_SPANS_WITHIN) < 0 ? LAST_SPANS_WITHIN : left;
    }

    public void awaitStopped() {
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        drainAndStop();
    }

    /** In reverse order of the start; what fails to stop is named and does not keep the rest running. */
    private void stopAll() {
        for (Part part = running.poll(); part != null; part = running.poll()) {
            try {
                part.stop.run();
            } catch (Exception e) {
                log.warn("Stopping the {} failed: {}", part.name, e.toString());
            }
        }
        stopped.countDown();
    }

    private DetectorNode detectors(Classifier model) {
        try {
            return DetectorNode.start(config, model, Clocks.SYSTEM::millis);
        } catch (BindFailure e) {
            throw new StartFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static <T extends @Nullable Object> T await(CompletionStage<T> stage, Duration within) throws Exception {
        return stage.toCompletableFuture().get(within.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static <T extends @Nullable Object> T wait(String what, CompletionStage<T> stage) {
        try {
            return await(stage, START_WITHIN);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof BindFailure) {
                throw new StartFailure(String.valueOf(cause.getMessage()), cause);
            }
            throw new StartFailure(what + ": " + root(cause), cause);
        } catch (TimeoutException e) {
            throw new StartFailure(what + ": not ready within " + START_WITHIN.toSeconds() + " s", e);
        } catch (Exception e) {
            throw new StartFailure(what + ": " + root(e), e);
        }
    }

    private static String root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
