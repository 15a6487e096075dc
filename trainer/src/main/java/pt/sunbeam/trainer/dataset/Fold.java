package pt.sunbeam.trainer.dataset;

/** What a row is for. No site, template, client network or simulated shape stands in two folds of one set. */
public enum Fold {
    /** Fits tree and perceptron. */
    TRAIN,
    /** Stops the perceptron's fit in time. */
    VALIDATION,
    /** Sets the point at which the model blocks, and its probabilities. */
    CALIBRATION,
    /** Is looked at once, for the report. */
    TEST;

    /** The fold of a group, by a hash of its name: 55 % train, 10 % validation, 15 % calibration, 20 % test. */
    public static Fold of(String group, long seed) {
        int percent = Math.floorMod(Hash.of(group, seed), 100);
        if (percent < 55) {
            return TRAIN;
        }
        if (percent < 65) {
            return VALIDATION;
        }
        return percent < 80 ? CALIBRATION : TEST;
    }
}
