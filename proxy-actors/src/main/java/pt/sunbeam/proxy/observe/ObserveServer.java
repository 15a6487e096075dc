package pt.sunbeam.proxy.observe;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.config.SunbeamConfig.HostPort;
import pt.sunbeam.proxy.startup.StartFailure;

/**
 * What probes and scrapers ask: {@code /metrics}, {@code /health}, {@code /ready}.
 *
 * <p>On {@code telemetry.metrics_port} of every interface; where that is 0, on {@code admin.listen} and without {@code /metrics}.
 */
public final class ObserveServer {
    private static final Logger log = LoggerFactory.getLogger(ObserveServer.class);

    private final Endpoints endpoints;

    private ObserveServer(Endpoints endpoints) {
        this.endpoints = endpoints;
    }

    /** Binds before it returns. Throws {@link StartFailure} where the port is taken or may not be bound. */
    public static ObserveServer start(
            SunbeamConfig config, Metrics metrics, Health health, ClassicActorSystemProvider system) {
        int port = config.telemetry().metricsPort();
        boolean scraped = port != 0;
        HostPort listen =
                scraped ? new HostPort("0.0.0.0", port) : config.admin().listen();
        String key = scraped ? "telemetry.metrics_port" : "admin.listen";
        try {
            var endpoints = Endpoints.bind(listen, scraped ? metrics : null, health, system);
            log.info(
                    "Serving {}/health and /ready on {}:{}",
                    scraped ? "/metrics, " : "",
                    listen.host(),
                    endpoints.port());
            return new ObserveServer(endpoints);
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new StartFailure(
                    "%s: cannot listen on %s:%d: %s".formatted(key, listen.host(), listen.port(), rootMessage(cause)),
                    cause);
        }
    }

    /** The port that is bound in fact. */
    public int port() {
        return endpoints.port();
    }

    /** Stops listening and lets answers in flight go out, for at most {@code deadline}. */
    public CompletionStage<Void> stop(Duration deadline) {
        return endpoints.stop(deadline);
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
