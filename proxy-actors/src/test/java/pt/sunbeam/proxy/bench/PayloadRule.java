package pt.sunbeam.proxy.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells which requests of an attack tool carry a payload, from what was sent alone, whatever any detector makes of it.
 *
 * <p>The parts of a request are its path, the names and values of its query and of its form, its cookies, a body that is no form, and User-Agent and Referer.
 * Each is percent-decoded until nothing changes, at most three times. A part is a payload if
 *
 * <ol>
 *   <li>no request of the baseline has it (a crawl of the same site by the same tool with no attack switched on), and for the two header fields, fewer than
 *       half of the tool's requests have it; and
 *   <li>it holds what its place has no use for: a quote, an angle bracket, a backquote, a bar, a semicolon, a backslash, a dollar or brace, a bracket followed
 *       or preceded by a word, a comment of SQL; a dot segment; a line break or NUL; a scheme, a path of
 *       {@code /etc}, a call of {@code ping}; or a word of SQL between others ({@code and}, {@code or},
 *       {@code union}, {@code order by}, {@code sleep} …) with a comparison or a bracket after it.
 * </ol>
 *
 * <p>So guessed paths, changed numbers and random words are no payloads: they are what a client's behaviour is judged by, not one request.
 */
final class PayloadRule {
    private static final Pattern SUSPECT = Pattern.compile(
            "['\"<>`|;\\\\${}]|\\.\\.[/\\\\]|/\\*|--(\\s|$)|[\\r\\n\\x00]|\\w\\(|\\)\\s*\\w|^\\s*\\(|\\)$"
                    + "|^(https?|ftp|file|php|data|expect|zip|phar|javascript|gopher|ldap):|^//\\w|/etc/\\w|win\\.ini|\\bping\\s+-"
                    + "|(?i)\\b(and|or|union|select|having|order by|where|waitfor|case when|rlike|like)\\b.*[=<>(),]"
                    + "|(?i)\\b(union|order by|waitfor delay)\\b");

    /** What a browser's own fields hold is no payload: brackets and semicolons are theirs. */
    private static final Pattern SUSPECT_FIELD =
            Pattern.compile("['\"<>`|\\\\${}]|\\.\\.[/\\\\]|\\(\\)|(?i)\\b(and|or|union|select|sleep)\\b.*[=<>(]");

    private static final List<String> FIELDS = List.of("User-Agent", "Referer");

    private final Set<String> known = new HashSet<>();
    private final Map<String, Integer> fieldValues = new HashMap<>();
    private final int requests;

    /**
     * @param baseline requests that carry no payload
     * @param all the tool's requests, for its own header fields
     */
    PayloadRule(Collection<Recorded> baseline, Collection<Recorded> all) {
        baseline.forEach(request -> known.addAll(parts(request)));
        for (var request : all) {
            FIELDS.forEach(name -> fieldValues.merge(name + request.field(name), 1, Integer::sum));
        }
        requests = all.size();
    }

    boolean carriesPayload(Recorded request) {
        return parts(request).stream()
                        .anyMatch(part ->
                                !known.contains(part) && SUSPECT.matcher(part).find())
                || FIELDS.stream().anyMatch(name -> isPayload(name, request.field(name)));
    }

    private boolean isPayload(String name, String value) {
        return fieldValues.getOrDefault(name + value, 0) * 2 < requests
                && SUSPECT_FIELD
                        .matcher(name.equals("Referer") ? withoutOrigin(decoded(value)) : decoded(value))
                        .find();
    }

    private static String withoutOrigin(String referer) {
        return referer.replaceFirst("^https?://[\\w.:-]*", "");
    }

    private static List<String> parts(Recorded request) {
        var parts = new ArrayList<String>();
        var target = request.target();
        int query = target.indexOf('?');
        parts.add(decoded(query < 0 ? target : target.substring(0, query)));
        if (query >= 0) {
            addForm(target.substring(query + 1), parts);
        }
        for (var cookie : request.field("Cookie").split(";", -1)) {
            addPair(cookie.strip(), parts);
        }
        var body = request.body();
        var type = request.field("Content-Type");
        if (type.contains("multipart/form-data")) {
            // Names and values lie between the boundaries, which are the tool's.
            for (var part : body.split("\\r?\\n?--[^\\r\\n]*\\r\\n", -1)) {
                int blank = part.indexOf("\r\n\r\n");
                if (blank >= 0) {
                    parts.add(decoded(part.substring(blank + 4)));
                }
            }
        } else if (type.isEmpty() || type.contains("urlencoded")) {
            addForm(body, parts);
        } else if (!body.isEmpty()) {
            parts.add(decoded(body));
        }
        return parts;
    }

    private static void addForm(String form, List<String> parts) {
        for (var pair : form.split("&", -1)) {
            addPair(pair, parts);
        }
    }

    private static void addPair(String pair, List<String> parts) {
        int equals = pair.indexOf('=');
        parts.add(decoded(equals < 0 ? pair : pair.substring(0, equals)));
        if (equals >= 0) {
            parts.add(decoded(pair.substring(equals + 1)));
        }
    }

    static String decoded(String text) {
        var plain = text;
        for (int round = 0; round < 3; round++) {
            String next;
            try {
                next = URLDecoder.decode(plain, ISO_8859_1);
            } catch (IllegalArgumentException brokenEscape) {
                return plain;
            }
            if (next.equals(plain)) {
                return plain;
            }
            plain = next;
        }
        return plain;
    }
}
