package pt.sunbeam.detector.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static pt.sunbeam.detector.feature.AddressFeatures.*;
import static pt.sunbeam.detector.feature.DdosFeatures.ACCEPT_LANGUAGE_RATIO;
import static pt.sunbeam.detector.feature.DdosFeatures.AVG_CONTENT_LENGTH;
import static pt.sunbeam.detector.feature.DdosFeatures.AVG_DURATION_MS;
import static pt.sunbeam.detector.feature.DdosFeatures.BURST_SCORE;
import static pt.sunbeam.detector.feature.DdosFeatures.COOKIE_RATIO;
import static pt.sunbeam.detector.feature.DdosFeatures.ERROR_RATE;
import static pt.sunbeam.detector.feature.DdosFeatures.METHOD_ENTROPY;
import static pt.sunbeam.detector.feature.DdosFeatures.PATH_REPETITION;
import static pt.sunbeam.detector.feature.DdosFeatures.REFERER_RATIO;
import static pt.sunbeam.detector.feature.DdosFeatures.REQUEST_RATE;
import static pt.sunbeam.detector.feature.DdosFeatures.SUSPICIOUS_PATH_RATIO;
import static pt.sunbeam.detector.feature.DdosFeatures.UNIQUE_HOSTS;
import static pt.sunbeam.detector.feature.DdosFeatures.UNIQUE_PATHS;
import static pt.sunbeam.detector.feature.DdosFeatures.UNIQUE_USER_AGENTS;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.detector.feature.DdosFeatures;

class SlidingWindowTest {
    private static final int WINDOW = 60_000;

    private static int[] features(SlidingWindow window) {
        int[] out = new int[COUNT];
        window.features(out);
        return out;
    }

    private static Event event(long id, long time) {
        return new Event(id, time, 1, 1, 1, 1, 0, 0, 0);
    }

