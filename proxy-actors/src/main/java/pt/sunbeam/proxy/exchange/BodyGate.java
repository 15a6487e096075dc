package pt.sunbeam.proxy.exchange;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.StreamSubscriptionTimeoutTerminationMode;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.proxy.message.Body;
import pt.sunbeam.proxy.message.BrokenBody;
import pt.sunbeam.proxy.message.UpstreamOutcome;

/**
 * Lets a request's body through as far as it has been judged. Its beginning is held until so much of it, or all of it, has passed; only then is there
 * anything to send upstream. What lies behind is judged as it streams.
 *
 * <p>One for each body that is judged.
 */
final class BodyGate {
    /** What came of the beginning of a body. */
    sealed interface Opening {
        /** It is good so far: the body, beginning included, whose stream fails should it turn bad. It can be read once. */
        record Open(Body body) implements Opening {}

        /** It is bad, and nothing of it is to go upstream. */
        record Refused() implements Opening {}

        /** The client's stream failed before the beginning was there; {@code detail} is for logs. */
        record Broken(UpstreamOutcome.Fault fault, String detail) implements Opening {}
    }

    /** Fails the stream of a body that has turned bad. */
    static final class TurnedBad extends RuntimeException {
        private static final long serialVersionUID = 1;

        TurnedBad() {
            super("the body was refused", null, false, false);
        }
    }

    /** So much of a body is read on and dropped once it is refused, so that a client that sends on still hears why. */
    private static final int DROPPED_BYTES = 256 * 1024;

    private final BodyInspection inspection;
    private final SunbeamConfig.Scanner config;
    private final Consumer<RuntimeException> onBug;
    private final CompletableFuture<NotUsed> refused = new CompletableFuture<>();
    private volatile ScannerLayer.@Nullable Decision decision;
    private boolean broken; // the inspection is
    private boolean ended;

    /** @param onBug told of what the inspection throws; the body then passes unjudged */
    BodyGate(BodyInspection inspection, SunbeamConfig.Scanner config, Consumer<RuntimeException> onBug) {
        this.inspection = inspection;
        this.config = config;
        this.onBug = onBug;
    }

    /** Completed when the body is refused, by the thread that finds it. */
    CompletionStage<NotUsed> refused() {
        return refused;
    }

    /** What the detector has said of head and body so far; null where it has said nothing yet. */
    ScannerLayer.@Nullable Decision decision() {
        return decision;
    }

    boolean hasRefused() {
        return refused.isDone();
    }

    /** Never fails. Where the detector only observes, nothing is held and nothing refused. */
    CompletionStage<Opening> open(Body body, Materializer materializer) {
        return switch (body) {
            case Body.Whole(var bytes) -> {
                boolean passes = passes(bytes) && passesAtEnd();
                yield CompletableFuture.completedStage(passes ? new Opening.Open(body) : new Opening.Refused());
            }
            case Body.Streamed(var length, var bytes) -> {
                var judged = bytes.via(new Judging(length));
                yield config.observeOnly()
                        ? CompletableFuture.completedStage(new Opening.Open(new Body.Streamed(length, judged)))
                        : held(length, judged, materializer);
            }
            case Body.Tunnel _ -> throw new IllegalArgumentException("a request brings no tunnel");
        };
    }

    private CompletionStage<Opening> held(long length, Source<ByteString, NotUsed> judged, Materializer materializer) {
        return judged.via(beginningAndRest())
                .runWith(Sink.head(), materializer)
                .<Opening>thenApply(parts -> new Opening.Open(
                        new Body.Streamed(length, Source.from(parts.first()).concat(parts.second()))))
                .exceptionally(failure -> hasRefused() ? new Opening.Refused() : broken(failure));
    }

