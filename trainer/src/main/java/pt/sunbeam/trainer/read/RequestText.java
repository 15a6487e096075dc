package pt.sunbeam.trainer.read;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The text of HTTP/1 requests (RFC 9112), read leniently: targets may hold blanks. */
final class RequestText {
    private static final Pattern REQUEST_LINE = Pattern.compile("([A-Z_-]{1,32}) (\\S.*) HTTP/\\d(?:\\.\\d)?");

    record Start(String method, String target) {}

    private RequestText() {}

    /** What a request line says; null if the line is none. */
    static @Nullable Start start(String line) {
        var matcher = REQUEST_LINE.matcher(line);
        return matcher.matches() ? new Start(matcher.group(1), matcher.group(2)) : null;
    }

    /** Adds name and value of a field line. */
    static void addField(String line, List<String> fields) throws SetAside {
        int colon = line.indexOf(':');
        if (colon <= 0) {
            throw SetAside.malformed("field", SetAside.excerpt(line), "name, colon, value");
        }
        fields.add(line.substring(0, colon));
        fields.add(line.substring(colon + 1).strip());
    }

    /** The first value of a field, or null. */
    static @Nullable String value(List<String> fields, String name) {
        for (int i = 0; i < fields.size(); i += 2) {
            if (fields.get(i).equalsIgnoreCase(name)) {
                return fields.get(i + 1);
            }
        }
        return null;
    }

    /** A whole request: request line, fields, blank line, body. */
    static RecordedRequest whole(String text, String group, long line) throws SetAside {
        int from = 0;
        Start start = null;
        var fields = new ArrayList<String>();
        while (from < text.length()) {
            int feed = text.indexOf('\n', from);
            int end = feed < 0 ? text.length() : feed;
            var part = text.substring(from, end > from && text.charAt(end - 1) == '\r' ? end - 1 : end);
            from = end + 1;
            if (start == null) {
                start = start(part);
                if (start == null) {
                    throw SetAside.malformed("request line", SetAside.excerpt(part), "method, target, HTTP version");
                }
            } else if (part.isEmpty()) {
                break;
            } else {
                addField(part, fields);
            }
        }
        if (start == null) {
            throw SetAside.malformed("request", "nothing", "a request line");
        }
        var body = from < text.length() ? text.substring(from) : "";
        return new RecordedRequest(group, start.method(), start.target(), fields, body, line);
    }
}
