package pt.sunbeam.detector.window;

/**
 * The last requests of one address: at most {@code capacity} of them, none older than {@code windowMillis}, and the sums over them.
 *
 * <p>Not thread-safe: it belongs to one actor. All operations but {@code respond} are amortised O(1); nothing is allocated once grown.
 */
public final class SlidingWindow {
    public SlidingWindow(int windowMillis, int capacity) {}

    public void add(Event event) {
        throw new UnsupportedOperationException("stub");
    }

    /** Response feedback for an event that is still in the window; else nothing happens. */
    public void respond(long id, int status, int durationMillis) {
        throw new UnsupportedOperationException("stub");
    }

    /** Drops what is older than the window at {@code nowMillis}. */
    public void evict(long nowMillis) {
        throw new UnsupportedOperationException("stub");
    }

    /** Events in the window, after the last {@code add} or {@code evict}. */
    public int size() {
        throw new UnsupportedOperationException("stub");
    }

    /** Time of the newest event, or Long.MIN_VALUE where there is none. */
    public long newestMillis() {
        throw new UnsupportedOperationException("stub");
    }

    /** Writes the features of {@code DdosFeatures} into {@code out[0..14)}; zeros for an empty window. */
    public void features(int[] out) {
        throw new UnsupportedOperationException("stub");
    }
}
