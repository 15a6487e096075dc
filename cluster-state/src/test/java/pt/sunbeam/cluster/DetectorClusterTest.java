package pt.sunbeam.cluster;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.cluster.typed.Cluster;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.window.Event;

/** Two members in one process, with real sockets between them. */
@Timeout(180)
class DetectorClusterTest {
    private final List<DetectorNode> nodes = new ArrayList<>();
    private final AtomicLong ids = new AtomicLong();

    @AfterEach
    void stop() throws Exception {
        for (DetectorNode node : nodes.reversed()) {
            node.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void anAttackerWhoSpreadsOverTheNodesIsSeenAsOneAndBannedOnBoth() throws Exception {
        DetectorNode first = start("acme", null);
        first.ready().toCompletableFuture().get(60, TimeUnit.SECONDS);
        DetectorNode second = start("acme", address(first));
        second.ready().toCompletableFuture().get(60, TimeUnit.SECONDS);
        // Enough addresses to meet shards of both nodes; on each node too few events of each to be judged.
        List<IpAddress> attackers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            attackers.add(Samples.ip("198.51." + i + ".1"));
        }
        attackers.forEach(attacker -> flood(first, attacker, Samples.MIN_EVENTS - 1, clock(0)));
        attackers.forEach(attacker -> flood(second, attacker, Samples.MIN_EVENTS - 1, clock(1)));
        Samples.await(
                () -> attackers.stream().allMatch(attacker -> banned(first, attacker) && banned(second, attacker)));
        assertThat(banned(first, Samples.ip("203.0.113.1"))).isFalse();
        assertThat(first.bannedAddresses()).isEqualTo(attackers.size());
        assertThat(first.peers()).isEqualTo(1);
        assertThat(second.peers()).isEqualTo(1);
        assertThat(first.counters().dropped.sum() + second.counters().dropped.sum())
                .isZero();
    }

    @Test
    void aNodeOfAnotherTenantIsTurnedAway() throws Exception {
        DetectorNode first = start("acme", null);
        first.ready().toCompletableFuture().get(60, TimeUnit.SECONDS);
        DetectorNode stranger = start("rival", address(first));
        var system = requireNonNull(stranger.system());
        system.getWhenTerminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertThat(stranger.ready().toCompletableFuture()).isNotDone();
        assertThat(Cluster.get(requireNonNull(first.system())).state().getMembers())
                .hasSize(1);
        assertThat(first.peers()).isZero();
        assertThat(stranger.peers()).isZero();
    }

    private DetectorNode start(String tenant, @Nullable String peer) throws IOException {
        int number = nodes.size();
        var node = DetectorNode.start(
                Configurations.member(tenant, ListeningPorts.free(), ListeningPorts.free()),
                TestModels.floods(),
                () -> clock(number),
                peer);
        nodes.add(node);
        return node;
    }

    /** The clocks of nodes are some seconds apart. */
    private static long clock(int node) {
        return System.nanoTime() / 1_000_000 + 3_000L * node;
    }

    private static String address(DetectorNode node) {
        return Cluster.get(requireNonNull(node.system())).selfMember().address().toString();
    }

    private void flood(DetectorNode at, IpAddress address, int count, long timeMillis) {
        for (int i = 0; i < count; i++) {
            at.arrived(address, new Event(ids.incrementAndGet(), timeMillis, 7, 1, 1, 1, 0, 0, 0));
        }
    }

    private static boolean banned(DetectorNode at, IpAddress address) {
        return at.verdict(address, clock(1)) != null;
    }
}
