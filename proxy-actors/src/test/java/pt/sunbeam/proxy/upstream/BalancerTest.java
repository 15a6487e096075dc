package pt.sunbeam.proxy.upstream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static pt.sunbeam.proxy.upstream.EndpointsOfTests.SECOND;
import static pt.sunbeam.proxy.upstream.EndpointsOfTests.eject;
import static pt.sunbeam.proxy.upstream.EndpointsOfTests.endpoint;
import static pt.sunbeam.proxy.upstream.EndpointsOfTests.endpoints;
import static pt.sunbeam.proxy.upstream.EndpointsOfTests.rules;
import static pt.sunbeam.proxy.upstream.EndpointsOfTests.same;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BalancerTest {
    private static final int DRAWS = 20_000;

    private static Map<Endpoint, Integer> draws(Endpoint[] endpoints, long now, long seed) {
        var random = new SplittableRandom(seed);
        var counts = new HashMap<Endpoint, Integer>();
        for (int i = 0; i < DRAWS; i++) {
            counts.merge(
                    requireNonNull(Balancer.leastOfTwo(endpoints, List.of(), false, now, random)), 1, Integer::sum);
        }
        return counts;
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void idleEndpointsGetRequestsByTheirWeights(long seed) {
        var random = new SplittableRandom(seed);
        int[] weights = random.ints(1 + random.nextInt(8), 1, 20).toArray();
        double all = Arrays.stream(weights).sum();
        var endpoints = endpoints(weights);
        var counts = draws(endpoints, 0, seed);
        for (int i = 0; i < weights.length; i++) {
            assertThat(counts.getOrDefault(endpoints[i], 0) / (double) DRAWS).isCloseTo(weights[i] / all, within(0.03));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void requestsThatStayAreHeldByWeight(long seed) {
        var random = new SplittableRandom(seed);
        int[] weights = {1, 2, 3, 6};
        var endpoints = endpoints(weights);
        for (int i = 0; i < 480; i++) {
            requireNonNull(Balancer.leastOfTwo(endpoints, List.of(), false, 0, random))
                    .enter();
        }
        for (int i = 0; i < weights.length; i++) {
            assertThat(endpoints[i].load()).isCloseTo(40 * weights[i], within(10));
        }
    }

    @Test
    void aSlowEndpointGetsFewerRequests() {
        var random = new SplittableRandom(7);
        var endpoints = same(4);
        var inFlight = new ArrayDeque<Endpoint>();
        int[] got = new int[4];
        for (int step = 0; step < 4_000; step++) {
            var chosen = requireNonNull(Balancer.leastOfTwo(endpoints, List.of(), false, 0, random));
            chosen.enter();
            got[Arrays.asList(endpoints).indexOf(chosen)]++;
            if (chosen == endpoints[0] && endpoints[0].load() < 100) {
                continue; // it keeps what it gets
            }
            inFlight.add(chosen);
            if (inFlight.size() > 8) {
                inFlight.remove().left();
            }
        }
        assertThat(got[0]).isLessThan(40);
    }

    @Test
    void whatIsUnfitOrFullOrWasTriedIsPassedOver() {
        var endpoints = new Endpoint[] {
            endpoint(0, 1, rules(1, Duration.ZERO), 0),
            endpoint(1, 1, rules(1, Duration.ZERO), 0),
            endpoint(2, 1, rules(1, Duration.ZERO), 0)
        };
        eject(endpoints[0], 0);
        endpoints[1].enter();
        assertThat(draws(endpoints, 0, 1)).containsOnlyKeys(endpoints[2]);
        var tried = List.of(endpoints[2]);
        assertThat(Balancer.leastOfTwo(endpoints, tried, false, 0, new SplittableRandom(1)))
                .isNull();
        assertThat(Balancer.leastOfTwo(endpoints, tried, true, 0, new SplittableRandom(1)))
                .isSameAs(endpoints[0]);
        assertThat(Balancer.anyBusy(endpoints, false, 0)).isTrue();
    }

    @Test
    void thereIsPanicBelowTheThresholdAlone() {
        var endpoints = same(4);
        assertThat(Balancer.panics(endpoints, 0.5, 0)).isFalse();
        eject(endpoints[0], 0);
        eject(endpoints[1], 0);
        assertThat(Balancer.panics(endpoints, 0.5, 0)).isFalse();
        eject(endpoints[2], 0);
        assertThat(Balancer.panics(endpoints, 0.5, 0)).isTrue();
        assertThat(Balancer.panics(endpoints, 0, 0)).isFalse();
        eject(endpoints[3], 0);
        assertThat(Balancer.panics(endpoints, 0, 0)).isFalse();
    }

    @Test
    void aNewcomerComesToItsShareSlowly() {
        var slow = rules(256, Duration.ofSeconds(100));
        var old = endpoint(0, 1, slow, -1_000 * SECOND);
        var young = endpoint(1, 1, slow, 0);
        var endpoints = new Endpoint[] {old, young};
        double last = 0;
        for (long second : new long[] {0, 50, 100}) {
            double share = draws(endpoints, second * SECOND, 5).getOrDefault(young, 0) / (double) DRAWS;
            assertThat(share).isGreaterThan(last + 0.05);
            last = share;
        }
        assertThat(last).isCloseTo(0.5, within(0.03));
    }

    @Test
    void oneThatComesBackFromAnEjectionStartsSlowlyToo() {
        var rules = rules(256, Duration.ofSeconds(100));
        var endpoint = endpoint(0, 10, rules, -1_000 * SECOND);
        assertThat(endpoint.share(0)).isEqualTo(10);
        eject(endpoint, 0);
        assertThat(endpoint.isFit(10 * SECOND)).isTrue();
        assertThat(endpoint.share(10 * SECOND)).isEqualTo(1);
        assertThat(endpoint.share(60 * SECOND)).isEqualTo(5);
        assertThat(endpoint.share(200 * SECOND)).isEqualTo(10);
    }
}
