package pt.sunbeam.trainer.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import pt.sunbeam.codegen.Evaluator;
import pt.sunbeam.codegen.Feature;
import pt.sunbeam.codegen.Model.HiddenUnit;
import pt.sunbeam.codegen.Model.Mlp;
import pt.sunbeam.codegen.Verdict;
import pt.sunbeam.trainer.cart.Branch;
import pt.sunbeam.trainer.dataset.Role;
import pt.sunbeam.trainer.dataset.Row;

/** On a model whose logit is its one feature: 1,000 benign units at 0, a few at 2, attacks at 2 and 3. */
class CalibrationTest {
    private static final String OWN = "benign own traffic";
    private static final String OTHERS = "benign others";

    private static final int HARMLESS = 0;
    private static final int ODD = 2;
    private static final int HOSTILE = 3;

    private static final Branch DEFERS = new Branch.Leaf(Verdict.DEFER, 1, 1);
    private static final Branch BLOCKS_WHAT_IS_ODD =
            new Branch.Split(0, ODD - 1, DEFERS, new Branch.Leaf(Verdict.BLOCK, 1, 0));

    @Test
    void fewUnitsOfOthersMayBeBlockedForTheSakeOfRecall() {
        var model = calibrated(DEFERS, odd(OTHERS));
        assertThat(verdict(model, ODD)).isEqualTo(Verdict.BLOCK);
        assertThat(verdict(model, HOSTILE)).isEqualTo(Verdict.BLOCK);
    }

    @Test
    void ofOwnTrafficNoLargerShareIsBlockedThanOfAll() {
        var model = calibrated(DEFERS, odd(OWN));
        assertThat(verdict(model, ODD)).isEqualTo(Verdict.ALLOW);
        assertThat(verdict(model, HOSTILE)).isEqualTo(Verdict.BLOCK);
    }

    @Test
    void aLeafThatBlocksTooMuchOfOwnTrafficYields() {
        assertThat(calibrated(BLOCKS_WHAT_IS_ODD, odd(OTHERS)).tree().leaves())
                .extracting(Branch.Leaf::verdict)
                .contains(Verdict.BLOCK);
        assertThat(calibrated(BLOCKS_WHAT_IS_ODD, odd(OWN)).tree().leaves())
                .extracting(Branch.Leaf::verdict)
                .containsOnly(Verdict.DEFER);
    }

    /** Three of four own units are harmless where the odd ones are own: one in four, or one in a thousand of all. */
    private static List<Row> odd(String source) {
        return List.of(
                row(HARMLESS, false, OWN, "own 1"),
                row(HARMLESS, false, OWN, "own 2"),
                row(HARMLESS, false, OWN, "own 3"),
                row(ODD, false, source, "odd"));
    }

    private static Calibration.Result calibrated(Branch grown, List<Row> few) {
        var rows = new ArrayList<>(few);
        for (int i = 0; i < 1_000; i++) {
            rows.add(row(HARMLESS, false, OTHERS, "benign " + i));
            rows.add(row(ODD + i % 2, true, "attack", "attack " + i));
        }
        return Calibration.calibrate(
                "toy",
                List.of(new Feature("f", "1", List.of(1, 2, 3))),
                grown,
                new Mlp(List.of(new HiddenUnit(0, List.of(1), 1)), 0, 0),
                1,
                rows,
                0,
                Set.of(0),
                true,
                0.01,
                false);
    }

    private static Verdict verdict(Calibration.Result calibrated, int value) {
        var evaluator = new Evaluator(calibrated.model());
        return evaluator.verdict(
                evaluator.quantise(new int[] {value}), calibrated.model().blockAt());
    }

    private static Row row(int value, boolean attack, String source, String unit) {
        return new Row(new int[] {value}, attack, 1, Role.CALIBRATION, source, source, "", unit, unit, 0, true);
    }
}
