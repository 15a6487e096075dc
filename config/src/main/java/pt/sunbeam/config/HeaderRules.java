package pt.sunbeam.config;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import pt.sunbeam.detector.http.HeaderName;

/**
 * How the fields of a message are changed: first those that are removed, then those that are set, then those that are added.
 *
 * @param remove names in lower case
 * @param set replace each field of that name
 * @param add stand beside fields of that name
 */
public record HeaderRules(List<String> remove, List<Field> set, List<Field> add) {
    public static final HeaderRules NONE = new HeaderRules(List.of(), List.of(), List.of());

    private static final String NAME = "the name of a header field";

    /** The message's frame is the proxy's to say (RFC 9110 section 7.6.1, RFC 9112 section 6). */
    private static final Set<String> FRAME = Set.of(
            "connection",
            "content-length",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    public HeaderRules {
        remove = List.copyOf(remove);
        set = List.copyOf(set);
        add = List.copyOf(add);
    }

    /**
     * A field's name and value.
     *
     * @param value may hold {@code {client_ip}}, {@code {host}}, {@code {scheme}} and {@code {request_id}}, for which the request's stand in
     */
    public record Field(String name, String value) {
        static Field read(Section field, Set<String> reserved) {
            return new Field(
                    field.required("name", "", NAME, text -> HeaderRules.name(text, reserved)),
                    field.required("value", "", VALUE, Field::value));
        }

        private static final String VALUE = "text without control characters";

        private static String value(String text) {
            if (text.chars().allMatch(c -> (c >= ' ' && c != 0x7f) || c == '\t')) {
                return text.strip();
            }
            throw new IllegalArgumentException(VALUE);
        }
    }

    static HeaderRules ofRequest(Section section) {
        return read(section, "request_headers", Set.of("host"));
    }

    static HeaderRules ofResponse(Section section) {
        return read(section, "response_headers", Set.of("x-request-id"));
    }

    private static HeaderRules read(Section section, String key, Set<String> reserved) {
        return new HeaderRules(
                section.list(key + "_remove", text -> name(text, reserved).toLowerCase(Locale.ROOT)),
                section.sections(key, field -> Field.read(field, reserved)),
                section.sections(key + "_add", field -> Field.read(field, reserved)));
    }

    private static String name(String text, Set<String> reserved) {
        var lower = text.toLowerCase(Locale.ROOT);
        if (lower.equals("host") && reserved.contains(lower)) {
            throw new IllegalArgumentException("another field; hostname_rewrite changes Host");
        }
        if (FRAME.contains(lower) || reserved.contains(lower)) {
            throw new IllegalArgumentException("another field; the proxy writes this one itself");
        }
        try {
            HeaderName.of(text);
            return text;
        } catch (IllegalArgumentException notToken) {
            throw new IllegalArgumentException(NAME, notToken);
        }
    }

    /** These rules, and after them the others, which so have the last word. */
    HeaderRules then(HeaderRules others) {
        return new HeaderRules(
                both(remove, others.remove),
                both(set.stream().filter(field -> !others.touches(field.name())).toList(), others.set),
                both(add.stream().filter(field -> !others.touches(field.name())).toList(), others.add));
    }

    private boolean touches(String name) {
        return remove.contains(name.toLowerCase(Locale.ROOT))
                || set.stream().anyMatch(field -> field.name().equalsIgnoreCase(name));
    }

    private static <T> List<T> both(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
