package pt.sunbeam.trainer.waf;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import pt.sunbeam.trainer.dataset.DatasetFile;
import pt.sunbeam.trainer.dataset.RequestRow;
import pt.sunbeam.trainer.read.DataException;
import pt.sunbeam.trainer.read.DataFile;
import pt.sunbeam.trainer.read.JsonLines;
import pt.sunbeam.trainer.read.RecordedRequest;
import pt.sunbeam.trainer.waf.WireRequest.Label;

/**
 * The held-out rows of a dataset as requests.
 *
 * <p>Recorded requests go out as recorded. An attack of open-appsec stands in the dataset as its payload alone, so its request is looked up in the set. Listed
 * values stand in a browser's request, half of them in the query, half in a form; FWAF's lines that begin with "/" are targets and go out as such.
 */
final class Rows {
    private static final String APPSEC = "open-appsec";
    private static final Set<String> RECORDED = Set.of(APPSEC, "crs-tests", "nuclei");
    private static final Set<String> LISTED =
            Set.of("httpparams", "libinjection", "fwaf", "payloads-all-the-things", "fuzzdb", "sqlmap-payloads");

    private Rows() {}

    /**
     * Reads the requests of one fold.
     *
     * @param data folder of the public sets, of which waf-comparison is looked into
     */
    static List<WireRequest> heldOut(Path dataset, Path data, int fold) throws IOException {
        var rows = new ArrayList<RequestRow>();
        DatasetFile.open(dataset).forEach(RequestRow.class, row -> {
            if (row.origin().fold() == fold && isCompared(row)) {
                rows.add(row);
            }
        });
        if (rows.isEmpty()) {
            throw new DataException(dataset, "no row of fold " + fold);
        }
        var recorded = recorded(rows, data);
        var requests = new ArrayList<WireRequest>(rows.size());
        for (var row : rows) {
            requests.add(request(row, recorded));
        }
        return requests;
    }

    private static boolean isCompared(RequestRow row) {
        var source = row.origin().source();
        // Guessed paths are no payloads: one of them is weak evidence, and part of no comparison.
        return RECORDED.contains(source) || (LISTED.contains(source) && row.payload());
    }

    private static WireRequest request(RequestRow row, Map<Long, RecordedRequest> recorded) throws DataException {
        var origin = row.origin();
        var label = new Label(origin.source(), row.attack() ? origin.family() : origin.site(), row.attack());
        if (!row.payload()) {
            return WireRequest.recorded(label, row.method(), row.target(), fields(row), row.body());
        }
        if (origin.source().equals(APPSEC)) {
            var request = recorded.get(origin.line());
            if (request == null) {
                throw new DataException(
                        Path.of(origin.file()),
                        "no request in line %d (expected: the file of the dataset)".formatted(origin.line()));
            }
            return WireRequest.recorded(label, request.method(), request.target(), request.fields(), request.body());
        }
        var encoded = row.target().substring("/?p=".length());
        if (origin.source().equals("fwaf") && encoded.startsWith("/")) {
            return WireRequest.recorded(label, "GET", targetOf(encoded), WireRequest.BROWSER, "");
        }
        return WireRequest.ofValue(label, encoded, (encoded.hashCode() & 1) == 0);
    }

    /** A probe is listed with the fields that matter; the rest is what nuclei sends of its own. */
    private static List<String> fields(RequestRow row) {
        if (!row.origin().source().equals("nuclei")) {
            return row.fields();
        }
        var fields = new ArrayList<>(row.fields());
        for (int i = 0; i < 4; i += 2) {
            var name = WireRequest.BROWSER.get(i);
            if (!has(fields, name)) {
                fields.add(name);
                fields.add(WireRequest.BROWSER.get(i + 1));
            }
        }
        return fields;
    }

    private static boolean has(List<String> fields, String name) {
        for (int i = 0; i < fields.size(); i += 2) {
            if (fields.get(i).equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    /** The dataset escapes what would end a value; a target needs it. */
    private static String targetOf(String encoded) {
        return encoded.replace("%26", "&").replace("%2B", "+");
    }

    private static Map<Long, RecordedRequest> recorded(List<RequestRow> rows, Path data) throws IOException {
        var wanted = new LinkedHashSet<Long>();
        for (var row : rows) {
            if (row.payload() && row.origin().source().equals(APPSEC)) {
                wanted.add(row.origin().line());
            }
        }
        var found = new HashMap<Long, RecordedRequest>();
        if (wanted.isEmpty()) {
            return found;
        }
        var folder = data.resolve("waf-comparison");
        var file = DataFile.find(folder, "malicious.jsonl")
                .orElseThrow(() -> new DataException(folder, "no malicious.jsonl[.xz] there"));
        JsonLines.openAppsec(file, "class", request -> {
            if (wanted.contains(request.line())) {
                found.put(request.line(), request);
            }
        });
        return found;
    }
}
