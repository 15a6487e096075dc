package pt.sunbeam.proxy.wire;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.config.SunbeamConfig.HostPort;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.proxy.message.Body;
import pt.sunbeam.proxy.message.BrokenBody;
import pt.sunbeam.proxy.message.ClientGone;
import pt.sunbeam.proxy.message.Ends;
import pt.sunbeam.proxy.message.Request;
import pt.sunbeam.proxy.message.Response;
import pt.sunbeam.proxy.message.UpstreamOutcome.Fault;

/**
 * The server side of the engine {@code pekko-http}: its HTTP layer between plain TCP and the life of a request.
 *
 * <p>Its stock binding would do the same, but leaves no room between TCP and HTTP, where the PROXY header is, and does not tell a connection's local end.
 */
public final class PekkoHttpServer {
    /** Why a connection was closed before a request was read from it. */
    public enum Refusal {
        /** Its client has as many as one may have. */
        PER_IP,
        /** It had to begin with a PROXY header and did not. */
        PROXY_HEADER
    }

    private static final Logger log = LoggerFactory.getLogger("pt.sunbeam.proxy.wire");

    private final BidiFlow<HttpResponse, ByteString, ByteString, HttpRequest, NotUsed> http;
    private final Predicate<IpAddress> trusted;
    private final boolean proxyProtocol;
    private final ConnectionCounts counts;
    private final Duration idleTimeout;
    private final Supplier<Duration> longestWait;
    private final Consumer<Refusal> refused;
    private final Function<Request, CompletionStage<Response>> life;
    private final BiFunction<Integer, String, Response> malformed;
    private final Materializer materializer;
    private final Map<ExchangeStage, CompletionStage<Done>> open = new ConcurrentHashMap<>();
    private volatile boolean stopping;
    private Tcp.@Nullable ServerBinding binding;

    private PekkoHttpServer(
            BidiFlow<HttpResponse, ByteString, ByteString, HttpRequest, NotUsed> http,
            SunbeamConfig config,
            Predicate<IpAddress> trusted,
            Function<Request, CompletionStage<Response>> life,
            BiFunction<Integer, String, Response> malformed,
            Supplier<Duration> longestWait,
            Consumer<Refusal> refused,
            Materializer materializer) {
        this.http = http;
        this.trusted = trusted;
        this.proxyProtocol = config.proxyProtocol();
        this.counts = new ConnectionCounts(config.limits().maxConnectionsPerIp());
        this.idleTimeout = config.limits().idleTimeout();
        this.longestWait = longestWait;
        this.refused = refused;
        this.life = life;
        this.malformed = malformed;
        this.materializer = materializer;
    }

    /**
     * Listens; fails where the address cannot be bound.
     *
     * @param trusted the proxies in front: where it is switched on, their connections have to begin with a PROXY header
     * @param life from a request to its response; it never fails
     * @param malformed from status and reason (for logs) to the response for what is no request
     * @param longestWait for a response to begin or go on, as it is at the time: no idle timer of a connection may end that
     * @param refused hears of connections that were closed before a request
     */
    public static CompletionStage<PekkoHttpServer> bind(
            ActorSystem system,
            HostPort listen,
            SunbeamConfig config,
            Predicate<IpAddress> trusted,
            Function<Request, CompletionStage<Response>> life,
            BiFunction<Integer, String, Response> malformed,
            Supplier<Duration> longestWait,
            Consumer<Refusal> refused) {
        MalformedRequests.answerWith(malformed);
        ServerSettings settings = settings(system, config);
        // One layer for all connections: its parser is costly to make and copied on write.
        var http = Http.get(system).serverLayer(settings).atop(Messages.noTls());
        var server = new PekkoHttpServer(
                http,
                config,
                trusted,
                life,
                malformed,
                longestWait,
                refused,
                SystemMaterializer.get(system).materializer());
        return Tcp.get(system)
                .bind(
                        listen.host(),
                        listen.port(),
                        settings.getBacklog(),
                        ReusePort.added(
                                settings.getSocketOptions(), config.listen().reusePort()),
                        false,
                        Optional.empty())
                .mapAsyncUnordered(settings.getMaxConnections(), server::serve)
                .to(Sink.ignore())
                .run(server.materializer)
                .thenApply(bound -> {
                    server.binding = bound;
                    return server;
                });
    }

    public int port() {
        return requireNonNull(binding).localAddress().getPort();
    }

    /** Accepts no more, lets the exchanges in flight end within {@code deadline}, closes idle connections at once. */
    public CompletionStage<Done> terminate(Duration deadline) {
        return requireNonNull(binding).unbind().thenCompose(_ -> {
            stopping = true;
            open.keySet().forEach(ExchangeStage::closeWhenIdle);
            return CompletableFuture.allOf(open.values().stream()
                            .map(CompletionStage::toCompletableFuture)
                            .toArray(CompletableFuture[]::new))
                    .completeOnTimeout(null, deadline.toMillis(), TimeUnit.MILLISECONDS)
                    .thenApply(_ -> {
                        open.keySet().forEach(ExchangeStage::closeNow);
                        return Done.getInstance();
                    });
        });
    }

    /** Done when the connection is closed; never fails, for that would end the listening. */
    private CompletionStage<Done> serve(Tcp.IncomingConnection incoming) {
        var closed = new CompletableFuture<Done>();
        try {
            serve(incoming, closed);
        } catch (RuntimeException bug) {
            log.error("A connection could not be served", bug);
            closed.complete(Done.getInstance());
        }
        return closed;
    }

