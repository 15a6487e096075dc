package pt.sunbeam.trainer.dataset;

import java.util.List;
import java.util.Map;

/**
 * Rows of one detector, with the words that go into its report.
 *
 * @param unjudged benign units of a role that never come to be judged (clients of few requests), and have no rows
 * @param files what was read
 * @param notes what was left out, and why; what a reader of the figures must know
 */
public record Dataset(List<Row> rows, Map<Role, Integer> unjudged, List<Header.Source> files, List<String> notes) {
    public Dataset {
        rows = List.copyOf(rows);
        unjudged = Map.copyOf(unjudged);
        files = List.copyOf(files);
        notes = List.copyOf(notes);
    }

    /** Rows of a role that take part in the fit. */
    public List<Row> fitted(Role role) {
        return rows.stream().filter(row -> row.role() == role && row.fitted()).toList();
    }

    public List<Row> of(Role role) {
        return rows.stream().filter(row -> row.role() == role).toList();
    }
}
