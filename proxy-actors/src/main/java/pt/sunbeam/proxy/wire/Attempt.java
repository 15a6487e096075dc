package pt.sunbeam.proxy.wire;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.proxy.message.Body;
import pt.sunbeam.proxy.message.Connector;
import pt.sunbeam.proxy.message.Connector.Ending;
import pt.sunbeam.proxy.message.Hop;
import pt.sunbeam.proxy.message.Response;
import pt.sunbeam.proxy.message.UpstreamOutcome;
import pt.sunbeam.proxy.message.UpstreamOutcome.Answered;
import pt.sunbeam.proxy.message.UpstreamOutcome.Failed;
import pt.sunbeam.proxy.message.UpstreamOutcome.Fault;

/**
 * One request on one connection, to the last byte of its response, and the clock that it runs against: the wait for a response begins with the last byte sent
 * and rests while the client keeps the upstream waiting; the wait for each further piece rests while nobody reads. Thread-safe.
 */
final class Attempt {
    private enum Phase {
        CONNECTING,
        WAITING,
        RECEIVING
    }

    private final Hop hop;
    private final HttpRequest request;
    private final boolean toHead;
    private final @Nullable Passage sent;
    private final ActorSystem system;
    private final Materializer materializer;
    private final Consumer<Ending> over;
    private final long deadline;
    private final boolean bounded;
    private final CompletableFuture<UpstreamOutcome> outcome = new CompletableFuture<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Passage received = new Passage(this::received);
    private volatile Phase phase = Phase.CONNECTING;
    private volatile long sentNanos;
    private volatile @Nullable Connection connection;
    private volatile @Nullable Cancellable timer;
    private volatile boolean reusable;

    Attempt(
            Hop hop,
            RequestHead head,
            Body body,
            long leftNanos,
            Consumer<Ending> over,
            ActorSystem system,
            Materializer materializer) {
        this.hop = hop;
        this.over = over;
        this.system = system;
        this.materializer = materializer;
        toHead = head.method().equals("HEAD");
        bounded = leftNanos != Connector.UNBOUNDED;
        deadline = bounded ? System.nanoTime() + leftNanos : 0;
        Body watched = body;
        if (body instanceof Body.Streamed(var length, var bytes)) {
            sent = new Passage(_ -> {});
            watched = new Body.Streamed(length, bytes.via(sent));
        } else {
            sent = null;
        }
        request = Messages.toPekko(head, watched, "http://" + Messages.authority(hop.backend()));
        if (bounded) {
            schedule(leftNanos);
        }
    }

    HttpRequest request() {
        return request;
    }

    CompletionStage<UpstreamOutcome> outcome() {
        return outcome;
    }

    void on(Connection carrier) {
        connection = carrier;
    }

    void sending() {
        sentNanos = System.nanoTime();
        phase = Phase.WAITING;
        schedule(Math.min(hop.firstByte().toNanos(), left()));
    }

    /** There was no connection: nothing of the request was touched. */
    void unconnected(Throwable failure) {
        Fault fault = PekkoHttpClient.fault(failure);
        fail(fault.neverSent() ? fault : Fault.UNREACHABLE, PekkoHttpClient.words(failure));
    }

    void answered(HttpResponse answer) {
        phase = Phase.RECEIVING;
        reusable = Messages.leavesOpen(answer) && (sent == null || sent.state() == Passage.State.COMPLETE);
        Response response = Messages.response(answer);
        if (toHead && response.body() instanceof Body.Streamed(var length, var bytes)) {
            bytes.runWith(Sink.ignore(), materializer);
            whole(new Response(response.status(), response.fields(), new Body.Streamed(length, Source.empty())));
        } else if (response.body() instanceof Body.Streamed(var length, var bytes)) {
            schedule(Math.min(hop.idle().toNanos(), left()));
            Source<ByteString, NotUsed> watched = bytes.via(received);
            if (!decide(new Answered(
                    new Response(response.status(), response.fields(), new Body.Streamed(length, watched))))) {
                bytes.runWith(Sink.cancelled(), materializer);
            }
        } else {
            whole(response);
        }
    }

    /** It is over before the client hears of it, so that its place is free for the client's next request. */
    private void whole(Response response) {
        if (end(Ending.CLEAN)) {
            decide(new Answered(response));
        }
    }

