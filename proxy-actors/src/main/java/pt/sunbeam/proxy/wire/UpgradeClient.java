package pt.sunbeam.proxy.wire;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.proxy.message.Body;
import pt.sunbeam.proxy.message.Connector;
import pt.sunbeam.proxy.message.Connector.Ending;
import pt.sunbeam.proxy.message.Ends;
import pt.sunbeam.proxy.message.Hop;
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
final class UpgradeClient {
    /** How long an established tunnel waits for the client's side of it. */
    private static final Duration TAKEN_WITHIN = Duration.ofSeconds(5);

    private final ActorSystem system;
    private final Http http;
    private final ClientConnectionSettings settings;
    private final Materializer materializer;

    UpgradeClient(ActorSystem system, ClientConnectionSettings settings) {
        this.system = system;
        this.settings = settings;
        http = Http.get(system);
        materializer = SystemMaterializer.get(system).materializer();
    }

    /** As {@link Connector#upgrade} says. */
    CompletionStage<UpstreamOutcome> send(Hop hop, RequestHead head, Ends ends, long leftNanos, Consumer<Ending> over) {
        var fromClient = new CompletableFuture<Source<ByteString, NotUsed>>();
        var transport = new HopTransport(hop, ends);
        var answered = Source.single(ByteString.fromArray(head.bytes()))
                .concat(Source.completionStageSource(fromClient))
                .viaMat(transport.connectTo(hop.backend().host(), hop.backend().port(), settings, system), Keep.right())
                .statefulMapConcat(() -> new ResponseHead.Splitter()::split)
                .prefixAndTail(1)
                .toMat(Sink.head(), Keep.both())
                .run(materializer);
        long wait = Math.min(hop.firstByte().toNanos(), leftNanos);
        return answered.first()
                .thenCompose(_ -> answered.second().toCompletableFuture().orTimeout(wait, TimeUnit.NANOSECONDS))
                .thenCompose(parts -> answer(hop, head, parts, fromClient, over))
                .exceptionally(failure -> {
                    fromClient.completeExceptionally(failure); // and so the connection is broken off
                    transport.abort(failure);
                    return new Failed(PekkoHttpClient.fault(failure), PekkoHttpClient.words(failure));
                });
    }

    private CompletionStage<UpstreamOutcome> answer(
            Hop hop,
            RequestHead request,
            Pair<List<ByteString>, Source<ByteString, NotUsed>> parts,
            CompletableFuture<Source<ByteString, NotUsed>> fromClient,
            Consumer<Ending> over) {
        if (parts.first().isEmpty()) {
            return CompletableFuture.completedStage(new Failed(Fault.RESET, "closed before an answer"));
        }
        ByteString head = parts.first().getFirst();
        if (ResponseHead.status(head) == 101) {
            var tunnel = tunnel(parts.second(), fromClient, over);
            return CompletableFuture.completedStage(
                    new Answered(new Response(101, ResponseHead.fields(head), new Body.Tunnel(tunnel))));
        }
        return ordinary(hop, request, Source.single(head).concat(parts.second()), fromClient, over);
    }

    /** What ends or fails on one side does so on the other. */
    private static Flow<ByteString, ByteString, NotUsed> tunnel(
            Source<ByteString, NotUsed> fromUpstream,
            CompletableFuture<Source<ByteString, NotUsed>> fromClient,
            Consumer<Ending> over) {
        fromClient.orTimeout(TAKEN_WITHIN.toMillis(), TimeUnit.MILLISECONDS).exceptionally(notTaken -> {
            over.accept(Ending.ABANDONED);
            return Source.failed(notTaken);
        });
        var toUpstream = Sink.<ByteString>asPublisher(AsPublisher.WITHOUT_FANOUT)
                .mapMaterializedValue(published -> {
                    fromClient.complete(Source.fromPublisher(published).addAttributes(Attributes.inputBuffer(1, 2)));
                    return NotUsed.getInstance();
                });
        var heard = fromUpstream.watchTermination((notUsed, ended) -> {
            ended.whenComplete((_, _) -> over.accept(Ending.CLEAN));
            return notUsed;
        });
        return Flow.fromSinkAndSource(toUpstream, heard);
    }

    /** The answer of a backend that does not switch, read as one to a request like any other. */
    private CompletionStage<UpstreamOutcome> ordinary(
            Hop hop,
            RequestHead request,
            Source<ByteString, NotUsed> response,
            CompletableFuture<Source<ByteString, NotUsed>> fromClient,
            Consumer<Ending> over) {
        var received = response.idleTimeout(hop.idle()).watchTermination((notUsed, ended) -> {
            ended.whenComplete((_, _) -> {
                fromClient.completeExceptionally(new Answer());
                over.accept(Ending.CLEAN);
            });
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
