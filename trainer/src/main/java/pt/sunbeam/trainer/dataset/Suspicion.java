package pt.sunbeam.trainer.dataset;

import pt.sunbeam.detector.canon.HeadReader;
import pt.sunbeam.detector.feature.ScanFeatures;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.detector.model.Models;
import pt.sunbeam.detector.model.Scratch;
import pt.sunbeam.detector.scan.Exemptions;
import pt.sunbeam.detector.scan.Inspection;

/** What the scanner detector that is compiled in says of a request's head, at its standard threshold: evidence for the DDoS detector. */
final class Suspicion {
    private static final double THRESHOLD = 0.5;
    private static final ThreadLocal<Suspicion> OF_THREAD = ThreadLocal.withInitial(Suspicion::new);

    private final HeadReader reader = new HeadReader();
    private final Inspection inspection =
            Inspection.remembering(Models.scanner().lexicon());
    private final Scratch scratch = new Scratch(ScanFeatures.COUNT);
    private final int[] features = new int[ScanFeatures.COUNT];
    private final int blockAt = Models.scanner().ensemble().logitOf(THRESHOLD);

    private Suspicion() {}

    /** Whether the detector refuses it. */
    static boolean of(RequestHead head) {
        return OF_THREAD.get().judge(head);
    }

    private boolean judge(RequestHead head) {
        inspection.reset(Exemptions.NONE);
        inspection.anomalies(reader.read(head, inspection));
        inspection.features(features);
        return Models.scanner().ensemble().judge(features, scratch, blockAt).block();
    }
}
