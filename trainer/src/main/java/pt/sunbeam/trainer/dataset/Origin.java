package pt.sunbeam.trainer.dataset;

/**
 * Where a row comes from.
 *
 * @param source the data set, which reports count by
 * @param file name of the file within its set
 * @param line of the file, from 1; 0 where simulated
 * @param site whose traffic it is, which false positives are averaged by; empty where nobody's
 * @param client address of who sent it, or empty
 * @param family class of an attack, such as "xss"; empty for benign rows
 * @param group what no split tears apart
 * @param fold of the group, in [0, {@value Folds#COUNT})
 * @param timeMillis when, milliseconds since 1970, or -1 where not known
 */
public record Origin(
        String source,
        String file,
        long line,
        String site,
        String client,
        String family,
        String group,
        int fold,
        long timeMillis) {

    static Origin of(
            String source,
            String file,
            long line,
            String site,
            String client,
            String family,
            String group,
            long timeMillis) {
        return new Origin(source, file, line, site, client, family, group, Folds.of(group), timeMillis);
    }
}
