package pt.sunbeam.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.verdict.DdosVerdict;
import pt.sunbeam.detector.verdict.Measure;

class VerdictPublisherTest {
    private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
    private static final ManualTime TIME = ManualTime.get(KIT.system());
    private static final IpAddress ATTACKER = Samples.ip("192.0.2.1");

    private static final long BLOCK_MILLIS = 60_000;

    private final Clocks clocks = new Clocks();
    private final Detection detection = Samples.detection(clocks);
    private final TestProbe<VerdictPublisher.Verdicts> others = KIT.createTestProbe(VerdictPublisher.Verdicts.class);
    private final ActorRef<VerdictPublisher.Command> publisher =
            KIT.spawn(VerdictPublisher.create(detection, others.ref()::tell));

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void aVerdictGoesToTheOthersInABatch() {
        issue(ATTACKER, verdict(1));
        issue(Samples.ip("192.0.2.2"), verdict(1));
        others.expectNoMessage();
        TIME.timePasses(VerdictPublisher.SEND_EVERY);
        assertThat(others.receiveMessage().bans()).hasSize(2);
    }

    @Test
    void aBanInForceIsRepeatedForThoseWhoMissedItUntilItEnds() {
        issue(ATTACKER, verdict(1));
        others.expectNoMessage();
        TIME.timePasses(VerdictPublisher.SEND_EVERY);
        others.receiveMessage();
        TIME.timePasses(VerdictPublisher.REPEAT_EVERY);
        assertThat(others.receiveMessage().bans()).hasSize(1);
        clocks.pass(BLOCK_MILLIS);
        TIME.timePasses(VerdictPublisher.SWEEP_EVERY);
        TIME.timePasses(VerdictPublisher.REPEAT_EVERY);
        others.expectNoMessage();
    }

    @Test
    void verdictsOfOtherNodesStandInTheTableAndAreNotSentOn() {
        publisher.tell(new VerdictPublisher.Verdicts(
                List.of(new VerdictPublisher.Ban(ATTACKER.high(), ATTACKER.low(), verdict(1)))));
        eventuallyKnown(ATTACKER);
        TIME.timePasses(VerdictPublisher.REPEAT_EVERY);
        others.expectNoMessage();
    }

    @Test
    void manyVerdictsAreSplitBelowTheLargestFrame() {
        for (int i = 0; i < VerdictPublisher.BANS_PER_MESSAGE + 1; i++) {
            issue(new IpAddress(i, 0), verdict(1));
        }
        assertThat(others.receiveMessage().bans()).hasSize(VerdictPublisher.BANS_PER_MESSAGE);
        others.expectNoMessage();
        TIME.timePasses(VerdictPublisher.SEND_EVERY);
        assertThat(others.receiveMessage().bans()).hasSize(1);
    }

    private void issue(IpAddress address, DdosVerdict verdict) {
        publisher.tell(new VerdictPublisher.Issued(address, verdict));
    }

    private DdosVerdict verdict(long sequence) {
        return new DdosVerdict(
                Measure.BLOCK,
                clocks.now(),
                clocks.now() + BLOCK_MILLIS,
                sequence,
                1,
                1,
                "mlp",
                List.of("request_rate=9.0/s"));
    }

    private @Nullable DdosVerdict known(IpAddress address) {
        return detection.verdicts().get(address, clocks.now());
    }

    private void eventuallyKnown(IpAddress address) {
        others.awaitAssert(() -> {
            assertThat(known(address)).isNotNull();
            return null;
        });
    }
}
