package pt.sunbeam.config;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the requests for a host go.
 *
 * @param hostPrefix in lower case: {@code shop} is compared with the first label of Host, {@code shop.example.org} with all of it,
 *     {@code *.example.org} takes every name below that one, {@code *} what no other route takes
 * @param handling of the requests that no path takes
 */
public record Route(String hostPrefix, Handling handling, List<PathRoute> paths) {
    private static final String LABEL = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";
    private static final Pattern HOST =
            Pattern.compile("\\*|(?:\\*\\.)?%1$s(?:\\.%1$s){0,126}|\\[[0-9A-Fa-f:.]{2,45}]".formatted(LABEL));
    private static final String EXPECTED =
            "the first label of a host name, such as \"shop\", a whole one, \"*.example.org\" or \"*\"";

    public Route {
        paths = List.copyOf(paths);
    }

    static List<Route> readAll(Section root) {
        Map<String, String> seen = new HashMap<>();
        return root.sections("routes", route -> read(route, seen));
    }

    private static Route read(Section route, Map<String, String> seen) {
        // taken so that old files start; without an HTTPS listener nothing is redirected anyway
        route.flag("disable_secure_redirection", false);
        var host = route.required("host_prefix", "", EXPECTED, Route::host);
        var first = host.isEmpty() ? null : seen.putIfAbsent(host, route.full("host_prefix"));
        if (first != null) {
            route.fault("host_prefix", "another than " + first);
        }
        var handling = Handling.read(route);
        Map<Object, String> seenPaths = new HashMap<>();
        return new Route(host, handling, route.sections("paths", path -> PathRoute.read(path, handling, seenPaths)));
    }

    private static String host(String text) {
        if (text.length() <= 255 && HOST.matcher(text).matches()) {
            return text.toLowerCase(Locale.ROOT);
        }
        throw new IllegalArgumentException(EXPECTED);
    }

    /** Each pool that answers requests of this route. */
    public Stream<Pool> pools() {
        return handlings().flatMap(Handling::pools);
    }

    /** Each pool that gets copies of requests of this route. */
    public Stream<Pool> mirrors() {
        return handlings().flatMap(handling -> handling.mirrors().stream());
    }

    private Stream<Handling> handlings() {
        return Stream.concat(Stream.of(handling), paths.stream().map(PathRoute::handling));
    }
}
