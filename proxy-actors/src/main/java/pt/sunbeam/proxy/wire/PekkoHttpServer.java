package pt.sunbeam.proxy.wire;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.stream.javadsl.Flow;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.config.SunbeamConfig.HostPort;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.proxy.message.Body;
import pt.sunbeam.proxy.message.BrokenBody;
import pt.sunbeam.proxy.message.ClientGone;
import pt.sunbeam.proxy.message.Request;
import pt.sunbeam.proxy.message.Response;
import pt.sunbeam.proxy.message.UpstreamOutcome.Fault;

/** The server side of the engine {@code pekko-http}: its stock binding. */
public final class PekkoHttpServer {
    private static final IpAddress UNKNOWN = IpAddress.of(InetAddress.getLoopbackAddress());

    private final ServerBinding binding;

    private PekkoHttpServer(ServerBinding binding) {
        this.binding = binding;
    }

    /**
     * Listens; fails where the address cannot be bound.
     *
     * @param life from a request to its response; it never fails
     * @param malformed from status and reason (for logs) to the response for what is no request
     */
    public static CompletionStage<PekkoHttpServer> bind(
            ActorSystem system,
            HostPort listen,
            SunbeamConfig config,
            Function<Request, CompletionStage<Response>> life,
            BiFunction<Integer, String, Response> malformed) {
        MalformedRequests.answerWith(malformed);
        return Http.get(system)
                .newServerAt(listen.host(), listen.port())
                .withSettings(settings(system, config))
                .bindFlow(connection(life, malformed))
                .thenApply(PekkoHttpServer::new);
    }

    public int port() {
        return binding.localAddress().getPort();
    }

    /** Accepts no more, lets the exchanges in flight end within {@code deadline}, closes idle connections at once. */
    public CompletionStage<Done> terminate(Duration deadline) {
        return binding.terminate(deadline).thenApply(_ -> Done.getInstance());
    }

    /** One instance a connection: it knows the exchange in flight, to tell it when the client has gone. */
    private static Flow<HttpRequest, HttpResponse, NotUsed> connection(
            Function<Request, CompletionStage<Response>> life, BiFunction<Integer, String, Response> malformed) {
        return Flow.<HttpRequest, HttpResponse, NotUsed>fromMaterializer((_, _) -> {
                    var inFlight = new AtomicReference<InFlight>();
                    return Flow.of(HttpRequest.class)
                            .mapAsync(1, request -> {
                                var exchange = new InFlight(new ClientGone(), new AtomicBoolean());
                                inFlight.set(exchange);
                                return answer(request, exchange.gone, life, malformed)
                                        .thenApply(response -> {
                                            exchange.answered.set(true);
                                            return Messages.toPekko(response);
                                        });
                            })
                            .watchTermination((notUsed, ended) -> {
                                ended.whenComplete((_, failure) -> {
                                    InFlight last = inFlight.get();
                                    if (last != null) {
                                        last.connectionEnded(failure != null);
                                    }
                                });
                                return notUsed;
                            });
                })
                .mapMaterializedValue(_ -> NotUsed.getInstance());
    }

    /** The exchange that a connection is at; one that has been answered may still be sending its body. */
    private record InFlight(ClientGone gone, AtomicBoolean answered) {
        /**
         * A client that only has said all it will say (a half-closed connection) has not gone: the stream of responses then goes on until
         * the answer is there. Where it ends before that, or fails, nobody listens any more.
         */
        void connectionEnded(boolean failed) {
            if (failed || !answered.get()) {
                gone.signal();
            }
        }
    }

    private static CompletionStage<Response> answer(
            HttpRequest received,
            ClientGone gone,
            Function<Request, CompletionStage<Response>> life,
            BiFunction<Integer, String, Response> malformed) {
        Request request;
        try {
            request = request(received, gone);
        } catch (IllegalArgumentException notAHead) { // pekko-http's parser is more lenient than RFC 9112
            return CompletableFuture.completedStage(malformed.apply(400, String.valueOf(notAHead.getMessage())));
        }
        return life.apply(request);
    }

    private static Request request(HttpRequest request, ClientGone gone) {
        IpAddress peer = request.getAttribute(AttributeKeys.remoteAddress)
                .flatMap(RemoteAddress::getAddress)
                .map(IpAddress::of)
                .orElse(UNKNOWN);
        return new Request(Messages.head(request), peer, body(request), gone);
    }

    private static Body body(HttpRequest request) {
        return switch (Messages.body(request.entity())) {
            case Body.Whole whole -> whole;
            case Body.Streamed(var length, var bytes) ->
                new Body.Streamed(length, bytes.mapError(Throwable.class, PekkoHttpServer::broken));
        };
    }

    private static Throwable broken(Throwable failure) {
        return new BrokenBody(
                failure instanceof EntityStreamSizeException ? Fault.BODY_TOO_LARGE : Fault.BODY_BROKEN, failure);
    }

    private static ServerSettings settings(ActorSystem system, SunbeamConfig config) {
        var limits = config.limits();
        // This engine has one idle timer a connection, which must not end the wait for a slow upstream: that one has
        // its own timeout.
        Duration idle =
                max(limits.idleTimeout(), config.upstream().responseTimeout().plusSeconds(5));
        Config server = ConfigFactory.parseMap(Map.ofEntries(
                Map.entry("server-header", ""),
                Map.entry("idle-timeout", idle.toMillis() + " ms"),
                Map.entry("request-timeout", "infinite"),
                Map.entry("max-connections", limits.maxConnections()),
                Map.entry("remote-address-attribute", true),
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
