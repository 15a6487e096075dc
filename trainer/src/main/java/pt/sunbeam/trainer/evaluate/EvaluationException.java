package pt.sunbeam.trainer.evaluate;

/** Models that cannot be evaluated on rows, and why. */
public final class EvaluationException extends Exception {
    private static final long serialVersionUID = 1;

    public EvaluationException(String message) {
        super(message);
    }
}
