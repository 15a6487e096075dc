package pt.sunbeam.proxy.wire;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/** Fails the stream of a connection on which no byte has moved, either way, for a time; until that is switched off. Materialised once. */
final class IdleStage extends GraphStage<BidiShape<ByteString, ByteString, ByteString, ByteString>> {
    private final Inlet<ByteString> answers = Inlet.create("Idle.answers");
    private final Outlet<ByteString> toClient = Outlet.create("Idle.toClient");
    private final Inlet<ByteString> fromClient = Inlet.create("Idle.fromClient");
    private final Outlet<ByteString> requests = Outlet.create("Idle.requests");
    private final BidiShape<ByteString, ByteString, ByteString, ByteString> shape =
            new BidiShape<>(answers, toClient, fromClient, requests);
    private final Supplier<Duration> timeout;
    private volatile boolean off;

    /** @param timeout may change */
    IdleStage(Supplier<Duration> timeout) {
        this.timeout = timeout;
    }

    /** From any thread. */
    void switchOff() {
        off = true;
    }

    @Override
    public BidiShape<ByteString, ByteString, ByteString, ByteString> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
        return new Logic();
    }

    private final class Logic extends TimerGraphStageLogic {
        private long moved = System.nanoTime();

        private Logic() {
            super(shape);
            relay(answers, toClient);
            relay(fromClient, requests);
        }

        private void relay(Inlet<ByteString> in, Outlet<ByteString> out) {
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    moved = System.nanoTime();
                    push(out, grab(in));
                }

                @Override
                public void onUpstreamFinish() {
                    complete(out);
                }
            });
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    pull(in);
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    cancel(in, cause);
                }
            });
        }

        @Override
        public void preStart() {
            scheduleOnce("idle", timeout.get());
        }

        @Override
        public void onTimer(Object timer) {
            Duration left = timeout.get().minusNanos(System.nanoTime() - moved);
            if (off) {
                return;
            }
            if (left.isPositive()) {
                scheduleOnce("idle", left);
            } else {
                failStage(new TimeoutException(
                        "no byte moved for " + timeout.get().toMillis() + " ms"));
            }
        }
    }
}
