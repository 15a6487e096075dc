package pt.sunbeam.trainer.mlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pt.sunbeam.codegen.Evaluator;
import pt.sunbeam.codegen.Feature;
import pt.sunbeam.codegen.Model;
import pt.sunbeam.codegen.Node;
import pt.sunbeam.codegen.Verdict;
import pt.sunbeam.trainer.quantise.Sample;

class MlpTrainerTest {
    private static final int[] LEVELS = {1, 9, 0, 40};

    /** In nats. Rounding turns a difference in the last bit into a whole step of a weight, now and then. */
    private static final double TOLERANCE = 1e-4;

    @Test
    void theIntegersComputeTheLossThatTheFitSaw() {
        var validation = corners(2, 300);
        var fitted = fit(corners(1, 2_000), validation, Set.of());
        var evaluator = evaluator(fitted);
        double lost = 0;
        double weights = 0;
        for (int row = 0; row < validation.size(); row++) {
            double z = evaluator.logit(validation.levels(row)) * fitted.natsPerStep();
            lost += validation.weight(row) * Math.log1p(Math.exp(validation.attack(row) ? -z : z));
            weights += validation.weight(row);
        }
        assertThat(lost / weights)
                .isCloseTo(
                        fitted.courses()
                                .getFirst()
                                .validationLoss()
                                .get(fitted.courses().getFirst().bestEpoch() - 1),
                        within(1e-4));
    }

    @Test
    void whatNoLineSeparatesIsLearnt() {
        var test = corners(3, 500);
        var evaluator = evaluator(fit(corners(1, 2_000), corners(2, 300), Set.of()));
        int right = 0;
        for (int row = 0; row < test.size(); row++) {
            right += evaluator.logit(test.levels(row)) >= 0 == test.attack(row) ? 1 : 0;
        }
        assertThat(right).isGreaterThan(450);
    }

    @Test
    void moreOfAnEvidenceFeatureNeverLowersTheLogitEvenWhereTheDataSaySo() {
        var evaluator = evaluator(fit(corners(1, 1_000), corners(2, 300), Set.of(1)));
        for (int a = 0; a <= 1; a++) {
            for (int c = 0; c <= 40; c += 8) {
                int before = Integer.MIN_VALUE;
                for (int b = 0; b <= 9; b++) {
                    int logit = evaluator.logit(new byte[] {(byte) a, (byte) b, 0, (byte) c});
                    assertThat(logit).isGreaterThanOrEqualTo(before);
                    before = logit;
                }
            }
        }
    }

