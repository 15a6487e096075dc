package pt.sunbeam.cluster;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * Sends batches to their shards while there are shards to send to, and no more than these can take: a shard that owes an answer for
 * {@value #MAX_OUTSTANDING} rows gets nothing, and what it would have got is counted as dropped. Thread-safe, lock-free.
 */
final class EventOutlet implements ObjIntConsumer<long[]> {
    /** Rows on their way to one shard; 64 bytes each. */
    static final int MAX_OUTSTANDING = 8_192;

    private final DetectorCounters counters;
    private volatile @Nullable Route route;

    /**
     * The way to the shards of one ActorSystem.
     *
     * @param outstanding rows sent and not yet answered for, by shard
     */
    record Route(
            Consumer<DetectorShard.Routed> shards,
            int node,
            ActorRef<EventCourier.Command> courier,
            AtomicIntegerArray outstanding) {

        Route(Consumer<DetectorShard.Routed> shards, int node, ActorRef<EventCourier.Command> courier) {
            this(shards, node, courier, new AtomicIntegerArray(Shards.COUNT));
        }
    }

    EventOutlet(DetectorCounters counters) {
        this.counters = counters;
    }

    void connect(Route next) {
        route = next;
    }

    void disconnect() {
        route = null;
    }

    boolean connected() {
        return route != null;
    }

    @Override
    public void accept(long[] rows, int shard) {
        Route to = route;
        int count = Rows.count(rows);
        if (to == null || to.outstanding().get(shard) + count > MAX_OUTSTANDING) {
            counters.dropped.add(count);
            return;
        }
        to.outstanding().addAndGet(shard, count);
        to.shards().accept(new DetectorShard.Batch(shard, to.node(), rows, to.courier()));
    }
}
