package pt.sunbeam.proxy.exchange;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;
import pt.sunbeam.config.Pool;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.proxy.message.Body;
import pt.sunbeam.proxy.message.Ends;
import pt.sunbeam.proxy.message.UpstreamOutcome;
import pt.sunbeam.proxy.message.UpstreamOutcome.Answered;
import pt.sunbeam.proxy.upstream.Call;
import pt.sunbeam.proxy.upstream.Upstreams;

/**
 * Copies of requests to backends whose answers nobody waits for.
 *
 * <p>A copy goes out when the request's body has gone upstream whole; a longer one than 64 KiB is not copied, nor is one while 128 copies wait for their
 * answers. So a mirror that is slow or down costs the traffic nothing.
 */
final class Mirrors {
    private static final int MOST_BYTES = 64 * 1024;
    private static final int MOST_WAITING = 128;
    private static final long MOST_ANSWER_BYTES = 1024 * 1024;

    private final Upstreams upstreams;
    private final Consumer<Outcome> counted;
    private final Materializer materializer;
    private final AtomicInteger waiting = new AtomicInteger();

    /** What became of a copy. */
    enum Outcome {
        ANSWERED,
        FAILED,
        /** The body was too long, or too many copies wait. One whose body breaks off is not counted. */
        SKIPPED
    }

    Mirrors(Upstreams upstreams, Consumer<Outcome> counted, Materializer materializer) {
        this.upstreams = upstreams;
        this.counted = counted;
        this.materializer = materializer;
    }

    /** The body to send in the place of the request's; its end sends the copies. */
    Body tee(List<Pool> mirrors, RequestHead head, Body body, Ends ends, IpAddress client) {
        if (body.declaredLength() > MOST_BYTES) {
            return skipped(mirrors, body);
        }
        return switch (body) {
            case Body.Whole whole -> {
                send(mirrors, head, whole, ends, client);
                yield whole;
            }
            case Body.Streamed(var length, var bytes) ->
                new Body.Streamed(length, copied(mirrors, head, bytes, ends, client));
            case Body.Tunnel _ -> body;
        };
    }

    private Source<ByteString, NotUsed> copied(
            List<Pool> mirrors, RequestHead head, Source<ByteString, NotUsed> bytes, Ends ends, IpAddress client) {
        return Source.lazySource(() -> {
                    var copy = new ByteStringBuilder();
                    var done = new AtomicBoolean();
                    var kept = bytes.map(chunk -> {
                        if (copy.length() + chunk.length() <= MOST_BYTES) {
                            copy.append(chunk);
                        } else if (done.compareAndSet(false, true)) {
                            skipped(mirrors, Body.Whole.EMPTY);
                        }
                        return chunk;
                    });
                    return kept.concatLazy(Source.lazySource(() -> {
                        if (done.compareAndSet(false, true)) {
                            send(mirrors, head, new Body.Whole(copy.result()), ends, client);
                        }
                        return Source.empty();
                    }));
                })
                .mapMaterializedValue(_ -> NotUsed.getInstance());
    }

    private Body skipped(List<Pool> mirrors, Body body) {
        mirrors.forEach(_ -> counted.accept(Outcome.SKIPPED));
        return body;
    }

    private void send(List<Pool> mirrors, RequestHead head, Body.Whole body, Ends ends, IpAddress client) {
        for (Pool mirror : mirrors) {
            if (waiting.incrementAndGet() > MOST_WAITING) {
                waiting.decrementAndGet();
                counted.accept(Outcome.SKIPPED);
            } else {
                var call = new Call(head, body, ends, client, false, Call.Tries.of(head));
                upstreams.of(mirror).send(call).whenComplete((outcome, _) -> {
                    waiting.decrementAndGet();
                    counted.accept(read(outcome));
                });
            }
        }
    }

    /** An answer is read, so that its connection can be used again; a long one is not. */
    private Outcome read(UpstreamOutcome outcome) {
        if (!(outcome instanceof Answered(var response))) {
            return Outcome.FAILED;
        }
        if (response.body() instanceof Body.Streamed(var _, var bytes)) {
            bytes.limitWeighted(MOST_ANSWER_BYTES, chunk -> (long) chunk.length())
                    .runWith(Sink.ignore(), materializer);
        }
        return Outcome.ANSWERED;
    }
}
