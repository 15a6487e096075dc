package pt.sunbeam.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.verdict.Suspect;
import pt.sunbeam.detector.window.SlidingWindow;

/**
 * The detectors of all addresses of one shard: a table for those with few events, a child actor for each one worth watching.
 *
 * <p>Children are bounded by the node's seats. Where none is free, the least recently used child of this shard goes back to the table if it
 * was idle for {@link #DEMOTABLE_MILLIS}, and until then the newcomer is judged right here: many busy attackers cost memory for the bound,
 * never a start and stop of an actor per event.
 */
final class DetectorShard {
    sealed interface Command {}

    /** What is addressed to a shard, wherever it lives. */
    sealed interface Routed extends Command, ClusterMessage {
        int shard();
    }

    /**
     * Rows of this shard, recorded on one node within the last {@link EventCourier#FLUSH_EVERY}.
     *
     * <p>Clocks of two nodes may differ: another node's rows are dated by what its batches told of the difference, {@link ClockOffsets}.
     *
     * @param node tag of the sending node, in [0, 65536)
     * @param replyTo told {@link Taken} once the rows are dealt with
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared; one array is what makes a batch cheap
    record Batch(int shard, int node, long[] rows, ActorRef<EventCourier.Command> replyTo) implements Routed {}

    /** Does nothing but start the shard where it is not running. */
    record Wake(int shard, ActorRef<ShardsAwake.Command> replyTo) implements Routed {}

    /** Sharding asks the shard to stop. */
    record Stop() implements Command {}

    private record Sweep() implements Command {}

    /** A detector's answer to {@link AddressDetector.HandBack}. */
    record HandedBack(IpAddress address, Suspect suspect) implements Command {}

    private record Gone(Key key, ActorRef<AddressDetector.Command> child) implements Command {}

    static final Duration SWEEP_EVERY = Duration.ofSeconds(1);
    static final long DEMOTABLE_MILLIS = 1_000;

    /** Rows a child may be behind before further ones are dropped (and counted). */
    static final int MAX_BACKLOG = 4_096;

    private final ActorContext<Command> context;
    private final Detection detection;
    private final ActorRef<VerdictPublisher.Command> publisher;
    private final DetectorSeats.OfShard seats;
    private final int ownNode;
    private final ShardTable table;
    private final LinkedHashMap<Key, Child> children = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Key, Leaving> leaving = new HashMap<>();
    private final ClockOffsets clockOffsets = new ClockOffsets();
    private final int tableCapacity;
    private int tracked;

    private static final class Child {
        final ActorRef<AddressDetector.Command> ref;
        final AtomicInteger backlog;
        List<Row> rows = new ArrayList<>();
        long usedMillis;

        Child(ActorRef<AddressDetector.Command> ref, AtomicInteger backlog, long usedMillis) {
            this.ref = ref;
            this.backlog = backlog;
            this.usedMillis = usedMillis;
        }
    }

    /** A child that was asked for its window, and what its address did since. */
    private record Leaving(ActorRef<AddressDetector.Command> ref, List<Row> rows) {}

    private DetectorShard(
            ActorContext<Command> context,
            Detection detection,
            ActorRef<VerdictPublisher.Command> publisher,
            DetectorSeats seats,
            int tableCapacity,
            int ownNode) {
        this.context = context;
        this.detection = detection;
        this.publisher = publisher;
        this.seats = seats.new OfShard();
        this.ownNode = ownNode;
        this.tableCapacity = tableCapacity;
        detection.counters().trackable.add(tableCapacity);
        this.table = new ShardTable(tableCapacity, detection.windowMillis(), detection::newSuspect);
    }