    /** Whoever gets the rest reads or discards it, however long the upstream's queue is: it needs no timeout of its own. */
    private static Flow<ByteString, Pair<List<ByteString>, Source<ByteString, NotUsed>>, NotUsed> beginningAndRest() {
        return Flow.of(ByteString.class)
                .prefixAndTail(1)
                .withAttributes(ActorAttributes.streamSubscriptionTimeout(
                        Duration.ofDays(1), StreamSubscriptionTimeoutTerminationMode.noop()));
    }

    private static Opening broken(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        var fault = cause instanceof BrokenBody broken ? broken.fault() : UpstreamOutcome.Fault.BODY_BROKEN;
        return new Opening.Broken(fault, String.valueOf(cause));
    }

    private boolean passes(ByteString bytes) {
        if (broken || !inspection.isReading()) {
            return true;
        }
        try {
            byte[] array = bytes.toArrayUnsafe();
            inspection.feed(array, 0, array.length);
            return verdict();
        } catch (RuntimeException bug) {
            return passUnjudged(bug);
        }
    }

    private boolean passesAtEnd() {
        if (broken || ended) {
            return true;
        }
        ended = true;
        try {
            inspection.end();
            return verdict();
        } catch (RuntimeException bug) {
            return passUnjudged(bug);
        }
    }

    private boolean passUnjudged(RuntimeException bug) {
        broken = true;
        onBug.accept(bug);
        return true;
    }

    private boolean verdict() {
        decision = inspection.decision();
        boolean bad = inspection.isBlocked() || (config.bodies().blockOversize() && inspection.isOversize());
        if (bad && !config.observeOnly()) {
            refused.complete(NotUsed.getInstance());
            return false;
        }
        return true;
    }

    /** The stream of a body, which goes on only as far as it has been judged. */
    private final class Judging extends GraphStage<FlowShape<ByteString, ByteString>> {
        private final Inlet<ByteString> in = Inlet.create("Judging.in");
        private final Outlet<ByteString> out = Outlet.create("Judging.out");
        private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
        private final long length;

        private Judging(long length) {
            this.length = length;
        }

        @Override
        public FlowShape<ByteString, ByteString> shape() {
            return shape;
        }

        @Override
        public GraphStageLogic createLogic(Attributes inheritedAttributes) {
            return new Logic();
        }

        private final class Logic extends GraphStageLogic {
            private ByteString held = ByteString.emptyByteString();
            private boolean open = config.observeOnly();
            private long came;
            private int dropped;

            private Logic() {
                super(shape);
                setHandler(in, new AbstractInHandler() {
                    @Override
                    public void onPush() {
                        judge(grab(in));
                    }

                    @Override
                    public void onUpstreamFinish() {
                        finish();
                    }
                });
                setHandler(out, new AbstractOutHandler() {
                    @Override
                    public void onPull() {
                        pull(in);
                    }
                });
            }

            private void judge(ByteString bytes) {
                if (isClosed(out)) {
                    drop(bytes);
                    return;
                }
                came += bytes.length();
                // The last byte of a declared length goes when the whole is judged: nothing could take it back.
                if (!passes(bytes) || (came == length && !passesAtEnd())) {
                    refuse();
                } else if (open) {
                    push(out, bytes);
                } else {
                    held = held.concat(bytes);
                    open = held.length() >= config.bodies().holdBytes() || !isReading() || came == length;
                    if (open) {
                        push(out, held.compact());
                        held = ByteString.emptyByteString();
                    } else {
                        pull(in);
                    }
                }
            }

            private void finish() {
                if (isClosed(out)) {
                    completeStage();
                } else if (!passesAtEnd()) {
                    failStage(new TurnedBad());
                } else if (held.isEmpty()) {
                    completeStage();
                } else {
                    emit(out, held, this::completeStage);
                }
            }

            private void refuse() {
                fail(out, new TurnedBad());
                pull(in);
            }

            private void drop(ByteString bytes) {
                dropped += bytes.length();
                if (dropped > DROPPED_BYTES) {
                    completeStage();
                } else {
                    pull(in);
                }
            }
        }
    }

    private boolean isReading() {
        return !broken && inspection.isReading();
    }
}
