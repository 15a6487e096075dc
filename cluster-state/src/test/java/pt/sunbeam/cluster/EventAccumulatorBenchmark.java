package pt.sunbeam.cluster;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.window.Event;

/** Recording an event while all threads record for one address, the worst case; run with {@code -t 1}, {@code -t 2}, {@code -t 8}. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--sun-misc-unsafe-memory-access=allow")
@State(Scope.Benchmark)
public class EventAccumulatorBenchmark {
    private static final IpAddress ATTACKER = new IpAddress(0, 0xffff_c000_0201L);
    private static final Event EVENT = new Event(1, 2, 3, 4, 5, 6, 7);

    private final EventAccumulator accumulator = new EventAccumulator((_, _) -> {});
    private final Locked locked = new Locked();

    @Benchmark
    public void lockFree() {
        accumulator.arrived(ATTACKER, EVENT);
    }

    @Benchmark
    public void lockPerShard() {
        locked.arrived(ATTACKER, EVENT);
    }

    /** The obvious way, for comparison. */
    private static final class Locked {
        private final long[][] rows = new long[Shards.COUNT][Segment.ROWS * Rows.STRIDE];
        private final int[] counts = new int[Shards.COUNT];
        private final AtomicReference<long[]> sent = new AtomicReference<>();

        void arrived(IpAddress key, Event event) {
            int shard = Shards.of(key);
            long[] buffer = rows[shard];
            synchronized (buffer) {
                Rows.putArrival(buffer, counts[shard], key, event);
                if (++counts[shard] == Segment.ROWS) {
                    counts[shard] = 0;
                    sent.set(Arrays.copyOf(buffer, buffer.length));
                }
            }
        }
    }
}
