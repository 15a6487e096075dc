package pt.sunbeam.config;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the requests for a part of a host go.
 *
 * @param prefix starts with "/"
 * @param upstreamPathPrefix put before the path that goes upstream, starts with "/"; or null
 * @param websocket whether these requests may switch to another protocol
 */
public record PathRoute(
        String prefix,
        Pool pool,
        boolean stripPrefix,
        @Nullable String upstreamPathPrefix,
        boolean websocket) {
    private static final Pattern PATH = Pattern.compile("/[!-~&&[^?#\"<>\\\\^`{|}]]*");
    private static final String EXPECTED = "a path that starts with /, without query or blanks";

    public PathRoute(String prefix, Pool pool, boolean stripPrefix, @Nullable String upstreamPathPrefix) {
        this(prefix, pool, stripPrefix, upstreamPathPrefix, false);
    }

    static PathRoute read(Section path, Map<String, String> seen) {
        return new PathRoute(
                Route.distinct(path, "prefix", EXPECTED, PathRoute::path, seen),
                Pool.read(path),
                path.flag("strip_prefix", false),
                path.has("upstream_path_prefix") ? path.parsed("upstream_path_prefix", "", PathRoute::path) : null,
                path.flag("websocket", false));
    }

    private static String path(String text) {
        if (PATH.matcher(text).matches()) {
            return text;
        }
        throw new IllegalArgumentException(EXPECTED);
    }
}
