package pt.sunbeam.proxy.route;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.Route;

/**
 * Finds the host that a request is for: the whole name, then its first label, then the longest wildcard, then the default. Immutable; a look-up allocates
 * nothing.
 */
public final class RouteTable {
    private static final String DEFAULT = "*";

    private final NameTable<VirtualHost> names;
    private final NameTable<VirtualHost> labels;
    private final NameTable<VirtualHost> domains;
    private final @Nullable VirtualHost rest;

    public RouteTable(List<Route> routes) {
        this(routes, Set.of());
    }

    /** @param broken the {@code host_prefix} of routes that have faults, in any case: their requests must not be taken by others */
    public RouteTable(List<Route> routes, Set<String> broken) {
        var hosts = new HashMap<String, VirtualHost>();
        broken.forEach(name -> hosts.put(name.toLowerCase(Locale.ROOT), VirtualHost.broken(name)));
        routes.forEach(route -> hosts.put(route.hostPrefix(), VirtualHost.of(route)));
        Map<String, VirtualHost> exact = new HashMap<>();
        Map<String, VirtualHost> first = new HashMap<>();
        Map<String, VirtualHost> wildcards = new HashMap<>();
        hosts.forEach((name, host) -> {
            if (name.startsWith("*.")) {
                wildcards.put(name.substring(2), host);
            } else if (name.indexOf('.') < 0 && !name.startsWith("[")) {
                first.put(name, host);
            } else {
                exact.put(name, host);
            }
        });
        names = new NameTable<>(exact);
        labels = new NameTable<>(first);
        domains = new NameTable<>(wildcards);
        rest = hosts.get(DEFAULT);
    }

    /**
     * The host that takes a request, or null.
     *
     * @param host in lower case, without a port and without a final dot; empty where there is none
     */
    public @Nullable VirtualHost host(String host) {
        int end = host.length();
        VirtualHost found = names.get(host, 0, end);
        int dot = host.indexOf('.');
        if (found == null) {
            found = labels.get(host, 0, dot < 0 ? end : dot);
        }
        while (found == null && dot >= 0) {
            found = domains.get(host, dot + 1, end);
            dot = host.indexOf('.', dot + 1);
        }
        return found == null ? rest : found;
    }
}
