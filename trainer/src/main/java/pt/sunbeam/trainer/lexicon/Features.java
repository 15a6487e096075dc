package pt.sunbeam.trainer.lexicon;

import java.util.List;
import pt.sunbeam.detector.body.BodyReader;
import pt.sunbeam.detector.canon.HeadReader;
import pt.sunbeam.detector.feature.ScanFeatures;
import pt.sunbeam.detector.lexicon.Lexicon;
import pt.sunbeam.detector.scan.Exemptions;
import pt.sunbeam.detector.scan.Inspection;
import pt.sunbeam.detector.scan.Reason;
import pt.sunbeam.trainer.dataset.WireRequest;

/** The features of requests as the detector itself computes them. */
public final class Features {
    private final Inspection inspection;
    private final HeadReader heads = new HeadReader();
    private final BodyReader bodies;

    public Features(Lexicon lexicon) {
        inspection = new Inspection(lexicon);
        bodies = new BodyReader(inspection);
    }

    /** By position as {@link ScanFeatures} names them. */
    public int[] of(WireRequest request) {
        inspection.reset(Exemptions.NONE);
        inspection.anomalies(heads.read(request.head(), inspection));
        if (request.body().length > 0) {
            bodies.begin(request.head(), Long.MAX_VALUE);
            bodies.feed(request.body(), 0, request.body().length);
            bodies.end();
            inspection.faults(Integer.bitCount(bodies.anomalies()));
        }
        var features = new int[ScanFeatures.COUNT];
        inspection.features(features);
        return features;
    }

    /** Why the request read last looks like an attack. */
    public List<Reason> reasons() {
        return inspection.reasons(3);
    }
}
