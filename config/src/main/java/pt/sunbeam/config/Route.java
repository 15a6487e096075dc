package pt.sunbeam.config;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Where the requests for a host go.
 *
 * @param hostPrefix in lower case; compared with the first label of Host, in which case does not count
 * @param websocket whether the requests that no path takes may switch to another protocol
 */
public record Route(String hostPrefix, Pool pool, List<PathRoute> paths, boolean websocket) {
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?");
    private static final String EXPECTED =
            "the first label of a host name, such as \"shop\"; whole hosts and wildcards are not available yet";

    public Route(String hostPrefix, Pool pool, List<PathRoute> paths) {
        this(hostPrefix, pool, paths, false);
    }

    static List<Route> readAll(Section root) {
        Map<String, String> seen = new HashMap<>();
        return root.sections("routes", route -> read(route, seen));
    }

    private static Route read(Section route, Map<String, String> seen) {
        // taken so that old files start; without an HTTPS listener nothing is redirected anyway
        route.flag("disable_secure_redirection", false);
        Map<String, String> seenPaths = new HashMap<>();
        return new Route(
                distinct(route, "host_prefix", EXPECTED, Route::label, seen),
                Pool.read(route),
                route.sections("paths", path -> PathRoute.read(path, seenPaths)),
                route.flag("websocket", false));
    }

    private static String label(String text) {
        if (LABEL.matcher(text).matches()) {
            return text.toLowerCase(Locale.ROOT);
        }
        throw new IllegalArgumentException(EXPECTED);
    }

    /** A required text that no section before this one has. */
    static String distinct(
            Section section, String key, String expected, Function<String, String> parse, Map<String, String> seen) {
        var text = section.required(key, "", expected, parse);
        var first = text.isEmpty() ? null : seen.putIfAbsent(text, section.full(key));
        if (first != null) {
            section.fault(key, "another than " + first);
        }
        return text;
    }
}
