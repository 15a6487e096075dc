package pt.sunbeam.detector.model;

import pt.sunbeam.detector.model.generated.Ddos;
import pt.sunbeam.detector.model.generated.DdosBaseline;
import pt.sunbeam.detector.model.generated.Scanner;
import pt.sunbeam.detector.model.generated.ScannerBaseline;
import pt.sunbeam.detector.model.generated.ScannerLexicon;

/** The models compiled into this program. */
public final class Models {
    private static final ScannerModel SCANNER = new ScannerModel(Scanner.classifier(), ScannerLexicon.lexicon());
    private static final Classifier SCANNER_BASELINE = ScannerBaseline.classifier();
    private static final Classifier DDOS = Ddos.classifier();
    private static final Classifier DDOS_BASELINE = DdosBaseline.classifier();

    /** The scanner detector's ensemble and lexicon. */
    public static ScannerModel scanner() {
        return SCANNER;
    }

    /** The original's scanner detector. */
    public static Classifier scannerBaseline() {
        return SCANNER_BASELINE;
    }

    /** The DDoS detector's, of 22 features. */
    public static Classifier ddos() {
        return DDOS;
    }

    /** The same with the original's 14. */
    public static Classifier ddosBaseline() {
        return DDOS_BASELINE;
    }

    private Models() {}
}
