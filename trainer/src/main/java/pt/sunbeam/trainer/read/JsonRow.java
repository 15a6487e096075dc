package pt.sunbeam.trainer.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import pt.sunbeam.detector.audit.ByteLines;

/** One JSON object a line; members that are missing or of the wrong type are named. */
record JsonRow(JsonNode row) {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static JsonRow of(ByteLines line) throws SetAside {
        int start = line.start();
        while (start < line.end() && line.bytes()[start] <= ' ' && line.bytes()[start] >= 0) {
            start++;
        }
        if (start == line.end()) {
            throw SetAside.foreign("empty line");
        }
        if (line.bytes()[start] != '{') {
            throw SetAside.foreign("no JSON object");
        }
        try {
            return new JsonRow(MAPPER.readTree(line.bytes(), start, line.end() - start));
        } catch (JsonProcessingException broken) {
            var message = broken.getOriginalMessage();
            int end = message.indexOf('\n');
            throw SetAside.malformed("broken JSON: " + (end < 0 ? message : message.substring(0, end)));
        } catch (IOException broken) {
            throw SetAside.malformed("broken JSON: " + broken.getMessage());
        }
    }

    boolean has(String key) {
        return row.has(key);
    }

    /** A string that must be there. */
    String text(String key) throws SetAside {
        var value = row.path(key);
        if (!value.isTextual()) {
            throw wrong(key, value, "a string");
        }
        return wire(value.textValue());
    }

    /** A string, or empty where there is none. */
    String textOrEmpty(String key) throws SetAside {
        var value = row.path(key);
        return value.isMissingNode() || value.isNull() ? "" : text(key);
    }

    /** True or false, or false where there is none. */
    boolean flag(String key) throws SetAside {
        var value = row.path(key);
        if (!value.isBoolean() && !value.isMissingNode()) {
            throw wrong(key, value, "true or false");
        }
        return value.asBoolean();
    }

    long number(String key) throws SetAside {
        var value = row.path(key);
        if (!value.canConvertToExactIntegral()) {
            throw wrong(key, value, "a whole number");
        }
        return value.longValue();
    }

    /** Members of an object, or elements of an array; none where there is no such key. */
    int size(String key) {
        return row.path(key).size();
    }

    JsonRow object(String key) throws SetAside {
        var value = row.path(key);
        if (!value.isObject()) {
            throw wrong(key, value, "an object");
        }
        return new JsonRow(value);
    }

    /** Objects of an array, none where there is no such key. */
    List<JsonRow> objects(String key) throws SetAside {
        var value = row.path(key);
        if (!value.isArray() && !value.isMissingNode()) {
            throw wrong(key, value, "an array of objects");
        }
        var objects = new ArrayList<JsonRow>();
        for (var element : value) {
            if (!element.isObject()) {
                throw wrong(key, element, "an object");
            }
            objects.add(new JsonRow(element));
        }
        return objects;
    }

    /** Name, value, name, value, from an object of strings or an array of pairs; none where there is no such key. */
    List<String> fields(String key) throws SetAside {
        var value = row.path(key);
        var fields = new ArrayList<String>();
        if (value.isObject()) {
            for (var field : value.properties()) {
                fields.add(wire(field.getKey()));
                fields.add(text(key, field.getValue()));
            }
        } else if (value.isArray()) {
            for (var pair : value) {
                if (!pair.isArray() || pair.size() != 2) {
                    throw wrong(key, pair, "a name and a value");
                }
                fields.add(text(key, pair.get(0)));
                fields.add(text(key, pair.get(1)));
            }
        } else if (!value.isMissingNode() && !value.isNull()) {
            throw wrong(key, value, "an object of strings or an array of pairs");
        }
        return fields;
    }

    private static String text(String key, JsonNode value) throws SetAside {
        if (!value.isTextual()) {
            throw wrong(key, value, "a string");
        }
        return wire(value.textValue());
    }

    private static SetAside wrong(String key, JsonNode found, String expected) {
        return SetAside.malformed(key, shown(found), expected);
    }

    private static String shown(JsonNode found) {
        return found.isMissingNode()
                ? "nothing"
                : found.isContainerNode() || found.isTextual()
                        ? "JSON " + found.getNodeType().toString().toLowerCase(Locale.ROOT)
                        : found.toString();
    }

    /** Text beyond ISO-8859-1 goes over the wire as UTF-8. */
    private static String wire(String text) {
        return text.chars().allMatch(c -> c <= 0xff)
                ? text
                : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
