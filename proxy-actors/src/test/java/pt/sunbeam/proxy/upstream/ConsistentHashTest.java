package pt.sunbeam.proxy.upstream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static pt.sunbeam.proxy.upstream.EndpointsOfTests.eject;
import static pt.sunbeam.proxy.upstream.EndpointsOfTests.endpoints;
import static pt.sunbeam.proxy.upstream.EndpointsOfTests.same;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsistentHashTest {
    private static final int KEYS = 20_000;

    private static Endpoint choose(Endpoint[] endpoints, int key) {
        return requireNonNull(ConsistentHash.choose(endpoints, ConsistentHash.hash("key" + key), List.of(), false, 0));
    }

    @ParameterizedTest(name = "{0} endpoints")
    @ValueSource(ints = {1, 2, 5, 20})
    void whenOneComesOnlyWhatItGetsMoves(int count) {
        var more = same(count + 1);
        var few = Arrays.copyOf(more, count);
        int moved = 0;
        for (int key = 0; key < KEYS; key++) {
            var before = choose(few, key);
            var after = choose(more, key);
            if (after != before) {
                assertThat(after).isSameAs(more[count]);
                moved++;
            }
        }
        assertThat(moved / (double) KEYS).isCloseTo(1.0 / (count + 1), within(0.02));
    }

    @Test
    void keysAreSharedByWeight() {
        var endpoints = endpoints(1, 2, 5);
        int[] counts = new int[3];
        for (int key = 0; key < KEYS; key++) {
            counts[Arrays.asList(endpoints).indexOf(choose(endpoints, key))]++;
        }
        assertThat(counts[0] / (double) KEYS).isCloseTo(0.125, within(0.02));
        assertThat(counts[1] / (double) KEYS).isCloseTo(0.25, within(0.02));
        assertThat(counts[2] / (double) KEYS).isCloseTo(0.625, within(0.02));
    }

    @Test
    void theKeysOfOneThatIsUnfitGoToSeveralOthersAndTheRestStay() {
        var endpoints = same(4);
        var before = new Endpoint[1_000];
        Arrays.setAll(before, key -> choose(endpoints, key));
        eject(endpoints[0], 0);
        var heirs = new HashSet<Endpoint>();
        for (int key = 0; key < before.length; key++) {
            var after = choose(endpoints, key);
            if (before[key] == endpoints[0]) {
                heirs.add(after);
            } else {
                assertThat(after).isSameAs(before[key]);
            }
        }
        assertThat(heirs).containsExactlyInAnyOrder(endpoints[1], endpoints[2], endpoints[3]);
    }

    @Test
    void everyNodeChoosesAlike() {
        var here = same(5);
        var there = same(5);
        for (int key = 0; key < 500; key++) {
            assertThat(choose(here, key).backend()).isEqualTo(choose(there, key).backend());
        }
    }
}
