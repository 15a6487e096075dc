package pt.sunbeam.trainer.dataset;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Request targets and payloads as text: what they are compared by, and how a payload stands in a path. */
public final class Targets {
    private static final Pattern REPEATED = Pattern.compile("(.{1,8}?)\\1+", Pattern.DOTALL);
    private static final Pattern LETTERS = Pattern.compile("[a-z]+");
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");
    private static final int TEMPLATE = 200;
    static final String PAYLOAD_QUERY = "/?p=";

    private Targets() {}

    /** Origin form: the target without scheme and authority. */
    static String origin(String target) {
        int authority = target.indexOf("://");
        if (target.startsWith("/") || authority < 0) {
            return target;
        }
        int path = target.indexOf('/', authority + 3);
        return path < 0 ? "/" : target.substring(path);
    }

    static String path(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** Percent-decoded once, plus as blank in the query; broken escapes stay. What rows are compared by. */
    public static String decoded(String target) {
        if (target.indexOf('%') < 0 && target.indexOf('+') < 0) {
            return target;
        }
        var text = new StringBuilder(target.length());
        boolean query = false;
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            query |= c == '?';
            int high = c == '%' && i + 2 < target.length() ? Character.digit(target.charAt(i + 1), 16) : -1;
            int low = high < 0 ? -1 : Character.digit(target.charAt(i + 2), 16);
            if (low >= 0) {
                text.append((char) (high << 4 | low));
                i += 2;
            } else {
                text.append(query && c == '+' ? ' ' : c);
            }
        }
        return text.toString();
    }

    /**
     * The family of a payload, for the split: decoded twice, lower case, words and numbers and repetitions folded, so that machine-made variants
     * (another function name, one more "../") stay together.
     */
    static String template(String payload) {
        var text = decoded(decoded(payload)).toLowerCase(Locale.ROOT);
        text = text.length() <= TEMPLATE ? text : text.substring(0, TEMPLATE);
        text = LETTERS.matcher(text).replaceAll("a");
        text = DIGITS.matcher(text).replaceAll("0");
        return REPEATED.matcher(text).replaceAll("$1");
    }

    /** The first segment of a path, numbers folded, in lower case: lists of paths go through the same few folders. */
    static String firstSegment(String target) {
        var path = decoded(path(target));
        int end = path.indexOf('/', 1);
        return withoutNumbers(end < 0 ? path : path.substring(0, end)).toLowerCase(Locale.ROOT);
    }

    /** Text as it stands in a query; escapes that are there stay. */
    static String encoded(String text) {
        var encoded = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.ISO_8859_1)) {
            if (b <= ' ' || b == 0x7f || b == '#' || b == '&' || b == '+') {
                encoded.append('%')
                        .append(Character.toUpperCase(Character.forDigit(b >> 4 & 15, 16)))
                        .append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
            } else {
                encoded.append((char) b);
            }
        }
        return encoded.toString();
    }

    /** Each number as one 0, so that pages of one kind are one. */
    static String withoutNumbers(String text) {
        return DIGITS.matcher(text).replaceAll("0");
    }

    /** The attack string of a payload row: the value of p in the query or the body; null where there is none. */
    public static @Nullable String payload(String target, String body) {
        if (target.startsWith(PAYLOAD_QUERY)) {
            return target.substring(PAYLOAD_QUERY.length());
        }
        return body.startsWith("p=") ? body.substring(2) : null;
    }

    /** A path in which one segment, chosen by {@code choice}, is the payload; "?" and "#" in it are escaped, for else it would leave the path. */
    static String withPayload(String path, String payload, int choice) {
        var escaped = payload.replace("?", "%3F").replace("#", "%23");
        var segments = path.split("/", -1);
        segments[segments.length < 2 ? 0 : 1 + Math.floorMod(choice, segments.length - 1)] = escaped;
        var placed = String.join("/", segments);
        return placed.startsWith("/") ? placed : "/" + placed;
    }

    /** For messages: is it a target that a server would read at all? */
    static boolean isOriginForm(String target) {
        return target.startsWith("/") && target.getBytes(StandardCharsets.ISO_8859_1).length < 8_000;
    }
}
