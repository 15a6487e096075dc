package pt.sunbeam.proxy.observe;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 * The usual combinations exist from the start; the others appear when first met, in tables that need no look-up by text.
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

    private final Metric.Counter metric;
    private final Map<String, Host> hosts = new HashMap<>();
    private final Host unknown;

    RequestCounters(Metric.Counter metric, List<Route> routes) {
        this.metric = metric;
        this.unknown = new Host("unknown");
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
            this.none = new Row(label, "none", USUAL_OF_OURS);
        }

        void add(String backend) {
            backends.computeIfAbsent(backend, url -> new Row(label, url, USUAL_OF_BACKENDS));
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

        Row(String host, String backend, int[] usual) {
            this.host = host;
            this.backend = backend;
            for (int status : usual) {
                counter(0, statusIndex(status));
            }
        }

        Counter counter(int method, int status) {
            var byStatus = byMethod.get(method);
            if (byStatus == null) {
                byMethod.compareAndSet(method, null, new AtomicReferenceArray<>(STATUSES));
                byStatus = Objects.requireNonNull(byMethod.get(method));
            }
            Counter counter = byStatus.get(status);
            if (counter == null) {
                // Two threads that meet here get the same instrument from the registry.
                counter = metric.withTags(TagSet.builder()
                        .add("method", METHODS.get(method))
                        .add("host", host)
                        .add("status", statusLabel(status))
                        .add("backend", backend)
                        .build());
                byStatus.set(status, counter);
            }
            return counter;
        }
    }
}