    /** DJL keeps operands in Java memory: what the gradient still needs must not be collected before it is read. */
    @Test
    void aSeedGivesTheSameIntegersAgainWhileTheGarbageCollectorRuns() throws InterruptedException {
        var undisturbed = fit(corners(1, 100), corners(2, 50), Set.of()).mlp();
        var collecting = Thread.ofPlatform().daemon().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                System.gc();
            }
        });
        var disturbed = fit(corners(1, 100), corners(2, 50), Set.of()).mlp();
        collecting.interrupt();
        collecting.join();
        assertThat(disturbed).isEqualTo(undisturbed);
    }

    @Test
    void rowsWithoutWeightTeachNothing() {
        var kept = corners(1, 1_000);
        var levels = new ArrayList<byte[]>();
        var attack = new boolean[2_000];
        var weights = new double[2_000];
        for (int row = 0; row < 2_000; row++) {
            levels.add(kept.levels(row % 1_000));
            attack[row] = row < 1_000 ? kept.attack(row) : !kept.attack(row - 1_000);
            weights[row] = row < 1_000 ? 1 : 0;
        }
        var evaluator =
                evaluator(fit(new Sample(levels.toArray(byte[][]::new), attack, weights), corners(2, 300), Set.of()));
        int right = 0;
        for (int row = 0; row < kept.size(); row++) {
            right += evaluator.logit(kept.levels(row)) >= 0 == kept.attack(row) ? 1 : 0;
        }
        assertThat(right).isGreaterThan(800);
    }

    /** The gradients that PyTorch finds are those worked out by hand: both fits walk the same way, batch by batch. */
    @ParameterizedTest(name = "evidence {0}, batches of {1}")
    @CsvSource({"-1, 64", "1, 64", "1, 100"})
    void aFitInPlainJavaHasTheSameLossCurve(int evidence, int batchSize) {
        var train = corners(1, 1_000);
        var validation = corners(2, 300);
        var settings =
                new MlpTrainer.Settings(1, 16, 25, 0.01, batchSize, 25, 7, evidence < 0 ? Set.of() : Set.of(evidence));
        var fitted = MlpTrainer.fit(train, validation, LEVELS, settings, _ -> {});
        var plain = new PlainFit(settings, LEVELS);
        plain.fit(train, validation);
        assertThat(plain.trainLoss).hasSameSizeAs(fitted.courses().getFirst().trainLoss());
        assertThat(plain.trainLoss.getFirst())
                .isCloseTo(fitted.courses().getFirst().trainLoss().getFirst(), within(1e-5));
        for (int epoch = 0; epoch < settings.epochs(); epoch++) {
            assertThat(plain.trainLoss.get(epoch))
                    .as("epoch %d", epoch + 1)
                    .isCloseTo(fitted.courses().getFirst().trainLoss().get(epoch), within(TOLERANCE));
            assertThat(plain.validationLoss.get(epoch))
                    .as("epoch %d", epoch + 1)
                    .isCloseTo(fitted.courses().getFirst().validationLoss().get(epoch), within(TOLERANCE));
        }
        assertThat(plain.trainLoss.getLast()).isLessThan(0.7 * plain.trainLoss.getFirst());
    }

    @Test
    void whereTheSameInputHasBothLabelsTheHeavierOneWins() {
        assertThat(evaluator(fit(contested(1, 5), contested(1, 5), Set.of())).logit(new byte[] {1, 4, 0, 20}))
                .isNegative();
        assertThat(evaluator(fit(contested(5, 1), contested(5, 1), Set.of())).logit(new byte[] {1, 4, 0, 20}))
                .isPositive();
    }

    /** As many attacks as benign rows, all alike. */
    private static Sample contested(double attackWeight, double benignWeight) {
        var levels = new byte[200][];
        var attack = new boolean[200];
        var weights = new double[200];
        for (int row = 0; row < 200; row++) {
            levels[row] = new byte[] {1, 4, 0, 20};
            attack[row] = row % 2 == 0;
            weights[row] = attack[row] ? attackWeight : benignWeight;
        }
        return new Sample(levels, attack, weights);
    }

    @Test
    void aFitEndsWhenItsPatienceDoesAndKeepsTheBestEpoch() {
        var opposite = corners(2, 300);
        var attack = new boolean[300];
        var levels = new byte[300][];
        var weights = new double[300];
        for (int row = 0; row < 300; row++) {
            levels[row] = opposite.levels(row);
            attack[row] = !opposite.attack(row); // what is learnt makes this worse
            weights[row] = 1;
        }
        var fitted = MlpTrainer.fit(
                corners(1, 1_000),
                new Sample(levels, attack, weights),
                LEVELS,
                new MlpTrainer.Settings(1, 16, 100, 0.01, 64, 4, 7, Set.of()),
                _ -> {});
        assertThat(fitted.courses().getFirst().trainLoss())
                .hasSize(fitted.courses().getFirst().bestEpoch() + 4)
                .hasSizeLessThan(100);
        assertThat(fitted.courses()
                        .getFirst()
                        .validationLoss()
                        .get(fitted.courses().getFirst().bestEpoch() - 1))
                .isEqualTo(Collections.min(fitted.courses().getFirst().validationLoss()));
    }

    /** What a committee says is the mean of what its members say, so that one whose fit went wrong is outvoted. */
    @Test
    void aCommitteeSaysTheMeanOfItsMembersLogits() {
        var train = corners(1, 1_000);
        var validation = corners(2, 300);
        Function<Integer, FittedMlp> fit = fits -> MlpTrainer.fit(
                train, validation, LEVELS, new MlpTrainer.Settings(fits, 8, 10, 0.01, 64, 10, 7, Set.of()), _ -> {});
        var committee = fit.apply(2);
        var first = fit.apply(1);
        var second = MlpTrainer.fit(
                train, validation, LEVELS, new MlpTrainer.Settings(1, 8, 10, 0.01, 64, 10, 1_007, Set.of()), _ -> {});
        assertThat(committee.courses()).hasSize(2);
        assertThat(committee.mlp().hidden()).hasSize(16);
        boolean differ = false;
        for (int row = 0; row < validation.size(); row++) {
            double one = evaluator(first).logit(validation.levels(row)) * first.natsPerStep();
            double other = evaluator(second).logit(validation.levels(row)) * second.natsPerStep();
            assertThat(evaluator(committee).logit(validation.levels(row)) * committee.natsPerStep())
                    .isCloseTo((one + other) / 2, within(1e-9));
            assertThat(committee.latent().logit(validation.levels(row)))
                    .isCloseTo(
                            first.latent().logit(validation.levels(row))
                                    + second.latent().logit(validation.levels(row)),
                            within(1e-2));
            differ |= Math.abs(one - other) > 0.01;
        }
        assertThat(differ).isTrue();
    }

    @Test
    void theFitRunsOnAGpuWhereThereIsOne() {
        assertThat(MlpTrainer.device(0)).isEqualTo(Device.cpu());
        assertThat(MlpTrainer.device(1)).isEqualTo(Device.gpu());
        assertThat(MlpTrainer.device(8)).isEqualTo(Device.gpu());
    }

    private static FittedMlp fit(Sample train, Sample validation, Set<Integer> evidence) {
        return MlpTrainer.fit(
                train, validation, LEVELS, new MlpTrainer.Settings(1, 16, 40, 0.01, 64, 40, 7, evidence), _ -> {});
    }

    /** Attack iff exactly one of: the first feature is set, the last one is high. */
    private static Sample corners(long seed, int rows) {
        var random = new SplittableRandom(seed);
        var levels = new byte[rows][];
        var attack = new boolean[rows];
        var weights = new double[rows];
        for (int row = 0; row < rows; row++) {
            int a = random.nextInt(2);
            int c = random.nextInt(41);
            levels[row] = new byte[] {(byte) a, (byte) random.nextInt(10), 0, (byte) c};
            attack[row] = a == 1 != c > 20;
            weights[row] = random.nextDouble(0.5, 2);
        }
        return new Sample(levels, attack, weights);
    }

    private static Evaluator evaluator(FittedMlp fitted) {
        var features = new ArrayList<Feature>();
        for (int f = 0; f < LEVELS.length; f++) {
            features.add(new Feature(
                    "f" + f, "1", IntStream.rangeClosed(1, LEVELS[f]).boxed().toList()));
        }
        return new Evaluator(new Model.Ensemble(
                "toy", features, new Model.Tree(List.of(new Node.Leaf(Verdict.DEFER))), fitted.mlp(), 0, 1));
    }
}
