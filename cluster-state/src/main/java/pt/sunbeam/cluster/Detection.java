package pt.sunbeam.cluster;

import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.verdict.DdosVerdict;
import pt.sunbeam.detector.verdict.Judge;
import pt.sunbeam.detector.verdict.Offence;
import pt.sunbeam.detector.verdict.Suspect;
import pt.sunbeam.detector.window.SlidingWindow;

/**
 * What all detectors of a node share; it outlives an ActorSystem that had to be restarted.
 *
 * @param clock of windows and verdicts: milliseconds since the epoch, never going back
 */
record Detection(
        Judge judge,
        VerdictTable verdicts,
        DetectorCounters counters,
        LongSupplier clock,
        int windowMillis,
        int windowCapacity) {

    Suspect newSuspect() {
        return new Suspect(new SlidingWindow(windowMillis, windowCapacity));
    }

    /**
     * Judges who did something at a time, and has the sender of it throttled or blocked where that is due. The verdict stands in this node's table when this
     * returns; others hear of it.
     */
    void judge(Suspect suspect, IpAddress sender, long nowMillis, ActorRef<VerdictPublisher.Command> publisher) {
        DdosVerdict last = verdicts.last(sender);
        if (!judge.isDue(last, nowMillis)) {
            return;
        }
        Offence offence = suspect.judge(judge, nowMillis);
        DdosVerdict verdict = offence == null ? null : judge.verdict(offence, last);
        if (verdict == null) {
            return;
        }
        if (verdicts.put(sender, verdict, nowMillis)) {
            counters.issued(sender, verdict, clock.getAsLong() - nowMillis);
            publisher.tell(new VerdictPublisher.Issued(sender, verdict));
        } else {
            counters.dropped.increment();
        }
    }
}
