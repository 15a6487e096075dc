package pt.sunbeam.proxy.route;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.PathRoute;
import pt.sunbeam.config.PathRoute.Exact;
import pt.sunbeam.config.PathRoute.Prefix;
import pt.sunbeam.config.PathRoute.Regex;
import pt.sunbeam.config.Route;
import pt.sunbeam.detector.http.RequestHead;

/**
 * The rules of one {@code host_prefix}: of those that a request meets, the one of its exact path, else the first regex of the file, else the longest
 * prefix, else the route's own. Among equals comes first who asks for more header fields, more parameters, a method; then by order. Immutable.
 */
public final class VirtualHost {
    private static final Comparator<PathRoute> MOST_DEMANDING_FIRST = Comparator.comparingInt(
                    (PathRoute path) -> -path.headers().size())
            .thenComparingInt(path -> -path.parameters().size())
            .thenComparing(path -> path.methods().isEmpty())
            .thenComparingInt(PathRoute::order);

    private final String name;
    private final @Nullable Rule own;
    private final NameTable<List<Rule>> exact;
    private final Matched[] regexes;
    private final Node prefixes;

    private record Matched(Pattern pattern, Rule rule) {}

    private VirtualHost(
            String name, @Nullable Rule own, Map<String, List<Rule>> exact, Matched[] regexes, Node prefixes) {
        this.name = name;
        this.own = own;
        this.exact = new NameTable<>(exact);
        this.regexes = regexes;
        this.prefixes = prefixes;
    }

    static VirtualHost of(Route route) {
        var own = Rule.of(route);
        var exact = new LinkedHashMap<String, List<PathRoute>>();
        var regexes = new ArrayList<PathRoute>();
        var prefixes = new Growing();
        for (PathRoute path : route.paths()) {
            switch (path.where()) {
                case Exact(var whole) ->
                    exact.computeIfAbsent(NormalPath.of(whole), _ -> new ArrayList<>())
                            .add(path);
                case Regex _ -> regexes.add(path);
                case Prefix(var prefix) -> prefixes.add(NormalPath.of(prefix), path);
            }
        }
        var exactRules = new HashMap<String, List<Rule>>();
        exact.forEach((whole, paths) -> exactRules.put(whole, rules(route, paths)));
        var matched = regexes.stream()
                .sorted(Comparator.comparingInt(PathRoute::order))
                .map(path -> Rule.of(route, path))
                .map(rule -> new Matched(Objects.requireNonNull(rule.regex()), rule))
                .toArray(Matched[]::new);
        return new VirtualHost(route.hostPrefix(), own, exactRules, matched, prefixes.node(route));
    }

    /** One whose configuration has faults: it takes its requests, and no rule does. */
    static VirtualHost broken(String name) {
        return new VirtualHost(name, null, Map.of(), new Matched[0], new Growing().node(null));
    }

    private static List<Rule> rules(@Nullable Route route, List<PathRoute> paths) {
        return route == null
                ? List.of()
                : paths.stream()
                        .sorted(MOST_DEMANDING_FIRST)
                        .map(path -> Rule.of(route, path))
                        .toList();
    }

    /** The configured {@code host_prefix}. */
    public String name() {
        return name;
    }

    /**
     * The rule for a request; null where this host's configuration has faults. It is its normal form ({@link NormalPath}) that a path is compared in.
     *
     * @param path without dot segments ({@link DotSegments}), escapes as received
     */
    public @Nullable Rule find(RequestHead head, String path) {
        return own == null ? null : findNormal(head, NormalPath.of(path));
    }

    private @Nullable Rule findNormal(RequestHead head, String path) {
        Rule found = first(exact.get(path, 0, path.length()), head);
        for (int i = 0; found == null && i < regexes.length; i++) {
            Matched regex = regexes[i];
            if (regex.rule.takes(head) && regex.pattern.matcher(path).find()) {
                found = regex.rule;
            }
        }
        if (found == null) {
            found = longest(head, path);
        }
        return found == null ? own : found;
    }

    private @Nullable Rule longest(RequestHead head, String path) {
        if (!path.startsWith("/")) { // OPTIONS *
            return null;
        }
        Node node = prefixes;
        Rule best = first(node.below, head);
        for (int from = 1; ; ) {
            int slash = path.indexOf('/', from);
            int end = slash < 0 ? path.length() : slash;
            Node next = node.children == null ? null : node.children.get(path, from, end);
            if (next == null) {
                return best;
            }
            node = next;
            Rule here = first(node.here, head);
            best = here == null ? best : here;
            if (slash < 0) {
                return best;
            }
            Rule below = first(node.below, head);
            best = below == null ? best : below;
            from = slash + 1;
        }
    }

    /** By index: an iterator would be garbage. */
    private static @Nullable Rule first(@Nullable List<Rule> rules, RequestHead head) {
        for (int i = 0; rules != null && i < rules.size(); i++) {
            Rule rule = rules.get(i);
            if (rule.takes(head)) {
                return rule;
            }
        }
        return null;
    }

    /**
     * A path up to the end of one of its segments.
     *
     * @param here of the prefix that ends with that segment
     * @param below of the prefix that ends with the slash behind it
     */
    private record Node(@Nullable NameTable<Node> children, List<Rule> here, List<Rule> below) {}

    /** A node while the table is built. */
    private static final class Growing {
        private final Map<String, Growing> children = new HashMap<>();
        private final List<PathRoute> here = new ArrayList<>();
        private final List<PathRoute> below = new ArrayList<>();

        void add(String prefix, PathRoute path) {
            Growing at = this;
            int from = 1;
            for (int slash; (slash = prefix.indexOf('/', from)) >= 0; from = slash + 1) {
                at = at.children.computeIfAbsent(prefix.substring(from, slash), _ -> new Growing());
            }
            if (from == prefix.length()) {
                at.below.add(path);
            } else {
                at.children
                        .computeIfAbsent(prefix.substring(from), _ -> new Growing())
                        .here
                        .add(path);
            }
        }

        Node node(@Nullable Route route) {
            var nodes = new HashMap<String, Node>();
            children.forEach((segment, child) -> nodes.put(segment, child.node(route)));
            return new Node(nodes.isEmpty() ? null : new NameTable<>(nodes), rules(route, here), rules(route, below));
        }
    }
}
