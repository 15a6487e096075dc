package pt.sunbeam.detector.model;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import pt.sunbeam.codegen.RandomModels;
import pt.sunbeam.codegen.Vectors;
import pt.sunbeam.codegen.Verdict;
import pt.sunbeam.detector.feature.AddressFeatures;
import pt.sunbeam.detector.feature.DdosFeatures;

/**
 * What a judgement costs. {@code full*} is a generated model of the largest size in use: a tree of 256 leaves and depth 8
 * over 14 features with up to 127 cuts, and 32 hidden units; the others are the committed models, {@code ddosDecision} where the tree leaves it to the perceptron. Random inputs are 4,096
 * different ones in turn, which no branch predictor learns; a fixed input is the best case.
 *
 * <pre>
 * mvn -q -pl detector -am test-compile exec:exec@jmh -Djmh.module=detector -Djmh.args="ModelBenchmark -prof gc"
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ModelBenchmark {
    private static final int INPUTS = 4_096;

    private final Classifier scanner = Models.scannerBaseline();
    private final Classifier ddos = Models.ddos();
    private final Classifier ddosBaseline = Models.ddosBaseline();
    private final int[][] scannerInputs = new int[INPUTS][];
    private final int[][] ddosInputs = new int[INPUTS][];
    private final int[][] ddosBaselineInputs = new int[INPUTS][];
    private final int[][] fullInputs = new int[INPUTS][];
    private final byte[][] fullQuantised = new byte[INPUTS][];
    private final Scratch scratch = new Scratch(AddressFeatures.COUNT);

    @SuppressWarnings("NullAway.Init") // by the set-up
    private Classifier full;

    private int next;

    @Setup
    public void setUp() throws IOException, ReflectiveOperationException {
        var model = RandomModels.ensemble(1, 14, 256, 32);
        full = CompiledModel.of(model, Files.createTempDirectory("model-benchmark"));
        var random = new SplittableRandom(1);
        for (int i = 0; i < INPUTS; i++) {
            fullInputs[i] = Vectors.raw(model.features(), random).stream()
                    .mapToInt(x -> x)
                    .toArray();
            fullQuantised[i] = new byte[14];
            full.quantiser.quantise(fullInputs[i], fullQuantised[i]);
            scannerInputs[i] = random.ints(12, 0, 2).toArray();
            scannerInputs[i][0] *= random.nextInt(1_000);
            do {
                ddosInputs[i] = random.ints(AddressFeatures.COUNT, 0, 2 << random.nextInt(14))
                        .toArray();
            } while (ddos.judge(ddosInputs[i], scratch, 0) == Judgement.TREE_BLOCK);
            ddosBaselineInputs[i] = random.ints(DdosFeatures.COUNT, 0, 20_000).toArray();
        }
        if (!Kernels.warmUp(Duration.ofSeconds(60))) {
            throw new IllegalStateException("no Vector API");
        }
    }

    private int next() {
        next = (next + 1) % INPUTS;
        return next;
    }

    @Benchmark
    public Verdict fullTreeRandom() {
        return full.tree.apply(fullQuantised[next()]);
    }

    @Benchmark
    public Verdict fullTreeFixed() {
        return full.tree.apply(fullQuantised[0]);
    }

    @Benchmark
    public int fullPerceptronScalar() {
        return ScalarKernel.logit(full.perceptron, fullQuantised[next()]);
    }

    @Benchmark
    public int fullPerceptronVector() {
        return VectorKernel.logit(full.perceptron, fullQuantised[next()]);
    }

    @Benchmark
    public byte[] fullQuantiser() {
        full.quantiser.quantise(fullInputs[next()], scratch.quantised);
        return scratch.quantised;
    }

    @Benchmark
    public Judgement fullDecision() {
        return full.judge(fullInputs[next()], scratch, 0);
    }

    @Benchmark
    public Judgement scannerDecision() {
        return scanner.judge(scannerInputs[next()], scratch, 0);
    }

    @Benchmark
    public Judgement ddosDecision() {
        return ddos.judge(ddosInputs[next()], scratch, 0);
    }

    @Benchmark
    public Judgement ddosBaselineDecision() {
        return ddosBaseline.judge(ddosBaselineInputs[next()], scratch, 0);
    }
}
