package pt.sunbeam.detector.model;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Which of the two kernels computes perceptrons in this process: the scalar one until {@link #warmUp} has succeeded. */
public final class Kernels {
    private static final int CALLS = 1_000;

    private static volatile boolean vectorised;

    static boolean vectorised() {
        return vectorised;
    }

    /**
     * Runs the vector kernel until C2 has compiled it, then switches all perceptrons of the process to it. Where the
     * module jdk.incubator.vector is missing or the time is up, the scalar kernel stays. Call it before the first request
     * is let in; it takes about a second of one core.
     *
     * @return whether perceptrons are vectorised from now on
     */
    public static boolean warmUp(Duration atMost) {
        if (!vectorised
                && ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                && ManagementFactory.getThreadMXBean() instanceof ThreadMXBean memory
                && memory.isThreadAllocatedMemoryEnabled()) {
            vectorised = compiled(memory, System.nanoTime() + atMost.toNanos());
        }
        return vectorised;
    }

    /**
     * Vector code allocates in the interpreter and under C1 but not under C2, which makes the heap the witness: a round
     * of calls that allocates nothing was compiled. Perceptrons of one block and of several, so that the code is not
     * compiled for one shape and thrown away at the next.
     */
    private static boolean compiled(ThreadMXBean memory, long deadline) {
        var perceptrons = List.of(perceptron(12, 32), perceptron(14, 32), perceptron(40, 96));
        var input = new byte[40];
        Arrays.fill(input, (byte) 64);
        int sum = 0;
        while (System.nanoTime() < deadline) {
            long before = memory.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                sum += VectorKernel.logit(perceptrons.get(i % perceptrons.size()), input);
            }
            if (memory.getCurrentThreadAllocatedBytes() == before) {
                return sum != Integer.MIN_VALUE; // always true; the sum must be used
            }
        }
        return false;
    }

    private static Perceptron perceptron(int inputs, int hidden) {
        var weights = new int[inputs * hidden];
        Arrays.fill(weights, 1);
        var units = new int[hidden];
        Arrays.fill(units, 1);
        return new Perceptron(weights, units, units, 7, 0);
    }

    private Kernels() {}
}
