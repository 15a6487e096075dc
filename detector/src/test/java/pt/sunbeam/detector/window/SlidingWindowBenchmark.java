package pt.sunbeam.detector.window;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One more event at a window that is full: it drops the oldest, adds the newest and computes all features. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SlidingWindowBenchmark {
    private static final int TRACE = 1 << 14;
    private static final long LAP_MILLIS = TRACE * 10L;

    /** 8 is scanned, 1,000 is counted. */
    @Param({"8", "1000"})
    public int capacity;

    /** 14 for those of the baseline. */
    @Param({"14", "22"})
    public int features;

    private int[] out = new int[0];
    private Event[] laps = new Event[0];
    private SlidingWindow window = new SlidingWindow(1, 1);
    private List<SlidingWindowTest.Seen> recent = List.of();
    private int next;

    @Setup
    public void fill() {
        out = new int[features];
        var random = new SplittableRandom(7);
        laps = IntStream.range(0, TRACE)
                .mapToObj(i -> new Event(
                        i,
                        i * LAP_MILLIS / TRACE,
                        Integer.reverse(random.nextInt(400)) * 31,
                        random.nextInt(3),
                        random.nextInt(5) * 0x9e3779b9,
                        random.nextInt(9) * 0x9e3779b9,
                        random.nextInt(1_000),
                        random.nextInt(256),
                        random.nextInt(1 << 16)))
                .toArray(Event[]::new);
        window = new SlidingWindow(60_000, capacity);
        for (next = 0; next < capacity; next++) {
            window.add(laps[next]);
        }
        recent = Arrays.stream(laps, 0, capacity)
                .map(event -> new SlidingWindowTest.Seen(event, event.timeMillis(), 200, 5, false))
                .toList();
    }

    /** The record of the event is made anew, as in service; escape analysis may remove it. */
    @Benchmark
    public int[] addEvictAndFeatures() {
        Event event = laps[next % TRACE];
        long time = event.timeMillis() + LAP_MILLIS * (next / TRACE);
        window.add(new Event(
                next++,
                time,
                event.pathHash(),
                event.hostHash(),
                event.agentHash(),
                event.identityHash(),
                event.contentLength(),
                event.flags(),
                event.crowd()));
        window.features(out);
        return out;
    }

    /** Feedback comes a few events later, mostly. */
    @Benchmark
    public int[] addRespondAndFeatures() {
        int[] features = addEvictAndFeatures();
        window.respond(next - 4L, 404, 25, false);
        return features;
    }

    @Benchmark
    public int[] featuresAlone() {
        window.features(out);
        return out;
    }

    /** The baseline: the same features worked out anew from all events, as the tests define them. */
    @Benchmark
    public double[] recomputed() {
        return SlidingWindowTest.naive(recent, 60_000);
    }
}
