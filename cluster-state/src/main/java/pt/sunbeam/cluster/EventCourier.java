package pt.sunbeam.cluster;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Has this node's rows sent every {@link #FLUSH_EVERY}, and keeps account of those the shards still owe an answer for. */
final class EventCourier {
    sealed interface Command {}

    /** A shard has dealt with that many rows. */
    record Taken(int shard, int rows) implements Command, ClusterMessage {}

    private record Flush() implements Command {}

    private record Review() implements Command {}

    static final Duration FLUSH_EVERY = Duration.ofMillis(20);

    /** A shard that answers for nothing in a whole period has lost what it was sent: its node is gone. */
    static final Duration REVIEW_EVERY = Duration.ofSeconds(10);

    private final EventAccumulator accumulator;
    private final AtomicIntegerArray outstanding;
    private final DetectorCounters counters;
    private final boolean[] answered = new boolean[Shards.COUNT];
    private final int[] owedBefore = new int[Shards.COUNT];

    private EventCourier(EventAccumulator accumulator, AtomicIntegerArray outstanding, DetectorCounters counters) {
        this.accumulator = accumulator;
        this.outstanding = outstanding;
        this.counters = counters;
    }

    /** @param shards takes what is addressed to a shard; must not wait */
    static Behavior<Command> create(
            EventAccumulator accumulator,
            EventOutlet outlet,
            Consumer<DetectorShard.Routed> shards,
            int node,
            DetectorCounters counters) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            var route = new EventOutlet.Route(shards, node, context.getSelf());
            outlet.connect(route);
            timers.startTimerWithFixedDelay(new Flush(), FLUSH_EVERY);
            timers.startTimerWithFixedDelay(new Review(), REVIEW_EVERY);
            return new EventCourier(accumulator, route.outstanding(), counters).sending(outlet);
        }));
    }

    private Behavior<Command> sending(EventOutlet outlet) {
        return Behaviors.receive(Command.class)
                .onAnyMessage(this::on)
                .onSignal(PostStop.class, _ -> {
                    outlet.disconnect();
                    return Behaviors.same();
                })
                .build();
    }

    private Behavior<Command> on(Command message) {
        switch (message) {
            case Flush _ -> accumulator.flush();
            case Taken(var shard, var rows) -> {
                answered[shard] = true;
                outstanding.updateAndGet(shard, owed -> Math.max(0, owed - rows));
            }
            case Review _ -> review();
        }
        return Behaviors.same();
    }

    private void review() {
        for (int shard = 0; shard < Shards.COUNT; shard++) {
            int owed = owedBefore[shard];
            if (owed > 0 && !answered[shard]) {
                outstanding.updateAndGet(shard, now -> Math.max(0, now - owed));
                counters.dropped.add(owed);
            }
            answered[shard] = false;
            owedBefore[shard] = outstanding.get(shard);
        }
    }
}
