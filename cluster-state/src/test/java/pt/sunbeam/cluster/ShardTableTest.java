package pt.sunbeam.cluster;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.verdict.Suspect;
import pt.sunbeam.detector.window.SlidingWindow;

class ShardTableTest {
    private static final int CAPACITY = 16;

    private final ShardTable table = new ShardTable(CAPACITY, Samples.WINDOW_MILLIS, ShardTableTest::newcomer);
    private long now = 1_000_000;

    @Test
    void anAddressKeepsItsWindow() {
        request("192.0.2.1");
        request("192.0.2.1");
        assertThat(request("192.0.2.1").suspect.window().size()).isEqualTo(3);
        assertThat(table.find(Samples.ip("192.0.2.2"))).isNull();
    }

    @Test
    void aNewcomerToAFullTableSharesTheEntryOfItsNetwork() {
        fill();
        ShardTable.Entry first = request("203.0.113.1");
        ShardTable.Entry second = request("203.0.113.2");
        assertThat(second).isSameAs(first);
        assertThat(first.shared).isTrue();
        assertThat(first.suspect.window().size()).isEqualTo(2);
        assertThat(table.find(Samples.ip("203.0.113.3"))).isSameAs(first);
        assertThat(request("203.0.112.1")).isNotSameAs(first);
    }

    @Test
    void anIpv6NewcomerSharesItsSlash48() {
        fill();
        assertThat(request("2001:db8:1:1::")).isSameAs(request("2001:db8:1:ffff::"));
        assertThat(request("2001:db8:2:1::")).isNotSameAs(request("2001:db8:1:1::"));
    }

    @Test
    void theFirstAddressOfANetworkIsNotTheNetwork() {
        fill();
        table.remove(request("10.0.0.1"));
        ShardTable.Entry own = request("203.0.113.0");
        fillUp();
        assertThat(own.shared).isFalse();
        ShardTable.Entry network = request("203.0.113.9");
        assertThat(network.shared).isTrue();
        assertThat(request("203.0.113.0")).isSameAs(own);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void sprayingAddressesEvictsNobodyWhoHasARecordAndStaysBounded(int seed) {
        var random = new SplittableRandom(seed);
        for (int i = 0; i < 4; i++) {
            request("192.0.2.1");
        }
        for (int i = 0; i < 20_000; i++) {
            now += random.nextInt(3);
            request(new IpAddress(0, 0xffff_0000_0000L | random.nextLong(1L << 32)));
            if (i % 1_000 == 0) {
                request("192.0.2.1");
            }
            assertThat(table.size()).isLessThanOrEqualTo(CAPACITY + CAPACITY / 4);
        }
        ShardTable.Entry attacker = requireNonNull(table.find(Samples.ip("192.0.2.1")));
        assertThat(attacker.shared).isFalse();
        assertThat(attacker.suspect.window().size()).isGreaterThanOrEqualTo(5);
    }

    @Test
    void aSprayedNetworkKeepsItsRecordWhileTheTableIsCrowded() {
        fill();
        for (int i = 1; i <= 12; i++) {
            request("203.0.113." + i);
        }
        table.remove(request("10.0.0.1"));
        ShardTable.Entry latest = request("203.0.113.200");
        assertThat(latest.shared).isTrue();
        assertThat(latest.suspect.window().size()).isEqualTo(13);
    }

    @Test
    void oneOldRequestMakesRoomForANewcomer() {
        request("192.0.2.1");
        now += Samples.WINDOW_MILLIS / 2 + 1;
        fillUp();
        ShardTable.Entry newcomer = request("203.0.113.1");
        assertThat(newcomer.shared).isFalse();
        assertThat(table.find(Samples.ip("192.0.2.1"))).isNull();
        assertThat(request("203.0.114.1").shared).isTrue();
    }

    @Test
    void amongNetworksTheOneWithFewestEventsLeaves() {
        fill();
        for (int i = 0; i < 5; i++) {
            request("203.0.1." + i);
        }
        request("203.0.2.1");
        request("203.0.3.1");
        request("203.0.3.2");
        request("203.0.4.1");
        request("203.0.4.1");
        request("203.0.5.1");
        assertThat(table.find(Samples.ip("203.0.1.9"))).isNotNull();
        assertThat(table.find(Samples.ip("203.0.2.9"))).isNull();
        assertThat(table.find(Samples.ip("203.0.5.9"))).isNotNull();
    }

    @Test
    void sweepingDropsWhatIsEmpty() {
        request("192.0.2.1");
        now += 6_000;
        request("192.0.2.2");
        now += 6_000;
        table.sweep(now);
        assertThat(table.size()).isEqualTo(1);
        now += 6_000;
        table.sweep(now);
        assertThat(table.size()).isZero();
    }

    @Test
    void aWindowThatComesBackDisplacesTheLeastSuspicious() {
        fill();
        for (int i = 1; i < CAPACITY; i++) {
            request("10.0.0." + i);
        }
        var suspect = newcomer();
        suspect.window().add(Samples.event(now, 1));
        suspect.window().add(Samples.event(now, 1));
        table.restore(Samples.ip("192.0.2.1"), suspect, now);
        assertThat(table.find(Samples.ip("192.0.2.1"))).isNotNull();
        assertThat(table.find(Samples.ip("10.0.0.0"))).isNull();
        assertThat(table.size()).isEqualTo(CAPACITY);
    }

    private static Suspect newcomer() {
        return new Suspect(new SlidingWindow(Samples.WINDOW_MILLIS, 200));
    }

    /** Fills an empty table, one request an address. */
    private void fill() {
        for (int i = 0; i < CAPACITY; i++) {
            request("10.0.0." + i);
        }
    }

    private void fillUp() {
        for (int i = 0; table.size() < CAPACITY; i++) {
            request("10.1." + i + ".1");
        }
    }

    private ShardTable.Entry request(String address) {
        return request(Samples.ip(address));
    }

    private ShardTable.Entry request(IpAddress address) {
        ShardTable.Entry entry = table.admit(address, now);
        entry.suspect.window().add(Samples.event(now, 1));
        return entry;
    }
}
