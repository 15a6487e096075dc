package pt.sunbeam.proxy.wire;

import java.util.function.Consumer;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** Lets a body through, and knows which of its two sides keeps the other waiting and how it ended. Materialised once. */
final class Passage extends GraphStage<FlowShape<ByteString, ByteString>> {
    enum State {
        /** The reader asks for nothing. */
        UNASKED,
        /** The reader waits. */
        ASKED,
        /** The last byte has passed. */
        COMPLETE,
        /** What brings the bytes has failed. */
        FAILED,
        /** The reader wants no more. */
        CANCELLED
    }

    private final Inlet<ByteString> in = Inlet.create("Passage.in");
    private final Outlet<ByteString> out = Outlet.create("Passage.out");
    private final FlowShape<ByteString, ByteString> shape = new FlowShape<>(in, out);
    private final Consumer<State> ended;
    private volatile State state = State.UNASKED;
    private volatile long since = System.nanoTime();
    private volatile @Nullable Throwable failure;

    /** @param ended hears the last state, once, if it is materialised at all */
    Passage(Consumer<State> ended) {
        this.ended = ended;
    }

    State state() {
        return state;
    }

    /** When the state began, by System.nanoTime; for a state that is not over it is the last one. */
    long since() {
        return since;
    }

    /** What the state FAILED came of, where that is known. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    @Override
    public FlowShape<ByteString, ByteString> shape() {
        return shape;
    }

    private void enter(State next) {
        since = System.nanoTime();
        state = next;
    }

    private void end(State last) {
        enter(last);
        ended.accept(last);
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
        return new Logic();
    }

    private final class Logic extends GraphStageLogic {
        private Logic() {
            super(shape);
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    enter(State.UNASKED);
                    push(out, grab(in));
                }

                @Override
                public void onUpstreamFinish() {
                    end(State.COMPLETE);
                    completeStage();
                }

                @Override
                public void onUpstreamFailure(Throwable cause) {
                    failure = cause;
                    end(State.FAILED);
                    failStage(cause);
                }
            });
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    enter(State.ASKED);
                    pull(in);
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    end(State.CANCELLED);
                    cancelStage(cause);
                }
            });
        }

        /** An abrupt end of the streams' system. */
        @Override
        public void postStop() {
            if (state == State.UNASKED || state == State.ASKED) {
                end(State.FAILED);
            }
        }
    }
}
