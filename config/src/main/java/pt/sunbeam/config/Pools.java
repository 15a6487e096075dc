package pt.sunbeam.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.Action.Share;

/**
 * Where a route or a path sends requests, and copies of them. What it says of backends in general holds for all of them.
 *
 * @param shares empty where no backend is named
 */
record Pools(List<Share> shares, List<Pool> mirrors) {
    private static final int MOST_BACKENDS = 256;

    /** @param needed whether a backend has to be named */
    static Pools read(Section section, boolean needed) {
        var tls = UpstreamTls.read(section.section("upstream_tls"));
        var protocol = proxyProtocol(section, null);
        var balancing = Balancing.read(section.section("load_balancing"));
        var timeouts = Timeouts.read(section);
        var check = HealthCheck.read(section.section("health_check"));
        var breaker = Breaker.read(section.section("circuit_breaker"));

        var several = several(section, protocol, tls);
        var weighted = section.sections(
                "weighted_backends",
                item -> new Share(
                        new Pool(
                                List.of(Backend.read(item, 1, proxyProtocol(item, protocol), tls)),
                                balancing,
                                timeouts,
                                check,
                                breaker),
                        item.count("weight", 1, 0, 1_000_000)));
        var mirrors = section.list(
                "mirror_backends", text -> mirror(Backend.parse(text).over(tls), timeouts));
        if (!weighted.isEmpty()) {
            if (weighted.stream().allMatch(share -> share.weight() == 0)) {
                section.fault("weighted_backends", "a weight above 0");
            }
            if (weighted.size() > MOST_BACKENDS) {
                section.fault("weighted_backends", "at most " + MOST_BACKENDS);
            }
            if (!several.isEmpty()) {
                section.fault("backends", "backends or weighted_backends, not both");
            }
            if (section.has("load_balancing")) {
                section.fault("load_balancing", "nothing, or backends in place of weighted_backends");
            }
        }
        var shares = weighted;
        if (weighted.isEmpty() && (needed || section.has("backend") || section.has("backends"))) {
            var backends = several.isEmpty() ? List.of(Backend.read(section, 1, protocol, tls)) : several;
            shares = List.of(new Share(new Pool(backends, balancing, timeouts, check, breaker), 1));
        }
        var all = Stream.concat(shares.stream().map(Share::pool), mirrors.stream());
        if (section.has("upstream_tls")
                && all.flatMap(pool -> pool.backends().stream()).allMatch(backend -> backend.tls() == null)) {
            section.fault("upstream_tls", "nothing, or a backend with https://");
        }
        return new Pools(shares, mirrors);
    }

    private static List<Backend> several(Section section, @Nullable ProxyProtocol protocol, UpstreamTls tls) {
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
        return several;
    }

    private static @Nullable ProxyProtocol proxyProtocol(Section section, @Nullable ProxyProtocol absent) {
        return section.has("send_proxy_protocol")
                ? section.parsed("send_proxy_protocol", ProxyProtocol.V2, Backend::version)
                : absent;
    }

    private static Pool mirror(Backend backend, Timeouts timeouts) {
        return new Pool(List.of(backend), Balancing.DEFAULT, timeouts, null, null);
    }
}
