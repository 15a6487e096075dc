package pt.sunbeam.proxy.tunnel;

import java.time.Duration;
import java.util.function.Consumer;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SubscriptionWithCancelException;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.proxy.tunnel.TunnelEnd.Cause;

/**
 * Passes bytes between a client and an upstream as they are, counts them, and closes both sides where none moves for too long or where it is told to.
 *
 * <p>A client that has said all it will say is passed on as such: the upstream may go on. An upstream that has, ends the tunnel. Materialised once.
 */
final class TunnelStage extends GraphStage<BidiShape<ByteString, ByteString, ByteString, ByteString>> {
    /** A Close frame with the status 1001, "going away" (RFC 6455 sections 5.5.1 and 7.4.1). */
    private static final ByteString GOING_AWAY = ByteString.fromArray(new byte[] {(byte) 0x88, 2, 0x03, (byte) 0xe9});

    private enum Timer {
        IDLE,
        GO_AWAY,
        CLOSE
    }

    /** An order to end after {@code after}; a WebSocket has {@code grace} more to say goodbye. */
    private record GoAway(Duration after, Duration grace) {}

    private final Inlet<ByteString> fromClient = Inlet.create("Tunnel.fromClient");
    private final Outlet<ByteString> toUpstream = Outlet.create("Tunnel.toUpstream");
    private final Inlet<ByteString> fromUpstream = Inlet.create("Tunnel.fromUpstream");
    private final Outlet<ByteString> toClient = Outlet.create("Tunnel.toClient");
    private final BidiShape<ByteString, ByteString, ByteString, ByteString> shape =
            new BidiShape<>(fromClient, toUpstream, fromUpstream, toClient);
    private final boolean webSocket;
    private final Duration idleTimeout;
    private final Consumer<TunnelStage> started;
    private final Consumer<TunnelEnd> ended;
    private volatile @Nullable Logic logic;

    /**
     * @param webSocket whether what flows are the frames of RFC 6455
     * @param started hears that it runs
     * @param ended hears how it ended, once
     */
    TunnelStage(boolean webSocket, Duration idleTimeout, Consumer<TunnelStage> started, Consumer<TunnelEnd> ended) {
        this.webSocket = webSocket;
        this.idleTimeout = idleTimeout;
        this.started = started;
        this.ended = ended;
    }

    /** Ends the tunnel after a time: a WebSocket is told 1001 and has {@code grace} to answer. From any thread. */
    void goAway(Duration after, Duration grace) {
        Logic running = logic;
        if (running != null) {
            running.orders.invoke(new GoAway(after, grace));
        }
    }

    @Override
    public BidiShape<ByteString, ByteString, ByteString, ByteString> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
        var created = new Logic();
        logic = created;
        return created;
    }

    private final class Logic extends TimerGraphStageLogic {
        private final AsyncCallback<GoAway> orders = createAsyncCallback(this::obey);
        private final @Nullable FrameReader frames = webSocket ? new FrameReader() : null;
        private Duration grace = Duration.ZERO;
        private long moved = System.nanoTime();
        private long bytesToUpstream;
        private long bytesToClient;
        private @Nullable Cause cause;

        /** From the order on until the Close frame is written, and from then on. */
        private boolean goingAway;

        private boolean saidGoodbye;

        private Logic() {
            super(shape);
            setHandler(fromClient, new AbstractInHandler() {
                @Override
                public void onPush() {
                    ByteString bytes = grab(fromClient);
                    moved = System.nanoTime();
                    bytesToUpstream += bytes.size();
                    push(toUpstream, bytes);
                }

                @Override
                public void onUpstreamFinish() {
                    because(Cause.CLIENT_CLOSED);
                    complete(toUpstream);
                }

                @Override
                public void onUpstreamFailure(Throwable failure) {
                    because(Cause.CLIENT_FAILED);
                    failStage(failure);
                }
            });
            setHandler(toUpstream, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    pull(fromClient);
                }

                @Override
                public void onDownstreamFinish(Throwable why) {
                    if (isFailure(why)) {
                        because(Cause.UPSTREAM_FAILED);
                        failStage(why);
                    } else { // the upstream reads no more; what it still says is passed on
                        cancel(fromClient, why);
                    }
                }
            });
            setHandler(fromUpstream, new AbstractInHandler() {
                @Override
                public void onPush() {
                    moved = System.nanoTime();
                    toClient(grab(fromUpstream));
                }

                @Override
                public void onUpstreamFinish() {
                    because(Cause.UPSTREAM_CLOSED);
                    completeStage();
                }

                @Override
                public void onUpstreamFailure(Throwable failure) {
                    because(Cause.UPSTREAM_FAILED);
                    failStage(failure);
                }
            });
            setHandler(toClient, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    if (goingAway && !saidGoodbye && isBetweenFrames()) {
                        sayGoodbye();
                    } else if (!hasBeenPulled(fromUpstream)) {
                        pull(fromUpstream);
                    }
                }

                @Override
                public void onDownstreamFinish(Throwable why) {
                    if (isFailure(why)) {
                        because(Cause.CLIENT_FAILED);
                        failStage(why);
                    } else {
                        because(Cause.CLIENT_CLOSED);
                        completeStage();
                    }
                }
            });
        }

        private static boolean isFailure(Throwable why) {
            return !(why instanceof SubscriptionWithCancelException.NonFailureCancellation);
        }

        private void because(Cause first) {
            if (cause == null) {
                cause = first;
            }
        }

        private boolean isBetweenFrames() {
            return frames != null && frames.atBoundary();
        }

        private void toClient(ByteString bytes) {
            if (saidGoodbye) { // what comes behind a Close frame is for nobody; its end is waited for
                pull(fromUpstream);
                return;
            }
            ByteString passing = bytes;
            if (frames != null && goingAway) {
                passing = bytes.take(frames.readToBoundary(bytes));
            } else if (frames != null) {
                frames.read(bytes);
            }
            bytesToClient += passing.size();
            if (goingAway && isBetweenFrames()) {
                saidGoodbye = true;
                push(toClient, passing.concat(GOING_AWAY));
            } else {
                push(toClient, passing);
            }
        }

        private void sayGoodbye() {
            saidGoodbye = true;
            push(toClient, GOING_AWAY);
            if (!hasBeenPulled(fromUpstream) && !isClosed(fromUpstream)) {
                pull(fromUpstream);
            }
        }

        private void obey(GoAway order) {
            grace = order.grace;
            scheduleOnce(Timer.GO_AWAY, order.after);
        }

        @Override
        public void preStart() {
            scheduleOnce(Timer.IDLE, idleTimeout);
            started.accept(TunnelStage.this);
        }

        @Override
        public void onTimer(Object timer) {
            switch ((Timer) timer) {
                case IDLE -> {
                    Duration left = idleTimeout.minusNanos(System.nanoTime() - moved);
                    if (left.isPositive()) {
                        scheduleOnce(Timer.IDLE, left);
                    } else {
                        because(Cause.IDLE);
                        completeStage();
                    }
                }
                case GO_AWAY -> {
                    because(Cause.DRAINED);
                    if (frames == null) {
                        completeStage();
                        return;
                    }
                    goingAway = true;
                    scheduleOnce(Timer.CLOSE, grace);
                    if (isAvailable(toClient) && isBetweenFrames()) {
                        sayGoodbye();
                    }
                }
                case CLOSE -> completeStage();
            }
        }

        @Override
        public void postStop() {
            ended.accept(new TunnelEnd(cause == null ? Cause.DRAINED : cause, bytesToUpstream, bytesToClient));
        }
    }
}
