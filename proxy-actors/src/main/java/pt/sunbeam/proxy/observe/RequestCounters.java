package pt.sunbeam.proxy.observe;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import kamon.metric.Counter;
import kamon.metric.Metric;
import kamon.tag.TagSet;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.Backend;
import pt.sunbeam.config.Route;

/**
 * The counters of {@code sunbeam_requests_total}, one for each method, host, status and backend that was met.
 *
 * <p>What can be met is bounded by the configuration: ten methods, the configured hosts with their own backends, three-digit statuses.
 * The usual combinations exist from the start; the others appear when first met, in tables that need no look-up by text. Series that no
 * configuration asks for any more go, so that reloads do not add up.
 */
final class RequestCounters {
    /** RFC 9110 section 9.1 and RFC 5789; anything else is "other". */
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "other");

    private static final int FIRST_STATUS = 100;
    private static final int LAST_STATUS = 599;
    private static final int NOTHING_WRITTEN = LAST_STATUS + 1 - FIRST_STATUS;
    private static final int OTHER_STATUS = NOTHING_WRITTEN + 1;
    private static final int STATUSES = OTHER_STATUS + 1;

    private static final int[] USUAL_OF_BACKENDS = {200, 502, 504};
    private static final int[] USUAL_OF_OURS = {400, 403, 404, 429};

    private static final String UNKNOWN = "unknown";
    private static final String NONE = "none";

    private record Key(String host, String backend) {}

    private final Metric.Counter metric;
    private final Map<Key, Row> rows = new HashMap<>();
    private final Map<Key, Row> before;
    private final Map<String, Host> hosts = new HashMap<>();
    private final Host unknown;

    /** @param before the counters of another configuration, those of which that are wanted again are handed on; or null */
    RequestCounters(Metric.Counter metric, List<Route> routes, @Nullable RequestCounters before) {
        this.metric = metric;
        this.before = before == null ? Map.of() : before.rows;
        this.unknown = new Host(UNKNOWN);
        for (Route route : routes) {
            Host host = hosts.computeIfAbsent(route.hostPrefix(), Host::new);
            route.pools()
                    .flatMap(pool -> pool.backends().stream())
                    .map(Backend::url)
                    .forEach(host::add);
        }
    }

    /**
     * @param hostPrefix as configured, or null for a host that no route names
     * @param status 0 where nothing was written
     * @param backend the configured URL, or null where no backend was asked
     */
    Counter of(String method, @Nullable String hostPrefix, int status, @Nullable String backend) {
        Host host = hostPrefix == null ? unknown : hosts.getOrDefault(hostPrefix, unknown);
        return host.backend(backend).counter(methodIndex(method), statusIndex(status));
    }

    /** Takes those series away that {@code next} has not, for it counts from now on. What is still told here is counted as that of an unknown host. */
    void giveWayTo(RequestCounters next) {
        rows.forEach((key, row) -> {
            if (!next.rows.containsKey(key)) {
                row.remove();
            }
        });
    }

    private Row row(String host, String backend, int[] usual) {
        var key = new Key(host, backend);
        Row known = before.get(key);
        Row row = known != null ? known : new Row(host, backend, usual);
        rows.put(key, row);
        return row;
    }

    private static int methodIndex(String method) {
        return switch (method) {
            case "GET" -> 0;
            case "HEAD" -> 1;
            case "POST" -> 2;
            case "PUT" -> 3;
            case "DELETE" -> 4;
            case "CONNECT" -> 5;
            case "OPTIONS" -> 6;
            case "TRACE" -> 7;
            case "PATCH" -> 8;
            default -> 9;
        };
    }

    private static int statusIndex(int status) {
        if (status >= FIRST_STATUS && status <= LAST_STATUS) {
            return status - FIRST_STATUS;
        }
        return status == 0 ? NOTHING_WRITTEN : OTHER_STATUS;
    }

    private static String statusLabel(int index) {
        return switch (index) {
            case NOTHING_WRITTEN -> "0";
            case OTHER_STATUS -> "other";
            default -> Integer.toString(index + FIRST_STATUS);
        };
    }

    private final class Host {
        private final String label;
        private final Map<String, Row> backends = new HashMap<>();
        private final Row none;

        Host(String label) {
            this.label = label;
            this.none = row(label, NONE, USUAL_OF_OURS);
        }

        void add(String backend) {
            backends.computeIfAbsent(backend, url -> row(label, url, USUAL_OF_BACKENDS));
        }

        Row backend(@Nullable String url) {
            return url == null ? none : backends.getOrDefault(url, none);
        }
    }

    /** The counters of one host and backend, by method and status. */
    private final class Row {
        private final String host;
        private final String backend;
        private final AtomicReferenceArray<@Nullable AtomicReferenceArray<@Nullable Counter>> byMethod =
                new AtomicReferenceArray<>(METHODS.size());
        private boolean removed;

        Row(String host, String backend, int[] usual) {
            this.host = host;
            this.backend = backend;
            for (int status : usual) {
                counter(0, statusIndex(status));
            }
        }

        Counter counter(int method, int status) {
            var byStatus = byMethod.get(method);
            Counter counter = byStatus == null ? null : byStatus.get(status);
            return counter == null ? make(method, status) : counter;
        }

        /** Rare: each combination once. */
        private synchronized Counter make(int method, int status) {
            if (removed) {
                return unknown.none.counter(method, status);
            }
            var byStatus = byMethod.get(method);
            if (byStatus == null) {
                byStatus = new AtomicReferenceArray<>(STATUSES);
                byMethod.set(method, byStatus);
            }
            Counter counter = byStatus.get(status);
            if (counter == null) {
                var tags = TagSet.builder()
                        .add("method", METHODS.get(method))
                        .add("host", host)
                        .add("status", statusLabel(status))
                        .add("backend", backend)
                        .build();
                counter = Metrics.registered(metric, tags);
                byStatus.set(status, counter);
            }
            return counter;
        }

        synchronized void remove() {
            removed = true;
            for (int method = 0; method < METHODS.size(); method++) {
                var byStatus = byMethod.getAndSet(method, null);
                for (int status = 0; byStatus != null && status < STATUSES; status++) {
                    Counter counter = byStatus.get(status);
                    if (counter != null) {
                        counter.remove();
                    }
                }
            }
        }
    }
}
