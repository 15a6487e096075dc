package pt.sunbeam.proxy.route;

import java.util.ArrayDeque;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Resolves "." and ".." (RFC 3986 section 5.2.4), written plainly or as %2e, so that a prefix cannot be entered and left again.
 *
 * <p>All else stays as received: this is no other normalisation.
 */
public final class DotSegments {
    private static final Pattern AMBIGUOUS = Pattern.compile(
            "(?i)(?:%2f|%5c|\\\\)(?:\\.|%2e){1,2}(?:/|%2f|%5c|\\\\|$)|(?:/|^)(?:\\.|%2e){1,2}(?:%2f|%5c|\\\\)");

    private DotSegments() {}

    /**
     * The path without dot segments; the same object where it has none. Null where it climbs above the root, and where an escaped slash or a
     * backslash stands beside dots: whether that climbs, each backend answers for itself.
     */
    public static @Nullable String resolve(String path) {
        if (path.indexOf("..") < 0 && path.indexOf("/.") < 0 && path.indexOf('%') < 0) {
            return path;
        }
        if (AMBIGUOUS.matcher(path).find()) {
            return null;
        }
        var kept = new ArrayDeque<String>();
        boolean directory = false;
        for (int start = 1; start <= path.length(); ) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            String segment = path.substring(start, end);
            int dots = dots(segment);
            directory = dots > 0;
            if (dots == 0) {
                kept.addLast(segment);
            } else if (dots == 2 && kept.pollLast() == null) {
                return null;
            }
            start = end + 1;
        }
        String joined = "/" + String.join("/", kept);
        return directory && !joined.endsWith("/") ? joined + "/" : joined;
    }

    /** 1 for ".", 2 for "..", each dot plain or as %2e; 0 for any other segment. */
    private static int dots(String segment) {
        int dots = 0;
        for (int at = 0; at < segment.length(); dots++) {
            if (segment.charAt(at) == '.') {
                at++;
            } else if (segment.regionMatches(true, at, "%2e", 0, 3)) {
                at += 3;
            } else {
                return 0;
            }
        }
        return dots <= 2 ? dots : 0;
    }
}
