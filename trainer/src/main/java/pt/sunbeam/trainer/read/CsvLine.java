package pt.sunbeam.trainer.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import java.util.List;

/** A row of CSV (RFC 4180) on one line. Cells that span lines are not read: a quote that is never closed would take the rest of the file along. */
final class CsvLine {
    private static final ObjectReader CELLS = new CsvMapper().readerFor(String[].class);

    private CsvLine() {}

    static List<String> cells(String line) throws SetAside {
        if (line.isBlank()) {
            throw SetAside.leftOut("blank line");
        }
        try {
            String[] cells = CELLS.readValue(line);
            return List.of(cells);
        } catch (JsonProcessingException broken) {
            throw SetAside.malformed("broken CSV: " + broken.getOriginalMessage());
        }
    }
}
