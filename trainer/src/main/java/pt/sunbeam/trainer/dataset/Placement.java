package pt.sunbeam.trainer.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where a payload is set into a benign request, the frame; all else of the frame stays, so that it carries no label. */
public enum Placement {
    QUERY,
    PATH,
    FORM,
    JSON,
    COOKIE,
    HEADER;

    private static final List<String> NAMES =
            List.of("q", "id", "name", "search", "page", "ref", "comment", "data", "user_id", "filter[value]", "lang");
    private static final List<String> HEADERS =
            List.of("X-Request-Id", "X-Forwarded-Host", "X-Api-Version", "User-Agent", "Referer", "X-Client");

    /** The word for it in reports: "query". */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Sets the payload of a row into a frame.
     *
     * @param choice of names and of the segment, any number
     * @return null where the payload cannot stand there: a control byte that no header field can hold, or a target too long
     */
    public @Nullable WireRequest place(RequestRow row, RequestRow frame, int choice) {
        var encoded = Targets.payload(row.target(), row.body());
        if (encoded == null) {
            return null;
        }
        var name = NAMES.get(Math.floorMod(choice, NAMES.size()));
        return switch (this) {
            case QUERY ->
                target(frame, frame.target() + (frame.target().indexOf('?') < 0 ? "?" : "&") + name + "=" + encoded);
            case PATH -> {
                var path = Targets.path(frame.target());
                yield target(
                        frame,
                        Targets.withPayload(path, encoded, choice >>> 8)
                                + frame.target().substring(path.length()));
            }
            case FORM ->
                body(frame, "application/x-www-form-urlencoded", "lang=en&" + name + "=" + encoded + "&submit=1");
            case JSON ->
                body(
                        frame,
                        "application/json",
                        json(name, Targets.decoded("?" + encoded).substring(1)));
            case COOKIE -> cookie(frame, name, encoded);
            case HEADER -> header(frame, HEADERS.get(Math.floorMod(choice, HEADERS.size())), encoded);
        };
    }

    private static @Nullable WireRequest target(RequestRow frame, String target) {
        return Targets.isOriginForm(target)
                ? WireRequest.of(frame.method(), target, frame.fields(), frame.body())
                : null;
    }

    private static WireRequest body(RequestRow frame, String type, String body) {
        var fields = without(frame, "content-type", "content-encoding");
        fields.add("Content-Type");
        fields.add(type);
        return WireRequest.of("POST", frame.target(), fields, body);
    }

    private static WireRequest cookie(RequestRow frame, String name, String encoded) {
        var fields = new ArrayList<>(frame.fields());
        var pair = name + "=" + encoded.replace(";", "%3B").replace(",", "%2C").replace("\"", "%22");
        for (int i = 0; i + 1 < fields.size(); i += 2) {
            if (fields.get(i).equalsIgnoreCase("cookie")) {
                fields.set(i + 1, fields.get(i + 1) + "; " + pair);
                return WireRequest.of(frame.method(), frame.target(), fields, frame.body());
            }
        }
        fields.add("Cookie");
        fields.add(pair);
        return WireRequest.of(frame.method(), frame.target(), fields, frame.body());
    }

    private static @Nullable WireRequest header(RequestRow frame, String name, String encoded) {
        var value = Targets.decoded("?" + encoded).substring(1);
        if (!value.chars().allMatch(c -> c >= ' ' && c != 0x7f)) {
            return null;
        }
        var fields = without(frame, name.toLowerCase(Locale.ROOT));
        fields.add(name);
        fields.add(name.equals("Referer") ? "https://www.example.com/?from=" + encoded : value);
        return WireRequest.of(frame.method(), frame.target(), fields, frame.body());
    }

    private static List<String> without(RequestRow frame, String... names) {
        var fields = new ArrayList<String>();
        for (int i = 0; i + 1 < frame.fields().size(); i += 2) {
            if (!List.of(names).contains(frame.fields().get(i).toLowerCase(Locale.ROOT))) {
                fields.add(frame.fields().get(i));
                fields.add(frame.fields().get(i + 1));
            }
        }
        return fields;
    }

    private static String json(String name, String value) {
        var text = new StringBuilder("{\"lang\":\"en\",\"").append(name).append("\":\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ') {
                text.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                text.append(c);
            }
        }
        return text.append("\",\"n\":3}").toString();
    }
}