    /** The connection is no more; that is news only to what has no answer yet, for a body that is cut short fails by itself. */
    void broken(@Nullable Throwable failure) {
        if (phase == Phase.RECEIVING) {
            return;
        }
        // what comes back through the connection need not name what broke the body
        Throwable ofBody = sent == null ? null : sent.failure();
        boolean bodyFailed = sent != null && sent.state() == Passage.State.FAILED;
        Throwable cause = ofBody != null ? ofBody : failure;
        if (cause == null) {
            fail(bodyFailed ? Fault.BODY_BROKEN : Fault.RESET, "closed before an answer");
        } else {
            Fault fault = PekkoHttpClient.fault(cause);
            fail(bodyFailed && fault.isUpstreams() ? Fault.BODY_BROKEN : fault, PekkoHttpClient.words(cause));
        }
    }

    private void received(Passage.State last) {
        end(
                switch (last) {
                    case COMPLETE -> Ending.CLEAN;
                    case CANCELLED -> Ending.ABANDONED;
                    default -> Ending.BROKEN;
                });
    }

    private boolean decide(UpstreamOutcome decided) {
        return outcome.complete(decided);
    }

    private void fail(Fault fault, String detail) {
        if (ended.compareAndSet(false, true)) {
            stopClock();
            if (!decide(new Failed(fault, detail))) {
                over.accept(Ending.BROKEN); // its response had just begun
            }
        }
    }

    private boolean end(Ending how) {
        if (!ended.compareAndSet(false, true)) {
            return false;
        }
        stopClock();
        var carrier = connection;
        if (carrier != null) {
            if (how == Ending.CLEAN && reusable) {
                carrier.free();
            } else if (how == Ending.CLEAN && (sent == null || sent.state() == Passage.State.COMPLETE)) {
                carrier.close();
            } else {
                carrier.abort(new IllegalStateException("given up"));
            }
        }
        over.accept(how);
        return true;
    }

    private void schedule(long nanos) {
        stopClock();
        if (!ended.get()) {
            timer = system.scheduler()
                    .scheduleOnce(Duration.ofNanos(Math.max(nanos, 1_000_000)), this::check, system.dispatcher());
            if (ended.get()) {
                stopClock();
            }
        }
    }

    private void stopClock() {
        var running = timer;
        if (running != null) {
            running.cancel();
        }
    }

    private long left() {
        return bounded ? deadline - System.nanoTime() : Long.MAX_VALUE;
    }

    private void check() {
        if (ended.get()) {
            return;
        }
        long now = System.nanoTime();
        long rest = Math.min(rest(now), left());
        if (rest > 0) {
            schedule(rest);
            return;
        }
        var late = new TimeoutException(
                switch (phase) {
                    case CONNECTING -> "no connection in time";
                    case WAITING -> "no response in time";
                    case RECEIVING -> "the response has stalled, or takes too long";
                });
        if (phase != Phase.RECEIVING) {
            boolean clientsTurn = sent != null && sent.state() == Passage.State.ASKED;
            fail(
                    phase == Phase.CONNECTING
                            ? Fault.CONNECT_TIMED_OUT
                            : clientsTurn ? Fault.BODY_TIMED_OUT : Fault.TIMED_OUT,
                    String.valueOf(late.getMessage()));
        }
        var carrier = connection;
        if (carrier != null) {
            carrier.abort(late);
        }
    }

    /** How long the other side may still keep silent; it is our turn where it is long. */
    private long rest(long now) {
        return switch (phase) {
            case CONNECTING -> Long.MAX_VALUE; // the transport keeps that time
            case WAITING ->
                sent == null
                        ? sentNanos + hop.firstByte().toNanos() - now
                        : sent.state() == Passage.State.ASKED
                                ? hop.firstByte().toNanos()
                                : Math.max(sent.since() - sentNanos, 0)
                                        + sentNanos
                                        + hop.firstByte().toNanos()
                                        - now;
            case RECEIVING ->
                received.state() == Passage.State.ASKED
                        ? received.since() + hop.idle().toNanos() - now
                        : hop.idle().toNanos();
        };
    }
}
