package pt.sunbeam.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.verdict.DdosVerdict;
import pt.sunbeam.detector.verdict.Suspect;

class AddressDetectorTest {
    private static final long BLOCK_MILLIS = 60_000;
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final IpAddress CLIENT = Samples.ip("192.0.2.1");

    private final Clocks clocks = new Clocks();
    private final Detection detection = Samples.detection(clocks);
    private final AtomicInteger backlog = new AtomicInteger();
    private final TestProbe<VerdictPublisher.Command> verdicts = KIT.createTestProbe(VerdictPublisher.Command.class);

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void anAddressThatFloodsIsBanned() {
        ActorRef<AddressDetector.Command> detector = watch(detection.newSuspect());
        happen(detector, Samples.flood(CLIENT, 20, clocks));
        var issue = verdicts.expectMessageClass(VerdictPublisher.Issued.class);
        assertThat(issue.address()).isEqualTo(CLIENT);
        assertThat(issue.verdict().expiresAtMillis()).isEqualTo(clocks.now() + BLOCK_MILLIS);
    }

    @Test
    void anAddressThatVisitsIsNot() {
        ActorRef<AddressDetector.Command> detector = watch(detection.newSuspect());
        happen(detector, Samples.visit(CLIENT, 20, clocks));
        settle();
        verdicts.expectNoMessage();
    }

    @Test
    void theWindowItIsBornWithIsJudgedAtOnce() {
        Suspect suspect = detection.newSuspect();
        Samples.flood(CLIENT, 20, clocks).forEach(row -> row.applyTo(suspect.window()));
        watch(suspect);
        verdicts.expectMessageClass(VerdictPublisher.Issued.class);
    }

    @Test
    void oldRequestsDoNotCount() {
        ActorRef<AddressDetector.Command> detector = watch(detection.newSuspect());
        happen(detector, Samples.flood(CLIENT, Samples.MIN_EVENTS - 1, clocks));
        clocks.pass(Samples.WINDOW_MILLIS + 1);
        happen(detector, Samples.flood(CLIENT, Samples.MIN_EVENTS - 1, clocks));
        settle();
        verdicts.expectNoMessage();
    }

    @Test
    void errorsOfTheSiteCountAgainstTheAddress() {
        ActorRef<AddressDetector.Command> detector = watch(detection.newSuspect());
        List<Row> visits = Samples.visit(CLIENT, 20, clocks);
        happen(detector, visits);
        settle();
        verdicts.expectNoMessage();
        happen(
                detector,
                visits.stream()
                        .<Row>map(row -> new Row.Response(
                                CLIENT,
                                row.timeMillis(),
                                ((Row.Arrival) row).event().id(),
                                500,
                                1,
                                false))
                        .toList());
        var issue = verdicts.expectMessageClass(VerdictPublisher.Issued.class);
        assertThat(issue.verdict().path()).isEqualTo("tree_block");
    }

    @Test
    void aFreshBanIsNotRepeatedAndAnOldOneIsRenewedWhileTheAddressGoesOn() {
        ActorRef<AddressDetector.Command> detector = watch(detection.newSuspect());
        happen(detector, Samples.flood(CLIENT, 20, clocks));
        DdosVerdict first =
                verdicts.expectMessageClass(VerdictPublisher.Issued.class).verdict();
        clocks.pass(BLOCK_MILLIS / 2);
        happen(detector, Samples.flood(CLIENT, 20, clocks));
        settle();
        verdicts.expectNoMessage();
        clocks.pass(1);
        happen(detector, Samples.flood(CLIENT, 1, clocks));
        DdosVerdict second =
                verdicts.expectMessageClass(VerdictPublisher.Issued.class).verdict();
        assertThat(second.expiresAtMillis()).isGreaterThan(first.expiresAtMillis());
        assertThat(second.sequence()).isGreaterThan(first.sequence());
    }

    @Test
    void anAddressThatGaveUpIsFreeWhenItsBanEnds() {
        ActorRef<AddressDetector.Command> detector = watch(detection.newSuspect());
        happen(detector, Samples.flood(CLIENT, 50, clocks));
        verdicts.expectMessageClass(VerdictPublisher.Issued.class);
        clocks.pass(BLOCK_MILLIS);
        happen(detector, Samples.flood(CLIENT, 1, clocks));
        settle();
        verdicts.expectNoMessage();
        assertThat(detection.verdicts().get(CLIENT, clocks.now())).isNull();
    }

    @Test
    void itHandsItsWindowBackAndStops() {
        ActorRef<AddressDetector.Command> detector = watch(detection.newSuspect());
        happen(detector, Samples.visit(CLIENT, 7, clocks));
        TestProbe<DetectorShard.Command> shard = KIT.createTestProbe(DetectorShard.Command.class);
        detector.tell(new AddressDetector.HandBack(shard.ref()));
        var back = shard.expectMessageClass(DetectorShard.HandedBack.class);
        assertThat(back.address()).isEqualTo(CLIENT);
        assertThat(back.suspect().window().size()).isEqualTo(7);
        assertThat(backlog).hasValue(0);
        shard.expectTerminated(detector);
    }

    private ActorRef<AddressDetector.Command> watch(Suspect suspect) {
        return KIT.spawn(AddressDetector.create(CLIENT, suspect, clocks.now(), backlog, detection, verdicts.ref()));
    }

    private void happen(ActorRef<AddressDetector.Command> detector, List<Row> rows) {
        backlog.addAndGet(rows.size());
        detector.tell(new AddressDetector.Happened(rows));
    }

    /** Waits until all that was told has been dealt with. */
    private void settle() {
        KIT.<Void>createTestProbe().awaitAssert(() -> {
            assertThat(backlog).hasValue(0);
            return null;
        });
    }
}
