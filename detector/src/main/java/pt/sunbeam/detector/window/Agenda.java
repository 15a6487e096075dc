package pt.sunbeam.detector.window;

import java.util.ArrayList;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is to happen, soonest first: a calendar queue (Brown, "Calendar queues", CACM 31 (10), 1988) whose day is a second. The days to come are lists in no
 * order; only the present one is a heap, which is small enough for the processor's cache. Not thread-safe.
 *
 * @param <E> in the order of their times, and of those that are due at once in an order of their own
 */
public final class Agenda<E extends Agenda.Due & Comparable<E>> {
    /** Something that is to happen. */
    public interface Due {
        /** Milliseconds, on any clock that all of an agenda have. */
        long dueMillis();
    }

    private static final int DAY_MILLIS = 1_000;

    private final TreeMap<Long, ArrayList<E>> later = new TreeMap<>();
    private final PriorityQueue<E> today = new PriorityQueue<>();
    private long day = Long.MIN_VALUE; // and all that were before it
    private ArrayList<E> latest = new ArrayList<>(); // of the day that was added to last
    private long latestDay = Long.MIN_VALUE;
    private int size;

    public int size() {
        return size;
    }

    public void add(E event) {
        size++;
        long itsDay = Math.floorDiv(event.dueMillis(), DAY_MILLIS);
        if (itsDay <= day) {
            today.add(event);
            return;
        }
        if (itsDay != latestDay) {
            latest = later.computeIfAbsent(itsDay, _ -> new ArrayList<>());
            latestDay = itsDay;
        }
        latest.add(event);
    }

    /** What is due first; null where nothing is. */
    public @Nullable E peek() {
        var next = later.isEmpty() || !today.isEmpty() ? null : later.pollFirstEntry();
        if (next != null) {
            day = next.getKey();
            today.addAll(next.getValue());
        }
        return today.peek();
    }

    /** Takes what {@link #peek} gave last. */
    public void remove() {
        today.remove();
        size--;
    }
}
