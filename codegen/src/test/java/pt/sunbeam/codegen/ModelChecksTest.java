package pt.sunbeam.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import pt.sunbeam.codegen.Model.Ensemble;
import pt.sunbeam.codegen.Model.HiddenUnit;
import pt.sunbeam.codegen.Model.Mlp;
import pt.sunbeam.codegen.Model.Tree;
import pt.sunbeam.codegen.ModelChecks.Check;
import pt.sunbeam.codegen.ModelChecks.Fault;

class ModelChecksTest {
    private static final List<Feature> TWO_FEATURES =
            List.of(new Feature("first", "1", List.of(0, 10, 20)), new Feature("second", "1", List.of(0, 10)));

    @Test
    void aSumThatJustFitsIsAllowedAndOneMoreIsNot() {
        int room = Integer.MAX_VALUE - 127 * (128 + 5);
        assertThat(ModelChecks.wellFormed(with(new HiddenUnit(room, List.of(-128, 5), 1))))
                .isEmpty();
        assertThat(ModelChecks.wellFormed(with(new HiddenUnit(room + 1, List.of(-128, 5), 1))))
                .containsExactly(new Fault(
                        Check.OVERFLOW,
                        "hidden unit 0",
                        "found a sum of up to 2147483648 (expected: at most 2147483647)"));
        assertThat(ModelChecks.wellFormed(with(new HiddenUnit(-room - 1, List.of(-128, 5), 1))))
                .extracting(Fault::check)
                .containsExactly(Check.OVERFLOW);
    }

    @Test
    void noLogitReachesTheLargestInt() {
        var units = List.of(new HiddenUnit(0, List.of(0, 0), 127));
        int room = Integer.MAX_VALUE - 127 * 127;
        assertThat(ModelChecks.wellFormed(with(new Mlp(units, 0, room - 1)))).isEmpty();
        assertThat(ModelChecks.wellFormed(with(new Mlp(units, 0, room))))
                .extracting(Fault::check)
                .containsExactly(Check.OVERFLOW);
    }

    @Test
    void allFaultsComeInOneReport() {
        var model = new Ensemble(
                "Bad Name",
                List.of(new Feature("same", " padded", List.of(3, 3)), new Feature("same", "1", List.of())),
                new Tree(List.of(new Node.Split(9, -1, 1, 1), new Node.Leaf(Verdict.ALLOW))),
                new Mlp(List.of(new HiddenUnit(0, List.of(1), 300)), 30, 0),
                0,
                -1);
        assertThat(ModelChecks.wellFormed(model))
                .extracting(fault -> fault.check() + " " + fault.where())
                .containsExactly(
                        "NAME model",
                        "CALIBRATION model",
                        "FEATURES feature 0",
                        "CUTS feature 0",
                        "FEATURES feature 1",
                        "TREE node 0",
                        "TREE node 0",
                        "TREE node 1",
                        "MLP mlp",
                        "MLP hidden unit 0",
                        "MLP hidden unit 0");
    }

    @Test
    void aCutThatNoValueLiesBelowIsAFault() {
        var model = RandomModels.ensemble(1, 1, 1, 1);
        var feature = new Feature("f", "1", List.of(Integer.MIN_VALUE));
        assertThat(ModelChecks.wellFormed(new Ensemble("m", List.of(feature), model.tree(), model.mlp(), 0, 1)))
                .extracting(Fault::check)
                .containsExactly(Check.CUTS);
    }

    @Test
    void exactlyTheLeavesThatNoInputReachesAreReported() {
        int unreachable = 0;
        for (int seed = 0; seed < 200; seed++) {
            var model = with(carelessTree(new SplittableRandom(seed)));
            assertThat(ModelChecks.wellFormed(model)).isEmpty();
            var reached = new HashSet<String>();
            for (byte[] input : allInputs()) {
                reached.add("node " + leaf(model, input));
            }
            var nodes = model.tree().nodes();
            var expected = IntStream.range(0, nodes.size())
                    .filter(i -> nodes.get(i) instanceof Node.Leaf && !reached.contains("node " + i))
                    .mapToObj(i -> "node " + i)
                    .toList();
            assertThat(ModelChecks.unreachableLeaves(model))
                    .as("seed %d", seed)
                    .extracting(Fault::where)
                    .isEqualTo(expected);
            unreachable += expected.size();
        }
        assertThat(unreachable).isPositive();
    }

