package pt.sunbeam.cluster;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.pubsub.Topic;
import org.apache.pekko.cluster.sharding.typed.ShardingMessageExtractor;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.apache.pekko.cluster.typed.SelfUp;
import org.apache.pekko.cluster.typed.Subscribe;
import org.apache.pekko.management.javadsl.PekkoManagement;
import org.jspecify.annotations.Nullable;

/** The root of the "cluster" ActorSystem: brings up shards, courier and publisher, alone or as a member of a cluster. */
final class ClusterGuardian {
    sealed interface Command {}

    private record MemberUp(SelfUp event) implements Command {}

    private record ManagementBound(String uri) implements Command {}

    private record ManagementFailed(Throwable cause) implements Command {}

    private record ShardsAnswered() implements Command {}

    static final EntityTypeKey<DetectorShard.Command> SHARD =
            EntityTypeKey.create(DetectorShard.Command.class, "detector");

    /**
     * How much the shards may hold.
     *
     * @param addresses in the tables of all shards together, on whichever nodes they are
     * @param detectorActors on this node
     */
    record Bounds(int addresses, int detectorActors) {
        private int addressesOfShard() {
            return Math.ceilDiv(addresses, Shards.COUNT);
        }
    }

    private final ActorContext<Command> context;
    private final Detection detection;
    private final EventAccumulator accumulator;
    private final EventOutlet outlet;
    private final DetectorSeats seats;
    private final int tableCapacity;
    private final Runnable ready;
    private final Consumer<Throwable> managementFailed;

    private ClusterGuardian(
            ActorContext<Command> context,
            Detection detection,
            EventAccumulator accumulator,
            EventOutlet outlet,
            Bounds bounds,
            Runnable ready,
            Consumer<Throwable> managementFailed) {
        this.context = context;
        this.detection = detection;
        this.accumulator = accumulator;
        this.outlet = outlet;
        this.seats = new DetectorSeats(bounds.detectorActors());
        this.tableCapacity = bounds.addressesOfShard();
        this.ready = ready;
        this.managementFailed = managementFailed;
    }

    /** All shards live here, nothing listens. */
    static Behavior<Command> alone(
            Detection detection, EventAccumulator accumulator, EventOutlet outlet, Bounds bounds, Runnable ready) {
        return Behaviors.setup(context ->
                new ClusterGuardian(context, detection, accumulator, outlet, bounds, ready, _ -> {}).alone());
    }

    /**
     * The shards are spread over the members; needs the cluster settings. Stops where Management cannot listen.
     *
     * @param peer "pekko://cluster@host:port" of a member to join, or null to be the first
     * @param managementFailed told why, before it stops
     */
    static Behavior<Command> member(
            Detection detection,
            EventAccumulator accumulator,
            EventOutlet outlet,
            Bounds bounds,
            @Nullable String peer,
            Runnable ready,
            Consumer<Throwable> managementFailed) {
        return Behaviors.setup(
                context -> new ClusterGuardian(context, detection, accumulator, outlet, bounds, ready, managementFailed)
                        .joining(peer));
    }

    private Behavior<Command> alone() {
        ActorRef<VerdictPublisher.Command> publisher =
                context.spawn(VerdictPublisher.create(detection, null), "verdicts");
        List<ActorRef<DetectorShard.Command>> shards = IntStream.range(0, Shards.COUNT)
                .mapToObj(shard -> context.spawn(shard(publisher, 0), "shard-" + shard))
                .toList();
        Consumer<DetectorShard.Routed> router =
                message -> shards.get(message.shard()).tell(message);
        wake(router);
        return awaiting(router, 0);
    }

