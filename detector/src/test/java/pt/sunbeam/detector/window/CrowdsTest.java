package pt.sunbeam.detector.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.detector.http.IpAddress;

class CrowdsTest {
    private static final long START = 1_790_000_000_000L;

    private static IpAddress client(int network, int host) {
        return IpAddress.parse("192.0." + network + "." + host);
    }

    private static int load(int reading) {
        return reading & 255;
    }

    private static int surge(int reading) {
        return reading >> 8;
    }

    /** The definition: counts of all slices in maps, means over all of them. */
    private static final class Naive {
        private long first = Long.MAX_VALUE;
        private final Map<String, Map<Long, Integer>> counts = new HashMap<>();

        double load(String key, long slice) {
            return log2(1 + counted(key, slice - 1));
        }

        double surge(String key, long slice) {
            if (first >= slice - 1) {
                return 0;
            }
            double usual = 0;
            for (long s = first; s < slice - 1; s++) {
                usual += (counted(key, s) - usual) / Math.min(512, s - first + 1);
            }
            return log2((counted(key, slice - 1) + 5.0) / (usual + 5));
        }

        void count(String key, long slice) {
            first = Math.min(first, slice);
            counts.computeIfAbsent(key, _ -> new HashMap<>()).merge(slice, 1, Integer::sum);
        }

        private int counted(String key, long slice) {
            return counts.getOrDefault(key, Map.of()).getOrDefault(slice, 0);
        }

        private static double log2(double value) {
            return Math.log(value) / Math.log(2);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void readingsAreThoseOfTheirDefinition(int seed) {
        var random = new SplittableRandom(seed);
        var crowds = new Crowds(seed);
        var naive = new Naive();
        long now = START;
        for (int i = 0; i < 6_000; i++) {
            boolean rush = i / 300 % 3 == 0;
            now += random.nextInt(2_000) == 0 ? random.nextInt(900_000) : random.nextInt(rush ? 30 : 1_000);
            int path = rush ? 1 : random.nextInt(8);
            int network = random.nextInt(3);
            int reading = crowds.read(now, path, 100, client(network, random.nextInt(256)));
            long slice = now / Crowds.SLICE_MILLIS;
            double surge = Math.clamp(Math.max(naive.surge("/" + path, slice), naive.surge("host", slice)), 0, 16);
            assertThat((double) surge(reading)).as("step %d", i).isCloseTo(16 * surge, within(3.0));
            assertThat((double) load(reading))
                    .as("step %d", i)
                    .isCloseTo(16 * naive.load("net" + network, slice), within(1.0));
            naive.count("/" + path, slice);
            naive.count("host", slice);
            naive.count("net" + network, slice);
        }
    }

    @Test
    void theOrderWithinASliceMakesNoDifference() {
        int[] readings = IntStream.of(0, (int) Crowds.SLICE_MILLIS - 1)
                .map(at -> {
                    var crowds = new Crowds(1);
                    for (int slice = 0; slice < 20; slice++) {
                        for (int i = 0; i <= 10 * slice; i++) {
                            crowds.read(
                                    START + Crowds.SLICE_MILLIS * slice + (at + 7L * i) % Crowds.SLICE_MILLIS,
                                    1,
                                    2,
                                    client(1, 1));
                        }
                    }
                    return crowds.read(START + 20 * Crowds.SLICE_MILLIS + at, 1, 2, client(1, 1));
                })
                .toArray();
        assertThat(readings[0]).isEqualTo(readings[1]).isPositive();
    }

    @Test
    void whatIsAlwaysInDemandDoesNotSurgeAndAFloodDoes() {
        var crowds = new Crowds(1);
        long now = START;
        for (; now < START + 600_000; now += 100) {
            assertThat(surge(crowds.read(now, 1, 2, client(1, 1)))).isLessThan(8);
        }
        for (int i = 0; i < 2_000; i++) {
            crowds.read(now, 1, 2, client(2, 2));
        }
        now += Crowds.SLICE_MILLIS;
        assertThat(surge(crowds.read(now, 1, 2, client(1, 1)))).isBetween(110, 114); // 2,005 of 15: 7.1 octaves
        assertThat(load(crowds.read(now, 1, 2, client(2, 9)))).isBetween(174, 176); // of 2,001: 11 octaves
        assertThat(load(crowds.read(now, 1, 2, client(3, 1)))).isZero();
    }

    @Test
    void anIpv6NetworkIsASlash48() {
        var crowds = new Crowds(1);
        crowds.read(START, 1, 2, IpAddress.parse("2001:db8:1:2::3"));
        crowds.read(START, 1, 2, IpAddress.parse("2001:db8:1:4::5"));
        assertThat(load(crowds.read(START + Crowds.SLICE_MILLIS, 1, 2, IpAddress.parse("2001:db8:1::"))))
                .isEqualTo(25); // of 3
        assertThat(load(crowds.read(START + Crowds.SLICE_MILLIS, 1, 2, IpAddress.parse("2001:db8:2::"))))
                .isZero();
    }

    @Test
    void aFullCellStaysFullAndDisturbsNothing() {
        var crowds = new Crowds(1);
        for (int i = 0; i < 600_000; i++) {
            crowds.read(START, 1, 2, client(1, 1));
        }
        assertThat(load(crowds.read(START + Crowds.SLICE_MILLIS, 1, 2, client(1, 1))))
                .isEqualTo(255);
        assertThat(load(crowds.read(START + 3 * Crowds.SLICE_MILLIS, 1, 2, client(1, 1))))
                .isZero();
    }

    @Test
    void threadsLoseNoRequest() throws InterruptedException {
        int threads = 4;
        int each = 5_000;
        var crowds = new Crowds(1);
        var go = new CountDownLatch(1);
        Thread[] all = IntStream.range(0, threads)
                .mapToObj(t -> new Thread(() -> {
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    for (int i = 0; i < each; i++) {
                        crowds.read(START, i % 3, 9, client(1, t));
                    }
                }))
                .toArray(Thread[]::new);
        for (Thread thread : all) {
            thread.start();
        }
        go.countDown();
        for (Thread thread : all) {
            thread.join();
        }
        double octaves = Math.log(1 + threads * each) / Math.log(2);
        assertThat(load(crowds.read(START + Crowds.SLICE_MILLIS, 1, 2, client(1, 1))))
                .isEqualTo((int) (16 * octaves));
    }

    @Test
    void readingAllocatesNothing() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var crowds = new Crowds(1);
        IpAddress client = client(1, 1);
        long[] allocated = new long[2];
        for (int round = 0; round < 2; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 200_000; i++) {
                crowds.read(START + i, i, 2, client);
            }
            allocated[round] = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(allocated[1]).isLessThan(200_000); // not a byte a call, once compiled
    }
}
