package pt.sunbeam.proxy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BucketTableTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 1_000 * SECOND;
    private static final Rate RATE = new Rate(5, SECOND);

    private static BucketTable table(int bytes) {
        return new BucketTable(bytes, 0, RATE.filling() + Rate.SLACK);
    }

    static Stream<Integer> seeds() {
        return IntStream.range(0, 12).boxed();
    }

    @Test
    void aBurstPassesAndThenOneInEachInterval() {
        var table = table(4_096);
        assertThat(table.take(7, RATE, START)).isEqualTo(BucketTable.ABSENT);
        assertThat(table.put(7, START, START)).isTrue();
        for (int i = 0; i < 5; i++) {
            assertThat(table.take(7, RATE, START)).isZero();
        }
        assertThat(table.take(7, RATE, START)).isEqualTo(SECOND);
        assertThat(table.take(7, RATE, START + SECOND / 4)).isEqualTo(3 * SECOND / 4);
        assertThat(table.take(7, RATE, START + SECOND)).isZero();
        assertThat(table.take(7, RATE, START + SECOND)).isEqualTo(SECOND);
    }

    @Test
    void whatIsGivenBackCanBeTakenAgain() {
        var table = table(4_096);
        table.put(7, START + RATE.filling(), START);
        assertThat(table.take(7, RATE, START)).isPositive();
        table.giveBack(7, RATE);
        assertThat(table.take(7, RATE, START)).isZero();
        assertThat(table.take(7, RATE, START)).isPositive();
    }

    @Test
    void aTableThatIsFullTurnsNewcomersAwayUntilABucketIsFullAgain() {
        var table = table(256); // sixteen places: every key can have each
        for (long key = 1; key <= 16; key++) {
            assertThat(table.put(key, START + key * SECOND, START)).isTrue();
        }
        assertThat(table.put(99, START, START)).isFalse();
        assertThat(table.put(99, START + 9 * SECOND, START + SECOND)).isTrue();
        assertThat(table.holds(1)).isFalse();
        assertThat(table.holds(2)).isTrue();
        assertThat(table.used()).isEqualTo(16);
        table.sweep(START + 9 * SECOND);
        assertThat(table.used()).isEqualTo(7);
        assertThat(table.holds(99)).isFalse();
    }

    @Test
    void nearlyAllPlacesCanBeUsed() {
        var table = table(1 << 20);
        var random = new SplittableRandom(1);
        for (int i = 0; i < table.capacity() / 2; i++) {
            assertThat(table.put(random.nextLong(), START + SECOND, START)).isTrue();
        }
        for (int i = 0; i < table.capacity() / 2; i++) {
            table.put(random.nextLong(), START + SECOND, START);
        }
        assertThat(table.used()).isGreaterThan(table.capacity() * 9 / 10);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nobodyEverGetsMoreThanTheRateAllows(int seed) {
        var random = new SplittableRandom(seed);
        var table = table(256 << random.nextInt(4));
        int keys = 1 + random.nextInt(200);
        Map<Long, Long> exact = new HashMap<>();
        long now = START;
        for (int i = 0; i < 20_000; i++) {
            now += random.nextLong(SECOND / 4);
            long key = SplittableHash.of(random.nextInt(keys));
            long wait = table.take(key, RATE, now);
            if (wait == BucketTable.ABSENT) {
                wait = table.put(key, now + RATE.interval(), now) ? 0 : 1;
            }
            if (wait == 0) {
                long level = RATE.level(exact.getOrDefault(key, 0L), now);
                assertThat(RATE.wait(level, now)).isNotPositive();
                exact.put(key, level + RATE.interval());
            }
            if (random.nextInt(1_000) == 0) {
                table.sweep(now);
            }
        }
    }

    /** Spreads small numbers over the 64 bits of a hash. */
    private static final class SplittableHash {
        static long of(int number) {
            return new SplittableRandom(number).nextLong();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void noChargeIsLostWhereThreadsBringInTheSameKey(int seed) throws Exception {
        int threads = 4;
        var rate = new Rate(1_000, SECOND);
        try (var pool = Executors.newFixedThreadPool(threads)) {
            for (int round = 0; round < 200; round++) {
                var table = new BucketTable(256, 0, rate.filling() + Rate.SLACK);
                long key = SplittableHash.of(seed * 1_000 + round);
                var barrier = new CyclicBarrier(threads);
                var admitted = new AtomicInteger();
                Callable<Void> client = () -> {
                    barrier.await();
                    for (int i = 0; i < 10; i++) {
                        long wait = table.take(key, rate, START);
                        if (wait == BucketTable.ABSENT) {
                            table.put(key, START + rate.interval(), START);
                        }
                        admitted.incrementAndGet();
                    }
                    return null;
                };
                var running = new ArrayList<Future<Void>>();
                for (int i = 0; i < threads; i++) {
                    running.add(pool.submit(client));
                }
                for (var one : running) {
                    one.get();
                }
                int left = 0;
                while (table.take(key, rate, START) == 0) {
                    left++;
                }
                assertThat(left).isEqualTo(rate.burst() - admitted.get());
                assertThat(table.used()).isEqualTo(1);
            }
        }
    }

    @Test
    void aClockThatGoesBackEmptiesABucketAtMost() {
        var table = table(256);
        table.put(7, START + SECOND, START);
        long back = START - 900 * SECOND;
        assertThat(table.take(7, RATE, back)).isEqualTo(SECOND);
        assertThat(table.take(7, RATE, back + SECOND)).isZero();
        for (long key = 100; key < 116; key++) {
            table.put(key, START + SECOND, START);
        }
        assertThat(table.put(99, back, back)).isFalse();
        table.sweep(back);
        assertThat(table.put(99, back + 20 * SECOND, back + 20 * SECOND)).isTrue();
    }

    @Test
    void aClockThatJumpsFarAheadFillsEveryBucket() {
        var table = table(256);
        table.put(7, START + RATE.filling(), START);
        long ahead = START + (1L << 60);
        for (int i = 0; i < 5; i++) {
            assertThat(table.take(7, RATE, ahead)).isZero();
        }
        assertThat(table.take(7, RATE, ahead)).isEqualTo(SECOND);
        assertThat(table.take(7, RATE, START + SECOND)).isEqualTo(SECOND);
        assertThat(table.take(7, RATE, START + 2 * SECOND)).isZero();
    }
}
