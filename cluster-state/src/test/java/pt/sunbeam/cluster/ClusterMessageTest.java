package pt.sunbeam.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.Collections;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import pt.sunbeam.detector.verdict.DdosVerdict;
import pt.sunbeam.detector.verdict.Measure;

class ClusterMessageTest {
    private static final ActorTestKit KIT =
            ActorTestKit.create(ConfigFactory.parseResources("cluster.conf").withFallback(ConfigFactory.load()));

    private final Clocks clocks = new Clocks();

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void messagesBetweenNodesSurviveTheWire() {
        var shardsAwake = KIT.createTestProbe(ShardsAwake.Command.class).ref();
        var verdict = new DdosVerdict(
                Measure.THROTTLE, clocks.now(), clocks.now() + 1, 7, 2, 0.75, "mlp", List.of("request_rate=2.0/s"));
        for (ClusterMessage message : List.of(
                new DetectorShard.Wake(5, shardsAwake),
                new ShardsAwake.Awake(5),
                new EventCourier.Taken(5, 256),
                new VerdictPublisher.Verdicts(List.of(new VerdictPublisher.Ban(-1, 2, verdict))))) {
            KIT.serializationTestKit().verifySerialization(message, true);
        }
    }

    @Test
    void aFullBatchSurvivesTheWireAndFitsAFrame() {
        var courier = KIT.createTestProbe(EventCourier.Command.class).ref();
        long[] rows = Samples.encoded(Samples.flood(Samples.ip("2001:db8::"), EventAccumulator.ROWS, clocks));
        var batch = new DetectorShard.Batch(5, 65_535, rows, courier);
        var back = KIT.serializationTestKit().verifySerialization(batch, false);
        assertThat(back.rows()).isEqualTo(rows);
        assertThat(back.replyTo()).isEqualTo(courier);
        assertThat(back.node()).isEqualTo(65_535);
    }

    @Test
    void aFullMessageOfVerdictsFitsAFrame() {
        var verdict = new DdosVerdict(
                Measure.THROTTLE,
                clocks.now(),
                clocks.now(),
                clocks.now(),
                Integer.MAX_VALUE,
                0.123456789,
                "tree_block",
                Collections.nCopies(3, "suspicious_path_ratio=0.50"));
        var bans = Collections.nCopies(
                VerdictPublisher.BANS_PER_MESSAGE, new VerdictPublisher.Ban(Long.MIN_VALUE, Long.MAX_VALUE, verdict));
        var serialization = SerializationExtension.get(KIT.system());
        byte[] bytes =
                serialization.serialize(new VerdictPublisher.Verdicts(bans)).get();
        assertThat(bytes.length).isLessThan(200 * 1024);
    }
}
