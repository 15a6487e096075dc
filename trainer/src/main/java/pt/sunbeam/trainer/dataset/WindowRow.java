package pt.sunbeam.trainer.dataset;

/**
 * The requests of one client over a window, for the DDoS detector.
 *
 * @param unit what a false positive is counted by: a client's day, or a simulated run
 * @param events in the window
 * @param raw the 22 features of {@code AddressFeatures}; do not write
 */
@SuppressWarnings("ArrayRecordComponent") // a million of them; compared by nobody
public record WindowRow(Origin origin, boolean attack, double weight, String unit, int events, int[] raw)
        implements LabelledRow {}
