package pt.sunbeam.proxy.wire;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import pt.sunbeam.proxy.message.Ends;

/** Takes the PROXY header off the bytes of a connection. Without a whole one in time nothing passes, and the stream fails. */
final class ProxyHeaderStage extends GraphStage<FlowShape<ByteString, ByteString>> {
    /** Fails the stream of a connection that does not begin as it has to. */
    static final class BadHeader extends RuntimeException {
        private static final long serialVersionUID = 1;

        BadHeader(String reason) {
            super(reason, null, false, false);
        }
    }

    private static final Duration WITHIN = Duration.ofSeconds(5);

    private final Inlet<ByteString> in = Inlet.create("ProxyHeader.in");
    private final Outlet<ByteString> out = Outlet.create("ProxyHeader.out");
    private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
    private final Predicate<Ends> welcome;
    private final Consumer<String> refused;

    /**
     * @param welcome hears what the header says, before any byte behind it passes, and may close the connection
     * @param refused hears why the connection is closed
     */
    ProxyHeaderStage(Predicate<Ends> welcome, Consumer<String> refused) {
        this.welcome = welcome;
        this.refused = refused;
    }

    @Override
    public FlowShape<ByteString, ByteString> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
        return new Logic();
    }

    private final class Logic extends TimerGraphStageLogic {
        private ByteString held = ByteString.emptyByteString();
        private boolean passing;

        private Logic() {
            super(shape);
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    if (passing) {
                        push(out, grab(in));
                    } else {
                        read(grab(in));
                    }
                }
            });
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    pull(in);
                }
            });
        }

        @Override
        public void preStart() {
            scheduleOnce("header", WITHIN);
        }

        private void read(ByteString bytes) {
            held = held.concat(bytes);
            switch (ProxyHeader.parse(held.toArrayUnsafe())) {
                case ProxyHeader.Incomplete() -> pull(in);
                case ProxyHeader.Malformed(var reason) -> refuse(reason);
                case ProxyHeader.Complete(var ends, var length) -> {
                    if (ends != null && !welcome.test(ends)) {
                        failStage(new BadHeader("unwelcome"));
                        return;
                    }
                    passing = true;
                    cancelTimer("header");
                    ByteString rest = held.drop(length);
                    held = ByteString.emptyByteString();
                    if (rest.isEmpty()) {
                        pull(in);
                    } else {
                        push(out, rest);
                    }
                }
            }
        }

        @Override
        public void onTimer(Object timer) {
            refuse("no PROXY header within " + WITHIN.toSeconds() + " s");
        }

        private void refuse(String reason) {
            refused.accept(reason);
            failStage(new BadHeader(reason));
        }
    }
}
