package pt.sunbeam.trainer.dataset;

/**
 * One labelled example.
 *
 * @param raw features in the detector's units and order; do not write
 * @param weight in the fit, not negative
 * @param source what the report counts by: a data set, or a class of one
 * @param unit what a false positive is counted by: a request (unique), or a client's day
 * @param group the site, template or network that the split keeps together
 * @param fitted false for rows that only the report sees: attacks whose evidence the features cannot hold
 */
@SuppressWarnings("ArrayRecordComponent") // a million of them; compared by nobody
public record Row(
        int[] raw, boolean attack, double weight, Fold fold, String source, String unit, String group, boolean fitted) {

    Row withWeight(double newWeight) {
        return new Row(raw, attack, newWeight, fold, source, unit, group, fitted);
    }
}
