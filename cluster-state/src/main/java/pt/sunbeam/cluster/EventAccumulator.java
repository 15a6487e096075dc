package pt.sunbeam.cluster;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.window.Event;

/**
 * Gathers the rows of this node by shard until {@value Segment#ROWS} are there or {@link #flush} is called. Thread-safe, lock-free.
 *
 * <p>Bounded: two segments a shard ({@code 2 x 128 x 14 KiB = 3.6 MB}); what lies behind it bounds itself. A lock per shard was
 * measured beside it ({@code EventAccumulatorBenchmark}) and left out: an attack from one address sends all event loops to one shard,
 * where a lock parks them behind whichever was descheduled while holding it.
 */
final class EventAccumulator {
    private final AtomicReferenceArray<Segment> current = new AtomicReferenceArray<>(Shards.COUNT);
    private final AtomicReferenceArray<@Nullable Segment> spare = new AtomicReferenceArray<>(Shards.COUNT);
    private final ObjIntConsumer<long[]> outlet;

    /** @param outlet takes complete batches with their shard; called by the threads that record and flush, so it must not wait */
    EventAccumulator(ObjIntConsumer<long[]> outlet) {
        this.outlet = outlet;
        for (int shard = 0; shard < Shards.COUNT; shard++) {
            current.set(shard, new Segment());
        }
    }

    void arrived(IpAddress key, Event event) {
        int shard = Shards.of(key);
        while (true) {
            Segment segment = current.get(shard);
            int slot = segment.claim();
            if (slot >= 0) {
                Rows.putArrival(segment.rows, slot, key, event);
                commit(shard, segment);
                return;
            }
            replace(shard, segment);
        }
    }

    void responded(IpAddress key, long eventId, int status, int durationMillis) {
        int shard = Shards.of(key);
        while (true) {
            Segment segment = current.get(shard);
            int slot = segment.claim();
            if (slot >= 0) {
                Rows.putResponse(segment.rows, slot, key, eventId, status, durationMillis);
                commit(shard, segment);
                return;
            }
            replace(shard, segment);
        }
    }

    /** Sends what has been recorded so far. */
    void flush() {
        for (int shard = 0; shard < Shards.COUNT; shard++) {
            Segment segment = current.get(shard);
            if (!segment.isEmpty()) {
                replace(shard, segment);
            }
        }
    }

    /**
     * Has an open segment stand in the place of {@code old}, unless that has been done.
     *
     * <p>Whatever is not current any more, or did not become it, is sealed afterwards: also a segment that was full when the caller looked, for it
     * may have been sent, reset and opened again since.
     */
    private void replace(int shard, Segment old) {
        if (current.get(shard) != old) {
            return;
        }
        Segment kept = spare.getAndSet(shard, null);
        Segment fresh = kept == null ? new Segment() : kept;
        fresh.open();
        if (fresh != old && current.compareAndSet(shard, old, fresh)) {
            seal(shard, old);
        } else if (current.get(shard) != fresh) {
            seal(shard, fresh);
        }
    }

    private void commit(int shard, Segment segment) {
        if (segment.commit()) {
            send(shard, segment);
        }
    }

    private void seal(int shard, Segment segment) {
        if (segment.seal()) {
            send(shard, segment);
        }
    }

    private void send(int shard, Segment segment) {
        long[] rows = segment.copy();
        segment.reset();
        spare.compareAndSet(shard, null, segment);
        if (rows.length > 0) {
            outlet.accept(rows, shard);
        }
    }
}
