package pt.sunbeam.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import pt.sunbeam.detector.http.IpAddress;

class ConnectionCountsTest {
    private static final IpAddress HOME = IpAddress.parse("203.0.113.9");

    @Test
    void anAddressHasSoManyAndWhatIsClosedMakesRoom() {
        var counts = new ConnectionCounts(2);
        assertThat(counts.enter(HOME)).isTrue();
        assertThat(counts.enter(HOME)).isTrue();
        assertThat(counts.enter(HOME)).isFalse();
        assertThat(counts.enter(IpAddress.parse("203.0.113.10"))).isTrue();
        counts.leave(HOME);
        assertThat(counts.enter(HOME)).isTrue();
        assertThat(counts.enter(HOME)).isFalse();
    }

    @Test
    void aNetworkOfIpv6IsOneAddressAndNobodyIsRememberedWhoHasLeft() {
        var counts = new ConnectionCounts(1);
        assertThat(counts.enter(IpAddress.parse("2001:db8::1"))).isTrue();
        assertThat(counts.enter(IpAddress.parse("2001:db8::2"))).isFalse();
        counts.leave(IpAddress.parse("2001:db8::1"));
        assertThat(counts.addresses()).isZero();
    }

    @Test
    void threadsTogetherGetNoMore() throws Exception {
        var counts = new ConnectionCounts(100);
        int entered = 0;
        try (var pool = Executors.newFixedThreadPool(4)) {
            var running = new ArrayList<Future<Boolean>>();
            for (int i = 0; i < 1_000; i++) {
                running.add(pool.submit(() -> counts.enter(HOME)));
            }
            for (var one : running) {
                entered += one.get() ? 1 : 0;
            }
        }
        assertThat(entered).isEqualTo(100);
    }
}
