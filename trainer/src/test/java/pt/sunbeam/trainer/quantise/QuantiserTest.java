package pt.sunbeam.trainer.quantise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import pt.sunbeam.codegen.Evaluator;
import pt.sunbeam.codegen.Model;
import pt.sunbeam.codegen.Node;
import pt.sunbeam.codegen.Verdict;
import pt.sunbeam.trainer.dataset.Role;
import pt.sunbeam.trainer.dataset.Row;

class QuantiserTest {
    static IntStream smallFirst() {
        return IntStream.of(1, 2, 3, 10, 100, 1_000);
    }

    @Test
    void fewValuesAreAllToldApart() {
        var quantiser = quantiser(List.of(row(0), row(500), row(1_000), row(500)), 16);
        assertThat(quantiser.features().getFirst().cuts()).containsExactly(250, 750);
        assertThat(quantiser.quantise(new int[] {-1})[0]).isEqualTo((byte) 0);
        assertThat(quantiser.quantise(new int[] {600})[0]).isEqualTo((byte) 1);
        assertThat(quantiser.quantise(new int[] {Integer.MAX_VALUE})[0]).isEqualTo((byte) 2);
    }

    @Test
    void neighboursAndExtremesAreToldApart() {
        var quantiser = quantiser(List.of(row(Integer.MIN_VALUE), row(0), row(1), row(Integer.MAX_VALUE)), 16);
        assertThat(quantiser.levels()).containsExactly(3);
        assertThat(quantiser.quantise(new int[] {0})[0]).isNotEqualTo(quantiser.quantise(new int[] {1})[0]);
    }

    @ParameterizedTest(name = "seed and rows {0}")
    @MethodSource("smallFirst")
    void levelsAreThoseOfTheModelAndNeverMoreThanAskedFor(int count) {
        var random = new SplittableRandom(count);
        var rows = new ArrayList<Row>();
        for (int i = 0; i < count; i++) {
            rows.add(row(random.nextInt(-1_000, 1_000)));
        }
        var quantiser = quantiser(rows, 20);
        assertThat(quantiser.levels()[0]).isLessThanOrEqualTo(20);
        var evaluator = new Evaluator(new Model.Ensemble(
                "toy",
                quantiser.features(),
                new Model.Tree(List.of(new Node.Leaf(Verdict.DEFER))),
                new Model.Mlp(List.of(new Model.HiddenUnit(0, List.of(0), 0)), 0, 0),
                0,
                1));
        for (int value = -1_001; value <= 1_001; value++) {
            var raw = new int[] {value};
            assertThat(quantiser.quantise(raw)).isEqualTo(evaluator.quantise(raw));
        }
    }

    private static Quantiser quantiser(List<Row> rows, int maxCuts) {
        return Quantiser.fit(rows, List.of("f"), List.of("1"), maxCuts);
    }

    private static Row row(int value) {
        return new Row(new int[] {value}, value % 2 == 0, 1, Role.TRAIN, "s", "site", "", "u", "g", 0, true);
    }
}
