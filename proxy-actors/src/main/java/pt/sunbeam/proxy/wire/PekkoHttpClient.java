package pt.sunbeam.proxy.wire;

import com.typesafe.config.ConfigFactory;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.event.Logging;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.http.javadsl.settings.ConnectionPoolSettings;
import org.apache.pekko.http.scaladsl.model.IllegalResponseException;
import org.apache.pekko.stream.BufferOverflowException;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.StreamTcpException;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.Backend;
import pt.sunbeam.config.ProxyProtocol;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.proxy.message.Body;
import pt.sunbeam.proxy.message.BrokenBody;
import pt.sunbeam.proxy.message.Ends;
import pt.sunbeam.proxy.message.UpstreamOutcome;
import pt.sunbeam.proxy.message.UpstreamOutcome.Answered;
import pt.sunbeam.proxy.message.UpstreamOutcome.Failed;
import pt.sunbeam.proxy.message.UpstreamOutcome.Fault;

/** The client side of the engine {@code pekko-http}: its host connection pool. */
public final class PekkoHttpClient {
    private final Http http;
    private final ConnectionPoolSettings settings;
    private final LoggingAdapter log;
    private final Materializer materializer;
    private final int mostConnections;
    private final Map<String, Semaphore> connections =
            new ConcurrentHashMap<>(); // of backends that have one for each request

    public PekkoHttpClient(ActorSystem system, SunbeamConfig config) {
        http = Http.get(system);
        settings = settings(system, config);
        log = Logging.getLogger(system, PekkoHttpClient.class);
        materializer = SystemMaterializer.get(system).materializer();
        mostConnections = config.upstream().maxConnectionsPerHost();
    }

    /**
     * Never fails: what goes wrong before a response is an outcome.
     *
     * @param ends whose connection it is, for a backend that is told
     */
    public CompletionStage<UpstreamOutcome> send(Backend backend, RequestHead head, Body body, Ends ends) {
        String host = backend.host().indexOf(':') >= 0 ? "[" + backend.host() + "]" : backend.host();
        var request = Messages.toPekko(head, body, "http://" + host + ":" + backend.port());
        ProxyProtocol version = backend.proxyProtocol();
        if (version != null) {
            return sendAlone(backend, request, ProxyHeader.write(version, ends));
        }
        return outcome(http.singleRequest(request, http.defaultClientHttpsContext(), settings, log));
    }

    /** On a connection of its own, which begins with that header. */
    private CompletionStage<UpstreamOutcome> sendAlone(Backend backend, HttpRequest request, byte[] header) {
        var places = connections.computeIfAbsent(backend.url(), _ -> new Semaphore(mostConnections));
        if (!places.tryAcquire()) {
            return CompletableFuture.completedStage(new Failed(Fault.OVERLOADED, "every connection is in use"));
        }
        var connection = http.connectionTo(backend.host())
                .toPort(backend.port())
                .withClientConnectionSettings(settings.getConnectionSettings()
                        .withTransport(new ProxyHeaderTransport(ByteString.fromArray(header), places::release)))
                .logTo(log)
                .http();
        return outcome(Source.single(request.addHeader(Connection.create("close")))
                .via(connection)
                .runWith(Sink.head(), materializer));
    }

    private static CompletionStage<UpstreamOutcome> outcome(CompletionStage<HttpResponse> response) {
        return response.<UpstreamOutcome>thenApply(answer -> new Answered(Messages.response(answer)))
                .exceptionally(failure -> new Failed(fault(failure), words(failure)));
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
            case BufferOverflowException _ -> Fault.OVERLOADED;
            case TimeoutException _ -> Fault.TIMED_OUT;
            case ConnectException _ -> Fault.UNREACHABLE;
            case UnknownHostException _ -> Fault.UNREACHABLE;
            case NoRouteToHostException _ -> Fault.UNREACHABLE;
            case StreamTcpException tcp when String.valueOf(tcp.getMessage()).contains("Connect(") -> Fault.UNREACHABLE;
            default -> null;
        };
    }

    static String words(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }

    static ConnectionPoolSettings settings(ActorSystem system, SunbeamConfig config) {
        var upstream = config.upstream();
        long response = upstream.responseTimeout().toMillis();
        var pool = ConfigFactory.parseMap(Map.ofEntries(
                Map.entry("max-connections", upstream.maxConnectionsPerHost()),
                Map.entry("max-open-requests", powerOfTwo(2 * upstream.maxConnectionsPerHost())),
                Map.entry("max-retries", upstream.retries()),
                // No back-off: one refused connection must not make the requests behind it wait.
                Map.entry("base-connection-backoff", "0 s"),
                Map.entry("max-connection-backoff", "0 s"),
                Map.entry("keep-alive-timeout", "50 s"),
                Map.entry("response-entity-subscription-timeout", "10 s"),
                Map.entry("client.user-agent-header", ""),
                Map.entry("client.connecting-timeout", upstream.connectTimeout().toMillis() + " ms"),
                Map.entry("client.idle-timeout", response + " ms"),
                Map.entry("client.parsing.max-content-length", "infinite"),
                Map.entry("client.parsing.max-chunk-size", "16 MiB"),
                Map.entry("client.parsing.max-header-value-length", 65_536),
                Map.entry("client.parsing.max-header-count", 256),
                Map.entry("client.parsing.max-response-reason-length", 1_024),
                Map.entry("client.parsing.modeled-header-parsing", false),
                // A field that is not as it should be is left out; it does not cost the response.
                Map.entry("client.parsing.illegal-response-header-name-processing-mode", "ignore"),
                Map.entry("client.parsing.illegal-response-header-value-processing-mode", "ignore"),
                Map.entry("client.parsing.illegal-header-warnings", false)));
        var all = pool.atPath("pekko.http.host-connection-pool")
                .withFallback(system.settings().config());
        return ConnectionPoolSettings.create(all);
    }

    private static int powerOfTwo(int atLeast) {
        return atLeast <= 1 ? 1 : Integer.highestOneBit(atLeast - 1) << 1;
    }
}
