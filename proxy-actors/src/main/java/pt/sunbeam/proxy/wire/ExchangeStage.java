package pt.sunbeam.proxy.wire;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.proxy.message.ClientGone;

/**
 * The exchanges of one connection, one after the other. It knows the one in flight, to tell it when the client has gone, and to let it end before the
 * connection is closed.
 *
 * <p>A client that only has said all it will say (a half-closed connection) has not gone: it gets the answer that is due.
 */
final class ExchangeStage extends GraphStage<FlowShape<HttpRequest, HttpResponse>> {
    /** Fails what is still running when the time for it is over. */
    static final class OutOfTime extends RuntimeException {
        private static final long serialVersionUID = 1;

        OutOfTime() {
            super("the proxy stops", null, false, false);
        }
    }

    /** Who has just connected is about to ask. */
    private static final Duration FIRST_REQUEST_WITHIN = Duration.ofSeconds(2);

    private enum Order {
        CLOSE_WHEN_IDLE,
        CLOSE_NOW
    }

    private final Inlet<HttpRequest> in = Inlet.create("Exchange.in");
    private final Outlet<HttpResponse> out = Outlet.create("Exchange.out");
    private final FlowShape<HttpRequest, HttpResponse> shape = FlowShape.of(in, out);
    private final BiFunction<HttpRequest, ClientGone, CompletionStage<HttpResponse>> life;
    private volatile @Nullable Logic logic;

    /** @param life from a request to its response; it never fails */
    ExchangeStage(BiFunction<HttpRequest, ClientGone, CompletionStage<HttpResponse>> life) {
        this.life = life;
    }

    /** Closes the connection once no exchange is in flight, and on which none has begun yet, a moment later; from any thread. Nothing happens before it is materialised. */
    void closeWhenIdle() {
        order(Order.CLOSE_WHEN_IDLE);
    }

    /** Breaks the connection off; from any thread. Nothing happens before it is materialised. */
    void closeNow() {
        order(Order.CLOSE_NOW);
    }

    private void order(Order order) {
        Logic running = logic;
        if (running != null) {
            running.orders.invoke(order);
        }
    }

    @Override
    public FlowShape<HttpRequest, HttpResponse> shape() {
        return shape;
    }

    /** Materialised once. */
    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
        var created = new Logic();
        logic = created;
        return created;
    }

    private final class Logic extends TimerGraphStageLogic {
        private final AsyncCallback<Order> orders = createAsyncCallback(this::obey);
        private final AsyncCallback<HttpResponse> answers = createAsyncCallback(this::answer);

        /** The last exchange that began; its body may still be on its way when it has been answered. */
        private @Nullable ClientGone last;

        private boolean inFlight;
        private boolean closing;

        private Logic() {
            super(shape);
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    begin(grab(in));
                }

                @Override
                public void onUpstreamFinish() {
                    if (inFlight) {
                        closing = true;
                    } else {
                        completeStage();
                    }
                }

                @Override
                public void onUpstreamFailure(Throwable failure) {
                    if (last != null) {
                        last.signal();
                    }
                    failStage(failure);
                }
            });
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    if (!isClosed(in) && !hasBeenPulled(in)) {
                        pull(in);
                    }
                }
            });
        }

        private void begin(HttpRequest request) {
            var gone = new ClientGone();
            last = gone;
            inFlight = true;
            CompletionStage<HttpResponse> response = life.apply(request, gone);
            CompletableFuture<HttpResponse> known = response.toCompletableFuture();
            if (known.isDone()) { // needs no turn of its own
                answer(known.join());
            } else {
                response.thenAccept(answers::invoke);
            }
        }

        private void answer(HttpResponse response) {
            inFlight = false;
            boolean theLast = closing && !isClosed(in) && !response.status().equals(StatusCodes.SWITCHING_PROTOCOLS);
            push(out, theLast ? response.addHeader(Connection.create("close")) : response);
            if (closing) {
                completeStage();
            }
        }

        private void obey(Order order) {
            switch (order) {
                case CLOSE_NOW -> {
                    if (last != null) {
                        last.signal();
                    }
                    failStage(new OutOfTime());
                }
                case CLOSE_WHEN_IDLE -> {
                    closing = true;
                    if (last == null) {
                        scheduleOnce(Order.CLOSE_WHEN_IDLE, FIRST_REQUEST_WITHIN);
                    } else if (!inFlight) {
                        completeStage();
                    }
                }
            }
        }

        @Override
        public void onTimer(Object firstRequestIsDue) {
            if (!inFlight) {
                completeStage();
            }
        }

        /** However it ends: who has not been answered by then never will be. */
        @Override
        public void postStop() {
            if (inFlight && last != null) {
                last.signal();
            }
        }
    }
}