    private void serve(Tcp.IncomingConnection incoming, CompletableFuture<Done> closed) {
        Ends ends = ends(incoming);
        boolean fromProxy = trusted.test(ends.peer());
        if (!fromProxy && !enter(ends, closed)) {
            Flow.fromSinkAndSource(Sink.<ByteString>cancelled(), Source.<ByteString>empty())
                    .join(incoming.flow())
                    .run(materializer);
            closed.complete(Done.getInstance());
            return;
        }
        var known = new AtomicReference<>(ends);
        var client = fromProxy && proxyProtocol
                ? incoming.flow().via(proxyHeader(ends.peer(), known, closed))
                : incoming.flow();
        var idle = new IdleStage(this::idleTimeout);
        var exchanges = new ExchangeStage((request, gone) -> answer(request, known.get(), gone, life, malformed)
                .thenApply(response -> {
                    if (response.body() instanceof Body.Tunnel) {
                        idle.switchOff(); // a tunnel has its own
                    }
                    return Messages.toPekko(response);
                }));
        remember(exchanges, closed);
        Flow.fromGraph(exchanges)
                .join(http)
                .join(idle)
                .watchTermination((_, ended) -> ended)
                .join(client)
                .run(materializer)
                .whenComplete((_, _) -> closed.complete(Done.getInstance()));
        if (stopping) {
            exchanges.closeWhenIdle();
        }
    }

    private void remember(ExchangeStage exchanges, CompletionStage<Done> closed) {
        open.put(exchanges, closed);
        closed.thenRun(() -> open.remove(exchanges));
    }

    /** Counts the connection for its client until it is closed; false where there are too many. */
    private boolean enter(Ends ends, CompletionStage<Done> closed) {
        IpAddress peer = ends.peer();
        if (!counts.enter(peer)) {
            refused.accept(Refusal.PER_IP);
            return false;
        }
        closed.thenRun(() -> counts.leave(peer));
        return true;
    }

    private ProxyHeaderStage proxyHeader(IpAddress proxy, AtomicReference<Ends> known, CompletionStage<Done> closed) {
        return new ProxyHeaderStage(
                told -> {
                    known.set(told);
                    return trusted.test(told.peer()) || enter(told, closed);
                },
                reason -> {
                    refused.accept(Refusal.PROXY_HEADER);
                    log.warn("Closing the connection of {}: {}", proxy, reason);
                });
    }

    private static Ends ends(Tcp.IncomingConnection incoming) {
        var remote = incoming.remoteAddress();
        var local = incoming.localAddress();
        return new Ends(
                IpAddress.of(remote.getAddress()), remote.getPort(), IpAddress.of(local.getAddress()), local.getPort());
    }

    private static CompletionStage<Response> answer(
            HttpRequest received,
            Ends ends,
            ClientGone gone,
            Function<Request, CompletionStage<Response>> life,
            BiFunction<Integer, String, Response> malformed) {
        Request request;
        try {
            request = new Request(Messages.head(received), ends, body(received), gone);
        } catch (IllegalArgumentException notAHead) { // pekko-http's parser is more lenient than RFC 9112
            return CompletableFuture.completedStage(malformed.apply(400, String.valueOf(notAHead.getMessage())));
        }
        return life.apply(request);
    }

    private static Body body(HttpRequest request) {
        return switch (Messages.body(request.entity())) {
            case Body.Whole whole -> whole;
            case Body.Streamed(var length, var bytes) ->
                new Body.Streamed(length, bytes.mapError(Throwable.class, PekkoHttpServer::broken));
            case Body.Tunnel tunnel -> tunnel;
        };
    }

    private static Throwable broken(Throwable failure) {
        return new BrokenBody(
                failure instanceof EntityStreamSizeException ? Fault.BODY_TOO_LARGE : Fault.BODY_BROKEN, failure);
    }

    /** This engine has one idle timer a connection, which must not end the wait for a slow upstream: that one has its own timeout. */
    private Duration idleTimeout() {
        return max(idleTimeout, longestWait.get().plusSeconds(5));
    }

    private static ServerSettings settings(ActorSystem system, SunbeamConfig config) {
        var limits = config.limits();
        Config server = ConfigFactory.parseMap(Map.ofEntries(
                Map.entry("server-header", ""),
                Map.entry("request-timeout", "infinite"),
                Map.entry("max-connections", limits.maxConnections()),
                Map.entry("raw-request-uri-header", true),
                Map.entry("backlog", 1024),
                Map.entry("parsing.error-handler", MalformedRequests.class.getName()),
                Map.entry("parsing.uri-parsing-mode", "relaxed"),
                Map.entry("parsing.modeled-header-parsing", false),
                Map.entry("parsing.illegal-header-warnings", false),
                Map.entry("parsing.max-uri-length", limits.uriBytes()),
                Map.entry("parsing.max-header-value-length", limits.headerBytes()),
                Map.entry("parsing.max-header-count", limits.headerCount()),
                Map.entry("parsing.max-chunk-size", "16 MiB"),
                // The life of a request limits bodies: that limit may change while the listener stays.
                Map.entry("parsing.max-content-length", "infinite")));
        var all = ConfigFactory.empty()
                .withFallback(server.atPath("pekko.http.server"))
                .withFallback(system.settings().config());
        var settings = ServerSettings.create(all);
        var parser = settings.getParserSettings();
        for (String method : Messages.unregisteredMethods()) {
            parser = parser.withCustomMethods(Messages.method(method));
        }
        return settings.withParserSettings(parser);
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
