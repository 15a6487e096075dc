package pt.sunbeam.proxy.wire;

import com.typesafe.config.ConfigFactory;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.event.Logging;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.http.scaladsl.model.IllegalResponseException;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.StreamTcpException;
import org.apache.pekko.stream.SystemMaterializer;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.proxy.message.Body;
import pt.sunbeam.proxy.message.BrokenBody;
import pt.sunbeam.proxy.message.Connector;
import pt.sunbeam.proxy.message.Ends;
import pt.sunbeam.proxy.message.Hop;
import pt.sunbeam.proxy.message.UpstreamOutcome;
import pt.sunbeam.proxy.message.UpstreamOutcome.Fault;

/** The client side of the engine {@code pekko-http}: its connection-level client, below connections that are kept for each hop. */
public final class PekkoHttpClient implements Connector {
    private static final Duration SWEPT_EVERY = Duration.ofSeconds(5);

    private final ActorSystem system;
    private final ClientConnectionSettings settings;
    private final LoggingAdapter log;
    private final Materializer materializer;
    private final UpgradeClient upgrades;
    private final Map<Hop, Connections> connections = new ConcurrentHashMap<>();

    public PekkoHttpClient(ActorSystem system) {
        this.system = system;
        settings = settings(system);
        log = Logging.getLogger(system, PekkoHttpClient.class);
        materializer = SystemMaterializer.get(system).materializer();
        upgrades = new UpgradeClient(system, settings);
        system.scheduler()
                .scheduleWithFixedDelay(
                        SWEPT_EVERY,
                        SWEPT_EVERY,
                        () -> connections.values().forEach(Connections::sweep),
                        system.dispatcher());
    }

    @Override
    public CompletionStage<UpstreamOutcome> send(
            Hop hop, RequestHead head, Body body, Ends ends, long leftNanos, Consumer<Ending> over) {
        var attempt = new Attempt(hop, head, body, leftNanos, over, system, materializer);
        connections
                .computeIfAbsent(hop, made -> new Connections(made, system, settings, log, materializer))
                .carry(attempt, ends);
        if (hop.isRetired()) {
            forget(hop); // it was forgotten meanwhile
        }
        return attempt.outcome();
    }

    @Override
    public CompletionStage<UpstreamOutcome> upgrade(
            Hop hop, RequestHead head, Ends ends, long leftNanos, Consumer<Ending> over) {
        return upgrades.send(hop, head, ends, leftNanos, over);
    }

    @Override
    public void forget(Hop hop) {
        hop.retire();
        var made = connections.remove(hop);
        if (made != null) {
            made.close();
        }
    }

    static Fault fault(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Fault known = known(cause);
            if (known != null) {
                return known;
            }
        }
        return Fault.RESET;
    }

    private static @Nullable Fault known(Throwable cause) {
        return switch (cause) {
            case BrokenBody broken -> broken.fault();
            case IllegalResponseException _ -> Fault.MALFORMED;
            case TimeoutException _ -> Fault.TIMED_OUT;
            case SSLException _ -> Fault.UNTRUSTED;
            case ConnectException late when isTimeout(late) -> Fault.CONNECT_TIMED_OUT;
            case ConnectException _ -> Fault.UNREACHABLE;
            case UnknownHostException _ -> Fault.UNREACHABLE;
            case NoRouteToHostException _ -> Fault.UNREACHABLE;
            case StreamTcpException tcp
            when String.valueOf(tcp.getMessage()).contains("Connect(") ->
                isTimeout(tcp) ? Fault.CONNECT_TIMED_OUT : Fault.UNREACHABLE;
            default -> null;
        };
    }

    /** It says so in words alone. */
    private static boolean isTimeout(Throwable failure) {
        return String.valueOf(failure.getMessage()).contains("Connect timeout");
    }

    static String words(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }

    private static ClientConnectionSettings settings(ActorSystem system) {
        var client = ConfigFactory.parseMap(Map.ofEntries(
                Map.entry("user-agent-header", ""),
                // An attempt keeps its own time, and rests while the client is at fault.
                Map.entry("idle-timeout", "infinite"),
                Map.entry("parsing.max-content-length", "infinite"),
                Map.entry("parsing.max-chunk-size", "16 MiB"),
                Map.entry("parsing.max-header-value-length", 65_536),
                Map.entry("parsing.max-header-count", 256),
                Map.entry("parsing.max-response-reason-length", 1_024),
                Map.entry("parsing.modeled-header-parsing", false),
                // A field that is not as it should be is left out; it does not cost the response.
                Map.entry("parsing.illegal-response-header-name-processing-mode", "ignore"),
                Map.entry("parsing.illegal-response-header-value-processing-mode", "ignore"),
                Map.entry("parsing.illegal-header-warnings", false)));
        return ClientConnectionSettings.create(client.atPath("pekko.http.client")
                .withFallback(system.settings().config()));
    }
}
