package pt.sunbeam.detector.audit;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An audit line as far as it has been read. Whether it is one is known at its end alone, for members have no order; until then the first fault is kept.
 * One draft serves line after line. Not thread-safe.
 */
final class AuditDraft {
    /** Members that loggers put around the fields. */
    private static final Set<String> ENVELOPE =
            Set.of("level", "span", "spans", "filename", "line_number", "threadId", "threadName");

    private static final long U16 = 0xffff;
    private static final long U32 = 0xffff_ffffL;
    private static final int LONGEST_QUOTE = 60;

    /** Plain values by field: their text, and their type in JSON. */
    private static final class Fields {
        private final Map<AuditField, String> texts = new EnumMap<>(AuditField.class);
        private final Map<AuditField, JsonToken> types = new EnumMap<>(AuditField.class);

        void clear() {
            texts.clear();
            types.clear();
        }

        @Nullable
        String text(AuditField field) {
            return texts.get(field);
        }

        boolean is(AuditField field, JsonToken type) {
            return types.get(field) == type;
        }
    }

    private final Fields flat = new Fields();
    private final Fields nested = new Fields();
    private boolean isNested;
    private @Nullable String timestamp;
    private AuditRecord.@Nullable Extension sunbeam;
    private @Nullable String unknown; // the first unknown member of the line itself, a fault in the flat form alone
    private @Nullable String fault;

    /** Forgets the line before. */
    void clear() {
        flat.clear();
        nested.clear();
        isNested = false;
        timestamp = null;
        sunbeam = null;
        unknown = null;
        fault = null;
    }

    /** Keeps a fault unless there is one already. */
    void fault(String where, String found, String expected) {
        if (fault == null) {
            fault = "%s: found %s (expected: %s)".formatted(where, found, expected);
        }
    }

    /** Takes a member of the line; the parser stands at its value. */
    void member(String name, JsonParser json) throws IOException {
        AuditField field = AuditField.of(name);
        if (name.equals("fields")) {
            fields(json);
        } else if (name.equals("timestamp")) {
            timestamp = scalar("", name, json);
        } else if (name.equals("sunbeam")) {
            extension(json);
        } else if (field != null && json.currentToken().isScalarValue()) {
            put(flat, field, "", json);
        } else {
            if (unknown == null && !ENVELOPE.contains(name)) {
                unknown = name;
            }
            json.skipChildren();
        }
    }

