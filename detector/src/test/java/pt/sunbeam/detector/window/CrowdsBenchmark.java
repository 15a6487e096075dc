package pt.sunbeam.detector.window;

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

/** A request counted and the crowd read: of one of 400 paths of one host, from one of 256 networks, a millisecond after the one before. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CrowdsBenchmark {
    private static final IpAddress[] CLIENTS = new IpAddress[256];

    static {
        for (int i = 0; i < CLIENTS.length; i++) {
            CLIENTS[i] = IpAddress.parse("10.0." + i + ".1");
        }
    }

    /** Shared by all threads, as a node's requests share it. */
    @State(Scope.Benchmark)
    public static class Node {
        final Crowds crowds = new Crowds(7);
    }

    @State(Scope.Thread)
    public static class Requests {
        long next;
    }

    @Benchmark
    public int read(Node node, Requests requests) {
        long i = requests.next++;
        return node.crowds.read(i, (int) (i * 31 % 400), 9, CLIENTS[(int) i & 255]);
    }
}