    @Test
    void anEmptyWindowHasNoFeatures() {
        var window = new SlidingWindow(WINDOW, 10);
        int[] out = IntStream.generate(() -> 9).limit(COUNT).toArray();
        window.features(out);
        assertThat(out).containsOnly(0);
        assertThat(window.size()).isZero();
        assertThat(window.newestMillis()).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void fourRequestsGiveTheFeaturesOneCanWorkOutByHand() {
        var window = new SlidingWindow(WINDOW, 10);
        window.add(new Event(1, 0, 11, 21, 31, 31, 100, Event.COOKIES | Event.REFERER, 0));
        window.add(new Event(2, 500, 11, 21, 31, 31, 0, Event.COOKIES, 0));
        window.add(new Event(3, 1_000, 12, 22, 31, 31, 0, 1 | Event.ACCEPT_LANGUAGE, 0));
        window.add(new Event(4, 1_500, 13, 21, 32, 32, 50, 1 | Event.SUSPICIOUS_PATH, 0));
        window.respond(1, 200, 10, false);
        window.respond(2, 404, 25, false);
        window.respond(3, 500, 0, false);
        window.respond(4, 403, 0, false);
        int[] out = features(window);
        assertThat(out[REQUEST_RATE]).isEqualTo(67); // 4 in a minute
        assertThat(out[UNIQUE_PATHS]).isEqualTo(3);
        assertThat(out[UNIQUE_HOSTS]).isEqualTo(2);
        assertThat(out[ERROR_RATE]).isEqualTo(7_500);
        assertThat(out[AVG_DURATION_MS]).isEqualTo(9); // 35 / 4
        assertThat(out[METHOD_ENTROPY]).isEqualTo(6_931); // ln 2
        assertThat(out[BURST_SCORE]).isEqualTo(2_000); // 3 in 1.5 s
        assertThat(out[PATH_REPETITION]).isEqualTo(5_000);
        assertThat(out[AVG_CONTENT_LENGTH]).isEqualTo(38); // 37.5
        assertThat(out[UNIQUE_USER_AGENTS]).isEqualTo(2);
        assertThat(out[COOKIE_RATIO]).isEqualTo(5_000);
        assertThat(out[REFERER_RATIO]).isEqualTo(2_500);
        assertThat(out[ACCEPT_LANGUAGE_RATIO]).isEqualTo(2_500);
        assertThat(out[SUSPICIOUS_PATH_RATIO]).isEqualTo(2_500);
        assertThat(out[MISSED_PATHS]).isEqualTo(1);
        assertThat(out[DENIED_RATIO]).isEqualTo(2_500);
        assertThat(out[GAP_SPREAD]).isZero(); // every 500 ms
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 16})
    void guessedPathsCountOnceEachAndGoodRequestsInBetweenDoNotLowerThem(int events) {
        var window = new SlidingWindow(WINDOW, 100);
        for (int i = 0; i < events; i++) {
            boolean asset = i % 4 == 2;
            window.add(new Event(i, i, i / 4 * 4, 1, 1, 1, 0, asset ? Event.ASSET : 0, 0));
            window.respond(i, i % 4 == 3 ? 200 : 404, 1, false);
        }
        assertThat(features(window)[MISSED_PATHS]).isEqualTo(events / 4);
        assertThat(features(window)[ASSET_RATIO]).isEqualTo(2_500);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 16})
    void whatTheScannerDetectorRefusesIsNotDeniedByTheSite(int events) {
        var window = new SlidingWindow(WINDOW, 100);
        for (int i = 0; i < events; i++) {
            window.add(event(i, i));
            window.respond(i, 403, 1, i % 2 == 0);
        }
        assertThat(features(window)[SCANNER_RATIO]).isEqualTo(5_000);
        assertThat(features(window)[DENIED_RATIO]).isEqualTo(5_000);
    }

    @Test
    void gapsOfAPoissonProcessSpreadOverAnOctaveAndThreeQuarters() {
        var random = new SplittableRandom(1);
        var window = new SlidingWindow(Integer.MAX_VALUE, 10_000);
        long now = 0;
        for (int i = 0; i < 10_000; i++) {
            now += Math.round(-50_000 * Math.log(1 - random.nextDouble()));
            window.add(event(i, now));
        }
        assertThat(features(window)[GAP_SPREAD]).isBetween(1_800, 1_900);
    }

    @Test
    void theBaselineGetsItsFourteenFeaturesAlone() {
        var window = new SlidingWindow(WINDOW, 100);
        for (int i = 0; i < 20; i++) {
            window.add(new Event(i, 100L * i, i % 3, 1, 1, i, 10, 9 | Event.ASSET, 0x1234));
            window.respond(i, 404, i, true);
            int[] fourteen = new int[DdosFeatures.COUNT];
            window.features(fourteen);
            assertThat(features(window)).startsWith(fourteen);
        }
    }

    @Test
    void requestsOfOneMomentBurstAsManyASecond() {
        var window = new SlidingWindow(WINDOW, 100);
        window.add(event(0, 5));
        assertThat(features(window)[BURST_SCORE]).isZero();
        for (int i = 1; i < 20; i++) {
            window.add(event(i, 5));
        }
        assertThat(features(window)[BURST_SCORE]).isEqualTo(20_000);
    }

    @Test
    void anEventOfExactlyTheWindowsAgeIsStillIn() {
        var window = new SlidingWindow(WINDOW, 10);
        window.add(event(1, 1_000));
        window.evict(1_000 + WINDOW);
        assertThat(window.size()).isEqualTo(1);
        window.evict(1_001 + WINDOW);
        assertThat(window.size()).isZero();
        assertThat(window.newestMillis()).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void theOldestLeavesWhenTheWindowIsFull() {
        var window = new SlidingWindow(WINDOW, 3);
        for (int i = 1; i <= 4; i++) {
            window.add(new Event(i, i, i, 0, 0, 0, 0, 0, 0));
            window.respond(i, i == 1 ? 500 : 200, 0, false);
        }
        assertThat(window.size()).isEqualTo(3);
        assertThat(features(window)[ERROR_RATE]).isZero();
        assertThat(features(window)[UNIQUE_PATHS]).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 50})
    void feedbackForAnEventThatHasLeftOrNeverCameChangesNothing(int events) {
        var window = new SlidingWindow(WINDOW, events);
        for (int i = 0; i <= events; i++) {
            window.add(event(i, i));
        }
        int[] before = features(window);
        window.respond(0, 500, 1_000_000, false);
        window.respond(1L << 32 | 2, 500, 1_000_000, false); // the same low bits as an id that is there
        window.respond(events + 1L, 500, 1_000_000, false);
        assertThat(features(window)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 50})
    void theLastFeedbackForAnEventCounts(int events) {
        var window = new SlidingWindow(WINDOW, events);
        for (int i = 0; i < events; i++) {
            window.add(event(i, i));
        }
        window.respond(1, 500, 1_000 * events, false);
        window.respond(1, 200, 10 * events, false);
        assertThat(features(window)[ERROR_RATE]).isZero();
        assertThat(features(window)[AVG_DURATION_MS]).isEqualTo(10);
    }

    @Test
    void aLateEventCountsAsIfItCameWithTheNewest() {
        var window = new SlidingWindow(WINDOW, 10);
        window.add(event(1, 10_000));
        window.add(event(2, 9_000));
        assertThat(window.newestMillis()).isEqualTo(10_000);
        assertThat(features(window)[BURST_SCORE]).isEqualTo(2_000); // no time between them
        window.evict(9_001 + WINDOW);
        assertThat(window.size()).isEqualTo(2);
        window.evict(10_001 + WINDOW);
        assertThat(window.size()).isZero();
    }

    @Test
    void aClockThatIsBehindEvictsNothing() {
        var window = new SlidingWindow(WINDOW, 10);
        window.add(event(1, 100_000));
        window.evict(0);
        assertThat(window.size()).isEqualTo(1);
    }

    @Test
    void timesBeyondAnIntAndLongPausesAreNoMatter() {
        var window = new SlidingWindow(Integer.MAX_VALUE, 10);
        long start = (1L << 32) * 419 + Integer.MAX_VALUE - 10; // low bits turn over within the window
        window.add(event(1, start));
        window.add(event(2, start + Integer.MAX_VALUE));
        assertThat(window.size()).isEqualTo(2);
        assertThat(features(window)[BURST_SCORE]).isEqualTo(0); // one in 25 days
        window.add(event(3, start + (1L << 40)));
        assertThat(window.size()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void aWindowNeedsTimeAndRoom(int nothing) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SlidingWindow(nothing, 10))
                .withMessageContaining(nothing + " ms");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SlidingWindow(10, nothing))
                .withMessageContaining(nothing + " events");
    }

    @Test
    void ratesBeyondAnIntAreHeldAtItsEnd() {
        var window = new SlidingWindow(1, 3_000);
        for (int i = 0; i < 3_000; i++) {
            window.add(event(i, i / 1_500));
        }
        assertThat(features(window)[BURST_SCORE]).isEqualTo(Integer.MAX_VALUE);
        assertThat(features(window)[REQUEST_RATE]).isEqualTo(Integer.MAX_VALUE);
    }

    /** An event and what came of it; the oracle's own. */
    record Seen(Event event, long time, int status, int duration, boolean suspicious) {}

    /** The definition: doubles over the list of events, in requests, seconds, nats and shares, then put into the units. */
    static double[] naive(Collection<Seen> window, int windowMillis) {
        double[] out = new double[COUNT];
        double n = window.size();
        if (n == 0) {
            return out;
        }
        Map<Integer, Integer> paths = counts(window, seen -> seen.event().pathHash());
        Map<Integer, Integer> methods = counts(window, seen -> seen.event().flags() & 7);
        double span = window.stream().mapToLong(Seen::time).max().getAsLong()
                - window.stream().mapToLong(Seen::time).min().getAsLong();
        out[REQUEST_RATE] = 1_000 * n / (windowMillis / 1_000.0);
        out[UNIQUE_PATHS] = paths.size();
        out[UNIQUE_HOSTS] = counts(window, seen -> seen.event().hostHash()).size();
        out[ERROR_RATE] = 10_000 * mean(window, seen -> seen.status() >= 400 ? 1 : 0);
        out[AVG_DURATION_MS] = mean(window, Seen::duration);
        out[METHOD_ENTROPY] = 10_000
                * methods.values().stream()
                        .mapToDouble(c -> -c / n * Math.log(c / n))
                        .sum();
        out[BURST_SCORE] = 1_000 * (n < 2 ? 0 : span == 0 ? n : (n - 1) / (span / 1_000));
        out[PATH_REPETITION] =
                10_000 * paths.values().stream().max(Integer::compare).orElseThrow() / n;
        out[AVG_CONTENT_LENGTH] = mean(window, seen -> seen.event().contentLength());
        out[UNIQUE_USER_AGENTS] =
                counts(window, seen -> seen.event().agentHash()).size();
        out[COOKIE_RATIO] = 10_000 * mean(window, seen -> flag(seen, 8));
        out[REFERER_RATIO] = 10_000 * mean(window, seen -> flag(seen, 16));
        out[ACCEPT_LANGUAGE_RATIO] = 10_000 * mean(window, seen -> flag(seen, 32));
        out[SUSPICIOUS_PATH_RATIO] = 10_000 * mean(window, seen -> flag(seen, 64));
        out[MISSED_PATHS] = counts(
                        window.stream()
                                .filter(seen -> Set.of(404, 410).contains(seen.status()) && flag(seen, 128) == 0)
                                .toList(),
                        seen -> seen.event().pathHash())
                .size();
        out[DENIED_RATIO] =
                10_000 * mean(window, seen -> Set.of(401, 403).contains(seen.status()) && !seen.suspicious() ? 1 : 0);
        out[ASSET_RATIO] = 10_000 * mean(window, seen -> flag(seen, 128));
        out[GAP_SPREAD] =
                1_000 * deviationOfGaps(window.stream().mapToLong(Seen::time).toArray());
        out[IDENTITIES] = counts(window, seen -> seen.event().identityHash()).size();
        out[SCANNER_RATIO] = 10_000 * mean(window, seen -> seen.suspicious() ? 1 : 0);
        out[NETWORK_LOAD] = 1_000 * mean(window, seen -> seen.event().crowd() % 256 / 16.0);
        out[SURGE] = 1_000 * mean(window, seen -> (seen.event().crowd() >> 8) / 16.0);
        return out;
    }

    private static double deviationOfGaps(long[] times) {
        double[] octaves = IntStream.range(1, times.length)
                .mapToDouble(i -> Math.log(1.0 + times[i] - times[i - 1]) / Math.log(2))
                .toArray();
        double mean = Arrays.stream(octaves).average().orElse(0);
        return Math.sqrt(Arrays.stream(octaves)
                .map(x -> (x - mean) * (x - mean))
                .average()
                .orElse(0));
    }

    private static Map<Integer, Integer> counts(Collection<Seen> window, ToIntFunction<Seen> key) {
        Map<Integer, Integer> counts = new HashMap<>();
        window.forEach(seen -> counts.merge(key.applyAsInt(seen), 1, Integer::sum));
        return counts;
    }

    private static double mean(Collection<Seen> window, ToDoubleFunction<Seen> value) {
        return window.stream().mapToDouble(value).average().orElseThrow();
    }

    private static int flag(Seen seen, int flag) {
        return (seen.event().flags() & flag) == 0 ? 0 : 1;
    }

    static IntStream smallFirst() {
        return IntStream.range(0, 150);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("smallFirst")
    void theFeaturesAreThoseOfTheirDefinition(int seed) {
        var random = new SplittableRandom(seed);
        int capacity = 1 + random.nextInt(1 + 2 * seed);
        int windowMillis = 1 + random.nextInt(5_000);
        int pause = 1 + random.nextInt(1 + 4 * windowMillis / capacity);
        var window = new SlidingWindow(windowMillis, capacity);
        Deque<Seen> list = new ArrayDeque<>();
        long now = random.nextLong(1L << 41);
        // Few and many values, 0 and neighbours among them: long probe runs, and paths whose counts rise and fall.
        IntUnaryOperator hash = bound -> random.nextInt(bound) * (random.nextBoolean() ? 1 : 0x10001);
        for (int i = 0; i < 20 + 6 * seed; i++) {
            now += random.nextInt(10) == 0 ? random.nextInt(2 * windowMillis) : random.nextInt(pause);
            long late = Math.max(0, random.nextInt(40) - 30);
            switch (random.nextInt(8)) {
                case 0 -> {
                    window.evict(now);
                    evict(list, now, windowMillis);
                }
                case 1, 2 -> {
                    long id = Math.max(0, i - random.nextInt(2 * capacity));
                    int status = new int[] {0, 200, 399, 401, 403, 404, 410, 503}[random.nextInt(8)];
                    int duration = random.nextInt(random.nextInt(10) == 0 ? Integer.MAX_VALUE : 500);
                    boolean suspicious = random.nextInt(4) == 0;
                    window.respond(id, status, duration, suspicious);
                    var answered = list.stream()
                            .map(s -> s.event().id() == id
                                    ? new Seen(s.event(), s.time(), status, duration, suspicious)
                                    : s)
                            .toList();
                    list.clear();
                    list.addAll(answered);
                }
                default -> {
                    int flags = random.nextInt(256) & (random.nextBoolean() ? 255 : 9);
                    int length = random.nextInt(20) == 0 ? Integer.MAX_VALUE : random.nextInt(1_000);
                    var event = new Event(
                            i,
                            now - late,
                            hash.applyAsInt(1 + seed),
                            hash.applyAsInt(3),
                            hash.applyAsInt(20),
                            hash.applyAsInt(40),
                            length,
                            flags,
                            random.nextInt(1 << 16));
                    window.add(event);
                    long time = list.isEmpty()
                            ? event.timeMillis()
                            : Math.max(event.timeMillis(), list.getLast().time());
                    list.addLast(new Seen(event, time, 0, 0, false));
                    evict(list, time, windowMillis);
                    if (list.size() > capacity) {
                        list.removeFirst();
                    }
                }
            }
            assertThat(window.size()).isEqualTo(list.size());
            int[] features = features(window);
            double[] expected = naive(list, windowMillis);
            for (int f = 0; f < COUNT; f++) {
                double difference = Math.abs(features[f] - Math.min(expected[f], Integer.MAX_VALUE));
                if (difference > (f == GAP_SPREAD ? 3 : 1)) { // logarithms are in steps of 1/1024
                    assertThat((double) features[f])
                            .as("step %d: %s", i, NAMES.get(f))
                            .isEqualTo(expected[f]);
                }
            }
        }
    }

    private static void evict(Deque<Seen> list, long now, int windowMillis) {
        if (!list.isEmpty()) {
            list.removeIf(seen -> now - seen.time() > windowMillis);
        }
    }

    @Test
    void aGrownWindowAllocatesNothing() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var random = new SplittableRandom(3);
        Event[] events = IntStream.range(0, 4_000)
                .mapToObj(i -> new Event(
                        i,
                        i * 10L,
                        random.nextInt(400),
                        random.nextInt(3),
                        random.nextInt(9),
                        random.nextInt(9),
                        i,
                        i & 255,
                        i))
                .toArray(Event[]::new);
        var window = new SlidingWindow(5_000, 1_000);
        int[] out = new int[COUNT];
        long[] allocated = new long[2];
        for (int half = 0; half < 2; half++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 2_000 * half; i < 2_000 * (half + 1); i++) {
                window.add(events[i]);
                window.respond(i, i % 3 == 0 ? 404 : 200, 5, false);
                window.features(out);
            }
            allocated[half] = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(allocated[0]).isGreaterThan(10_000); // the measure works: this half grew
        assertThat(allocated[1]).isLessThan(2_000); // not a byte a call
    }
}
