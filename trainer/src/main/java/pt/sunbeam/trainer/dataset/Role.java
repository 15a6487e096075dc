package pt.sunbeam.trainer.dataset;

/** What a row is for in one training. */
public enum Role {
    /** Fits tree and perceptron. */
    TRAIN,
    /** Stops the perceptron's fit in time. */
    VALIDATION,
    /** Sets the point at which the model blocks, and its probabilities. */
    CALIBRATION,
    /** Is looked at once, for the report. */
    TEST
}
