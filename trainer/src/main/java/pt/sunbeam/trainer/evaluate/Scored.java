package pt.sunbeam.trainer.evaluate;

import pt.sunbeam.detector.model.Judgement;

/**
 * A labelled row and what a model said of it.
 *
 * @param score how suspicious, in nats of calibrated log-odds: {@code (logit - blockAt) / stepsPerNat} where the perceptron was asked; where the
 *     tree decided, negative infinity for allow and positive infinity for block. So all rows stand in one order, that of {@link #probability};
 *     and since 0 is every model's own blocking point, rows of several models can be pooled
 * @param decision at the model's own blocking point
 * @param source the data set, or a class of one
 * @param site whose traffic it is
 * @param group what the bootstrap draws as a whole: a benign site, a family of payloads, a client's network
 * @param unit what a false positive is counted by: a request, or a client's day; unique over all sources
 * @param fold of the group; {@link #LAST_FIFTH} where rows were split by time
 * @param fitted whether the model was fitted, stopped or calibrated on the row
 */
public record Scored(
        double score,
        Judgement decision,
        boolean attack,
        String source,
        String site,
        String group,
        String unit,
        int fold,
        boolean fitted) {
    /** Stands for a fold in a split by time. */
    public static final int LAST_FIFTH = -1;

    public Scored {
        if (Double.isNaN(score)) {
            throw new IllegalArgumentException("score is no number");
        }
        score += 0.0; // makes -0.0 the equal of 0.0
    }

    public boolean block() {
        return decision.block();
    }

    /** Whether the tree left it to the perceptron. */
    public boolean deferred() {
        return switch (decision) {
            case TREE_ALLOW, TREE_BLOCK -> false;
            case MLP_ALLOW, MLP_BLOCK -> true;
        };
    }

    /** The model's calibrated probability of an attack, in [0, 1]. */
    public double probability() {
        return 1 / (1 + Math.exp(-score));
    }
}
