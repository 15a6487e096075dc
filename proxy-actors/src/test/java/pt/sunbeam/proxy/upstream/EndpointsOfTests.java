package pt.sunbeam.proxy.upstream;

import java.net.InetAddress;
import java.time.Duration;
import java.util.stream.IntStream;
import pt.sunbeam.config.Backend;
import pt.sunbeam.config.Ejection;
import pt.sunbeam.config.SunbeamConfig.Upstream;
import pt.sunbeam.proxy.message.Hop;

/** Endpoints that nobody connects to. */
final class EndpointsOfTests {
    static final long SECOND = 1_000_000_000L;

    private EndpointsOfTests() {}

    static Endpoint endpoint(int number, int weight, Upstream rules, long now) {
        var backend = new Backend("http://b" + number, "b" + number, 80, weight, null, null);
        var address = InetAddress.ofLiteral("10.0." + number / 256 + "." + number % 256);
        var time = Duration.ofSeconds(1);
        return new Endpoint(new Hop(backend, address, time, time, time), rules, now);
    }

    static Endpoint[] endpoints(int... weights) {
        return IntStream.range(0, weights.length)
                .mapToObj(number -> endpoint(number, weights[number], Upstream.DEFAULTS, 0))
                .toArray(Endpoint[]::new);
    }

    static Endpoint[] same(int count) {
        return endpoints(IntStream.generate(() -> 1).limit(count).toArray());
    }

    static void eject(Endpoint endpoint, long now) {
        for (int i = 0; i < Ejection.DEFAULTS.consecutiveFailures(); i++) {
            endpoint.failed(now);
        }
    }

    static Upstream rules(int mostConnections, Duration slowStart) {
        var usual = Upstream.DEFAULTS;
        return new Upstream(
                usual.connectTimeout(),
                usual.responseTimeout(),
                usual.idleTimeout(),
                mostConnections,
                usual.retries(),
                usual.retryBudget(),
                usual.maxPending(),
                usual.panicThreshold(),
                slowStart,
                usual.ejection(),
                usual.dns());
    }
}