    private Behavior<Command> joining(@Nullable String peer) {
        context.getLog()
                .warn("THE CLUSTER HAS NO TLS: whoever reaches the cluster port can join, read and forge its messages;"
                        + " let only the cluster's own nodes reach it");
        Cluster cluster = Cluster.get(context.getSystem());
        cluster.subscriptions()
                .tell(Subscribe.create(context.messageAdapter(SelfUp.class, MemberUp::new), SelfUp.class));
        // Seed nodes, even for a node that joins itself: only joining this way compares configurations.
        cluster.manager()
                .tell(new JoinSeedNodes(
                        List.of(peer == null ? cluster.selfMember().address() : AddressFromURIString.parse(peer))));
        context.pipeToSelf(
                PekkoManagement.get(context.getSystem()).start(),
                (uri, failure) ->
                        failure == null ? new ManagementBound(uri.toString()) : new ManagementFailed(failure));
        return Behaviors.receiveMessage(message -> switch (message) {
            case MemberUp _ -> sharding(cluster);
            case ManagementBound(var uri) -> bound(uri);
            case ManagementFailed(var cause) -> fail(cause);
            case ShardsAnswered _ -> Behaviors.unhandled();
        });
    }

    private Behavior<Command> sharding(Cluster cluster) {
        int node = (int) (cluster.selfMember().uniqueAddress().longUid() & 0xffff);
        ActorRef<Topic.Command<VerdictPublisher.Command>> topic =
                context.spawn(Topic.create(VerdictPublisher.Command.class, "verdicts"), "verdict-topic");
        ActorRef<VerdictPublisher.Command> publisher = context.spawn(
                VerdictPublisher.create(detection, verdicts -> topic.tell(Topic.publish(verdicts))), "verdicts");
        topic.tell(Topic.subscribe(publisher));
        ActorRef<DetectorShard.Command> region = ClusterSharding.get(context.getSystem())
                .init(Entity.of(SHARD, _ -> shard(publisher, node))
                        .withMessageExtractor(new ByShard())
                        .withStopMessage(new DetectorShard.Stop()));
        Consumer<DetectorShard.Routed> router = region::tell;
        wake(router);
        return awaiting(router, node);
    }

    private Behavior<Command> awaiting(Consumer<DetectorShard.Routed> router, int node) {
        return Behaviors.receiveMessage(message -> switch (message) {
            case ShardsAnswered _ -> {
                context.spawn(EventCourier.create(accumulator, outlet, router, node, detection.counters()), "courier");
                ready.run();
                yield running();
            }
            case ManagementBound(var uri) -> bound(uri);
            case ManagementFailed(var cause) -> fail(cause);
            case MemberUp _ -> Behaviors.unhandled();
        });
    }

    private Behavior<Command> running() {
        return Behaviors.receiveMessage(message -> switch (message) {
            case ManagementBound(var uri) -> bound(uri);
            case ManagementFailed(var cause) -> fail(cause);
            case MemberUp _, ShardsAnswered _ -> Behaviors.unhandled();
        });
    }

    private void wake(Consumer<DetectorShard.Routed> router) {
        context.spawn(ShardsAwake.create(router, context.getSelf(), new ShardsAnswered()), "waking");
    }

    private Behavior<DetectorShard.Command> shard(ActorRef<VerdictPublisher.Command> publisher, int node) {
        return DetectorShard.create(detection, publisher, seats, tableCapacity, node);
    }

    private Behavior<Command> bound(String uri) {
        context.getLog().info("Pekko Management listens on {}", uri);
        return Behaviors.same();
    }

    private Behavior<Command> fail(Throwable cause) {
        context.getLog().error("Pekko Management cannot listen; the cluster system stops");
        managementFailed.accept(cause);
        return Behaviors.stopped();
    }

    /** One entity a shard: the messages name it themselves, so no envelope is needed. */
    private static final class ByShard extends ShardingMessageExtractor<DetectorShard.Command, DetectorShard.Command> {
        @Override
        public String entityId(DetectorShard.Command message) {
            if (message instanceof DetectorShard.Routed routed) {
                return Integer.toString(routed.shard());
            }
            throw new IllegalArgumentException("not addressed to a shard: " + message);
        }

        @Override
        public String shardId(String entityId) {
            return entityId;
        }

        @Override
        public DetectorShard.Command unwrapMessage(DetectorShard.Command message) {
            return message;
        }
    }
}
