package pt.sunbeam.trainer.dataset;

/** A data set that cannot train a detector, and why. */
public final class DatasetException extends Exception {
    private static final long serialVersionUID = 1;

    public DatasetException(String message) {
        super(message);
    }
}
