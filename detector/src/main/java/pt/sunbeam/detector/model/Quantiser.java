package pt.sunbeam.detector.model;

import java.util.Arrays;

/** Turns raw features into levels: the level of a value is the number of cuts at or below it, in [0, 127]. */
public final class Quantiser {
    /**
     * The cuts of all features, each padded to one less than a power of two, so that the search takes the same steps for
     * every value and the compiler can do without branches.
     */
    private final int[] cuts;

    private final int[] starts;
    private final int[] counts;

    /** The first step of the search: half of the padded size plus one; 0 where there is no cut. */
    private final int[] steps;

    /** @param cuts one ascending row for each feature, each of at most 127 */
    public Quantiser(int[][] cuts) {
        starts = new int[cuts.length];
        counts = new int[cuts.length];
        steps = new int[cuts.length];
        int size = 0;
        for (int i = 0; i < cuts.length; i++) {
            starts[i] = size;
            counts[i] = cuts[i].length;
            steps[i] = Integer.highestOneBit(cuts[i].length);
            size += Math.max(0, 2 * steps[i] - 1);
        }
        this.cuts = new int[size];
        Arrays.fill(this.cuts, Integer.MAX_VALUE);
        for (int i = 0; i < cuts.length; i++) {
            System.arraycopy(cuts[i], 0, this.cuts, starts[i], cuts[i].length);
        }
    }

    int features() {
        return starts.length;
    }

    void quantise(int[] raw, byte[] quantised) {
        for (int i = 0; i < starts.length; i++) {
            int at = starts[i];
            int value = raw[i];
            for (int step = steps[i]; step > 0; step >>= 1) {
                at = cuts[at + step - 1] <= value ? at + step : at;
            }
            // The largest int is at or above the padding too.
            quantised[i] = (byte) Math.min(at - starts[i], counts[i]);
        }
    }
}
