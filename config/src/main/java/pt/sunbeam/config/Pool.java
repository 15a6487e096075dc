package pt.sunbeam.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The backends that share the requests of a route, and how they are dealt with.
 *
 * @param backends at least one, no two with the same URL
 * @param healthCheck null where they are not asked how they are
 * @param breaker null where it is off
 */
public record Pool(
        List<Backend> backends,
        Balancing balancing,
        Timeouts timeouts,
        @Nullable HealthCheck healthCheck,
        @Nullable Breaker breaker) {
    private static final int MOST_BACKENDS = 256;

    public Pool {
        backends = List.copyOf(backends);
    }

    public static Pool of(Backend backend) {
        return new Pool(List.of(backend), Balancing.DEFAULT, Timeouts.DEFAULT, null, null);
    }

    /** @param section of a route or a path */
    static Pool read(Section section) {
        return new Pool(
                backends(section),
                Balancing.read(section.section("load_balancing")),
                Timeouts.read(section),
                HealthCheck.read(section.section("health_check")),
                Breaker.read(section.section("circuit_breaker")));
    }

    private static List<Backend> backends(Section section) {
        var tls = UpstreamTls.read(section.section("upstream_tls"));
        var protocol = section.has("send_proxy_protocol")
                ? section.parsed("send_proxy_protocol", ProxyProtocol.V2, Backend::version)
                : null;
        Map<String, String> seen = new HashMap<>();
        var several = section.sections("backends", item -> {
            var backend = Backend.read(item, item.count("weight", 1, 1, 1_000), protocol, tls);
            var first = seen.putIfAbsent(backend.url(), item.full("backend"));
            if (first != null) {
                item.fault("backend", "another than " + first);
            }
            return backend;
        });
        if (section.has("backend") && !several.isEmpty()) {
            section.fault("backend", "backend or backends, not both");
        }
        if (several.size() > MOST_BACKENDS) {
            section.fault("backends", "at most " + MOST_BACKENDS);
        }
        var all = several.isEmpty() ? List.of(Backend.read(section, 1, protocol, tls)) : several;
        if (section.has("upstream_tls") && all.stream().noneMatch(backend -> backend.tls() != null)) {
            section.fault("upstream_tls", "nothing, or a backend with https://");
        }
        return all;
    }

    /** The only backend, or the first of several. */
    public Backend only() {
        return backends.getFirst();
    }
}
