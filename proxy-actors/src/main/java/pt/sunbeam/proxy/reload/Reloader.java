package pt.sunbeam.proxy.reload;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pt.sunbeam.config.ConfigReader;
import pt.sunbeam.config.ConfigReader.Examination;
import pt.sunbeam.config.ConfigReader.Loaded;
import pt.sunbeam.config.ConfigReader.Rejected;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.proxy.reload.Beginning.Source;
import pt.sunbeam.proxy.reload.Report.Result;

/**
 * Reads the configuration again when it is told to, one reading after the other. Whoever asks while one is running waits for the next, which all who ask
 * until it begins share.
 */
public final class Reloader implements AutoCloseable {
    /** What takes a configuration over while it runs. Called by one thread at a time. */
    public interface Target {
        SunbeamConfig running();

        /**
         * Takes over what can be without a restart, whole or, where this throws, not at all.
         *
         * @param brokenRoutes host prefixes that are to be answered 503
         * @return the keys of what waits for a restart
         */
        List<String> apply(SunbeamConfig wanted, Set<String> brokenRoutes);
    }

    private static final Logger log = LoggerFactory.getLogger(Reloader.class);

    private final @Nullable Source source;
    private final Target target;
    private final Consumer<Report> onReport;
    private final InstantSource clock;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("config-reload").daemon().factory());

    /** The readings that wait; guarded by this object's monitor. */
    private @Nullable CompletableFuture<Report> next;

    // written by the one thread that reads
    private volatile Report last;
    private volatile Map<Path, String> files;
    private @Nullable SunbeamConfig wanted;

    public Reloader(Beginning beginning, Target target, Consumer<Report> onReport, InstantSource clock) {
        source = beginning.file();
        this.target = target;
        this.onReport = onReport;
        this.clock = clock;
        last = beginning.report();
        files = source == null ? Map.of() : source.first().files();
        wanted = last.result() == Result.APPLIED ? beginning.config() : null;
        if (last.result() == Result.APPLIED && source != null) {
            keep(source, source.first());
        }
    }

    /** What came of the last reading; of the start where there was none since. */
    public Report last() {
        return last;
    }

    /** The files of the last reading, each with the digest of what it held. */
    public Map<Path, String> files() {
        return files;
    }

    /** The file that is read, or null. */
    public @Nullable Path path() {
        return source == null ? null : source.path();
    }

    /**
     * Asks for a reading that begins after this call.
     *
     * @return fails with RejectedExecutionException after {@link #close}
     */
    public synchronized CompletionStage<Report> reload(String trigger) {
        if (next == null) {
            var reading = new CompletableFuture<Report>();
            try {
                thread.execute(() -> run(trigger, reading));
            } catch (RejectedExecutionException closed) {
                return CompletableFuture.failedStage(closed);
            }
            next = reading;
        }
        return next.copy();
    }

    private void run(String trigger, CompletableFuture<Report> reading) {
        synchronized (this) {
            next = null;
        }
        try {
            Report report = read(trigger);
            last = report;
            say(report);
            onReport.accept(report);
            reading.complete(report);
        } catch (RuntimeException | Error bug) {
            log.error("Reloading failed; the running configuration stays", bug);
            reading.completeExceptionally(bug);
        }
    }

    private Report read(String trigger) {
        if (source == null) {
            return rejected(trigger, "", List.of("this proxy was started without a configuration file"));
        }
        var examined = ConfigReader.examine(source.path(), source.environment());
        files = examined.files();
        return switch (examined.outcome()) {
            case Loaded(var config)
            when config.equals(wanted) ->
                new Report(
                        clock.instant(),
                        trigger,
                        Result.UNCHANGED,
                        examined.sha256(),
                        List.of(),
                        last.waiting(),
                        Set.of());
            case Loaded(var config) -> {
                Report report = apply(trigger, Result.APPLIED, examined, config, List.of(), Set.of());
                if (report.result() == Result.APPLIED) {
                    wanted = config;
                    keep(source, examined);
                }
                yield report;
            }
            case Rejected(var faults) -> {
                var salvage = examined.salvage();
                if (salvage == null) {
                    yield rejected(trigger, examined.sha256(), faults);
                }
                var running = target.running();
                Report report =
                        apply(trigger, Result.PARTIAL, examined, salvage.over(running), faults, salvage.lost(running));
                if (report.result() == Result.PARTIAL) {
                    wanted = null;
                }
                yield report;
            }
        };
    }

    private Report apply(
            String trigger,
            Result result,
            Examination examined,
            SunbeamConfig config,
            List<String> faults,
            Set<String> brokenRoutes) {
        try {
            var waiting = target.apply(config, brokenRoutes);
            return new Report(clock.instant(), trigger, result, examined.sha256(), faults, waiting, brokenRoutes);
        } catch (RuntimeException failure) {
            log.error("The new configuration cannot be taken over", failure);
            return rejected(trigger, examined.sha256(), List.of("cannot be taken over: " + failure));
        }
    }

    private Report rejected(String trigger, String sha256, List<String> faults) {
        return new Report(
                clock.instant(), trigger, Result.REJECTED, sha256, faults, last.waiting(), last.brokenRoutes());
    }

    private static void keep(Source source, Examination examined) {
        if (source.lastGood() != null && examined.resolved() != null) {
            source.lastGood().keep(examined.resolved());
        }
    }

    private void say(Report report) {
        report.faults().forEach(log::error);
        switch (report.result()) {
            case APPLIED -> log.info("Configuration taken over ({})", report.trigger());
            case UNCHANGED -> log.info("Configuration unchanged ({})", report.trigger());
            case PARTIAL ->
                log.error(
                        "Configuration taken over but for the routes with faults ({}); answered 503: {}",
                        report.trigger(),
                        report.brokenRoutes());
            case REJECTED -> log.error("Configuration rejected ({}); the running one stays", report.trigger());
        }
        if (!report.waiting().isEmpty()) {
            log.warn("Waiting for a restart: {}", String.join(", ", report.waiting()));
        }
    }

    /** A reading that has begun ends; what waits is given up. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
