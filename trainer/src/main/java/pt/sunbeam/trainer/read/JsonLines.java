package pt.sunbeam.trainer.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Reads requests kept as one JSON object a line: the open-appsec sets and the nuclei probes. */
public final class JsonLines {
    private static final JsonMapper MAPPER = new JsonMapper();

    private JsonLines() {}

    /** {@code {"site" or "class", "method", "url", "headers", "data"}}; the group is the value of {@code groupKey}. */
    public static void openAppsec(DataFile file, String groupKey, Consumer<RecordedRequest> sink) throws IOException {
        read(file, groupKey, "url", "data", _ -> true, sink);
    }

    /**
     * {@code {"template", "method", "path", "headers", "body", "generic", "unresolved"}}. Left out: probes marked generic
     * (a bare GET of what users ask for too) and those whose placeholders are not filled in.
     */
    public static void nuclei(DataFile file, Consumer<RecordedRequest> sink) throws IOException {
        read(
                file,
                "template",
                "path",
                "body",
                row -> !row.path("generic").asBoolean()
                        && !row.path("unresolved").asBoolean(),
                sink);
    }

    private static void read(
            DataFile file,
            String groupKey,
            String targetKey,
            String bodyKey,
            Predicate<JsonNode> wanted,
            Consumer<RecordedRequest> sink)
            throws IOException {
        try (var in = file.lines(StandardCharsets.UTF_8)) {
            long line = 0;
            for (String text = in.readLine(); text != null; text = in.readLine()) {
                line++;
                if (text.isBlank()) {
                    continue;
                }
                JsonNode row = parse(file, line, text);
                if (wanted.test(row)) {
                    sink.accept(new RecordedRequest(
                            wire(required(file, line, row, groupKey)),
                            wire(required(file, line, row, "method")),
                            wire(required(file, line, row, targetKey)),
                            fields(row.path("headers")),
                            wire(row.path(bodyKey).asText("")),
                            line));
                }
            }
        }
    }

    private static JsonNode parse(DataFile file, long line, String text) throws DataException {
        try {
            JsonNode row = MAPPER.readTree(text);
            if (!row.isObject()) {
                throw new DataException(
                        file.path(), line, "found JSON " + row.getNodeType() + " (expected: an object)");
            }
            return row;
        } catch (JsonProcessingException broken) {
            var fault = new DataException(file.path(), line, "broken JSON: " + broken.getOriginalMessage());
            fault.initCause(broken);
            throw fault;
        }
    }

    private static String required(DataFile file, long line, JsonNode row, String key) throws DataException {
        JsonNode value = row.get(key);
        if (value == null || !value.isTextual()) {
            throw new DataException(
                    file.path(),
                    line,
                    key + ": found " + (value == null ? "nothing" : value) + " (expected: a string)");
        }
        return value.textValue();
    }

    private static List<String> fields(JsonNode headers) {
        var fields = new ArrayList<String>();
        for (var header : headers.properties()) {
            fields.add(wire(header.getKey()));
            fields.add(wire(header.getValue().asText("")));
        }
        return fields;
    }

    /** Text beyond ISO-8859-1 goes over the wire as UTF-8. */
    private static String wire(String text) {
        return text.chars().allMatch(c -> c <= 0xff)
                ? text
                : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
