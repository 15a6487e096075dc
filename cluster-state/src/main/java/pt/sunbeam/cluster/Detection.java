package pt.sunbeam.cluster;

import java.util.Collection;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.window.SlidingWindow;

/**
 * What all detectors of a node share; it outlives an ActorSystem that had to be restarted.
 *
 * @param eventClock the clock of the windows: milliseconds, never going back
 * @param wallClock milliseconds since the epoch
 */
record Detection(
        Judge judge,
        VerdictTable verdicts,
        DetectorCounters counters,
        LongSupplier eventClock,
        LongSupplier wallClock,
        int windowMillis,
        int windowCapacity) {

    SlidingWindow newWindow() {
        return new SlidingWindow(windowMillis, windowCapacity);
    }

    /** Judges an up-to-date window and has those who filled it banned, where the model says so and no fresh ban is in force. */
    void judge(SlidingWindow window, Collection<IpAddress> senders, ActorRef<VerdictPublisher.Command> publisher) {
        Judge.Offence offence = judge.judge(window);
        if (offence == null) {
            return;
        }
        long now = wallClock.getAsLong();
        for (IpAddress sender : senders) {
            @Nullable DdosVerdict inForce = verdicts.get(sender, now);
            if (Judge.due(inForce, now)) {
                publisher.tell(new VerdictPublisher.Issue(
                        sender, judge.verdict(offence, inForce, now), window.newestMillis()));
            }
        }
    }
}
