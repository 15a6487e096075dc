package pt.sunbeam.detector.model;

/** The models compiled into this program. */
public final class Models {
    public static Classifier scannerBaseline() {
        throw new UnsupportedOperationException("stub");
    }

    public static Classifier ddosBaseline() {
        throw new UnsupportedOperationException("stub");
    }

    private Models() {}
}
