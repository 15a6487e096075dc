package pt.sunbeam.cluster;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.verdict.DdosVerdict;
import pt.sunbeam.detector.window.Event;

/** Real time, real ActorSystems, real sockets on the loopback interface. */
@Timeout(120)
class DetectorNodeTest {
    private static final IpAddress ATTACKER = Samples.ip("192.0.2.1");

    private final AtomicLong ids = new AtomicLong();
    private @Nullable DetectorNode node;

    @AfterEach
    void stop() throws Exception {
        if (node != null) {
            node.stop().toCompletableFuture().get(40, TimeUnit.SECONDS);
        }
    }

    @Test
    void aFloodGetsAVerdictWithinTwoSecondsAndAThousandVisitorsGetNone() throws Exception {
        DetectorNode alone = startAndWait(Configurations.alone());
        for (int i = 0; i < 1_000; i++) {
            for (int page = 0; page < 4; page++) {
                alone.arrived(visitor(i), event(page));
            }
        }
        flood(alone, ATTACKER, 100);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        Samples.await(() -> verdict(alone, ATTACKER) != null);
        assertThat(System.nanoTime()).isLessThan(deadline);
        DdosVerdict verdict = requireNonNull(verdict(alone, ATTACKER));
        assertThat(verdict.expiresAtMillis() - now()).isBetween(50_000L, 60_000L);
        assertThat(verdict.reasons()).isNotEmpty();
        Samples.await(() -> alone.counters().trackedAddresses.sum() == 1_000);
        for (int i = 0; i < 1_000; i++) {
            assertThat(verdict(alone, visitor(i))).isNull();
        }
        assertThat(alone.counters().detectorActors.sum()).isEqualTo(1);
        assertThat(alone.counters().dropped.sum()).isZero();
    }

    @Test
    void theTablesHoldAsManyAddressesAsTheConfigurationSays() throws Exception {
        DetectorNode alone = startAndWait(Configurations.alone(1_024));
        assertThat(alone.counters().trackable.sum()).isEqualTo(1_024);
        for (int i = 0; i < 10_000; i++) {
            alone.arrived(Samples.ip("10.%d.%d.1".formatted(i / 250, i % 250)), event(1));
        }
        // A quarter as many networks stand beside the addresses of a full table.
        Samples.await(() -> alone.counters().trackedAddresses.sum() == 1_024 + 256);
    }

    @Test
    void aMillionNewAddressesMakeTheDetectorsForgetNoAttacker() throws Exception {
        var clock = new AtomicLong(1_000);
        DetectorNode alone = DetectorNode.start(Configurations.alone(2_048), TestModels.floods(), clock::get);
        node = alone;
        alone.ready().toCompletableFuture().get(60, TimeUnit.SECONDS);
        IpAddress blocked = Samples.ip("192.0.2.1");
        IpAddress watched = Samples.ip("198.51.100.2");
        IpAddress inTheTable = Samples.ip("203.0.113.3");
        attack(alone, blocked, 20, clock);
        attack(alone, watched, Samples.MIN_EVENTS - 1, clock);
        attack(alone, inTheTable, 4, clock);
        Samples.await(() -> alone.verdict(blocked, clock.get()) != null);
        var random = new SplittableRandom(1);
        for (int i = 1; i <= 1_000_000; i++) {
            attack(alone, new IpAddress(0, 0xffff_0000_0000L | random.nextLong(1L << 32)), 1, clock);
            if (i % 25_000 == 0) {
                clock.addAndGet(200); // 8 of the window's 10 s in all
                Thread.sleep(100);
            }
        }
        assertThat(alone.verdict(blocked, clock.get())).isNotNull();
        assertThat(alone.verdict(watched, clock.get())).isNull();
        assertThat(alone.verdict(inTheTable, clock.get())).isNull();
        attack(alone, watched, 1, clock);
        attack(alone, inTheTable, Samples.MIN_EVENTS - 4, clock);
        Samples.await(() -> alone.verdict(watched, clock.get()) != null);
        Samples.await(() -> alone.verdict(inTheTable, clock.get()) != null);
        assertThat(alone.counters().dropped.sum()).isZero();
    }

    private void attack(DetectorNode at, IpAddress address, int requests, AtomicLong clock) {
        for (int i = 0; i < requests; i++) {
            at.arrived(address, new Event(ids.incrementAndGet(), clock.get(), 7, 1, 1, 1, 0, 0, 0));
        }
    }

    @Test
    void theErrorsOfTheSiteCountAndAnIpv6AttackerIsBannedWithHisWholeNetwork() throws Exception {
        DetectorNode alone = startAndWait(Configurations.alone());
        IpAddress scanner = Samples.ip("2001:db8::1");
        for (int page = 0; page < 40; page++) {
            Event event = event(page);
            alone.arrived(scanner, event);
            alone.responded(scanner, event.timeMillis() + 3, event.id(), 404, 3, false);
        }
        Samples.await(() -> verdict(alone, scanner) != null);
        assertThat(requireNonNull(verdict(alone, scanner)).path()).isEqualTo("tree_block");
        assertThat(verdict(alone, Samples.ip("2001:db8::ffff"))).isNotNull();
        assertThat(verdict(alone, Samples.ip("2001:db8:0:1::1"))).isNull();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void withoutAClusterNoPortIsOpened() throws Exception {
        Set<Integer> before = ListeningPorts.ofThisProcess();
        startAndWait(Configurations.alone());
        assertThat(ListeningPorts.ofThisProcess()).isEqualTo(before);
        try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(ListeningPorts.ofThisProcess()).contains(listening.getLocalPort());
        }
    }

