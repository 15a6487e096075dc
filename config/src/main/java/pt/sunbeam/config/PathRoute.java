package pt.sunbeam.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the requests for a part of a host go.
 *
 * @param methods of the requests; empty for any
 * @param headers each must hold
 * @param parameters of the query; each must hold
 * @param order among paths that fit as well, the lowest comes first, then the first of the file
 * @param handling with what the route says of all its requests
 */
public record PathRoute(
        Where where,
        List<String> methods,
        List<ValueMatch> headers,
        List<ValueMatch> parameters,
        int order,
        Rewrite rewrite,
        Handling handling) {
    public PathRoute {
        methods = List.copyOf(methods);
        headers = List.copyOf(headers);
        parameters = List.copyOf(parameters);
    }

    /** Which paths these are. */
    public sealed interface Where {
        /** How logs and metrics name it, behind the host. */
        String name();
    }

    /** {@code /api} and what is below it, not {@code /apiary}; with a slash at its end only what is below. */
    public record Prefix(String path) implements Where {
        @Override
        public String name() {
            return path;
        }
    }

    /** That path alone. */
    public record Exact(String path) implements Where {
        @Override
        public String name() {
            return "=" + path;
        }
    }

    /** Those in which the pattern of RE2 is found. */
    public record Regex(String pattern) implements Where {
        @Override
        public String name() {
            return "~" + pattern;
        }
    }

    /**
     * What becomes of the path on its way to the backend.
     *
     * @param full instead of the whole path; with a regex, {@code $1} stands for what its first group matched
     * @param prefix put before it, or null
     */
    public record Rewrite(
            boolean stripPrefix,
            @Nullable String full,
            @Nullable String prefix) {
        public static final Rewrite NONE = new Rewrite(false, null, null);

        static Rewrite read(Section path, Where where) {
            var rewrite = new Rewrite(
                    path.flag("strip_prefix", false),
                    path.has("path_rewrite_full") ? path.parsed("path_rewrite_full", "", Paths::parse) : null,
                    path.has("upstream_path_prefix") ? path.parsed("upstream_path_prefix", "", Paths::parse) : null);
            if (rewrite.stripPrefix && !(where instanceof Prefix)) {
                path.fault("strip_prefix", "false: there is no prefix");
            }
            if (rewrite.full != null && rewrite.stripPrefix) {
                path.fault("path_rewrite_full", "nothing, or strip_prefix = false: the whole path is replaced");
            }
            return rewrite;
        }
    }

    /** A prefix that goes to that pool. */
    public static PathRoute of(String prefix, Pool pool, Rewrite rewrite) {
        return new PathRoute(new Prefix(prefix), List.of(), List.of(), List.of(), 0, rewrite, Handling.forward(pool));
    }

    /** The path's place in logs and metrics, behind the host. */
    public String name() {
        return where.name();
    }

    static PathRoute read(Section path, Handling route, Map<Object, String> seen) {
        var where = where(path);
        var methods = path.list("methods", Methods::parse);
        var headers = path.sections("header_matches", ValueMatch::ofHeader);
        var parameters = path.sections("query_param_matches", ValueMatch::ofParameter);
        var key = path.has("regex") ? "regex" : "prefix";
        var first = seen.putIfAbsent(List.of(where, methods, headers, parameters), path.full(key));
        if (first != null) {
            path.fault(key, "another than " + first + ", or other methods, header_matches or query_param_matches");
        }
        return new PathRoute(
                where,
                methods,
                headers,
                parameters,
                path.count("rule_order", 0, 0, 1_000_000),
                Rewrite.read(path, where),
                Handling.read(path).under(route));
    }

    private static Where where(Section path) {
        boolean exact = path.flag("path_match_exact", false);
        if (path.has("regex")) {
            if (path.has("prefix") || exact) {
                path.fault("regex", "regex or prefix, not both");
            }
            return new Regex(path.parsed("regex", "", ValueMatch::regex));
        }
        var prefix = path.required("prefix", "/", Paths.EXPECTED, Paths::parse);
        return exact ? new Exact(prefix) : new Prefix(prefix);
    }
}
