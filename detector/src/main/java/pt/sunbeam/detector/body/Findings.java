package pt.sunbeam.detector.body;

/** The anomalies met in one body, by all that read it. */
final class Findings {
    private int bits;

    void clear() {
        bits = 0;
    }

    void add(BodyAnomaly anomaly) {
        bits |= anomaly.bit();
    }

    int bits() {
        return bits;
    }
}
