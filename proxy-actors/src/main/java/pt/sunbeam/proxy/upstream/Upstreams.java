package pt.sunbeam.proxy.upstream;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.Pool;
import pt.sunbeam.config.SunbeamConfig;

/** The pools of a configuration. Those that the one before has too, under the same rules, are handed on with all that they know. Thread-safe. */
public final class Upstreams {
    private final SunbeamConfig config;
    private final Map<Key, UpstreamPool> pools = new HashMap<>();
    private final IdentityHashMap<Pool, UpstreamPool> byInstance = new IdentityHashMap<>();

    /**
     * Pools that are equal are one, but copies of requests never take the places of requests.
     *
     * @param mirror whether it gets copies
     */
    public record Key(Pool pool, boolean mirror) {}

    public Upstreams(SunbeamConfig config, @Nullable Upstreams before, Surroundings around) {
        this.config = config;
        Map<Key, UpstreamPool> kept =
                before != null && before.config.upstream().equals(config.upstream()) ? before.pools : Map.of();
        var names = new Names(config.upstream().dns());
        Stream.concat(
                        config.pools().stream().map(pool -> new Key(pool, false)),
                        config.mirrors().stream().map(pool -> new Key(pool, true)))
                .forEach(key -> {
                    UpstreamPool had = kept.get(key);
                    byInstance.put(
                            key.pool,
                            pools.computeIfAbsent(
                                    key,
                                    _ -> had != null ? had : new UpstreamPool(key, config.upstream(), names, around)));
                });
    }

    /**
     * The running side of a pool.
     *
     * @param pool the very one of this configuration
     */
    public UpstreamPool of(Pool pool) {
        return requireNonNull(byInstance.get(pool));
    }

    /** Ends what these have and {@code next} has not. */
    public void retireFor(Upstreams next) {
        pools.values().stream().filter(pool -> !next.pools.containsValue(pool)).forEach(UpstreamPool::close);
    }

    public void close() {
        pools.values().forEach(UpstreamPool::close);
    }

    /** In no order. */
    public List<PoolStatus> status() {
        return pools.values().stream().map(UpstreamPool::status).toList();
    }

    /** The longest that a request may lawfully keep silent towards its client. */
    public static Duration longestWait(SunbeamConfig config) {
        var upstream = config.upstream();
        Duration longest = upstream.responseTimeout();
        for (Pool pool : config.pools()) {
            var timeouts = pool.timeouts();
            var attempts = timeouts.connect(upstream)
                    .plus(timeouts.firstByte(upstream))
                    .multipliedBy(1L + upstream.retries())
                    .plus(timeouts.connect(upstream));
            var idle = timeouts.idle(upstream);
            var wait = attempts.compareTo(idle) > 0 ? attempts : idle;
            longest = longest.compareTo(wait) > 0 ? longest : wait;
        }
        return longest;
    }
}
