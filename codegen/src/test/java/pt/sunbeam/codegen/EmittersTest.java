package pt.sunbeam.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import pt.sunbeam.codegen.Model.Ensemble;
import pt.sunbeam.codegen.Model.HiddenUnit;
import pt.sunbeam.codegen.Model.Mlp;
import pt.sunbeam.codegen.Model.Tree;

/** What the text looks like; that generated Java computes the model is tested where it can be run, in {@code detector}. */
class EmittersTest {
    private static final Ensemble MODEL = new Ensemble(
            "tiny-model",
            List.of(new Feature("depth", "segments", true, List.of(1, 2)), new Feature("odd", "0 or 1", List.of(1))),
            new Tree(List.of(new Node.Split(0, 1, 1, 2), new Node.Leaf(Verdict.ALLOW), new Node.Leaf(Verdict.DEFER))),
            new Mlp(List.of(new HiddenUnit(12, List.of(17, -40), 90), new HiddenUnit(-7, List.of(0, 1), -2)), 4, -3),
            Integer.MIN_VALUE,
            20);

    @Test
    void leanGetsTheTablesInTheShapeOfItsModel() {
        var cases = List.of(
                new Vectors.Case(List.of(2, -9), List.of((byte) 2, (byte) 0), Verdict.DEFER, -1234, Verdict.ALLOW));
        assertThat(LeanEmitter.emit(MODEL, "abc", cases)).isEqualTo("""
                module
                public import Model
                /-! Generated from tiny-model.model, sha256 abc; not to be edited. -/
                @[expose] public noncomputable section
                namespace TinyModel
                open Model

                /-- depth, odd -/
                def features : List Feature := [
                  ⟨[1, 2], true⟩,
                  ⟨[1], false⟩]

                def table : List Node := [
                  .split 0 1 1 2,
                  .leaf .allow,
                  .leaf .defer]

                def rows : List Row := [
                  ⟨[17, -40], 12, 90⟩,
                  ⟨[0, 1], -7, -2⟩]

                def net : Net := ⟨rows, -3, 4⟩
                def model : Ensemble := ⟨features, table, net, -2147483648⟩

                /-- The first of the committed test vectors. -/
                def vectors : List Case := [
                  ⟨[2, -9], [2, 0], .defer, -1234, .allow⟩]

                end TinyModel
                """);
    }

    @Test
    void javaGetsTheTreeAsBranchesAndTheWeightsInColumns() {
        assertThat(JavaEmitter.emit(MODEL, "abc"))
                .contains("public final class TinyModel {", "private static final String SHA256 = \"abc\";")
                .contains("""
                            private static Verdict tree(byte[] q) {
                                if (q[0] <= 1) {
                                    return Verdict.ALLOW;
                                } else {
                                    return Verdict.DEFER;
                                }
                            }
                        """)
                .contains("17, 0, -40, 1");
    }

    @Test
    void theSameModelGivesTheSameText() {
        for (int seed = 0; seed < 5; seed++) {
            var once = RandomModels.ensemble(seed, 14, 200, 32);
            var again = RandomModels.ensemble(seed, 14, 200, 32);
            assertThat(JavaEmitter.emit(once, "abc")).isEqualTo(JavaEmitter.emit(again, "abc"));
            assertThat(Codegen.files(once).keySet())
                    .isEqualTo(Codegen.files(again).keySet());
            assertThat(Codegen.files(once).values())
                    .containsExactlyElementsOf(List.copyOf(Codegen.files(again).values()));
        }
    }
}