    /**
     * @param tableCapacity addresses in its table
     * @param ownNode tag of the node on which it runs
     */
    static Behavior<Command> create(
            Detection detection,
            ActorRef<VerdictPublisher.Command> publisher,
            DetectorSeats seats,
            int tableCapacity,
            int ownNode) {
        Behavior<Command> shard = Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(new Sweep(), SWEEP_EVERY);
            return new DetectorShard(context, detection, publisher, seats, tableCapacity, ownNode).running();
        }));
        return Behaviors.supervise(shard).onFailure(SupervisorStrategy.restart());
    }

    private Behavior<Command> running() {
        return Behaviors.receive(Command.class)
                .onAnyMessage(message -> {
                    Behavior<Command> next = on(message);
                    countTracked();
                    return next;
                })
                .onSignal(PreRestart.class, _ -> letGo())
                .onSignal(PostStop.class, _ -> letGo())
                .build();
    }

    private Behavior<Command> on(Command message) {
        return switch (message) {
            case Batch batch -> take(batch);
            case Wake(var shard, var replyTo) -> {
                replyTo.tell(new ShardsAwake.Awake(shard));
                yield Behaviors.same();
            }
            case Sweep _ -> sweep();
            case HandedBack(var address, var suspect) -> takeBack(address, suspect);
            case Gone(var key, var child) -> forget(key, child);
            case Stop _ -> Behaviors.stopped();
        };
    }

    private Behavior<Command> take(Batch batch) {
        long now = detection.clock().getAsLong();
        long clockOffset =
                batch.node() == ownNode ? 0 : clockOffsets.of(batch.node(), Rows.newestMillis(batch.rows()), now);
        Set<Child> happened = new HashSet<>();
        int count = Rows.count(batch.rows());
        for (int i = 0; i < count; i++) {
            Row row = Rows.get(batch.rows(), i, batch.node(), clockOffset);
            Key key = Key.of(row.address());
            Child child = children.get(key);
            if (child != null) {
                child.rows.add(row);
                happened.add(child);
                continue;
            }
            Leaving leaver = leaving.get(key);
            if (leaver != null) {
                leaver.rows().add(row);
                continue;
            }
            record(row, now);
        }
        happened.forEach(child -> tell(child, now));
        batch.replyTo().tell(new EventCourier.Taken(batch.shard(), count));
        return Behaviors.same();
    }

    private void record(Row row, long now) {
        ShardTable.Entry entry = switch (row) {
            case Row.Arrival _ -> table.admit(row.address(), now);
            case Row.Response _ -> table.find(row.address());
        };
        if (entry != null) {
            row.applyTo(entry.suspect.window());
            consider(entry, row, now);
        }
    }

    private void tell(Child child, long now) {
        List<Row> rows = child.rows;
        child.rows = new ArrayList<>();
        child.usedMillis = now;
        if (child.backlog.get() >= MAX_BACKLOG) {
            detection.counters().dropped.add(rows.size());
            return;
        }
        child.backlog.addAndGet(rows.size());
        child.ref.tell(new AddressDetector.Happened(rows));
    }

    /** Gives an address that is worth it a detector of its own, or judges it here where that cannot be. */
    private void consider(ShardTable.Entry entry, Row row, long now) {
        SlidingWindow window = entry.suspect.window();
        window.evict(row.timeMillis());
        if (window.size() < detection.judge().worthWatching()) {
            return;
        }
        if (!entry.shared && seats.take()) {
            table.remove(entry);
            watch(entry.address(), entry.suspect, row.timeMillis(), now);
            return;
        }
        if (!entry.shared) {
            demoteLeastRecentlyUsed(now);
        }
        detection.judge(entry.suspect, row.address(), row.timeMillis(), publisher);
    }

    private void watch(IpAddress address, Suspect suspect, long rowMillis, long now) {
        Key key = Key.of(address);
        var backlog = new AtomicInteger();
        ActorRef<AddressDetector.Command> ref = context.spawnAnonymous(
                AddressDetector.create(address, suspect, rowMillis, backlog, detection, publisher));
        context.watchWith(ref, new Gone(key, ref));
        children.put(key, new Child(ref, backlog, now));
        detection.counters().detectorActors.increment();
    }

    private void demoteLeastRecentlyUsed(long now) {
        Iterator<Map.Entry<Key, Child>> leastRecentlyUsedFirst =
                children.entrySet().iterator();
        if (!leastRecentlyUsedFirst.hasNext()) {
            return;
        }
        Map.Entry<Key, Child> least = leastRecentlyUsedFirst.next();
        if (now - least.getValue().usedMillis < DEMOTABLE_MILLIS) {
            return;
        }
        leastRecentlyUsedFirst.remove();
        ActorRef<AddressDetector.Command> ref = least.getValue().ref;
        leaving.put(least.getKey(), new Leaving(ref, new ArrayList<>()));
        ref.tell(new AddressDetector.HandBack(context.getSelf()));
    }

    private Behavior<Command> takeBack(IpAddress address, Suspect suspect) {
        Leaving leaver = leaving.remove(Key.of(address));
        if (leaver != null) {
            long now = detection.clock().getAsLong();
            table.restore(address, suspect, now);
            for (Row row : leaver.rows()) {
                Child child = children.get(Key.of(address));
                if (child == null) {
                    record(row, now);
                } else {
                    child.rows.add(row);
                    tell(child, now);
                }
            }
        }
        return Behaviors.same();
    }

    private Behavior<Command> forget(Key key, ActorRef<AddressDetector.Command> ref) {
        seats.giveBack();
        detection.counters().detectorActors.decrement();
        Child child = children.get(key);
        if (child != null && child.ref.equals(ref)) {
            children.remove(key);
        }
        Leaving leaver = leaving.get(key);
        if (leaver != null && leaver.ref().equals(ref)) {
            // It failed before it could answer: its window is lost.
            leaving.remove(key);
            detection.counters().dropped.add(leaver.rows().size());
        }
        return Behaviors.same();
    }

    /** Children that were not used for a whole window have an empty one. */
    private Behavior<Command> sweep() {
        long now = detection.clock().getAsLong();
        table.sweep(now);
        Iterator<Child> leastRecentlyUsedFirst = children.values().iterator();
        while (leastRecentlyUsedFirst.hasNext()) {
            Child child = leastRecentlyUsedFirst.next();
            if (now - child.usedMillis <= detection.windowMillis()) {
                break;
            }
            leastRecentlyUsedFirst.remove();
            context.stop(child.ref);
        }
        return Behaviors.same();
    }

    private void countTracked() {
        detection.counters().trackedAddresses.add(table.size() - tracked);
        tracked = table.size();
    }

    /** The counters are gauges: what this incarnation had is gone. */
    private Behavior<Command> letGo() {
        detection.counters().trackedAddresses.add(-tracked);
        tracked = 0;
        detection.counters().trackable.add(-tableCapacity);
        detection.counters().detectorActors.add(-seats.giveBackAll());
        return Behaviors.same();
    }
}
