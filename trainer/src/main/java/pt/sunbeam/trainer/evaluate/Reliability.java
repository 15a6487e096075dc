package pt.sunbeam.trainer.evaluate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Whether probabilities mean what they say.
 *
 * <p>They are held against the share of attacks among the rows at hand; in traffic, where attacks are rarer, the same probabilities are too high.
 *
 * @param brier mean squared distance of probability and label, in [0, 1] (Brier 1950, Verification of forecasts expressed in terms of probability)
 * @param expectedError expected calibration error, in [0, 1]: the distance of mean probability and share of attacks in a bin, as the mean over rows
 *     (Naeini, Cooper, Hauskrecht 2015, Obtaining well calibrated probabilities using Bayesian binning)
 * @param bins of equal width over [0, 1], empty ones left out
 */
public record Reliability(double brier, double expectedError, List<Bin> bins) {
    private static final int BINS = 10;

    /**
     * Rows whose probability is in [low, high), in the last bin in [low, high].
     *
     * @param probability their mean
     * @param attacks share of attacks among them
     */
    public record Bin(double low, double high, int rows, double probability, double attacks) {}

    public Reliability {
        bins = List.copyOf(bins);
    }

    /**
     * Looks at rows.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static Reliability of(Collection<Scored> rows) {
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("no rows");
        }
        var counts = new int[BINS];
        var probabilities = new double[BINS];
        var attacks = new double[BINS];
        double squares = 0;
        for (var row : rows) {
            double probability = row.probability();
            int label = row.attack() ? 1 : 0;
            int bin = Math.min(BINS - 1, (int) (BINS * probability));
            counts[bin]++;
            probabilities[bin] += probability;
            attacks[bin] += label;
            squares += (probability - label) * (probability - label);
        }
        var bins = new ArrayList<Bin>();
        double error = 0;
        for (int bin = 0; bin < BINS; bin++) {
            if (counts[bin] > 0) {
                error += Math.abs(probabilities[bin] - attacks[bin]);
                bins.add(new Bin(
                        (double) bin / BINS,
                        (bin + 1.0) / BINS,
                        counts[bin],
                        probabilities[bin] / counts[bin],
                        attacks[bin] / counts[bin]));
            }
        }
        return new Reliability(squares / rows.size(), error / rows.size(), bins);
    }
}
