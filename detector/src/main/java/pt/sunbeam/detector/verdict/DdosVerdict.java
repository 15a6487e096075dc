package pt.sunbeam.detector.verdict;

import java.util.List;

/**
 * What every node knows of an address that the DDoS detector throttles or blocks, or has blocked before.
 *
 * @param issuedAtMillis and {@code expiresAtMillis}: from when until when it is in force, milliseconds since the epoch
 * @param sequence rises with each verdict on an address
 * @param strikes blocks of the address that were not forgiven when this was issued, itself among them
 * @param score calibrated probability at the time of the verdict
 * @param path as in Judgement.path
 * @param reasons at most three feature names with their values, strongest first
 */
public record DdosVerdict(
        Measure measure,
        long issuedAtMillis,
        long expiresAtMillis,
        long sequence,
        int strikes,
        double score,
        String path,
        List<String> reasons) {
    public boolean inForceAt(long nowMillis) {
        return nowMillis < expiresAtMillis;
    }

    /** Whether half of its time is over: an address that goes on offending then gets the next. */
    boolean isHalfOverAt(long nowMillis) {
        return expiresAtMillis - nowMillis < (expiresAtMillis - issuedAtMillis) / 2;
    }
}
