package pt.sunbeam.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.Cidr;

/** The whole configuration; names as in SPEC section 1 and the original's section 2. Immutable. */
public record SunbeamConfig(
        Listen listen,
        Telemetry telemetry,
        List<Cidr> trustedProxies,
        boolean xForwardedFor,
        List<Route> routes,
        Ddos ddos,
        Scanner scanner,
        Limits limits,
        Upstream upstream,
        Duration shutdownDrain,
        Cluster cluster,
        Audit audit,
        Admin admin) {

    /** A literal address or name, and a port in [0, 65535]; 0 lets the system choose. */
    public record HostPort(String host, int port) {}

    public record Listen(HostPort http) {}

    /** @param metricsPort 0 moves /health and /ready to the admin listener and switches /metrics off */
    public record Telemetry(int metricsPort) {}

    /** @param hostPrefix compared with the first label of Host */
    public record Route(String hostPrefix, Backend backend, List<PathRoute> paths) {}

    /** A plain HTTP/1.1 upstream; {@code url} is the text that was configured and names it in metrics and logs. */
    public record Backend(String url, String host, int port) {}

    /** @param upstreamPathPrefix put before the path that goes upstream, or null */
    public record PathRoute(String prefix, Backend backend, boolean stripPrefix, @Nullable String upstreamPathPrefix) {}

    public record Ddos(
            boolean enabled,
            double threshold,
            Duration window,
            int windowCapacity,
            int minEvents,
            boolean observeOnly) {}

    /**
     * @param allowHostCookies the original's short-circuit: host configured and cookie present allows (off)
     * @param allowHostBrowser the original's short-circuit: host configured, Accept-Language and a browser's agent allow (off)
     */
    public record Scanner(
            boolean enabled,
            double threshold,
            boolean observeOnly,
            boolean allowHostCookies,
            boolean allowHostBrowser) {}

    /** @param bodyBytes largest request body, Long.MAX_VALUE for unlimited */
    public record Limits(
            int maxConnections, int headerBytes, int headerCount, int uriBytes, long bodyBytes, Duration idleTimeout) {}

    public record Upstream(
            Duration connectTimeout, Duration responseTimeout, int maxConnectionsPerHost, int retries) {}

    /** @param tenant present where enabled */
    public record Cluster(
            boolean enabled, @Nullable String tenant, String host, int port, int managementPort) {}

    /** @param path file, or null for standard output */
    public record Audit(@Nullable Path path, Set<String> keepValues, double featureSample, boolean pseudonymise) {}

    public record Admin(HostPort listen) {}
}
