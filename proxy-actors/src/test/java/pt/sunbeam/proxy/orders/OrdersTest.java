package pt.sunbeam.proxy.orders;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.detector.http.Cidr;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.proxy.orders.Order.Kind;

class OrdersTest {
    private static final long NOW = 1_000_000;

    private final Orders orders = new Orders();

    @Test
    void anOrderHoldsUntilItsTimeAndNoLonger() {
        give("192.0.2.1", Kind.BAN, NOW + 1_000);
        assertThat(kind("192.0.2.1", NOW + 999)).isEqualTo(Kind.BAN);
        assertThat(kind("192.0.2.1", NOW + 1_000)).isNull();
        assertThat(kind("192.0.2.2", NOW)).isNull();
    }

    @Test
    void theSmallestBlockCountsAndInABlockTheLastOrder() {
        give("192.0.2.0/24", Kind.BAN, NOW + 1_000);
        give("192.0.2.7", Kind.ALLOW, NOW + 500);
        assertThat(kind("192.0.2.6", NOW)).isEqualTo(Kind.BAN);
        assertThat(kind("192.0.2.7", NOW)).isEqualTo(Kind.ALLOW);
        assertThat(kind("192.0.2.7", NOW + 500)).isEqualTo(Kind.BAN);
        give("192.0.2.7", Kind.BAN, NOW + 500);
        assertThat(kind("192.0.2.7", NOW)).isEqualTo(Kind.BAN);
        assertThat(orders.inForce(NOW)).hasSize(2);
    }

    @Test
    void ipv6BlocksHoldNoIpv4Address() {
        give("::/16", Kind.BAN, NOW + 1_000);
        assertThat(kind("192.0.2.1", NOW)).isNull();
        assertThat(kind("::1", NOW)).isEqualTo(Kind.BAN);
    }

    @Test
    void liftingIsForExactlyOneBlock() {
        give("192.0.2.0/24", Kind.BAN, NOW + 1_000);
        assertThat(orders.lift(Cidr.parse("192.0.2.1"), NOW)).isNull();
        assertThat(orders.lift(Cidr.parse("192.0.2.0/24"), NOW)).isNotNull();
        assertThat(orders.lift(Cidr.parse("192.0.2.0/24"), NOW)).isNull();
        assertThat(kind("192.0.2.1", NOW)).isNull();
    }

    @Test
    void aPardonCoversWhatWasSaidBeforeAlone() {
        var client = IpAddress.parse("2001:db8::5");
        assertThat(orders.pardon(client, NOW, NOW + 60_000)).isTrue();
        assertThat(orders.isPardoned(client, NOW)).isTrue();
        assertThat(orders.isPardoned(IpAddress.parse("2001:db8::6"), NOW - 1)).isTrue();
        assertThat(orders.isPardoned(client, NOW + 1)).isFalse();
        assertThat(orders.isPardoned(IpAddress.parse("2001:db8:0:1::5"), NOW)).isFalse();
    }

    @Test
    void thereAreNoMoreThanCanBeAndThoseThatEndedMakeRoom() {
        var few = new Orders(100);
        for (int i = 0; i < 100; i++) {
            var block = Cidr.parse("10.0.0." + i);
            assertThat(few.give(new Order(block, Kind.BAN, NOW + 1_000, ""), NOW))
                    .isTrue();
            assertThat(few.pardon(block.network(), NOW, NOW + 1_000)).isTrue();
        }
        var more = Cidr.parse("192.0.2.1");
        assertThat(few.give(new Order(more, Kind.BAN, NOW + 9_000, ""), NOW)).isFalse();
        assertThat(few.pardon(more.network(), NOW, NOW + 9_000)).isFalse();
        assertThat(few.give(new Order(Cidr.parse("10.0.0.1"), Kind.ALLOW, NOW + 1_000, ""), NOW))
                .isTrue();
        assertThat(few.give(new Order(more, Kind.BAN, NOW + 9_000, ""), NOW + 1_000))
                .isTrue();
        assertThat(few.pardon(more.network(), NOW + 1_000, NOW + 9_000)).isTrue();
        assertThat(few.inForce(NOW + 1_000)).hasSize(1);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatIsFoundIsWhatAWalkThroughAllOrdersFinds(int seed) {
        var random = new SplittableRandom(seed);
        var given = new ArrayList<Order>();
        for (int i = 0; i < 40; i++) {
            int prefix = 8 + random.nextInt(25);
            int address = (random.nextInt(4) << 30) | (random.nextInt(16) << 20);
            int network = address & (-1 << (32 - prefix));
            var block = Cidr.parse(dotted(network) + "/" + prefix);
            var order =
                    new Order(block, random.nextBoolean() ? Kind.BAN : Kind.ALLOW, NOW + 1 + random.nextInt(10), "");
            given.removeIf(other -> other.block().equals(block));
            given.add(order);
            orders.give(order, NOW);
        }
        for (int i = 0; i < 500; i++) {
            var client = IpAddress.parse(dotted((random.nextInt(4) << 30) | random.nextInt(1 << 24)));
            long now = NOW + random.nextInt(11);
            var expected = given.stream()
                    .filter(order -> order.untilMillis() > now && order.block().contains(client))
                    .max(Comparator.comparingInt(order -> order.block().prefix()))
                    .orElse(null);
            assertThat(orders.find(client, now)).isEqualTo(expected);
        }
    }

    private static String dotted(int ipv4) {
        return "%d.%d.%d.%d".formatted(ipv4 >>> 24, (ipv4 >>> 16) & 255, (ipv4 >>> 8) & 255, ipv4 & 255);
    }

    private void give(String block, Kind kind, long until) {
        assertThat(orders.give(new Order(Cidr.parse(block), kind, until, ""), NOW))
                .isTrue();
    }

    private @Nullable Kind kind(String client, long now) {
        var order = orders.find(IpAddress.parse(client), now);
        return order == null ? null : order.kind();
    }
}
