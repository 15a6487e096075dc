package pt.sunbeam.cluster;

import java.time.Duration;
import java.util.BitSet;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Wakes every shard and reports once all have answered, then stops.
 *
 * <p>The first message to a shard waits for the cluster to find it a home, seconds long; that must not be a client's message.
 */
final class ShardsAwake {
    sealed interface Command {}

    record Awake(int shard) implements Command, ClusterMessage {}

    private record Again() implements Command {}

    static final Duration AGAIN_AFTER = Duration.ofSeconds(2);

    static <T> Behavior<Command> create(Consumer<DetectorShard.Routed> shards, ActorRef<T> replyTo, T done) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(new Again(), AGAIN_AFTER);
            var asleep = new BitSet(Shards.COUNT);
            asleep.set(0, Shards.COUNT);
            wake(asleep, shards, context);
            return Behaviors.receiveMessage(message -> switch (message) {
                case Awake(var shard) -> {
                    asleep.clear(shard);
                    if (!asleep.isEmpty()) {
                        yield Behaviors.same();
                    }
                    replyTo.tell(done);
                    yield Behaviors.stopped();
                }
                case Again _ -> {
                    wake(asleep, shards, context);
                    yield Behaviors.same();
                }
            });
        }));
    }

    private static void wake(BitSet asleep, Consumer<DetectorShard.Routed> shards, ActorContext<Command> context) {
        asleep.stream().forEach(shard -> shards.accept(new DetectorShard.Wake(shard, context.getSelf())));
    }

    private ShardsAwake() {}
}
