package pt.sunbeam.cluster;

import java.util.HashMap;
import java.util.Map;

/**
 * What to add to the clocks of other nodes to have one's own. A batch of rows tells it but for the time that it was on its way, so the least that one of them
 * told stands: the gaps between events are then those that their node saw, whatever batches they came in. Not thread-safe.
 */
final class ClockOffsets {
    /** A batch that seems to have been on its way for longer says that a clock was set. */
    static final long LONGEST_WAY_MILLIS = 500;

    private static final int MOST_NODES = 1_024;

    private final Map<Integer, Long> offsets = new HashMap<>();

    /**
     * The offset for a batch, in milliseconds.
     *
     * @param node tag of the sending node
     * @param newestMillis its newest row by the sender's clock, Long.MIN_VALUE where the batch has none, and then nothing is learnt
     */
    long of(int node, long newestMillis, long nowMillis) {
        if (newestMillis == Long.MIN_VALUE) {
            return 0;
        }
        long told = nowMillis - newestMillis;
        Long known = offsets.get(node);
        if (known != null && known <= told && told - known <= LONGEST_WAY_MILLIS) {
            return known;
        }
        if (offsets.size() >= MOST_NODES) {
            offsets.clear();
        }
        offsets.put(node, told);
        return told;
    }
}
