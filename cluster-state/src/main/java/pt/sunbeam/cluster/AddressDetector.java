package pt.sunbeam.cluster;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.verdict.Suspect;

/** The detector of one address: it alone has the address's window, and judges it at each thing the address did. */
final class AddressDetector {
    sealed interface Command {}

    /** What the address did, oldest first. */
    record Happened(List<Row> rows) implements Command {}

    /** Asks for the window back; the detector stops. */
    record HandBack(ActorRef<DetectorShard.Command> replyTo) implements Command {}

    private final IpAddress address;
    private final Suspect suspect;
    private final AtomicInteger backlog;
    private final Detection detection;
    private final ActorRef<VerdictPublisher.Command> publisher;

    private AddressDetector(
            IpAddress address,
            Suspect suspect,
            AtomicInteger backlog,
            Detection detection,
            ActorRef<VerdictPublisher.Command> publisher) {
        this.address = address;
        this.suspect = suspect;
        this.backlog = backlog;
        this.detection = detection;
        this.publisher = publisher;
    }

    /**
     * @param suspect handed over: nobody else touches it from now on
     * @param nowMillis of the last thing it did
     * @param backlog rows told to this detector; it subtracts what it has dealt with
     */
    static Behavior<Command> create(
            IpAddress address,
            Suspect suspect,
            long nowMillis,
            AtomicInteger backlog,
            Detection detection,
            ActorRef<VerdictPublisher.Command> publisher) {
        return Behaviors.setup(context -> {
            var detector = new AddressDetector(address, suspect, backlog, detection, publisher);
            detector.judge(nowMillis);
            return detector.watching();
        });
    }

    private Behavior<Command> watching() {
        return Behaviors.receiveMessage(message -> switch (message) {
            case Happened(var rows) -> {
                for (Row row : rows) {
                    row.applyTo(suspect.window());
                    judge(row.timeMillis());
                }
                backlog.addAndGet(-rows.size());
                yield Behaviors.same();
            }
            case HandBack(var replyTo) -> {
                replyTo.tell(new DetectorShard.HandedBack(address, suspect));
                yield Behaviors.stopped();
            }
        });
    }

    private void judge(long nowMillis) {
        detection.judge(suspect, address, nowMillis, publisher);
    }
}
