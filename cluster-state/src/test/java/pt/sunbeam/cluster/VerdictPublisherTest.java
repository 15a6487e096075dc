package pt.sunbeam.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import pt.sunbeam.detector.http.IpAddress;

class VerdictPublisherTest {
    private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
    private static final ManualTime TIME = ManualTime.get(KIT.system());
    private static final IpAddress ATTACKER = Samples.ip("192.0.2.1");

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
    void aVerdictStandsInTheTableAtOnceAndGoesToTheOthersInABatch() {
        publisher.tell(new VerdictPublisher.Issue(ATTACKER, verdict(1), 0));
        publisher.tell(new VerdictPublisher.Issue(Samples.ip("192.0.2.2"), verdict(1), 0));
        eventuallyKnown(Samples.ip("192.0.2.2"));
        assertThat(known(ATTACKER)).isEqualTo(verdict(1));
        others.expectNoMessage();
        TIME.timePasses(VerdictPublisher.SEND_EVERY);
        assertThat(others.receiveMessage().bans()).hasSize(2);
    }

    @Test
    void aVerdictTellsHowLongItTook() {
        var delays = new ArrayBlockingQueue<Long>(10);
        detection.counters().onVerdict(delays::add);
        publisher.tell(new VerdictPublisher.Issue(ATTACKER, verdict(1), clocks.event() - 30));
        publisher.tell(new VerdictPublisher.Issue(ATTACKER, verdict(2), clocks.event() - 90));
        publisher.tell(new VerdictPublisher.Issue(Samples.ip("192.0.2.2"), verdict(1), clocks.event() + 1));
        eventuallyKnown(Samples.ip("192.0.2.2"));
        others.expectNoMessage();
        assertThat(delays).containsExactly(30L, 0L); // the second of the first address came to nothing
    }

    @Test
    void ofManyVerdictsOnOneAddressTheFirstCounts() {
        for (int i = 0; i < 5; i++) {
            publisher.tell(new VerdictPublisher.Issue(ATTACKER, verdict(i), 0));
        }
        eventuallyKnown(ATTACKER);
        TIME.timePasses(VerdictPublisher.SEND_EVERY);
        assertThat(others.receiveMessage().bans()).hasSize(1);
        assertThat(known(ATTACKER)).isEqualTo(verdict(0));
    }

    @Test
    void aBanInForceIsRepeatedForThoseWhoMissedItUntilItEnds() {
        publisher.tell(new VerdictPublisher.Issue(ATTACKER, verdict(1), 0));
        eventuallyKnown(ATTACKER);
        TIME.timePasses(VerdictPublisher.SEND_EVERY);
        others.receiveMessage();
        TIME.timePasses(VerdictPublisher.REPEAT_EVERY);
        assertThat(others.receiveMessage().bans()).hasSize(1);
        clocks.pass(Judge.BAN_MILLIS);
        TIME.timePasses(VerdictPublisher.SWEEP_EVERY);
        TIME.timePasses(VerdictPublisher.REPEAT_EVERY);
        others.expectNoMessage();
        assertThat(detection.verdicts().size()).isZero();
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
            publisher.tell(new VerdictPublisher.Issue(new IpAddress(i, 0), verdict(1), 0));
        }
        assertThat(others.receiveMessage().bans()).hasSize(VerdictPublisher.BANS_PER_MESSAGE);
        eventuallyKnown(new IpAddress(VerdictPublisher.BANS_PER_MESSAGE, 0));
        TIME.timePasses(VerdictPublisher.SEND_EVERY);
        assertThat(others.receiveMessage().bans()).hasSize(1);
    }

    private DdosVerdict verdict(long sequence) {
        return new DdosVerdict(clocks.wall() + Judge.BAN_MILLIS, sequence, 1, "mlp", List.of("request_rate=9.0/s"));
    }

    private @Nullable DdosVerdict known(IpAddress address) {
        return detection.verdicts().get(address, clocks.wall());
    }

    private void eventuallyKnown(IpAddress address) {
        others.awaitAssert(() -> {
            assertThat(known(address)).isNotNull();
            return null;
        });
    }
}
