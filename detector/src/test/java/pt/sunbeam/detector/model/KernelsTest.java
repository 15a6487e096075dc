package pt.sunbeam.detector.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pt.sunbeam.codegen.RandomModels;
import pt.sunbeam.codegen.Vectors;

class KernelsTest {
    /** Judges once in a process without the Vector API and prints what it found. */
    static final class WithoutVectors {
        static void main() {
            boolean vectorised = Kernels.warmUp(Duration.ofSeconds(60));
            var perceptron = new Perceptron(new int[] {3}, new int[] {4}, new int[] {5}, 0, 6);
            System.out.println(vectorised + " " + perceptron.logit(new byte[] {7}));
        }

        private WithoutVectors() {}
    }

    @Test
    void withoutTheVectorModulePerceptronsStayScalar(@TempDir Path folder) throws Exception {
        var output = folder.resolve("output").toFile();
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        WithoutVectors.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(output).hasContent("false 131");
    }

    @Test
    void afterTheWarmUpJudgingIsVectorisedAndAllocatesNothing() {
        assertThat(Kernels.warmUp(Duration.ofSeconds(60))).isTrue();
        assertThat(Kernels.vectorised()).isTrue();

        var model = RandomModels.ensemble(5, 14, 64, 32);
        var classifier = Classifier.of(model, "abc");
        var random = new SplittableRandom(1);
        var inputs = IntStream.range(0, 1_000)
                .mapToObj(_ -> Vectors.raw(model.features(), random).stream()
                        .mapToInt(x -> x)
                        .toArray())
                .toArray(int[][]::new);
        var scratch = new Scratch(classifier.features());
        var memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = -1;
        int mlp = 0;
        // The first rounds may meet code that is thrown away and compiled again.
        for (int round = 0; round < 1_000 && allocated != 0; round++) {
            long before = memory.getCurrentThreadAllocatedBytes();
            for (int[] input : inputs) {
                mlp += classifier.judge(input, scratch, 0).path().equals("mlp") ? 1 : 0;
            }
            allocated = memory.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(allocated).as("bytes for 1000 judgements").isZero();
        assertThat(mlp).isPositive();
    }
}
