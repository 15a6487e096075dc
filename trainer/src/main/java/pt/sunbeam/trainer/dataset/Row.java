package pt.sunbeam.trainer.dataset;

/**
 * One labelled example of a training.
 *
 * @param raw features in the detector's units and order; do not write
 * @param weight in the fit, not negative
 * @param source what the report counts by: a data set, or a class of one
 * @param unit what a false positive is counted by: a request (unique), or a client's day
 * @param group what the split keeps together
 * @param fold the group's, in [0, {@value Folds#COUNT})
 * @param fitted false for rows that only the report sees: attacks whose evidence the features cannot hold
 */
@SuppressWarnings("ArrayRecordComponent") // a million of them; compared by nobody
public record Row(
        int[] raw,
        boolean attack,
        double weight,
        Role role,
        String source,
        String site,
        String family,
        String unit,
        String group,
        int fold,
        boolean fitted) {

    static Row of(LabelledRow row, int[] raw, Role role, String source, String unit, boolean fitted) {
        var origin = row.origin();
        return new Row(
                raw,
                row.attack(),
                row.weight(),
                role,
                source,
                origin.site(),
                origin.family(),
                unit,
                origin.group(),
                origin.fold(),
                fitted);
    }

    /** Whether it came through the operator's own proxy or server. */
    public boolean own() {
        return Sources.isOwn(this);
    }

    Row withWeight(double newWeight) {
        return new Row(raw, attack, newWeight, role, source, site, family, unit, group, fold, fitted);
    }
}
