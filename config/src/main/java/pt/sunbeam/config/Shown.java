package pt.sunbeam.config;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** How values appear in a report: short, on one line, and never with a secret. */
final class Shown {
    private static final int LENGTH = 120;
    private static final Pattern SECRET = Pattern.compile(
            "token|key|secret|passw|passphrase|credential|authorization|otlp_headers", Pattern.CASE_INSENSITIVE);
    private static final Pattern USER_INFO = Pattern.compile("(\\w+://)?[^\"]*@");
    private static final Pattern QUERY = Pattern.compile("(://[^?]*)\\?[^\"]*");
    private static final String ENVIRONMENT = "environment variable ";

    /** A value under its full key. */
    static String value(String key, ConfigValue value) {
        return switch (value.valueType()) {
            case OBJECT -> "a section";
            case LIST -> "a list";
            case NULL -> "nothing";
            case STRING, NUMBER, BOOLEAN -> looksSecret(key) ? "***" : scalar(value);
        };
    }

    private static String scalar(ConfigValue value) {
        var text = text(value.render(ConfigRenderOptions.concise()));
        var from = value.origin().description();
        return from.startsWith(ENVIRONMENT)
                ? text + " from " + from.substring(0, from.indexOf(' ', ENVIRONMENT.length()))
                : text;
    }

    /** Text without the user information and the query that a URL may carry. */
    static String text(String text) {
        var anonymous = USER_INFO.matcher(text).replaceAll(match -> Objects.toString(match.group(1), "") + "***@");
        return brief(QUERY.matcher(anonymous).replaceAll("$1?***"));
    }

    /** The origin of a value that the environment gave. */
    static String environment(String variable) {
        return ENVIRONMENT + variable;
    }

    static String key(String key) {
        return brief(key);
    }

    /** What a parser says about a line, unless the line (or the one that it may go on from) could hold a secret. */
    static String syntax(String message, List<String> lines, int line) {
        var near = lines.subList(Math.clamp(line - 2, 0, lines.size()), Math.clamp(line, 0, lines.size())).stream();
        return "syntax: "
                + (near.anyMatch(Shown::looksSecret) ? "*** (not shown, for a secret may stand here)" : brief(message));
    }

    static boolean looksSecret(String key) {
        return SECRET.matcher(key).find();
    }

    private static String brief(String text) {
        var line = text.codePoints()
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .limit(LENGTH)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
        return line.length() < text.length() ? line + "…" : line.toString();
    }

    private Shown() {}
}
