package pt.sunbeam.trainer.evaluate;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static pt.sunbeam.trainer.evaluate.Rows.row;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.detector.model.Judgement;

class EvaluationTest {
    @Test
    void theWorstFoldIsNamedForEachFigure() {
        var evaluation = Evaluation.of(
                List.of(
                        row(1, true, "attacks", "f", 0),
                        row(1, true, "attacks", "g", 0),
                        row(1, false, "pages", "s", 0),
                        row(1, true, "attacks", "h", 3),
                        row(-1, true, "attacks", "i", 3),
                        row(-1, false, "pages", "t", 3)),
                1);
        assertThat(Figure.RECALL.worst(evaluation.folds())).contains(new Figure.Worst(3, 0.5));
        assertThat(Figure.FALSE_POSITIVES.worst(evaluation.folds())).contains(new Figure.Worst(0, 1));
        assertThat(evaluation.pooled().recall()).hasValue(0.75);
        assertThat(evaluation.pooled().falsePositives()).hasValue(0.5);
        assertThat(evaluation.pooled().macroRecall()).hasValue(0.625);
    }

    @Test
    void aDataSetOfOneClassIsRankedWithTheOtherClassOfAllSetsOfItsFold() {
        var evaluation = Evaluation.of(
                List.of(
                        row(1, true, "attacks", "f", 0),
                        row(0.5, false, "pages", "s", 0),
                        row(2, false, "pages", "t", 1),
                        row(3, false, "mixed", "u", 0),
                        row(4, true, "mixed", "g", 0)),
                1);
        var attacks = source(evaluation, "attacks");
        assertThat(attacks.pooled().borrowed()).isTrue();
        assertThat(attacks.pooled().benign()).isZero();
        assertThat(attacks.pooled().ranking().benign()).isEqualTo(3);
        assertThat(requireNonNull(attacks.folds().get(0)).ranking().benign()).isEqualTo(2);
        assertThat(requireNonNull(attacks.folds().get(0)).ranking().rocAuc()).hasValue(0.5);
        assertThat(attacks.pooled().falsePositives()).isEmpty();
        assertThat(attacks.pooled().macroRecall()).isEmpty();
        assertThat(attacks.pooled().intervals().falsePositives()).isEmpty();
        var mixed = source(evaluation, "mixed").pooled();
        assertThat(mixed.borrowed()).isFalse();
        assertThat(mixed.ranking().rocAuc()).hasValue(1);
        assertThat(mixed.ranking().benign()).isEqualTo(1);
    }

    @Test
    void falsePositivesAreCountedByUnitAndTheWorstSiteIsNamed() {
        var rows = new ArrayList<Scored>();
        for (int window = 0; window < 5; window++) {
            rows.add(window(window == 4 ? 1 : -1, "a", "a monday"));
            rows.add(window(-1, "a", "a tuesday"));
            rows.add(window(1, "b", "b monday"));
            rows.add(window(-1, "c", "c monday"));
        }
        var sites = Evaluation.of(rows, 1).pooled().sites().orElseThrow();
        assertThat(sites).isEqualTo(new Sites(3, 4, 2, 0.5, new Sites.Site("b", "log", 1, 1)));
    }

    private static Evaluation.Source source(Evaluation evaluation, String name) {
        return requireNonNull(evaluation.sources().get(name));
    }

    private static Scored window(double score, String site, String unit) {
        return new Scored(score, Rows.decision(score), false, "log", site, "", unit, 0, false);
    }

    @Test
    void deferredRowsAreThoseThePerceptronJudged() {
        assertThat(Evaluation.of(
                                List.of(
                                        row(Double.POSITIVE_INFINITY, true, "x", "f", 0),
                                        row(Double.NEGATIVE_INFINITY, true, "x", "f", 0),
                                        row(-3, true, "x", "f", 0),
                                        row(3, true, "x", "f", 0)),
                                1)
                        .pooled()
                        .deferShare())
                .isEqualTo(0.5);
        assertThat(row(3, true, "x", "f", 0).decision()).isEqualTo(Judgement.MLP_BLOCK);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void everyRowIsCountedOnceByFoldAndOnceByDataSet(int seed) {
        var rows = Rows.random(seed);
        var evaluation = Evaluation.of(rows, seed);
        assertThat(evaluation.folds().values().stream()
                        .mapToInt(slice -> slice.attacks() + slice.benign())
                        .sum())
                .isEqualTo(rows.size());
        assertThat(evaluation.sources().values().stream()
                        .flatMap(source -> source.folds().values().stream())
                        .mapToInt(slice -> slice.attacks() + slice.benign())
                        .sum())
                .isEqualTo(rows.size());
    }

    @Test
    void slicesWithRowsOfTheFitSaySo() {
        var evaluation = Evaluation.of(
                List.of(Rows.fitted(row(1, true, "x", "f", 0)), row(1, true, "x", "f", 4), row(1, true, "y", "f", 4)),
                1);
        assertThat(evaluation.pooled().fitted()).isTrue();
        assertThat(requireNonNull(evaluation.folds().get(0)).fitted()).isTrue();
        assertThat(requireNonNull(evaluation.folds().get(4)).fitted()).isFalse();
        assertThat(source(evaluation, "x").pooled().fitted()).isTrue();
        assertThat(source(evaluation, "y").pooled().fitted()).isFalse();
    }
}
