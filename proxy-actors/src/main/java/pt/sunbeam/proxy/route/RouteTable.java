package pt.sunbeam.proxy.route;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.PathRoute;
import pt.sunbeam.config.Route;

/** Host prefix (the first label of Host), then the longest path prefix by whole segments. Immutable. */
public final class RouteTable {
    private final Map<String, Host> hosts = new HashMap<>();

    private record Host(Route route, List<PathRoute> longestFirst) {}

    public RouteTable(List<Route> routes) {
        for (Route route : routes) {
            var longestFirst = route.paths().stream()
                    .sorted(Comparator.comparingInt(
                                    (PathRoute path) -> path.prefix().length())
                            .reversed())
                    .toList();
            hosts.put(route.hostPrefix().toLowerCase(Locale.ROOT), new Host(route, longestFirst));
        }
    }

    /** The configured host prefix that this host (lower case, no port) belongs to, or null. */
    public @Nullable String hostPrefix(String host) {
        Host found = hosts.get(firstLabel(host));
        return found == null ? null : found.route.hostPrefix();
    }

    /**
     * Where a request goes; null where no host prefix fits.
     *
     * @param path without dot segments ({@link DotSegments})
     * @param query with its "?", or empty
     */
    public @Nullable Target find(String host, String path, String query) {
        Host found = hosts.get(firstLabel(host));
        if (found == null) {
            return null;
        }
        for (PathRoute route : found.longestFirst) {
            if (covers(route.prefix(), path)) {
                return new Target(
                        found.route.hostPrefix() + route.prefix(),
                        route.pool(),
                        rewrite(route, path) + query,
                        route.websocket());
            }
        }
        return new Target(found.route.hostPrefix(), found.route.pool(), path + query, found.route.websocket());
    }

    /** {@code /api} covers {@code /api} and {@code /api/x}, not {@code /apix}; {@code /api/} covers {@code /api/x} alone. */
    static boolean covers(String prefix, String path) {
        return path.startsWith(prefix)
                && (prefix.endsWith("/") || path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }

    private static String rewrite(PathRoute route, String path) {
        String rest = route.stripPrefix() ? path.substring(route.prefix().length()) : path;
        if (!rest.startsWith("/")) {
            rest = "/" + rest;
        }
        String before = route.upstreamPathPrefix();
        if (before == null) {
            return rest;
        }
        return (before.endsWith("/") ? before.substring(0, before.length() - 1) : before) + rest;
    }

    /** What host prefixes are compared with; {@code host} in lower case, without a port. */
    public static String firstLabel(String host) {
        int dot = host.indexOf('.');
        return dot < 0 ? host : host.substring(0, dot);
    }
}
