package pt.sunbeam.detector.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import pt.sunbeam.codegen.Evaluator;
import pt.sunbeam.codegen.Model.Ensemble;
import pt.sunbeam.codegen.Vectors;
import pt.sunbeam.codegen.Verdict;

/** Holds every computation of a model against {@link Evaluator}. */
final class Agreement {
    static void check(Ensemble model, Classifier compiled, int inputs) {
        var evaluator = new Evaluator(model);
        var table = Classifier.of(model, compiled.sha256());
        var random = new SplittableRandom(inputs);
        var scratch = new Scratch(model.features().size());
        for (int i = 0; i < inputs; i++) {
            var raw = Vectors.raw(model.features(), random).stream()
                    .mapToInt(x -> x)
                    .toArray();
            var quantised = evaluator.quantise(raw);
            int logit = evaluator.logit(quantised);
            // Often just at the logit, where a decision is most easily wrong.
            int blockAt = random.nextBoolean() ? logit + random.nextInt(2) : model.blockAt();
            var expected = expected(evaluator.tree(quantised), logit >= blockAt);

            assertThat(table.judge(raw, scratch, blockAt)).isEqualTo(expected);
            assertThat(compiled.judge(raw, scratch, blockAt)).isEqualTo(expected);
            assertThat(scratch.quantised).isEqualTo(quantised);
            assertThat(ScalarKernel.logit(compiled.perceptron, quantised)).isEqualTo(logit);
            assertThat(VectorKernel.logit(compiled.perceptron, quantised)).isEqualTo(logit);
            if (expected.path().equals("mlp")) {
                assertThat(scratch.logit()).isEqualTo(logit);
            }
        }
    }

    static Judgement expected(Verdict tree, boolean block) {
        return switch (tree) {
            case ALLOW -> Judgement.TREE_ALLOW;
            case BLOCK -> Judgement.TREE_BLOCK;
            case DEFER -> block ? Judgement.MLP_BLOCK : Judgement.MLP_ALLOW;
        };
    }

    private Agreement() {}
}
