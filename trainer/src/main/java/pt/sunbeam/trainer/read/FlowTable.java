package pt.sunbeam.trainer.read;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.audit.ByteLines;

/**
 * Counts the rows of a CSV file of CIC-IDS2017. They are statistics of network flows, made by a packet meter, and no requests: nothing is trained on them.
 */
public final class FlowTable {
    private static final List<String> COLUMNS =
            List.of("Flow Duration", "Total Fwd Packets", "Total Backward Packets", "Flow Bytes/s", "Label");
    /** What copies of the set have for rates of flows that last no time. */
    private static final Set<String> NO_NUMBER = Set.of("", "inf", "nan", "Infinity", "NaN");

    private static final int MOST_LABELS = 100; // the set has 15

    /**
     * What was met.
     *
     * @param labels as published (bytes beyond ASCII as "?"), with the number of their rows
     */
    public record Counts(Account account, SortedMap<String, Long> labels) {}

    private final SortedMap<String, Long> labels = new TreeMap<>();
    private @Nullable List<String> heading;

    private FlowTable() {}

    /** Reads a table; without the set's heading in its first line none of it can be read. */
    public static Counts read(DataFile file) throws IOException {
        var table = new FlowTable();
        var account = Lines.each(file, table::row);
        if (account.taken() == 0) {
            throw new DataException(file.path(), "no flows in it");
        }
        return new Counts(account, table.labels);
    }

    private void row(ByteLines line) throws SetAside {
        var cells = CsvLine.cells(Lines.text(line));
        if (line.number() == 1 && cells.stream().map(String::strip).toList().containsAll(COLUMNS)) {
            heading = cells.stream().map(String::strip).toList();
            throw SetAside.leftOut("heading");
        }
        if (heading == null) {
            throw SetAside.foreign("no heading of CIC-IDS2017 (expected: columns " + String.join(", ", COLUMNS) + ")");
        }
        if (cells.size() != heading.size()) {
            throw SetAside.malformed("row", cells.size() + " columns", heading.size() + " as in the heading");
        }
        int label = heading.indexOf("Label");
        for (int i = 0; i < cells.size(); i++) {
            if (i != label) {
                requireNumber(heading.get(i), cells.get(i));
            }
        }
        count(cells.get(label).strip());
    }

    private static void requireNumber(String column, String cell) throws SetAside {
        if (NO_NUMBER.contains(cell)) {
            return;
        }
        try {
            Double.parseDouble(cell);
        } catch (NumberFormatException none) {
            throw SetAside.malformed(column, SetAside.excerpt(cell), "a number");
        }
    }

    private void count(String published) throws SetAside {
        var label = published.replaceAll("[^ -~]", "?");
        if (label.isEmpty() || (labels.size() == MOST_LABELS && !labels.containsKey(label))) {
            throw SetAside.malformed("Label", SetAside.excerpt(label), "one of the set's few labels");
        }
        labels.merge(label, 1L, Long::sum);
    }
}
