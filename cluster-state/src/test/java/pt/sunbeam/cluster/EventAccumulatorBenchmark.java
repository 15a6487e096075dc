package pt.sunbeam.cluster;

import java.util.concurrent.TimeUnit;
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
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--sun-misc-unsafe-memory-access=allow")
@State(Scope.Benchmark)
public class EventAccumulatorBenchmark {
    private static final IpAddress ATTACKER = new IpAddress(0, 0xffff_c000_0201L);
    private static final Event EVENT = new Event(1, 2, 3, 4, 5, 5, 6, 7, 0);

    private final EventAccumulator accumulator = new EventAccumulator((_, _) -> {});

    @Benchmark
    public void arrived() {
        accumulator.arrived(ATTACKER, EVENT);
    }
}
