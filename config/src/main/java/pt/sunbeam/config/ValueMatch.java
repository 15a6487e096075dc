package pt.sunbeam.config;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Locale;
import java.util.function.Function;
import pt.sunbeam.detector.http.HeaderName;

/**
 * What a header field or a query parameter of a request must be like.
 *
 * @param value empty for PRESENT and ABSENT
 */
public record ValueMatch(String name, Type type, String value) {
    /** How the value is compared. */
    public enum Type {
        /** It is this, with case. */
        EXACT,
        /** This pattern of RE2 is found in it. */
        REGEX,
        /** There is one. */
        PRESENT,
        /** There is none. */
        ABSENT;

        private static final String EXPECTED = "exact, regex, present or absent";

        static Type of(String word) {
            return switch (word.toLowerCase(Locale.ROOT)) {
                case "exact" -> EXACT;
                case "regex", "regularexpression" -> REGEX;
                case "present" -> PRESENT;
                case "absent" -> ABSENT;
                default -> throw new IllegalArgumentException(EXPECTED);
            };
        }
    }

    static ValueMatch ofHeader(Section match) {
        return read(
                match, "the name of a header field", text -> HeaderName.of(text).toString());
    }

    static ValueMatch ofParameter(Section match) {
        return read(match, "the name of a query parameter", text -> {
            if (text.isEmpty()) {
                throw new IllegalArgumentException();
            }
            return text;
        });
    }

    private static ValueMatch read(Section match, String expected, Function<String, String> name) {
        var type = match.parsed("type", Type.EXACT, Type::of);
        var value = "";
        if (type == Type.REGEX) {
            value = match.required("value", "", REGEX, ValueMatch::regex);
        } else if (type == Type.EXACT) {
            value = match.required("value", "", "text", text -> text);
        } else if (match.has("value")) {
            match.fault("value", "nothing: the type has none");
        }
        return new ValueMatch(
                match.required("name", "", expected, text -> {
                    try {
                        return name.apply(text);
                    } catch (IllegalArgumentException invalid) {
                        throw new IllegalArgumentException(expected, invalid);
                    }
                }),
                type,
                value);
    }

    static final String REGEX = "a regular expression of RE2, such as \"^/shop/[0-9]+$\"";

    /** Compiled where it is used; here only checked. */
    static String regex(String text) {
        try {
            Pattern.compile(text);
            return text;
        } catch (PatternSyntaxException malformed) {
            throw new IllegalArgumentException(
                    REGEX + "; " + malformed.getDescription() + ": " + Shown.text(malformed.getPattern()), malformed);
        }
    }
}
