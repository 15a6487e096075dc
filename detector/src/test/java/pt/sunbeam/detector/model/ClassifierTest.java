package pt.sunbeam.detector.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.codegen.Feature;
import pt.sunbeam.codegen.Model.Ensemble;
import pt.sunbeam.codegen.Model.HiddenUnit;
import pt.sunbeam.codegen.Model.Mlp;
import pt.sunbeam.codegen.Model.Tree;
import pt.sunbeam.codegen.Node;
import pt.sunbeam.codegen.Verdict;

class ClassifierTest {
    /** Defers at 1, where its logit is 100 + 3 * 1. */
    private static final Ensemble MODEL = new Ensemble(
            "by-hand",
            List.of(new Feature("x", "1", List.of(1, 2))),
            new Tree(List.of(
                    new Node.Split(0, 0, 1, 2),
                    new Node.Leaf(Verdict.ALLOW),
                    new Node.Split(0, 1, 3, 4),
                    new Node.Leaf(Verdict.DEFER),
                    new Node.Leaf(Verdict.BLOCK))),
            new Mlp(List.of(new HiddenUnit(0, List.of(1), 3)), 0, 100),
            50,
            20);

    private final Classifier classifier = Classifier.of(MODEL, "abc");
    private final Scratch scratch = new Scratch(1);

    @Test
    void theTreeDecidesAndThePerceptronWhereItDefers() {
        assertThat(classifier.judge(new int[] {0}, scratch, Integer.MIN_VALUE)).isEqualTo(Judgement.TREE_ALLOW);
        assertThat(classifier.judge(new int[] {2}, scratch, Integer.MAX_VALUE)).isEqualTo(Judgement.TREE_BLOCK);
        assertThat(classifier.judge(new int[] {1}, scratch, 103)).isEqualTo(Judgement.MLP_BLOCK);
        assertThat(classifier.judge(new int[] {1}, scratch, 104)).isEqualTo(Judgement.MLP_ALLOW);
        assertThat(scratch.logit()).isEqualTo(103);
    }

    @Test
    void thresholdsAreCalibratedProbabilities() {
        assertThat(classifier.logitOf(0.5)).isEqualTo(50);
        assertThat(classifier.logitOf(0.9)).isEqualTo(50 + 44); // 20 * ln 9 = 43.9
        assertThat(classifier.logitOf(0.1)).isEqualTo(50 - 44);
    }

    @Test
    void thresholdOneIsNeverReachedAndThresholdZeroAlways() {
        assertThat(classifier.logitOf(1)).isEqualTo(Integer.MAX_VALUE);
        assertThat(classifier.logitOf(0)).isEqualTo(Integer.MIN_VALUE);
        assertThat(classifier.logitOf(Math.nextDown(1.0))).isLessThan(1_000);
        assertThat(classifier.logitOf(Double.MIN_VALUE)).isGreaterThan(-20_000);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN, Double.POSITIVE_INFINITY})
    void whatIsNoProbabilityIsRefused(double threshold) {
        assertThatThrownBy(() -> classifier.logitOf(threshold))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.valueOf(threshold))
                .hasMessageContaining("0 to 1");
    }

    @Test
    void theScoreIsTheProbabilityThatTheThresholdIsComparedWith() {
        assertThat(classifier.score(Judgement.TREE_ALLOW, scratch)).isZero();
        assertThat(classifier.score(Judgement.TREE_BLOCK, scratch)).isOne();
        var judgement = classifier.judge(new int[] {1}, scratch, 0);
        double score = classifier.score(judgement, scratch);
        assertThat(score).isEqualTo(1 / (1 + Math.exp(-53.0 / 20)), within(1e-9));
        assertThat(classifier.logitOf(score)).isEqualTo(scratch.logit());
    }

    @Test
    void anIllFormedModelIsNotRun() {
        var broken = new Ensemble("broken", MODEL.features(), new Tree(List.of()), MODEL.mlp(), 0, 1);
        assertThatThrownBy(() -> Classifier.of(broken, "abc"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("broken");
    }
}
