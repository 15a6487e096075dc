package pt.sunbeam.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import pt.sunbeam.detector.http.IpAddress;

class EventCourierTest {
    private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
    private static final ManualTime TIME = ManualTime.get(KIT.system());
    private static final IpAddress CLIENT = Samples.ip("192.0.2.1");

    private final Clocks clocks = new Clocks();
    private final DetectorCounters counters = new DetectorCounters();
    private final EventOutlet outlet = new EventOutlet(counters);
    private final EventAccumulator accumulator = new EventAccumulator(outlet);
    private final TestProbe<DetectorShard.Routed> shards = KIT.createTestProbe(DetectorShard.Routed.class);

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void whatHappenedIsSentAtTheNextTick() {
        start();
        arrive(3);
        shards.expectNoMessage();
        TIME.timePasses(EventCourier.FLUSH_EVERY);
        var batch = shards.expectMessageClass(DetectorShard.Batch.class);
        assertThat(batch.shard()).isEqualTo(Shards.of(CLIENT));
        assertThat(Rows.count(batch.rows())).isEqualTo(3);
    }

    @Test
    void withoutAWayToTheShardsEventsAreDroppedAndCounted() {
        arrive(2 * EventAccumulator.ROWS);
        assertThat(counters.dropped.sum()).isEqualTo(2 * EventAccumulator.ROWS);
        ActorRef<EventCourier.Command> courier = start();
        arrive(EventAccumulator.ROWS);
        shards.receiveMessage();
        KIT.stop(courier);
        arrive(EventAccumulator.ROWS);
        shards.expectNoMessage();
        assertThat(counters.dropped.sum()).isEqualTo(3 * EventAccumulator.ROWS);
    }

    @Test
    void aShardThatDoesNotKeepUpGetsNoMoreUntilItAnswers() {
        ActorRef<EventCourier.Command> courier = start();
        arrive(EventOutlet.MAX_OUTSTANDING + EventAccumulator.ROWS);
        shards.receiveSeveralMessages(EventOutlet.MAX_OUTSTANDING / EventAccumulator.ROWS);
        shards.expectNoMessage();
        assertThat(counters.dropped.sum()).isEqualTo(EventAccumulator.ROWS);
        courier.tell(new EventCourier.Taken(Shards.of(CLIENT), EventAccumulator.ROWS));
        shards.awaitAssert(() -> {
            arrive(EventAccumulator.ROWS);
            shards.receiveMessage(Duration.ofMillis(100));
            return null;
        });
    }

    @Test
    void whatAShardNeverAnswersForIsGivenUpAndCounted() {
        start();
        arrive(EventOutlet.MAX_OUTSTANDING);
        shards.receiveSeveralMessages(EventOutlet.MAX_OUTSTANDING / EventAccumulator.ROWS);
        TIME.timePasses(EventCourier.REVIEW_EVERY);
        TIME.timePasses(EventCourier.REVIEW_EVERY);
        shards.awaitAssert(() -> {
            assertThat(counters.dropped.sum()).isEqualTo(EventOutlet.MAX_OUTSTANDING);
            return null;
        });
        arrive(EventAccumulator.ROWS);
        shards.expectMessageClass(DetectorShard.Batch.class);
    }

    private ActorRef<EventCourier.Command> start() {
        ActorRef<EventCourier.Command> courier =
                KIT.spawn(EventCourier.create(accumulator, outlet, shards.ref()::tell, 0, counters));
        shards.awaitAssert(() -> {
            assertThat(outlet.connected()).isTrue();
            return null;
        });
        return courier;
    }

    private void arrive(int count) {
        for (int i = 0; i < count; i++) {
            accumulator.arrived(CLIENT, Samples.event(clocks.now(), 1));
        }
    }
}
