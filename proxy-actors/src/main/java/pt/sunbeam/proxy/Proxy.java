package pt.sunbeam.proxy;

import com.typesafe.config.ConfigFactory;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.SystemMaterializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.ExtendedResolver;
import pt.sunbeam.cluster.BindFailure;
import pt.sunbeam.cluster.DetectorNode;
import pt.sunbeam.config.ScannerMode;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.detector.audit.Redaction;
import pt.sunbeam.detector.model.Classifier;
import pt.sunbeam.detector.model.Kernels;
import pt.sunbeam.detector.model.Models;
import pt.sunbeam.proxy.access.Crawlers;
import pt.sunbeam.proxy.access.ReverseDns;
import pt.sunbeam.proxy.exchange.BodyInspection;
import pt.sunbeam.proxy.exchange.Clocks;
import pt.sunbeam.proxy.exchange.Journal;
import pt.sunbeam.proxy.exchange.Lifecycle;
import pt.sunbeam.proxy.exchange.ScannerLayer;
import pt.sunbeam.proxy.observe.AuditLog;
import pt.sunbeam.proxy.observe.Health;
import pt.sunbeam.proxy.observe.Metrics;
import pt.sunbeam.proxy.observe.ObserveServer;
import pt.sunbeam.proxy.startup.StartFailure;
import pt.sunbeam.proxy.wire.PekkoHttpClient;
import pt.sunbeam.proxy.wire.PekkoHttpServer;

/**
 * A running proxy: two ActorSystems ({@code edge} carries traffic and never joins a cluster, {@code cluster} holds the detectors),
 * the listeners and the logs, started in order and stopped in reverse.
 */
public final class Proxy implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Proxy.class);
    private static final Duration START_WITHIN = Duration.ofSeconds(60);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(15);
    private static final int LOOKUP_THREADS = 2;
    private static final int LOOKUPS_WAITING = 1_000;

    private final SunbeamConfig config;
    private final BodyInspection.@Nullable Maker bodies;
    private final Health health;
    private final Deque<Part> running = new ArrayDeque<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private int httpPort;
    private int metricsPort;

    /** Something that was started, and how it is stopped. */
    private record Part(String name, Stop stop) {}

    @FunctionalInterface
    private interface Stop {
        void run() throws Exception;
    }

    private Proxy(SunbeamConfig config, BodyInspection.@Nullable Maker bodies) {
        this.config = config;
        this.bodies = bodies;
        this.health = new Health();
    }

    /** Returns once it is ready to serve. Throws {@link StartFailure} that names the cause; nothing is left running then. */
    public static Proxy start(SunbeamConfig config) {
        return start(config, null);
    }

    /** The same with other judges of bodies than its own. */
    static Proxy start(SunbeamConfig config, BodyInspection.@Nullable Maker bodies) {
        var proxy = new Proxy(config, bodies);
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
        var scanner = ScannerLayer.of(config.scanner(), config.routes(), Models.scannerBaseline(), Models.scanner());
        var scannerVersion = config.scanner().mode() == ScannerMode.BASELINE
                ? scanner.model().sha256()
                : Models.scanner().version();
        var ddosModel = Models.ddosBaseline();
        var metrics = Metrics.start(
                config,
                new Metrics.Model("scanner", scanner.model().name(), scannerVersion),
                new Metrics.Model("ddos", ddosModel.name(), ddosModel.sha256()));
        started("metrics", metrics::close);
        metrics.watch(audit);
        ActorSystem edge = ActorSystem.create(
                "edge", ConfigFactory.parseResources("edge.conf").withFallback(ConfigFactory.load()));
        started("edge", () -> {
            edge.terminate();
            await(edge.getWhenTerminated(), STOP_WITHIN);
        });
        ObserveServer observe = ObserveServer.start(config, metrics, health, edge);
        started("health endpoints", () -> await(observe.stop(Duration.ofSeconds(1)), STOP_WITHIN));
        metricsPort = observe.port();
        DetectorNode detectors = detectors(ddosModel);
        started("detectors", () -> await(detectors.stop(), STOP_WITHIN));
        metrics.watch(detectors.counters());
        Kernels.warmUp(Duration.ofSeconds(10));
        health.done(Health.Step.WARMED_UP);
        wait("the DDoS detectors", detectors.ready());
        health.done(Health.Step.DETECTORS_READY);

        var random = new SecureRandom();
        byte[] redactionKey = random.generateSeed(32);
        var journal = new Journal(
                config,
                audit,
                metrics,
                new Redaction(config.audit().keepValues(), config.audit().pseudonymise(), redactionKey),
                detectors,
                version(scanner.model().name(), scannerVersion) + " " + version(ddosModel.name(), ddosModel.sha256()),
                Optional.ofNullable(System.getenv("HOSTNAME")).orElse("local"),
                Clocks.SYSTEM);
        var upstream = new PekkoHttpClient(edge, config);
        var lifecycle = new Lifecycle(
                config,
                detectors,
                crawlers(),
                scanner,
                bodies == null ? scanner::body : bodies,
                upstream::send,
                journal,
                Clocks.SYSTEM,
                random.nextLong(),
                SystemMaterializer.get(edge).materializer());
        PekkoHttpServer server = wait(
                "listen.http",
                PekkoHttpServer.bind(
                        edge, config.listen().http(), config, lifecycle::live, lifecycle::refuseMalformed));
        started(
                "listener",
                () -> await(server.terminate(drainLeft()), drainLeft().plus(STOP_WITHIN)));
        httpPort = server.port();
        health.done(Health.Step.BOUND);
        log.info("Serving HTTP on {}:{}", config.listen().http().host(), httpPort);
    }

    /** Lookups have two threads of their own and a bounded queue: a flood of claims costs no request anything. */
    private Crawlers crawlers() {
        var lookups = new ThreadPoolExecutor(
                LOOKUP_THREADS,
                LOOKUP_THREADS,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(LOOKUPS_WAITING),
                Thread.ofPlatform().name("crawler-names-", 0).daemon().factory());
        started("lookups of crawlers' names", lookups::shutdownNow);
        return new Crawlers(
                config.scanner().allowlist(),
                new ReverseDns(new ExtendedResolver())::confirmedNames,
                lookups,
                config.scanner().botCacheTtl());
    }

    /** As audit lines name it: "scanner-baseline@" and the first twelve digits of its hash. */
    private static String version(String model, String sha256) {
        return model + "@" + sha256.substring(0, 12);
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

    /**
     * Withdraws readiness, serves on for {@code shutdown.announce} so that whoever sends traffic here learns of it, then accepts no more and lets the exchanges in flight end within the rest.
     */
    public void drainAndStop() {
        if (stopping.compareAndSet(false, true)) {
            health.draining();
            log.info("Draining for at most {} s", config.shutdown().drain().toSeconds());
            pause(config.shutdown().announce());
            stopAll();
            log.info("Stopped");
        }
        awaitStopped();
    }

    private Duration drainLeft() {
        return config.shutdown().drain().minus(config.shutdown().announce());
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
            return DetectorNode.start(config, model);
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
