package pt.sunbeam.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import pt.sunbeam.detector.http.IpAddress;

class DetectorShardTest {
    private static final int OWN_NODE = 0;
    private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
    private static final ManualTime TIME = ManualTime.get(KIT.system());
    private static final int WORTH_WATCHING = Samples.MIN_EVENTS / 2;

    private final Clocks clocks = new Clocks();
    private final Detection detection = Samples.detection(clocks);
    private final TestProbe<VerdictPublisher.Command> verdicts = KIT.createTestProbe(VerdictPublisher.Command.class);
    private final TestProbe<EventCourier.Command> courier = KIT.createTestProbe(EventCourier.Command.class);

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void addressesWithFewEventsStayInTheTable() {
        ActorRef<DetectorShard.Command> shard = shard(10, 100);
        for (int i = 0; i < 20; i++) {
            happen(shard, Samples.flood(Samples.ip("192.0.2." + i), WORTH_WATCHING - 1, clocks));
        }
        assertThat(tracked()).isEqualTo(20);
        assertThat(actors()).isZero();
        verdicts.expectNoMessage();
    }

    @Test
    void anAddressWorthWatchingGetsADetectorOfItsOwnThatGoesOnWithItsWindow() {
        ActorRef<DetectorShard.Command> shard = shard(10, 100);
        IpAddress attacker = Samples.ip("192.0.2.1");
        happen(shard, Samples.flood(attacker, WORTH_WATCHING, clocks));
        assertThat(tracked()).isZero();
        assertThat(actors()).isEqualTo(1);
        happen(shard, Samples.flood(attacker, Samples.MIN_EVENTS - WORTH_WATCHING, clocks));
        assertThat(issued().address()).isEqualTo(attacker);
        assertThat(actors()).isEqualTo(1);
    }

    @Test
    void aBurstInOneBatchIsJudgedWithIt() {
        ActorRef<DetectorShard.Command> shard = shard(10, 100);
        happen(shard, Samples.flood(Samples.ip("192.0.2.1"), 100, clocks));
        assertThat(issued().address()).isEqualTo(Samples.ip("192.0.2.1"));
    }

    @Test
    void responsesReachTheWindowWhereverItIs() {
        ActorRef<DetectorShard.Command> shard = shard(10, 100);
        IpAddress client = Samples.ip("192.0.2.1");
        List<Row> inTable = Samples.visit(client, WORTH_WATCHING - 1, clocks);
        happen(shard, inTable);
        happen(shard, failed(inTable));
        List<Row> withDetector = Samples.visit(client, Samples.MIN_EVENTS, clocks);
        happen(shard, withDetector);
        verdicts.expectNoMessage();
        // 4 of 14 failed so far; with three more it is half of them.
        happen(shard, failed(withDetector.subList(0, 3)));
        assertThat(issued().verdict().path()).isEqualTo("tree_block");
    }

    @Test
    void aResponseAloneOpensNoWindow() {
        ActorRef<DetectorShard.Command> shard = shard(10, 100);
        happen(shard, List.of(new Row.Response(Samples.ip("192.0.2.1"), clocks.now(), 1, 200, 1, false)));
        assertThat(tracked()).isZero();
    }

    @Test
    void theLeastRecentlyUsedDetectorGoesBackToTheTableWhereSeatsAreShort() {
        ActorRef<DetectorShard.Command> shard = shard(2, 100);
        IpAddress older = Samples.ip("192.0.2.1");
        IpAddress newer = Samples.ip("192.0.2.2");
        IpAddress newcomer = Samples.ip("192.0.2.3");
        happen(shard, Samples.visit(newer, WORTH_WATCHING, clocks));
        happen(shard, Samples.visit(older, WORTH_WATCHING, clocks));
        clocks.pass(1);
        happen(shard, Samples.visit(newer, 1, clocks));
        clocks.pass(DetectorShard.DEMOTABLE_MILLIS);
        happen(shard, Samples.visit(newcomer, WORTH_WATCHING, clocks));
        eventually(() -> {
            assertThat(actors()).isEqualTo(1);
            assertThat(tracked()).isEqualTo(2);
        });
        happen(shard, Samples.visit(newcomer, 1, clocks));
        assertThat(actors()).isEqualTo(2);
        assertThat(tracked()).isEqualTo(1);
        // The window went back with its events: one short of a judgement, it needs no more than one.
        happen(shard, Samples.flood(older, Samples.MIN_EVENTS, clocks));
        assertThat(issued().address()).isEqualTo(older);
    }

    @Test
    void busyDetectorsKeepTheirSeatsAndANewcomerIsJudgedInTheTable() {
        ActorRef<DetectorShard.Command> shard = shard(1, 100);
        happen(shard, Samples.visit(Samples.ip("192.0.2.1"), WORTH_WATCHING, clocks));
        happen(shard, Samples.flood(Samples.ip("192.0.2.2"), Samples.MIN_EVENTS, clocks));
        assertThat(issued().address()).isEqualTo(Samples.ip("192.0.2.2"));
        verdicts.expectNoMessage();
        assertThat(actors()).isEqualTo(1);
        assertThat(tracked()).isEqualTo(1);
    }

    @Test
    void aDetectorWhoseWindowIsEmptyStops() {
        ActorRef<DetectorShard.Command> shard = shard(10, 100);
        happen(shard, Samples.visit(Samples.ip("192.0.2.1"), WORTH_WATCHING, clocks));
        clocks.pass(Samples.WINDOW_MILLIS);
        TIME.timePasses(DetectorShard.SWEEP_EVERY);
        settle(shard);
        assertThat(actors()).isEqualTo(1);
        clocks.pass(1);
        TIME.timePasses(DetectorShard.SWEEP_EVERY);
        eventually(() -> assertThat(actors()).isZero());
        happen(shard, Samples.visit(Samples.ip("192.0.2.1"), WORTH_WATCHING, clocks));
        assertThat(actors()).isEqualTo(1);
    }

