package pt.sunbeam.cluster;

import java.util.Arrays;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.window.Event;

/**
 * Gathers the rows of this node by shard until {@value #ROWS} are there or {@link #flush} is called. Thread-safe.
 *
 * <p>Bounded: one buffer a shard (128 x 16 KiB); what lies behind the outlet bounds itself. Each buffer has its own lock, held to write eight
 * numbers; nothing waits or is called while it is held. A lock-free version (slots claimed and committed by counters, the last to commit sends) was
 * measured beside it with 1, 2 and 8 threads recording for one address: the same median (40 ns) and the same 99th percentile within the noise, for
 * five times the code.
 */
final class EventAccumulator {
    static final int ROWS = 256;

    private final Buffer[] buffers =
            IntStream.range(0, Shards.COUNT).mapToObj(_ -> new Buffer()).toArray(Buffer[]::new);
    private final ObjIntConsumer<long[]> outlet;

    /** @param outlet takes batches with their shard; called by the threads that record and flush, so it must not wait */
    EventAccumulator(ObjIntConsumer<long[]> outlet) {
        this.outlet = outlet;
    }

    void arrived(IpAddress key, Event event) {
        int shard = Shards.of(key);
        send(shard, buffers[shard].arrived(key, event));
    }

    void responded(IpAddress key, long timeMillis, long eventId, int status, int durationMillis, boolean suspicious) {
        int shard = Shards.of(key);
        send(shard, buffers[shard].responded(key, timeMillis, eventId, status, durationMillis, suspicious));
    }

    /** Sends what has been recorded so far. */
    void flush() {
        for (int shard = 0; shard < Shards.COUNT; shard++) {
            send(shard, buffers[shard].take());
        }
    }

    private void send(int shard, long @Nullable [] batch) {
        if (batch != null) {
            outlet.accept(batch, shard);
        }
    }

    /** The rows of one shard. What a method returns is a full batch, or null. */
    private static final class Buffer {
        private final long[] rows = new long[ROWS * Rows.STRIDE];
        private int count;

        synchronized long @Nullable [] arrived(IpAddress key, Event event) {
            Rows.putArrival(rows, count++, key, event);
            return count == ROWS ? take() : null;
        }

        synchronized long @Nullable [] responded(
                IpAddress key, long timeMillis, long eventId, int status, int durationMillis, boolean suspicious) {
            Rows.putResponse(rows, count++, key, timeMillis, eventId, status, durationMillis, suspicious);
            return count == ROWS ? take() : null;
        }

        /** All there is, or null where there is nothing. */
        synchronized long @Nullable [] take() {
            if (count == 0) {
                return null;
            }
            long[] batch = Arrays.copyOf(rows, count * Rows.STRIDE);
            count = 0;
            return batch;
        }
    }
}
