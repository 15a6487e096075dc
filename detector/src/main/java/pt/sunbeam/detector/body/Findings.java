package pt.sunbeam.detector.body;

/** What all that read one body found out about it: the anomalies, and how much of it was left unread. */
final class Findings {
    private int bits;
    private long passedOver;

    void clear() {
        bits = 0;
        passedOver = 0;
    }

    void add(BodyAnomaly anomaly) {
        bits |= anomaly.bit();
    }

    int bits() {
        return bits;
    }

    /** So many bytes of a binary part were not looked at. */
    void passOver(int bytes) {
        passedOver += bytes;
    }

    long passedOver() {
        return passedOver;
    }
}
