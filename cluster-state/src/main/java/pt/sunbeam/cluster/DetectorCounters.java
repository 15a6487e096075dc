package pt.sunbeam.cluster;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.model.Judgement;
import pt.sunbeam.detector.verdict.DdosVerdict;

/** Running totals for metrics; read by anyone, written by the detectors. */
public final class DetectorCounters {
    /** Judgements by outcome. */
    public final Map<Judgement, LongAdder> judgements = new EnumMap<>(Judgement.class);

    /** Events lost because a bound was hit. */
    public final LongAdder dropped = new LongAdder();

    /** Addresses in the shards' tables, and those with a detector actor of their own; gauges (incremented and decremented). */
    public final LongAdder trackedAddresses = new LongAdder();

    /** Addresses that the tables of the shards here have room for; a gauge. */
    public final LongAdder trackable = new LongAdder();

    public final LongAdder detectorActors = new LongAdder();

    private volatile VerdictListener listener = (_, _, _) -> {};

    /** Hears of each verdict of this node's detectors. */
    @FunctionalInterface
    public interface VerdictListener {
        /**
         * A verdict stands in this node's table.
         *
         * @param delayMillis since the request or response came to the proxy that brought it about
         */
        void issued(IpAddress address, DdosVerdict verdict, long delayMillis);
    }

    public DetectorCounters() {
        for (Judgement j : Judgement.values()) {
            judgements.put(j, new LongAdder());
        }
    }

    /** Has each verdict of this node's detectors told, from now on, to a listener that must not wait. */
    public void onVerdict(VerdictListener verdicts) {
        listener = verdicts;
    }

    void issued(IpAddress address, DdosVerdict verdict, long delayMillis) {
        listener.issued(address, verdict, Math.max(0, delayMillis));
    }

    public void judged(Judgement judgement) {
        Objects.requireNonNull(judgements.get(judgement)).increment();
    }
}
