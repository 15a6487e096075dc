package pt.sunbeam.detector.model;

import pt.sunbeam.detector.model.generated.DdosBaseline;
import pt.sunbeam.detector.model.generated.ScannerBaseline;

/** The models compiled into this program. */
public final class Models {
    private static final Classifier SCANNER_BASELINE = ScannerBaseline.classifier();
    private static final Classifier DDOS_BASELINE = DdosBaseline.classifier();

    public static Classifier scannerBaseline() {
        return SCANNER_BASELINE;
    }

    public static Classifier ddosBaseline() {
        return DDOS_BASELINE;
    }

    private Models() {}
}
