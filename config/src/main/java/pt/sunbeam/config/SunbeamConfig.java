package pt.sunbeam.config;

import java.net.InetAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.Cidr;

/** The whole configuration, checked; docs/configuration.md describes the keys. Immutable. */
public record SunbeamConfig(
        Listen listen,
        Telemetry telemetry,
        List<Cidr> trustedProxies,
        boolean proxyProtocol,
        boolean xForwardedFor,
        List<Route> routes,
        Ddos ddos,
        Scanner scanner,
        RateLimit rateLimit,
        Limits limits,
        Upstream upstream,
        Shutdown shutdown,
        Cluster cluster,
        Audit audit,
        Admin admin,
        @Nullable Path stateDir) {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    static SunbeamConfig read(Section root) {
        root.parsed("engine", "pekko-http", SunbeamConfig::engine);
        var config = new SunbeamConfig(
                Listen.read(root.section("listen")),
                Telemetry.read(root.section("telemetry")),
                root.list("trusted_proxy_cidrs", SunbeamConfig::cidr),
                proxyProtocol(root),
                root.flag("x_forwarded_for", true),
                Route.readAll(root),
                Ddos.read(root.section("ddos")),
                Scanner.read(root.section("scanner")),
                RateLimit.read(root.section("rate_limit")),
                Limits.read(root.section("limits")),
                Upstream.read(root.section("upstream")),
                Shutdown.read(root.section("shutdown")),
                Cluster.read(root.section("cluster")),
                Audit.read(root.section("audit")),
                Admin.read(root.section("admin")),
                root.has("state_dir") ? root.parsed("state_dir", Path.of(""), SunbeamConfig::directory) : null);
        Listener.reportClashes(root, config);
        return config;
    }

    private static boolean proxyProtocol(Section root) {
        boolean on = root.flag("proxy_protocol", false);
        if (on && !root.has("trusted_proxy_cidrs")) {
            root.fault("proxy_protocol", "false, or trusted_proxy_cidrs to say which peers send it");
        }
        return on;
    }

    /** Every pool that requests can go to; several may be equal. */
    public List<Pool> pools() {
        return routes.stream().flatMap(Route::pools).toList();
    }

    /** Every pool that copies of requests can go to; several may be equal. */
    public List<Pool> mirrors() {
        return routes.stream().flatMap(Route::mirrors).toList();
    }

    SunbeamConfig withRoutes(List<Route> others) {
        return new SunbeamConfig(
                listen,
                telemetry,
                trustedProxies,
                proxyProtocol,
                xForwardedFor,
                List.copyOf(others),
                ddos,
                scanner,
                rateLimit,
                limits,
                upstream,
                shutdown,
                cluster,
                audit,
                admin,
                stateDir);
    }

    private static String engine(String name) {
        return switch (name) {
            case "pekko-http" -> name;
            case "native" -> throw new IllegalArgumentException("pekko-http; native is not available yet");
            default -> throw new IllegalArgumentException("pekko-http");
        };
    }

    private static Path directory(String text) {
        try {
            var path = Path.of(text);
            if (path.isAbsolute()) {
                return path;
            }
        } catch (InvalidPathException malformed) {
            // reported like a relative one
        }
        throw new IllegalArgumentException("the absolute path of a directory");
    }

    static Cidr cidr(String text) {
        try {
            return Cidr.parse(text);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    "an address block such as 10.0.0.0/8; " + Shown.text(String.valueOf(malformed.getMessage())),
                    malformed);
        }
    }

    /** A literal address (IPv6 without brackets) or name, and a port in [0, 65535]; 0 lets the system choose. */
    public record HostPort(String host, int port) {
        private static final int NO_DEFAULT = -1;
        private static final HostPort NOWHERE = new HostPort("", 0);
        private static final String EXPECTED = "host:port, such as 0.0.0.0:8080 or [::]:8080";
        private static final Pattern AUTHORITY =
                Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([A-Za-z0-9._-]+))(?::(\\d{1,5}))?");

        /** Parses "host:port", "host" if there is a default port, and "[v6]:port"; the host may not be empty. */
        static HostPort parse(String text, int defaultPort, String expected) {
            var parts = AUTHORITY.matcher(text);
            if (parts.matches() && (parts.group(3) != null || defaultPort != NO_DEFAULT)) {
                var host = parts.group(1) == null ? parts.group(2) : parts.group(1);
                int port = parts.group(3) == null ? defaultPort : Integer.parseInt(parts.group(3));
                if (port <= 65_535 && isLiteralOrName(host)) {
                    return new HostPort(host, port);
                }
            }
            throw new IllegalArgumentException(expected);
        }

        /** An address or name alone, IPv6 in brackets. */
        static String bare(String text, String expected) {
            var parts = AUTHORITY.matcher(text);
            if (parts.matches()
                    && parts.group(3) == null
                    && isLiteralOrName(parts.group(1) == null ? parts.group(2) : parts.group(1))) {
                return text;
            }
            throw new IllegalArgumentException(expected);
        }

        static HostPort listener(String text) {
            return parse(text, NO_DEFAULT, EXPECTED);
        }

        /** What looks like an address must be one, of a single host; a name is looked up when it is used. */
        private static boolean isLiteralOrName(String host) {
            boolean looksLikeAddress = host.indexOf(':') >= 0 || host.matches("[\\d.]+");
            try {
                return !looksLikeAddress || !InetAddress.ofLiteral(host).isMulticastAddress();
            } catch (IllegalArgumentException malformed) {
                return false;
            }
        }

        /** Whether only this machine can connect there. */
        public boolean isLoopback() {
            if (host.equalsIgnoreCase("localhost")) {
                return true;
            }
            try {
                return InetAddress.ofLiteral(host).isLoopbackAddress();
            } catch (IllegalArgumentException name) {
                return false;
            }
        }

        boolean isLiteral() {
            try {
                InetAddress.ofLiteral(host);
                return true;
            } catch (IllegalArgumentException name) {
                return false;
            }
        }

        boolean isEveryAddress() {
            return host.equals("0.0.0.0") || host.equals("::");
        }

        /** As in a URL: "host:port", or "[v6]:port". */
        @Override
        public String toString() {
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        }
    }

    /**
     * Where clients connect.
     *
     * @param reusePort whether another process of the same user may listen on the same ports, all of them, to take over without a gap
     */
    public record Listen(HostPort http, boolean reusePort) {
        static Listen read(Section listen) {
            return new Listen(
                    listen.required("http", HostPort.NOWHERE, HostPort.EXPECTED, HostPort::listener),
                    listen.flag("reuse_port", false));
        }
    }

    /**
     * The detector of floods from one address.
     *
     * @param window at most an hour
     */
    public record Ddos(
            boolean enabled,
            DdosMode mode,
            double threshold,
            Duration window,
            int windowCapacity,
            int minEvents,
            int maxTracked,
            boolean observeOnly,
            DdosEscalation escalation) {
        /** Addresses that are tracked where no other bound is set. */
        public static final int TRACKED = 262_144;

        static Ddos read(Section ddos) {
            int capacity = ddos.count("window_capacity", 1_000, 1, 65_536);
            return new Ddos(
                    ddos.flag("enabled", ddos.isPresent()),
                    ddos.parsed("mode", DdosMode.EVIDENCE, DdosMode::of),
                    ddos.share("threshold", 0.5),
                    ddos.seconds("window_secs", 60, 1, 3_600),
                    capacity,
                    // more than the window holds would never be reached
                    ddos.count("min_events", Math.min(10, capacity), 1, capacity),
                    ddos.count("max_tracked", TRACKED, 1_024, 16_777_216),
                    ddos.flag("observe_only", false),
                    DdosEscalation.read(ddos.section("escalation")));
        }
    }

    /**
     * The detector of attacks in single requests.
     *
     * @param allowHostCookies the original's short-circuit: host configured and cookie present allows (off)
     * @param allowHostBrowser the original's short-circuit: host configured, Accept-Language and a browser's agent allow (off)
     * @param mode short-circuits are of the baseline alone
     * @param allowlist crawlers that pass once verified
     * @param botCacheTtl how long the name of a crawler's address is believed
     * @param bodies how bodies are inspected
     */
    public record Scanner(
            boolean enabled,
            ScannerMode mode,
            double threshold,
            boolean observeOnly,
            boolean allowHostCookies,
            boolean allowHostBrowser,
            List<CrawlerRule> allowlist,
            Duration botCacheTtl,
            Bodies bodies,
            List<ExceptionRule> exceptions) {
        static Scanner read(Section scanner) {
            var shortCircuits = scanner.section("short_circuits");
            return new Scanner(
                    scanner.flag("enabled", scanner.isPresent()),
                    scanner.parsed("mode", ScannerMode.LEXICON, ScannerMode::of),
                    scanner.share("threshold", 0.5),
                    scanner.flag("observe_only", false),
                    shortCircuits.flag("host_cookies", false),
                    shortCircuits.flag("host_browser", false),
                    scanner.sections("allowlist", CrawlerRule::read),
                    scanner.seconds("bot_cache_ttl_secs", 86_400, 1, 30 * 86_400),
                    Bodies.read(scanner),
                    scanner.sections("exceptions", ExceptionRule::read));
        }
    }

    /**
     * How the scanner detector inspects the bodies of requests.
     *
     * @param holdBytes of a body that are judged before the first of them goes upstream
     * @param inspectBytes of a body that are judged at all
     * @param blockOversize whether a body is refused that holds more than can be judged, instead of passing the rest
     */
    public record Bodies(int holdBytes, int inspectBytes, boolean blockOversize) {
        public static final Bodies DEFAULTS = new Bodies(8 * KIB, MIB, false);

        static Bodies read(Section scanner) {
            var bodies = new Bodies(
                    scanner.bytes("body_hold_bytes", DEFAULTS.holdBytes, KIB, MIB),
                    scanner.bytes("body_inspect_bytes", DEFAULTS.inspectBytes, KIB, 1024L * MIB),
                    scanner.parsed("on_oversize", DEFAULTS.blockOversize, Bodies::blocks));
            if (bodies.holdBytes > bodies.inspectBytes) {
                scanner.fault("body_hold_bytes", "at most body_inspect_bytes");
            }
            return bodies;
        }

        private static boolean blocks(String word) {
            return switch (word) {
                case "allow" -> false;
                case "block" -> true;
                default -> throw new IllegalArgumentException("allow or block");
            };
        }
    }

    /**
     * Bounds on what clients may send and hold open.
     *
     * @param maxConnectionsPerIp of one address (IPv6: of its /64); those of trusted proxies do not count
     * @param bodyBytes largest request body, Long.MAX_VALUE for unlimited
     * @param maxTunnels connections that have switched, or ask to switch, to another protocol
     * @param tunnelIdleTimeout a tunnel in which no byte moves for so long is closed
     */
    public record Limits(
            int maxConnections,
            int maxConnectionsPerIp,
            int headerBytes,
            int headerCount,
            int uriBytes,
            long bodyBytes,
            Duration idleTimeout,
            int maxTunnels,
            Duration tunnelIdleTimeout) {
        static Limits read(Section limits) {
            return new Limits(
                    limits.count("max_connections", 16_384, 1, 1_000_000),
                    limits.count("max_connections_per_ip", 256, 1, 1_000_000),
                    limits.bytes("header_bytes", 32 * KIB, KIB, MIB),
                    limits.count("header_count", 128, 1, 10_000),
                    limits.bytes("uri_bytes", 16 * KIB, 256, MIB),
                    limits.bytesOrUnlimited("body_bytes"),
                    limits.duration("idle_timeout", Duration.ofSeconds(60), SECOND, DAY),
                    limits.count("max_tunnels", 8_192, 1, 1_000_000),
                    limits.duration("tunnel_idle_timeout", Duration.ofMinutes(5), SECOND, DAY));
        }
    }

    /**
     * What holds for all backends, unless a route says otherwise.
     *
     * @param idleTimeout for each piece of a response after the first
     * @param maxConnectionsPerHost requests in flight to one address of a pool
     * @param retries of one request
     * @param retryBudget how many retries there may be for each request, beside the few that are always allowed
     * @param maxPending requests of a pool that wait because all connections are in use
     * @param panicThreshold where a smaller share of a pool's addresses is fit than this, all of them are used
     * @param slowStart time over which an address that comes, or comes back, gets its full share
     */
    public record Upstream(
            Duration connectTimeout,
            Duration responseTimeout,
            Duration idleTimeout,
            int maxConnectionsPerHost,
            int retries,
            double retryBudget,
            int maxPending,
            double panicThreshold,
            Duration slowStart,
            Ejection ejection,
            Dns dns) {
        public static final Upstream DEFAULTS = new Upstream(
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                256,
                1,
                0.2,
                256,
                0.3,
                Duration.ZERO,
                Ejection.DEFAULTS,
                Dns.DEFAULTS);

        static Upstream read(Section upstream) {
            return new Upstream(
                    upstream.duration("connect_timeout", DEFAULTS.connectTimeout, MILLISECOND, HOUR),
                    upstream.duration("response_timeout", DEFAULTS.responseTimeout, MILLISECOND, DAY),
                    upstream.duration("idle_timeout", DEFAULTS.idleTimeout, MILLISECOND, DAY),
                    upstream.count("max_connections_per_host", DEFAULTS.maxConnectionsPerHost, 1, 65_535),
                    upstream.count("retries", DEFAULTS.retries, 0, 10),
                    upstream.share("retry_budget", DEFAULTS.retryBudget),
                    upstream.count("max_pending", DEFAULTS.maxPending, 0, 65_535),
                    upstream.share("panic_threshold", DEFAULTS.panicThreshold),
                    upstream.duration("slow_start", DEFAULTS.slowStart, Duration.ZERO, HOUR),
                    Ejection.read(upstream.section("ejection")),
                    Dns.read(upstream.section("dns")));
        }
    }

    /**
     * The cluster that this node is in.
     *
     * @param tenant present where enabled
     */
    public record Cluster(boolean enabled, @Nullable String tenant, String host, int port, int managementPort) {
        private static final Pattern NAME = Pattern.compile("[!-~]{1,128}");
        private static final String TENANT = "a name of 1 to 128 visible ASCII characters";
        private static final String HOST = "an address or a host name, without a port";

        static Cluster read(Section cluster) {
            cluster.section("discovery").parsed("method", "config", Cluster::method);
            boolean enabled = cluster.flag("enabled", cluster.isPresent());
            return new Cluster(
                    enabled,
                    enabled || cluster.has("tenant") ? cluster.required("tenant", "", TENANT, Cluster::tenant) : null,
                    cluster.parsed("host", "127.0.0.1", Cluster::host),
                    cluster.port("port", 11_204, 0),
                    cluster.port("management_port", 8_558, 0));
        }

        private static String method(String name) {
            return switch (name) {
                case "config", "bootstrap" -> "config";
                case "k8s", "kubernetes-api" ->
                    throw new IllegalArgumentException("config or bootstrap; " + name + " is not available yet");
                default -> throw new IllegalArgumentException("config or bootstrap");
            };
        }

        private static String tenant(String text) {
            if (NAME.matcher(text).matches()) {
                return text;
            }
            throw new IllegalArgumentException(TENANT);
        }

        private static String host(String text) {
            var bracketed = text.indexOf(':') >= 0 && !text.startsWith("[") ? "[" + text + "]" : text;
            return HostPort.parse(bracketed + ":0", HostPort.NO_DEFAULT, HOST).host();
        }
    }

    /**
     * The end of a proxy.
     *
     * @param drain from the signal to the end, within which the exchanges in flight may end
     * @param announce the part of it in which everything goes on but {@code /ready}, so that whoever sends traffic here learns of it
     */
    public record Shutdown(Duration drain, Duration announce) {
        private static final Duration LONG_ENOUGH = Duration.ofSeconds(5);

        static Shutdown read(Section shutdown) {
            var drain = shutdown.duration("drain", Duration.ofSeconds(20), Duration.ZERO, HOUR);
            var quarter = drain.dividedBy(4);
            var usual = quarter.compareTo(LONG_ENOUGH) < 0 ? quarter : LONG_ENOUGH;
            var announce = shutdown.duration("announce", usual, Duration.ZERO, HOUR);
            if (announce.compareTo(drain) > 0) {
                shutdown.fault("announce", "at most shutdown.drain");
            }
            return new Shutdown(drain, announce);
        }
    }

    /**
     * Where operators connect.
     *
     * @param token what they must know, or null: then {@code listen} is on loopback
     */
    public record Admin(HostPort listen, @Nullable String token) {
        private static final Pattern TOKEN = Pattern.compile("[!-~]{16,256}");

        static Admin read(Section admin) {
            var listen = admin.parsed("listen", new HostPort("127.0.0.1", 9091), HostPort::listener);
            var token = admin.parsed("token", "", Admin::token);
            if (token.isEmpty() && !listen.isLoopback()) {
                admin.fault("token", "a token, for admin.listen is not on loopback; or a loopback address there");
            }
            return new Admin(listen, token.isEmpty() ? null : token);
        }

        private static String token(String text) {
            if (text.isEmpty() || TOKEN.matcher(text).matches()) {
                return text;
            }
            throw new IllegalArgumentException("16 to 256 visible ASCII characters");
        }

        /** Without the token. */
        @Override
        public String toString() {
            return "Admin[listen=" + listen + ", token=" + (token == null ? "none" : "***") + "]";
        }
    }
}