    @Test
    void aSystemThatEndsIsStartedAgainAndMeanwhileTheVerdictsStand() throws Exception {
        DetectorNode alone = startAndWait(Configurations.alone());
        flood(alone, ATTACKER, 100);
        Samples.await(() -> verdict(alone, ATTACKER) != null);
        var first = requireNonNull(alone.system());
        first.terminate();
        first.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(verdict(alone, ATTACKER)).isNotNull();
        Samples.await(() -> restarted(alone, first));
        alone.ready().toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(alone.counters().detectorActors.sum()).isZero();
        IpAddress next = Samples.ip("198.51.100.1");
        flood(alone, next, 100);
        Samples.await(() -> verdict(alone, next) != null);
        assertThat(verdict(alone, ATTACKER)).isNotNull();
    }

    @Test
    void aNodeThatWasStoppedStaysStoppedAndIsHarmless() throws Exception {
        DetectorNode alone = startAndWait(Configurations.alone());
        alone.stop().toCompletableFuture().get(20, TimeUnit.SECONDS);
        flood(alone, ATTACKER, 1_000);
        assertThat(verdict(alone, ATTACKER)).isNull();
        assertThat(alone.system()).isNull();
        assertThat(alone.counters().dropped.sum()).isPositive();
    }

    @Test
    void aMemberJudgesAndShowsItselfOnItsManagementPortAndLeavesCleanly() throws Exception {
        int management = ListeningPorts.free();
        DetectorNode member = startAndWait(Configurations.member("acme", ListeningPorts.free(), management));
        assertThat(get(management, "/cluster/members")).contains("pekko://cluster@127.0.0.1", "\"status\":\"Up\"");
        assertThat(status(management, "GET", "/ready")).isEqualTo(200);
        assertThat(status(management, "GET", "/alive")).isEqualTo(200);
        assertThat(status(management, "POST", "/cluster/members")).isEqualTo(405);

        flood(member, ATTACKER, 100);
        Samples.await(() -> verdict(member, ATTACKER) != null);
        assertThat(verdict(member, Samples.ip("192.0.2.2"))).isNull();

        member.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertThat(ListeningPorts.ofThisProcess()).doesNotContain(management);
    }

    @Test
    void aMemberThatTheClusterRemovedComesBack() throws Exception {
        DetectorNode member = startAndWait(Configurations.member("acme", ListeningPorts.free(), ListeningPorts.free()));
        flood(member, ATTACKER, 100);
        Samples.await(() -> verdict(member, ATTACKER) != null);
        var first = requireNonNull(member.system());
        var cluster = Cluster.get(first);
        cluster.manager().tell(new Down(cluster.selfMember().address()));
        first.getWhenTerminated().toCompletableFuture().get(40, TimeUnit.SECONDS);
        assertThat(verdict(member, ATTACKER)).isNotNull();
        Samples.await(() -> restarted(member, first));
        member.ready().toCompletableFuture().get(40, TimeUnit.SECONDS);
        IpAddress next = Samples.ip("198.51.100.1");
        flood(member, next, 100);
        Samples.await(() -> verdict(member, next) != null);
    }

    @Test
    void aClusterPortThatIsTakenIsAnErrorThatNamesTheKey() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThat(catchThrowable(() -> DetectorNode.start(
                            Configurations.member("acme", taken.getLocalPort(), ListeningPorts.free()),
                            TestModels.floods(),
                            DetectorNodeTest::now)))
                    .isInstanceOf(BindFailure.class)
                    .hasMessageStartingWith("cluster.port: cannot listen on 127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void aManagementPortThatIsTakenFailsTheStart() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            node = DetectorNode.start(
                    Configurations.member("acme", ListeningPorts.free(), taken.getLocalPort()),
                    TestModels.floods(),
                    DetectorNodeTest::now);
            assertThat(node.ready().toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(60))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(BindFailure.class)
                    .withMessageStartingWith(
                            "cluster.management_port: cannot listen on 127.0.0.1:" + taken.getLocalPort());
            node.stop().toCompletableFuture().get(40, TimeUnit.SECONDS);
            assertThat(node.system()).isNull();
        }
    }

    private DetectorNode startAndWait(SunbeamConfig config) throws Exception {
        node = DetectorNode.start(config, TestModels.floods(), DetectorNodeTest::now);
        node.ready().toCompletableFuture().get(60, TimeUnit.SECONDS);
        return node;
    }

    /** Two systems of one name are equal. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean restarted(DetectorNode node, ActorSystem<?> first) {
        ActorSystem<?> now = node.system();
        return now != null && now != first;
    }

    private void flood(DetectorNode at, IpAddress address, int count) {
        for (int i = 0; i < count; i++) {
            at.arrived(address, event(7));
        }
    }

    private Event event(int pathHash) {
        return new Event(ids.incrementAndGet(), now(), pathHash, 1, 1, 1, 0, 0, 0);
    }

    private static long now() {
        return System.nanoTime() / 1_000_000;
    }

    private static IpAddress visitor(int i) {
        return Samples.ip("10." + i % 7 + "." + i / 250 + "." + i % 250);
    }

    private static @Nullable DdosVerdict verdict(DetectorNode at, IpAddress address) {
        return at.verdict(address, now());
    }

    private static String get(int port, String path) throws Exception {
        return send(port, "GET", path).body();
    }

    private static int status(int port, String method, String path) throws Exception {
        return send(port, method, path).statusCode();
    }

    private static HttpResponse<String> send(int port, String method, String path) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(Duration.ofSeconds(10))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
