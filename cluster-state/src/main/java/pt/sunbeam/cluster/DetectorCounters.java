package pt.sunbeam.cluster;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import pt.sunbeam.detector.model.Judgement;

/** Running totals for metrics; read by anyone, written by the detectors. */
public final class DetectorCounters {
    /** Judgements by outcome. */
    public final Map<Judgement, LongAdder> judgements = new EnumMap<>(Judgement.class);

    /** Events lost because a bound was hit. */
    public final LongAdder dropped = new LongAdder();

    /** Addresses in the shards' tables, and those with a detector actor of their own; gauges (incremented and decremented). */
    public final LongAdder trackedAddresses = new LongAdder();

    public final LongAdder detectorActors = new LongAdder();

    private volatile LongConsumer verdictDelays = _ -> {};

    public DetectorCounters() {
        for (Judgement j : Judgement.values()) {
            judgements.put(j, new LongAdder());
        }
    }

    /**
     * Has each verdict of this node's detectors told, from now on.
     *
     * @param millis takes the time from the arrival of the newest event at its detector to the verdict's standing in this node's table; must
     *     not wait
     */
    public void onVerdict(LongConsumer millis) {
        verdictDelays = millis;
    }

    void verdictAfter(long millis) {
        verdictDelays.accept(Math.max(0, millis));
    }

    void judged(Judgement judgement) {
        Objects.requireNonNull(judgements.get(judgement)).increment();
    }
}
