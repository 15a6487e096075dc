package pt.sunbeam.trainer.read;

import java.io.IOException;
import java.util.function.Consumer;

/** Reads requests kept as one JSON object a line: the open-appsec sets and the nuclei probes. */
public final class JsonLines {
    private JsonLines() {}

    /** {@code {"site" or "class", "method", "url", "headers", "data"}}; the group is the value of {@code groupKey}. */
    public static Account openAppsec(DataFile file, String groupKey, Consumer<RecordedRequest> sink)
            throws IOException {
        return Lines.each(file, line -> sink.accept(request(JsonRow.of(line), groupKey, "url", "data", line.number())));
    }

    /**
     * {@code {"template", "method", "path", "headers", "body", "generic", "unresolved"}}. Left out: probes marked generic
     * (a bare GET of what users ask for too) and those whose placeholders are not filled in.
     */
    public static Account nuclei(DataFile file, Consumer<RecordedRequest> sink) throws IOException {
        return Lines.each(file, line -> sink.accept(nuclei(JsonRow.of(line), line.number())));
    }

    static RecordedRequest nuclei(JsonRow row, long line) throws SetAside {
        if (row.flag("generic")) {
            throw SetAside.leftOut("generic: users ask for this too");
        }
        if (row.flag("unresolved")) {
            throw SetAside.leftOut("unresolved: placeholders are not filled in");
        }
        return request(row, "template", "path", "body", line);
    }

    private static RecordedRequest request(JsonRow row, String groupKey, String targetKey, String bodyKey, long line)
            throws SetAside {
        return new RecordedRequest(
                row.text(groupKey),
                row.text("method"),
                row.text(targetKey),
                row.fields("headers"),
                row.textOrEmpty(bodyKey),
                line);
    }
}