    @Test
    void whatPassesAsMonotoneIsMonotone() {
        int passed = 0;
        int refused = 0;
        for (int seed = 0; seed < 2_000; seed++) {
            var random = new SplittableRandom(seed);
            var units = IntStream.range(0, 2)
                    .mapToObj(_ -> new HiddenUnit(
                            random.nextInt(9),
                            List.of(random.nextInt(-9, 9), random.nextInt(-9, 9)),
                            random.nextInt(-9, 9)))
                    .toList();
            var model = new Ensemble("m", TWO_FEATURES, carelessTree(random), new Mlp(units, 1, 0), 5, 1);
            if (!ModelChecks.notMonotone(model, Set.of(0)).isEmpty()) {
                refused++;
                continue;
            }
            passed++;
            var evaluator = new Evaluator(model);
            for (byte[] input : allInputs()) {
                for (byte more = (byte) (input[0] + 1); more <= 3; more++) {
                    var raised = new byte[] {more, input[1]};
                    assertThat(evaluator.verdict(raised, 5))
                            .as("seed %d", seed)
                            .isGreaterThanOrEqualTo(evaluator.verdict(input, 5));
                }
            }
        }
        assertThat(passed).isGreaterThan(50);
        assertThat(refused).isGreaterThan(50);
    }

    @Test
    void aRandomModelIsMonotoneInItsEvidence() {
        for (int seed = 0; seed < 30; seed++) {
            var model = RandomModels.ensemble(seed, 14, 60, 32, Set.of(0, 3, 13));
            assertThat(model.evidence()).containsExactlyInAnyOrder(0, 3, 13);
            assertThat(ModelChecks.keepsItsPromises(model)).isEmpty();
            assertThat(ModelChecks.unreachableLeaves(model)).isEmpty();
            assertThat(ModelChecks.keepsItsPromises(model.withEvidence(Set.of(1))))
                    .isNotEmpty();
        }
    }

    @Test
    void aBlockBelowAnAllowAndAWeightAgainstItsUnitAreReported() {
        var tree = new Tree(List.of(
                new Node.Split(1, 0, 1, 4),
                new Node.Split(0, 0, 2, 3),
                new Node.Leaf(Verdict.DEFER),
                new Node.Leaf(Verdict.BLOCK),
                new Node.Leaf(Verdict.DEFER)));
        var model = new Ensemble(
                "m", TWO_FEATURES, tree, new Mlp(List.of(new HiddenUnit(0, List.of(3, 4), -2)), 0, 0), 0, 1);
        assertThat(ModelChecks.notMonotone(model, Set.of(1)))
                .containsExactly(
                        new Fault(
                                Check.NOT_MONOTONE,
                                "node 0",
                                "split on feature 1 has BLOCK on its left and DEFER on its right"),
                        new Fault(
                                Check.NOT_MONOTONE, "hidden unit 0", "weight 4 of feature 1 against output weight -2"));
    }

    /** A tree of up to seven leaves that splits without regard to what can still come. */
    private static Tree carelessTree(SplittableRandom random) {
        var nodes = new ArrayList<Node>();
        grow(nodes, 1 + random.nextInt(7), random);
        return new Tree(nodes);
    }

    private static void grow(List<Node> nodes, int leaves, SplittableRandom random) {
        if (leaves == 1) {
            nodes.add(new Node.Leaf(List.of(Verdict.values()).get(random.nextInt(3))));
            return;
        }
        int at = nodes.size();
        nodes.add(new Node.Leaf(Verdict.DEFER));
        int left = random.nextInt(1, leaves);
        grow(nodes, left, random);
        int right = nodes.size();
        grow(nodes, leaves - left, random);
        nodes.set(at, new Node.Split(random.nextInt(2), random.nextInt(4), at + 1, right));
    }

    private static List<byte[]> allInputs() {
        var inputs = new ArrayList<byte[]>();
        for (byte first = 0; first <= 3; first++) {
            for (byte second = 0; second <= 2; second++) {
                inputs.add(new byte[] {first, second});
            }
        }
        return inputs;
    }

    private static int leaf(Ensemble model, byte[] input) {
        int at = 0;
        while (model.tree().nodes().get(at) instanceof Node.Split(int feature, int threshold, int left, int right)) {
            at = input[feature] <= threshold ? left : right;
        }
        return at;
    }

    private static Ensemble with(HiddenUnit unit) {
        return with(new Mlp(List.of(unit), 0, 0));
    }

    private static Ensemble with(Mlp mlp) {
        return new Ensemble("m", TWO_FEATURES, new Tree(List.of(new Node.Leaf(Verdict.DEFER))), mlp, 0, 1);
    }

    private static Ensemble with(Tree tree) {
        return new Ensemble("m", TWO_FEATURES, tree, new Mlp(List.of(new HiddenUnit(0, List.of(0, 0), 0)), 0, 0), 0, 1);
    }
}
