package pt.sunbeam.trainer.evaluate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import pt.sunbeam.codegen.Model.Ensemble;
import pt.sunbeam.detector.model.Classifier;
import pt.sunbeam.detector.model.Judgement;
import pt.sunbeam.detector.model.Scratch;
import pt.sunbeam.trainer.dataset.Row;

/** Scores rows as the proxy would, by the same classifier. */
public final class Scorer {
    private final Classifier classifier;
    private final Ensemble model;
    private final Scratch scratch;

    /**
     * Readies a model.
     *
     * @throws IllegalArgumentException if it is not well-formed
     */
    public Scorer(Ensemble model) {
        this.model = model;
        classifier = Classifier.of(model, "");
        scratch = new Scratch(classifier.features());
    }

    /** The decision on raw features at the model's own point. */
    public Judgement decide(int[] raw) {
        return classifier.judge(raw, scratch, model.blockAt());
    }

    /**
     * Scores rows, in their order.
     *
     * @param fold by row; {@link Scored#LAST_FIFTH} where rows were split by time
     * @param fitted whether the fit may have seen a row
     */
    public List<Scored> score(Collection<Row> rows, ToIntFunction<Row> fold, Predicate<Row> fitted) {
        var scored = new ArrayList<Scored>(rows.size());
        for (var row : rows) {
            var decision = decide(row.raw());
            scored.add(new Scored(
                    score(decision),
                    decision,
                    row.attack(),
                    row.source(),
                    row.site(),
                    row.group(),
                    row.unit(),
                    fold.applyAsInt(row),
                    fitted.test(row)));
        }
        return scored;
    }

    private double score(Judgement decision) {
        return switch (decision) {
            case TREE_ALLOW -> Double.NEGATIVE_INFINITY;
            case TREE_BLOCK -> Double.POSITIVE_INFINITY;
            case MLP_ALLOW, MLP_BLOCK -> ((double) scratch.logit() - model.blockAt()) / model.stepsPerNat();
        };
    }
}