    private void fields(JsonParser json) throws IOException {
        if (!isObject("fields", json)) {
            return;
        }
        if (isNested) {
            fault("fields", "a second one", "one");
            nested.clear();
        }
        isNested = true;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            AuditField field = AuditField.of(name);
            json.nextToken();
            if (field == null) {
                fault("unknown field fields." + quoted(name), found(json), "none of that name");
                json.skipChildren();
            } else {
                put(nested, field, "fields", json);
            }
        }
    }

    private void put(Fields fields, AuditField field, String where, JsonParser json) throws IOException {
        String text = scalar(where, field.key(), json);
        if (text != null) {
            fields.types.put(field, json.currentToken());
            if (fields.texts.put(field, text) != null) {
                fault(path(where, field.key()), "a second one", "one");
            }
        }
    }

    AuditReader.Outcome outcome() {
        Fields fields = isNested ? nested : flat;
        String target = fields.text(AuditField.TARGET);
        if (target == null) {
            target = flat.text(AuditField.TARGET);
        }
        if (target == null) {
            return new AuditReader.Foreign("no target");
        }
        if (!target.equals("audit")) {
            return new AuditReader.Foreign("target " + quoted(target));
        }
        if (!isNested && unknown != null) {
            fault("unknown field " + quoted(unknown), "it", "none of that name");
        }
        AuditRecord record = new Values(fields, !isNested).record();
        return fault == null ? new AuditReader.Parsed(record) : new AuditReader.Malformed(fault);
    }

    /** The fields of a line as values of their types; stand-ins, never used, where there is a fault. */
    private final class Values {
        private final Fields fields;
        private final boolean isFlat;

        Values(Fields fields, boolean isFlat) {
            this.fields = fields;
            this.isFlat = isFlat;
        }

        AuditRecord record() {
            return new AuditRecord(
                    instant(),
                    text(AuditField.REQUEST_ID),
                    text(AuditField.METHOD),
                    text(AuditField.HOST),
                    text(AuditField.PATH),
                    text(AuditField.QUERY),
                    text(AuditField.CLIENT_IP),
                    (int) number(AuditField.STATUS, U16),
                    number(AuditField.DURATION_MS, Long.MAX_VALUE),
                    number(AuditField.CONTENT_LENGTH, Long.MAX_VALUE),
                    number(AuditField.RESPONSE_BYTES, Long.MAX_VALUE),
                    header(AuditField.USER_AGENT),
                    header(AuditField.REFERER),
                    header(AuditField.ACCEPT_LANGUAGE),
                    header(AuditField.ACCEPT),
                    header(AuditField.ACCEPT_ENCODING),
                    truth(AuditField.HAS_COOKIES),
                    header(AuditField.CONNECTION),
                    header(AuditField.CF_COUNTRY),
                    header(AuditField.BACKEND),
                    header(AuditField.ERROR),
                    text(AuditField.HTTP_VERSION),
                    (int) number(AuditField.HEADER_COUNT, U16),
                    header(AuditField.LABEL),
                    sunbeam);
        }

        private @Nullable String get(AuditField field) {
            String text = fields.text(field);
            if (text == null && field.isRequired(isFlat)) {
                fault(where(field), "nothing", "a value");
            }
            return text;
        }

        private String where(AuditField field) {
            return path(isFlat ? "" : "fields", field.key());
        }

        private String text(AuditField field) {
            String text = header(field, false);
            return text == null ? AuditWriter.ABSENT : text;
        }

        private @Nullable String header(AuditField field) {
            String text = header(field, true);
            return AuditWriter.ABSENT.equals(text) ? null : text;
        }

        private @Nullable String header(AuditField field, boolean nullable) {
            String text = get(field);
            if (text == null || (nullable && fields.is(field, JsonToken.VALUE_NULL))) {
                return null;
            }
            if (!fields.is(field, JsonToken.VALUE_STRING)) {
                fault(where(field), text, "a string");
            }
            return text;
        }

        private long number(AuditField field, long most) {
            String text = get(field);
            return text == null ? 0 : AuditDraft.this.number(isFlat ? "" : "fields", field.key(), text, most);
        }

        private boolean truth(AuditField field) {
            String text = get(field);
            if (text != null && !text.equals("true") && !text.equals("false")) {
                fault(where(field), quoted(text), "true or false");
            }
            return text != null && text.equals("true");
        }

        private Instant instant() {
            String time = timestamp;
            if (time == null) {
                fault("timestamp", "nothing", "RFC 3339");
                return Instant.EPOCH;
            }
            try {
                return Rfc3339.parse(time);
            } catch (DateTimeException e) {
                fault("timestamp", quoted(time), "RFC 3339");
                return Instant.EPOCH;
            }
        }
    }

    private void extension(JsonParser json) throws IOException {
        if (!isObject("sunbeam", json)) {
            return;
        }
        String version = null;
        String node = null;
        String route = null;
        AuditRecord.Layer ddos = null;
        AuditRecord.Layer scanner = null;
        AuditRecord.Layer rateLimit = null;
        String model = null;
        long upstreamMs = 0;
        List<AuditRecord.Place> shape = new ArrayList<>();
        int[] scannerFeatures = null;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "v" -> version = scalar("sunbeam", name, json);
                case "node" -> node = string("sunbeam", name, json);
                case "route" -> route = string("sunbeam", name, json);
                case "ddos" -> ddos = layer("sunbeam.ddos", json);
                case "scanner" -> scanner = layer("sunbeam.scanner", json);
                case "rate_limit" -> rateLimit = layer("sunbeam.rate_limit", json);
                case "model" -> model = string("sunbeam", name, json);
                case "upstream_ms" -> upstreamMs = number("sunbeam", name, json, Long.MAX_VALUE);
                case "shape" -> {
                    while (isNextElement("sunbeam", name, json)) {
                        shape.add(place("sunbeam.shape", json));
                    }
                }
                case "scanner_features" -> {
                    List<Integer> features = new ArrayList<>();
                    while (isNextElement("sunbeam", name, json)) {
                        features.add((int) number("sunbeam", name, json, Integer.MAX_VALUE));
                    }
                    scannerFeatures =
                            features.stream().mapToInt(Integer::intValue).toArray();
                }
                default -> json.skipChildren();
            }
        }
        if (version == null || node == null) {
            fault(version == null ? "sunbeam.v" : "sunbeam.node", "nothing", "a value");
            return;
        }
        sunbeam = new AuditRecord.Extension(
                (int) number("sunbeam", "v", version, U16),
                node,
                route,
                ddos,
                scanner,
                rateLimit,
                model,
                upstreamMs,
                List.copyOf(shape),
                scannerFeatures);
    }

    private AuditRecord.@Nullable Layer layer(String where, JsonParser json) throws IOException {
        if (!isObject(where, json)) {
            return null;
        }
        String decision = null;
        Double score = null;
        String path = null;
        List<String> reasons = List.of();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "decision" -> decision = string(where, name, json);
                case "score" -> score = score(where, name, json);
                case "path" -> path = string(where, name, json);
                case "reasons" -> {
                    reasons = new ArrayList<>();
                    while (isNextElement(where, name, json)) {
                        reasons.add(string(where, name, json));
                    }
                }
                default -> json.skipChildren();
            }
        }
        if (decision == null || score == null || path == null) {
            fault(where, "too little", "decision, score and path");
            return null;
        }
        return new AuditRecord.Layer(decision, score, path, List.copyOf(reasons));
    }

    private AuditRecord.Place place(String where, JsonParser json) throws IOException {
        String place = "";
        String parameter = "";
        long classes = 0;
        long lengthBucket = 0;
        long hash = 0;
        if (isObject(where, json)) {
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "place" -> place = string(where, name, json);
                    case "name" -> parameter = string(where, name, json);
                    case "classes" -> classes = number(where, name, json, U16);
                    case "length_bucket" -> lengthBucket = number(where, name, json, U16);
                    case "hash" -> hash = number(where, name, json, U32);
                    default -> json.skipChildren();
                }
            }
            if (place.isEmpty()) {
                fault(where, "no place", "a place");
            }
        }
        return new AuditRecord.Place(place, parameter, (int) classes, (int) lengthBucket, (int) hash);
    }

    /** Walks through an array; anything else is a fault and has no elements. */
    private boolean isNextElement(String where, String name, JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.START_ARRAY
                || json.getParsingContext().inArray()) {
            return json.nextToken() != JsonToken.END_ARRAY;
        }
        fault(path(where, name), found(json), "an array");
        json.skipChildren();
        return false;
    }

    /** Joined for faults alone: most lines have none. */
    private static String path(String where, String name) {
        return where.isEmpty() ? name : where + "." + name;
    }

    private boolean isObject(String where, JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.START_OBJECT) {
            return true;
        }
        fault(where, found(json), "an object");
        json.skipChildren();
        return false;
    }

    private @Nullable String scalar(String where, String name, JsonParser json) throws IOException {
        if (json.currentToken().isScalarValue()) {
            return json.getText();
        }
        fault(path(where, name), found(json), "a plain value");
        json.skipChildren();
        return null;
    }

    private String string(String where, String name, JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            fault(path(where, name), found(json), "a string");
            json.skipChildren();
            return "";
        }
        return json.getText();
    }

    private long number(String where, String name, JsonParser json, long most) throws IOException {
        String text = scalar(where, name, json);
        return text == null ? 0 : number(where, name, text, most);
    }

    /** Whole numbers may be written as strings. */
    private long number(String where, String name, String text, long most) {
        try {
            long number = Long.parseLong(text);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // reported like one out of range
        }
        fault(path(where, name), quoted(text), "a whole number in 0.." + most);
        return 0;
    }

    private @Nullable Double score(String where, String name, JsonParser json) throws IOException {
        if (json.currentToken().isNumeric() && Double.isFinite(json.getDoubleValue())) {
            return json.getDoubleValue();
        }
        fault(path(where, name), found(json), "a number");
        json.skipChildren();
        return null;
    }

    private static String found(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> quoted(json.getText());
            default -> json.getText();
        };
    }

    private static String quoted(String text) {
        return '"' + (text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "...") + '"';
    }
}