    @Test
    void theTableIsSweptOfEmptyWindows() {
        ActorRef<DetectorShard.Command> shard = shard(10, 100);
        happen(shard, Samples.visit(Samples.ip("192.0.2.1"), 1, clocks));
        clocks.pass(Samples.WINDOW_MILLIS + 1);
        TIME.timePasses(DetectorShard.SWEEP_EVERY);
        eventually(() -> assertThat(tracked()).isZero());
    }

    @Test
    void addressesThatShareAnEntryAreBannedOneByOneAsTheyShowUp() {
        ActorRef<DetectorShard.Command> shard = shard(10, 4);
        for (int i = 0; i < 4; i++) {
            happen(shard, Samples.visit(Samples.ip("198.51.100." + i), 2, clocks));
        }
        for (int i = 0; i < Samples.MIN_EVENTS - 1; i++) {
            happen(shard, Samples.flood(Samples.ip("192.0.2." + i), 1, clocks));
        }
        verdicts.expectNoMessage();
        for (int i = 100; i < 103; i++) {
            happen(shard, Samples.flood(Samples.ip("192.0.2." + i), 1, clocks));
            assertThat(issued().address()).isEqualTo(Samples.ip("192.0.2." + i));
        }
        happen(shard, Samples.flood(Samples.ip("198.51.100.1"), 1, clocks));
        verdicts.expectNoMessage();
        assertThat(actors()).isZero();
    }

    @Test
    void theClockOfAnotherNodeDoesNotMatter() {
        ActorRef<DetectorShard.Command> shard = shard(10, 100);
        IpAddress attacker = Samples.ip("192.0.2.1");
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < Samples.MIN_EVENTS; i++) {
            rows.add(new Row.Arrival(attacker, Samples.event(-77_000 - i, 7)));
        }
        shard.tell(new DetectorShard.Batch(0, OWN_NODE + 1, Samples.encoded(rows), courier.ref()));
        assertThat(issued().verdict().issuedAtMillis()).isBetween(clocks.now() - 10, clocks.now());
    }

    @Test
    void everyBatchIsAnsweredForWithItsRows() {
        ActorRef<DetectorShard.Command> shard = shard(10, 100);
        shard.tell(new DetectorShard.Batch(
                5, 0, Samples.encoded(Samples.flood(Samples.ip("192.0.2.1"), 3, clocks)), courier.ref()));
        courier.expectMessage(new EventCourier.Taken(5, 3));
    }

    @Test
    void whenTheShardStopsItsGaugesGoWithIt() {
        ActorRef<DetectorShard.Command> shard = shard(10, 100);
        happen(shard, Samples.visit(Samples.ip("192.0.2.1"), 1, clocks));
        happen(shard, Samples.visit(Samples.ip("192.0.2.2"), WORTH_WATCHING, clocks));
        shard.tell(new DetectorShard.Stop());
        courier.expectTerminated(shard);
        assertThat(tracked()).isZero();
        assertThat(actors()).isZero();
    }

    @Test
    void aBatchThatBreaksTheShardCostsItsWindowsButNotTheShard() {
        ActorRef<DetectorShard.Command> shard = shard(1, 100);
        happen(shard, Samples.visit(Samples.ip("192.0.2.1"), 1, clocks));
        happen(shard, Samples.visit(Samples.ip("192.0.2.2"), WORTH_WATCHING, clocks));
        var truncated = new long[1];
        shard.tell(new DetectorShard.Batch(0, OWN_NODE + 1, truncated, courier.ref()));
        happen(shard, Samples.visit(Samples.ip("192.0.2.3"), WORTH_WATCHING, clocks));
        eventually(() -> {
            assertThat(tracked()).isZero();
            assertThat(actors()).isEqualTo(1);
        });
    }

    private ActorRef<DetectorShard.Command> shard(int seats, int tableCapacity) {
        return KIT.spawn(
                DetectorShard.create(detection, verdicts.ref(), new DetectorSeats(seats), tableCapacity, OWN_NODE));
    }

    private void happen(ActorRef<DetectorShard.Command> shard, List<Row> rows) {
        shard.tell(new DetectorShard.Batch(0, OWN_NODE, Samples.encoded(rows), courier.ref()));
        settle(shard);
    }

    /** Waits until the shard has dealt with all it was told. */
    private static void settle(ActorRef<DetectorShard.Command> shard) {
        TestProbe<ShardsAwake.Command> probe = KIT.createTestProbe(ShardsAwake.Command.class);
        shard.tell(new DetectorShard.Wake(1, probe.ref()));
        probe.expectMessage(new ShardsAwake.Awake(1));
    }

    private static List<Row> failed(List<Row> arrivals) {
        return arrivals.stream()
                .<Row>map(row -> new Row.Response(
                        row.address(),
                        row.timeMillis(),
                        ((Row.Arrival) row).event().id(),
                        500,
                        1,
                        false))
                .toList();
    }

    private VerdictPublisher.Issued issued() {
        return verdicts.expectMessageClass(VerdictPublisher.Issued.class);
    }

    private long tracked() {
        return detection.counters().trackedAddresses.sum();
    }

    private long actors() {
        return detection.counters().detectorActors.sum();
    }

    private void eventually(Runnable assertion) {
        courier.awaitAssert(Duration.ofSeconds(3), Duration.ofMillis(20), () -> {
            assertion.run();
            return null;
        });
    }
}
