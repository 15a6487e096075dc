package pt.sunbeam.proxy.wire;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.Host;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.AsPublisher;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;
import pt.sunbeam.config.Backend;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.proxy.message.Body;
import pt.sunbeam.proxy.message.Ends;
import pt.sunbeam.proxy.message.Response;
import pt.sunbeam.proxy.message.UpstreamOutcome;
import pt.sunbeam.proxy.message.UpstreamOutcome.Answered;
import pt.sunbeam.proxy.message.UpstreamOutcome.Failed;
import pt.sunbeam.proxy.message.UpstreamOutcome.Fault;

/**
 * Asks a backend to switch protocols (RFC 9110 section 7.8), on a connection of its own that ends with the tunnel or with the answer that comes instead.
 *
 * <p>pekko-http's client knows WebSocket alone, and takes its frames apart. So the head of the request is written here and that of a 101 response read; any
 * other response is read by pekko-http's client layer.
 */
public final class UpgradeClient {
    /** How long an established tunnel waits for the client's side of it. */
    private static final Duration TAKEN_WITHIN = Duration.ofSeconds(5);

    private final Tcp tcp;
    private final Http http;
    private final ClientConnectionSettings settings;
    private final Duration connectTimeout;
    private final Duration responseTimeout;
    private final Materializer materializer;

    public UpgradeClient(ActorSystem system, SunbeamConfig config) {
        tcp = Tcp.get(system);
        http = Http.get(system);
        settings = PekkoHttpClient.settings(system, config).getConnectionSettings();
        connectTimeout = config.upstream().connectTimeout();
        responseTimeout = config.upstream().responseTimeout();
        materializer = SystemMaterializer.get(system).materializer();
    }

    /**
     * Never fails: what goes wrong before a response is an outcome. A 101 response has a {@link Body.Tunnel}.
     *
     * @param head with its Connection and Upgrade, of a request without content
     * @param ends whose connection it is, for a backend that is told
     */
    public CompletionStage<UpstreamOutcome> send(Backend backend, RequestHead head, Ends ends) {
        var fromClient = new CompletableFuture<Source<ByteString, NotUsed>>();
        return Source.single(opening(backend, head, ends))
                .concat(Source.completionStageSource(fromClient))
                .via(connection(backend))
                .statefulMapConcat(() -> new ResponseHead.Splitter()::split)
                .prefixAndTail(1)
                .runWith(Sink.head(), materializer)
                .toCompletableFuture()
                .orTimeout(responseTimeout.toMillis(), TimeUnit.MILLISECONDS)
                .thenCompose(parts -> answer(head, parts, fromClient))
                .exceptionally(failure -> {
                    fromClient.completeExceptionally(failure); // and so the connection is broken off
                    return new Failed(PekkoHttpClient.fault(failure), PekkoHttpClient.words(failure));
                });
    }

    private static ByteString opening(Backend backend, RequestHead head, Ends ends) {
        var request = ByteString.fromArray(head.bytes());
        return backend.proxyProtocol() == null
                ? request
                : ByteString.fromArray(ProxyHeader.write(backend.proxyProtocol(), ends))
                        .concat(request);
    }

    private Flow<ByteString, ByteString, ?> connection(Backend backend) {
        return tcp.outgoingConnection(
                InetSocketAddress.createUnresolved(backend.host(), backend.port()),
                Optional.empty(),
                List.of(),
                true,
                Optional.of(connectTimeout),
                Optional.empty());
    }

    private CompletionStage<UpstreamOutcome> answer(
            RequestHead request,
            Pair<List<ByteString>, Source<ByteString, NotUsed>> parts,
            CompletableFuture<Source<ByteString, NotUsed>> fromClient) {
        if (parts.first().isEmpty()) {
            return CompletableFuture.completedStage(new Failed(Fault.RESET, "closed before an answer"));
        }
        ByteString head = parts.first().getFirst();
        if (ResponseHead.status(head) == 101) {
            var tunnel = tunnel(parts.second(), fromClient);
            return CompletableFuture.completedStage(
                    new Answered(new Response(101, ResponseHead.fields(head), new Body.Tunnel(tunnel))));
        }
        return ordinary(request, Source.single(head).concat(parts.second()), fromClient);
    }

    /** What ends or fails on one side does so on the other. */
    private static Flow<ByteString, ByteString, NotUsed> tunnel(
            Source<ByteString, NotUsed> fromUpstream, CompletableFuture<Source<ByteString, NotUsed>> fromClient) {
        fromClient.orTimeout(TAKEN_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        var toUpstream = Sink.<ByteString>asPublisher(AsPublisher.WITHOUT_FANOUT)
                .mapMaterializedValue(published -> {
                    fromClient.complete(Source.fromPublisher(published).addAttributes(Attributes.inputBuffer(1, 2)));
                    return NotUsed.getInstance();
                });
        return Flow.fromSinkAndSource(toUpstream, fromUpstream);
    }

    /** The answer of a backend that does not switch, read as one to a request like any other. */
    private CompletionStage<UpstreamOutcome> ordinary(
            RequestHead request,
            Source<ByteString, NotUsed> response,
            CompletableFuture<Source<ByteString, NotUsed>> fromClient) {
        var received = response.idleTimeout(responseTimeout).watchTermination((notUsed, ended) -> {
            ended.whenComplete((_, _) -> fromClient.completeExceptionally(new Answer()));
            return notUsed;
        });
        var layer = http.clientLayer(Host.create("upstream"), settings).atop(Messages.noTls());
        var asked = HttpRequest.create("/").withMethod(Messages.method(request.method()));
        return Source.single(asked)
                .via(layer.join(Flow.fromSinkAndSource(Sink.ignore(), received)))
                .runWith(Sink.head(), materializer)
                .thenApply(answer -> new Answered(Messages.response(answer)));
    }

    /** Ends a connection whose answer was no tunnel. */
    private static final class Answer extends CompletionException {
        private static final long serialVersionUID = 1;

        Answer() {
            super("answered", null);
        }
    }
}
