package pt.sunbeam.cluster;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.window.SlidingWindow;

/** The detector of one address: it alone has the address's window, and judges it whenever the address did something. */
final class AddressDetector {
    sealed interface Command {}

    /** What the address did, oldest first. */
    record Happened(List<Row> rows) implements Command {}

    /** Asks for the window back; the detector stops. */
    record HandBack(ActorRef<DetectorShard.Command> replyTo) implements Command {}

    private final IpAddress address;
    private final SlidingWindow window;
    private final AtomicInteger backlog;
    private final Detection detection;
    private final ActorRef<VerdictPublisher.Command> publisher;

    private AddressDetector(
            IpAddress address,
            SlidingWindow window,
            AtomicInteger backlog,
            Detection detection,
            ActorRef<VerdictPublisher.Command> publisher) {
        this.address = address;
        this.window = window;
        this.backlog = backlog;
        this.detection = detection;
        this.publisher = publisher;
    }

    /**
     * @param window handed over: nobody else touches it from now on
     * @param backlog rows told to this detector; it subtracts what it has dealt with
     */
    static Behavior<Command> create(
            IpAddress address,
            SlidingWindow window,
            AtomicInteger backlog,
            Detection detection,
            ActorRef<VerdictPublisher.Command> publisher) {
        return Behaviors.setup(context -> {
            var detector = new AddressDetector(address, window, backlog, detection, publisher);
            detector.judge();
            return detector.watching();
        });
    }

    private Behavior<Command> watching() {
        return Behaviors.receiveMessage(message -> switch (message) {
            case Happened(var rows) -> {
                rows.forEach(row -> row.applyTo(window));
                judge();
                backlog.addAndGet(-rows.size());
                yield Behaviors.same();
            }
            case HandBack(var replyTo) -> {
                replyTo.tell(new DetectorShard.HandedBack(address, window));
                yield Behaviors.stopped();
            }
        });
    }

    private void judge() {
        window.evict(detection.eventClock().getAsLong());
        detection.judge(window, List.of(address), publisher);
    }
}
