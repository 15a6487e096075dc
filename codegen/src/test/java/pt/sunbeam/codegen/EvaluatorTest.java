package pt.sunbeam.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import pt.sunbeam.codegen.Model.Ensemble;
import pt.sunbeam.codegen.Model.HiddenUnit;
import pt.sunbeam.codegen.Model.Mlp;
import pt.sunbeam.codegen.Model.Tree;

class EvaluatorTest {
    private static final Ensemble MODEL = new Ensemble(
            "worked-by-hand",
            List.of(new Feature("x", "1", List.of(-5, 0, 10)), new Feature("y", "1", List.of(Integer.MAX_VALUE))),
            new Tree(List.of(
                    new Node.Split(0, 0, 1, 2),
                    new Node.Leaf(Verdict.ALLOW),
                    new Node.Split(0, 2, 3, 4),
                    new Node.Leaf(Verdict.DEFER),
                    new Node.Leaf(Verdict.BLOCK))),
            new Mlp(
                    List.of(
                            new HiddenUnit(5, List.of(10, -100), 3),
                            new HiddenUnit(-1, List.of(-1, 0), 100),
                            new HiddenUnit(10_000, List.of(0, 0), -1)),
                    1,
                    7),
            -90,
            1);

    private final Evaluator evaluator = new Evaluator(MODEL);

    @Test
    void aLevelIsTheNumberOfCutsAtOrBelowTheValue() {
        assertThat(evaluator.quantise(new int[] {-6, Integer.MAX_VALUE - 1})).containsExactly(0, 0);
        assertThat(evaluator.quantise(new int[] {-5, Integer.MAX_VALUE})).containsExactly(1, 1);
        assertThat(evaluator.quantise(new int[] {9, Integer.MIN_VALUE})).containsExactly(2, 0);
        assertThat(evaluator.quantise(new int[] {10, 0})).containsExactly(3, 0);
    }

    @Test
    void sumsAreRectifiedShiftedAndSaturated() {
        // 7 + 3 * (25 >> 1) + 100 * 0 - 1 * 127
        assertThat(evaluator.logit(new byte[] {2, 0})).isEqualTo(7 + 36 - 127);
        // a sum of 25 - 100 is below zero and counts as none
        assertThat(evaluator.logit(new byte[] {2, 1})).isEqualTo(7 - 127);
    }

    @Test
    void thePerceptronIsAskedWhereTheTreeDefersAndBlocksFromItsThresholdOn() {
        assertThat(evaluator.verdict(new int[] {-6, 0})).isEqualTo(Verdict.ALLOW);
        assertThat(evaluator.verdict(new int[] {10, 0})).isEqualTo(Verdict.BLOCK);
        assertThat(evaluator.verdict(new int[] {0, 0})).isEqualTo(Verdict.BLOCK);
        assertThat(evaluator.verdict(new byte[] {2, 0}, -84)).isEqualTo(Verdict.BLOCK);
        assertThat(evaluator.verdict(new byte[] {2, 0}, -83)).isEqualTo(Verdict.ALLOW);
        assertThat(evaluator.verdict(new byte[] {0, 0}, Integer.MIN_VALUE)).isEqualTo(Verdict.ALLOW);
    }
}
