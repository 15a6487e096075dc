package pt.sunbeam.proxy.observe;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.config.SunbeamConfig.HostPort;
import pt.sunbeam.proxy.startup.StartFailure;

/**
 * What probes, scrapers and operators ask: {@code /metrics}, {@code /health} and {@code /ready} on {@code telemetry.metrics_port} of every interface, where that is
 * not 0; the latter two and all else on {@code admin.listen}.
 */
public final class ObserveServer {
    private static final Logger log = LoggerFactory.getLogger(ObserveServer.class);

    private final @Nullable Endpoints scraped;
    private final Endpoints admin;

    private ObserveServer(@Nullable Endpoints scraped, Endpoints admin) {
        this.scraped = scraped;
        this.admin = admin;
    }

    /**
     * Binds before it returns. Throws {@link StartFailure} where a port is taken or may not be bound.
     *
     * @param operators answers what is asked on the admin listener beside probes; never fails
     */
    public static ObserveServer start(
            SunbeamConfig config,
            Metrics metrics,
            Health health,
            Function<AdminCall, CompletionStage<AdminReply>> operators,
            ClassicActorSystemProvider system) {
        boolean reusePort = config.listen().reusePort();
        int port = config.telemetry().metricsPort();
        var everywhere = new HostPort("0.0.0.0", port);
        Endpoints scraped = port == 0
                ? null
                : bound(
                        "telemetry.metrics_port",
                        everywhere,
                        at -> Endpoints.bind(at, reusePort, metrics, health, system));
        try {
            var admin = bound(
                    "admin.listen",
                    config.admin().listen(),
                    at -> Endpoints.bindAdmin(at, reusePort, health, operators, system));
            return new ObserveServer(scraped, admin);
        } catch (StartFailure failure) {
            if (scraped != null) {
                scraped.stop(Duration.ZERO);
            }
            throw failure;
        }
    }

    private static Endpoints bound(String key, HostPort listen, Function<HostPort, Endpoints> bind) {
        try {
            Endpoints endpoints = bind.apply(listen);
            log.info("Listening on {}:{} ({})", listen.host(), endpoints.port(), key);
            return endpoints;
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new StartFailure(
                    "%s: cannot listen on %s:%d: %s".formatted(key, listen.host(), listen.port(), rootMessage(cause)),
                    cause);
        }
    }

    /** Where /health and /ready are served, and /metrics where {@code telemetry.metrics_port} is not 0. */
    public int port() {
        return scraped == null ? admin.port() : scraped.port();
    }

    /** The port of {@code admin.listen} that is bound in fact. */
    public int adminPort() {
        return admin.port();
    }

    /** Stops listening and lets answers in flight go out, for at most {@code deadline}. */
    public CompletionStage<Void> stop(Duration deadline) {
        var stopped = admin.stop(deadline);
        return scraped == null ? stopped : scraped.stop(deadline).thenCompose(_ -> stopped);
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null ? root.getClass().getSimpleName() : message;
    }
}
