package pt.sunbeam.cluster;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
import pt.sunbeam.detector.verdict.DdosVerdict;
import pt.sunbeam.detector.verdict.Escalation;
import pt.sunbeam.detector.verdict.Measure;

/** What every request pays: one look-up among 10,000 bans. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--sun-misc-unsafe-memory-access=allow")
@State(Scope.Thread)
public class VerdictTableBenchmark {
    private final VerdictTable table = new VerdictTable(DetectorNode.VERDICT_CAPACITY, Escalation.STANDARD);
    private int next;

    public VerdictTableBenchmark() {
        for (int i = 0; i < 10_000; i++) {
            table.put(address(2 * i), new DdosVerdict(Measure.BLOCK, 0, Long.MAX_VALUE, 1, 1, 1, "mlp", List.of()), 0);
        }
    }

    /** Every other address is banned. */
    @Benchmark
    public @Nullable DdosVerdict get() {
        next = (next + 7_919) % 20_000;
        return table.get(address(next).detectorKey(), 1);
    }

    private static IpAddress address(int i) {
        return new IpAddress(0, 0xffff_0a00_0000L + i);
    }
}
