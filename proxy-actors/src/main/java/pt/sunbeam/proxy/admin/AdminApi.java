package pt.sunbeam.proxy.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pt.sunbeam.cluster.DetectorNode;
import pt.sunbeam.config.Action;
import pt.sunbeam.config.Handling;
import pt.sunbeam.config.PathRoute;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.detector.http.Cidr;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.verdict.DdosVerdict;
import pt.sunbeam.proxy.observe.AdminCall;
import pt.sunbeam.proxy.observe.AdminReply;
import pt.sunbeam.proxy.observe.Health;
import pt.sunbeam.proxy.observe.Metrics;
import pt.sunbeam.proxy.observe.Version;
import pt.sunbeam.proxy.orders.Order;
import pt.sunbeam.proxy.orders.Order.Kind;
import pt.sunbeam.proxy.orders.Orders;
import pt.sunbeam.proxy.reload.Reloader;
import pt.sunbeam.proxy.reload.Report;
import pt.sunbeam.proxy.upstream.PoolStatus;
import pt.sunbeam.proxy.upstream.Upstreams;

/**
 * What operators ask of this node and order it to do, as JSON over the admin listener; docs/operations.md describes it. Thread-safe.
 *
 * <p>Where a token is set it must be shown. Where none is, the listener is on loopback, and what a web page makes a browser on this machine send is refused: by
 * its Origin, and by a Host that only looks like this machine (DNS rebinding).
 */
public final class AdminApi {
    private static final Logger log = LoggerFactory.getLogger(AdminApi.class);
    private static final ObjectMapper json = new ObjectMapper();
    private static final int MOST_VERDICTS = 1_000;
    private static final String BEARER = "Bearer ";

    private final Supplier<SunbeamConfig> config;
    private final Supplier<List<Metrics.Model>> models;
    private final Health health;
    private final Reloader reloader;
    private final Orders orders;
    private final DetectorNode detectors;
    private final Supplier<List<PoolStatus>> pools;
    private final InstantSource clock;
    private final Instant started;

    /**
     * @param config the one in effect
     * @param models those in use
     * @param pools how the upstreams are
     */
    public AdminApi(
            Supplier<SunbeamConfig> config,
            Supplier<List<Metrics.Model>> models,
            Health health,
            Reloader reloader,
            Orders orders,
            DetectorNode detectors,
            Supplier<List<PoolStatus>> pools,
            InstantSource clock) {
        this.config = config;
        this.models = models;
        this.health = health;
        this.reloader = reloader;
        this.orders = orders;
        this.detectors = detectors;
        this.pools = pools;
        this.clock = clock;
        started = clock.instant();
    }

    /** Never fails. */
    public CompletionStage<AdminReply> answer(AdminCall call) {
        AdminReply refusal = refusal(call);
        if (refusal != null) {
            return CompletableFuture.completedStage(refusal);
        }
        String allowed = switch (call.path()) {
            case "/status", "/routes", "/upstreams", "/bans" -> "GET";
            case "/reload", "/ban", "/unban", "/allow" -> "POST";
            default -> "";
        };
        if (allowed.isEmpty()) {
            return CompletableFuture.completedStage(problem(404, "no such resource"));
        }
        if (!allowed.equals(call.method())) {
            return CompletableFuture.completedStage(problem(405, allowed + " alone", Map.of("Allow", allowed)));
        }
        if (call.path().equals("/reload")) {
            return reloader.reload("admin")
                    .handle((report, failure) ->
                            report == null ? problem(503, String.valueOf(failure.getMessage())) : reloaded(report));
        }
        return CompletableFuture.completedStage(
                switch (call.path()) {
                    case "/status" -> ok(status());
                    case "/routes" -> ok(routes());
                    case "/upstreams" -> ok(upstreams());
                    case "/bans" -> ok(bans());
                    default -> ordered(call);
                });
    }

    /** A problem (RFC 9457) with its detail. */
    public static AdminReply problem(int status, String detail) {
        return problem(status, detail, Map.of());
    }

    private static AdminReply problem(int status, String detail, Map<String, String> fields) {
        return new AdminReply(status, text(problemOf(status, detail)), fields);
    }

    private static Map<String, Object> problemOf(int status, String detail) {
        return object("type", "about:blank", "title", title(status), "status", status, "detail", detail);
    }

    private static String title(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 409 -> "Conflict";
            case 422 -> "Unprocessable Content";
            case 503 -> "Service Unavailable";
            default -> "Internal Server Error";
        };
    }

    private @Nullable AdminReply refusal(AdminCall call) {
        String token = config.get().admin().token();
        if (token != null) {
            return shows(call.authorization(), token)
                    ? null
                    : problem(401, "a bearer token is needed", Map.of("WWW-Authenticate", "Bearer"));
        }
        if (call.origin() != null) {
            return problem(403, "web pages may not ask this; set admin.token to let one");
        }
        boolean local = call.host().isEmpty() || new SunbeamConfig.HostPort(unbracketed(call.host()), 0).isLoopback();
        return local ? null : problem(403, "without admin.token the Host must be a loopback address or localhost");
    }

    /** Takes as long whatever is wrong with it. */
    private static boolean shows(@Nullable String authorization, String token) {
        return authorization != null
                && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && MessageDigest.isEqual(
                        authorization.substring(BEARER.length()).trim().getBytes(UTF_8), token.getBytes(UTF_8));
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private Map<String, Object> status() {
        Report last = reloader.last();
        var waitingFor = health.waitingFor();
        return object(
                "version",
                Version.text(),
                "started",
                started.toString(),
                "uptime_seconds",
                Duration.between(started, clock.instant()).toSeconds(),
                "ready",
                waitingFor.isEmpty(),
                "waiting_for",
                waitingFor,
                "config_file",
                reloader.path() == null ? null : reloader.path().toString(),
                "routes",
                config.get().routes().size(),
                "last_reload",
                report(last),
                "models",
                models.get().stream()
                        .map(model ->
                                object("detector", model.detector(), "name", model.name(), "version", model.version()))
                        .toList(),
                "orders",
                orders.inForce(clock.millis()).size());
    }

    private static Map<String, Object> report(Report report) {
        return object(
                "at",
                report.at().toString(),
                "trigger",
                report.trigger(),
                "result",
                report.result().word(),
                "sha256",
                report.sha256(),
                "faults",
                report.faults(),
                "waiting_for_restart",
                report.waiting(),
                "broken_routes",
                report.brokenRoutes().stream().sorted().toList());
    }

    private static AdminReply reloaded(Report report) {
        if (report.result() != Report.Result.REJECTED) {
            return ok(report(report));
        }
        var problem = problemOf(422, "the configuration has faults; the running one stays");
        problem.putAll(report(report));
        return new AdminReply(422, text(problem), Map.of());
    }

    private Map<String, Object> routes() {
        return object(
                "routes",
                config.get().routes().stream()
                        .map(route -> shown(
                                route.handling(),
                                "host_prefix",
                                route.hostPrefix(),
                                "paths",
                                route.paths().stream().map(AdminApi::shown).toList()))
                        .toList(),
                "broken_routes",
                reloader.last().brokenRoutes().stream().sorted().toList());
    }

    private static Map<String, Object> shown(PathRoute path) {
        var kind = switch (path.where()) {
            case PathRoute.Prefix(var prefix) -> object("prefix", prefix);
            case PathRoute.Exact(var whole) -> object("exact", whole);
            case PathRoute.Regex(var pattern) -> object("regex", pattern);
        };
        kind.putAll(shown(path.handling(), "methods", path.methods()));
        return kind;
    }

    private static Map<String, Object> shown(Handling handling, Object... first) {
        var shown = object(first);
        switch (handling.action()) {
            case Action.Forward(var shares) ->
                shown.put(
                        "backends",
                        shares.stream()
                                .flatMap(share -> share.pool().backends().stream()
                                        .map(backend -> object(
                                                "backend", backend.url(), "weight", share.weight() * backend.weight())))
                                .toList());
            case Action.Redirect redirect -> shown.put("redirect", redirect.status());
            case Action.Respond fixed -> shown.put("respond", fixed.status());
            case Action.Deny _ -> shown.put("deny", true);
        }
        shown.put(
                "mirrors",
                handling.mirrors().stream().map(pool -> pool.only().url()).toList());
        return shown;
    }

    /** Each pool with the routes that send requests there, and how its endpoints are. */
    private Map<String, Object> upstreams() {
        var users = new HashMap<Upstreams.Key, List<String>>();
        for (var route : config.get().routes()) {
            add(route.handling(), route.hostPrefix(), users);
            route.paths().forEach(path -> add(path.handling(), route.hostPrefix() + path.name(), users));
        }
        return object(
                "upstreams",
                pools.get().stream()
                        .map(pool -> shown(pool, users.getOrDefault(pool.key(), List.of())))
                        .sorted(Comparator.comparing(shown -> String.valueOf(shown.get("routes"))))
                        .toList());
    }

    private static Map<String, Object> shown(PoolStatus pool, List<String> routes) {
        return object(
                "routes",
                routes,
                "mirror",
                pool.key().mirror(),
                "panic",
                pool.panic(),
                "pending",
                pool.pending(),
                "circuit_breaker",
                pool.breaker(),
                "endpoints",
                pool.endpoints().stream()
                        .map(endpoint -> object(
                                "url",
                                endpoint.url(),
                                "address",
                                endpoint.address(),
                                "healthy",
                                endpoint.isFit(),
                                "in_flight",
                                endpoint.inFlight(),
                                "ejected_until",
                                endpoint.ejectedUntil() == null
                                        ? null
                                        : endpoint.ejectedUntil().toString(),
                                "last_check",
                                shown(endpoint.lastCheck())))
                        .toList());
    }

    private static @Nullable Map<String, Object> shown(PoolStatus.@Nullable Check check) {
        return check == null
                ? null
                : object("at", check.at().toString(), "good", check.good(), "result", check.words());
    }

    private static void add(Handling handling, String route, Map<Upstreams.Key, List<String>> users) {
        handling.pools().forEach(pool -> add(new Upstreams.Key(pool, false), route, users));
        handling.mirrors().forEach(pool -> add(new Upstreams.Key(pool, true), route, users));
    }

    private static void add(Upstreams.Key pool, String route, Map<Upstreams.Key, List<String>> users) {
        users.computeIfAbsent(pool, _ -> new ArrayList<>()).add(route);
    }

    private Map<String, Object> bans() {
        long now = clock.millis();
        return object(
                "orders",
                orders.inForce(now).stream().map(AdminApi::shown).toList(),
                "verdicts",
                detectors.verdicts(now, MOST_VERDICTS).entrySet().stream()
                        .filter(entry -> !orders.isPardoned(
                                entry.getKey(), entry.getValue().sequence()))
                        .map(entry -> object(
                                "address",
                                entry.getKey().toString(),
                                "until",
                                Instant.ofEpochMilli(entry.getValue().expiresAtMillis())
                                        .toString(),
                                "score",
                                entry.getValue().score(),
                                "measure",
                                entry.getValue().measure().word(),
                                "strikes",
                                entry.getValue().strikes(),
                                "reasons",
                                entry.getValue().reasons()))
                        .toList());
    }

    private static Map<String, Object> shown(Order order) {
        return object(
                "address",
                text(order.block()),
                "order",
                order.kind() == Kind.BAN ? "ban" : "allow",
                "until",
                Instant.ofEpochMilli(order.untilMillis()).toString(),
                "note",
                order.note());
    }

    private static String text(Cidr block) {
        return block.prefix() == 128 ? block.network().toString() : block.toString();
    }

    private AdminReply ordered(AdminCall call) {
        try {
            return switch (call.path()) {
                case "/ban" -> give(OrderBody.read(call.body()), Kind.BAN);
                case "/allow" -> give(OrderBody.read(call.body()), Kind.ALLOW);
                default -> lift(OrderBody.read(call.body()).block());
            };
        } catch (IllegalArgumentException malformed) {
            return problem(400, String.valueOf(malformed.getMessage()));
        }
    }

    private AdminReply give(OrderBody wanted, Kind kind) {
        long now = clock.millis();
        var order = new Order(wanted.block(), kind, now + wanted.time().toMillis(), wanted.note());
        if (!orders.give(order, now)) {
            return problem(409, "there are %d orders already, the most there can be".formatted(Orders.CAPACITY));
        }
        log.info(
                "An operator ordered: {} {} until {}{}",
                kind == Kind.BAN ? "ban" : "allow",
                text(order.block()),
                Instant.ofEpochMilli(order.untilMillis()),
                order.note().isEmpty() ? "" : " (" + order.note() + ")");
        return ok(shown(order));
    }

    /** Takes back what an operator ordered for the block, and forgets what the DDoS detector said of an address in it. */
    private AdminReply lift(Cidr block) {
        long now = clock.millis();
        Order lifted = orders.lift(block, now);
        int pardoned = 0;
        for (Map.Entry<IpAddress, DdosVerdict> verdict :
                detectors.verdicts(now, Integer.MAX_VALUE).entrySet()) {
            boolean meant = block.contains(verdict.getKey())
                    || verdict.getKey().equals(block.network().detectorKey());
            if (meant
                    && !orders.isPardoned(verdict.getKey(), verdict.getValue().sequence())
                    && orders.pardon(verdict.getKey(), now, verdict.getValue().expiresAtMillis())) {
                pardoned++;
            }
        }
        if (lifted == null && pardoned == 0) {
            return problem(404, "neither an order nor a verdict is in force for " + text(block));
        }
        log.info("An operator lifted what was in force for {}", text(block));
        return ok(object(
                "address",
                text(block),
                "lifted",
                lifted == null ? null : shown(lifted),
                "verdicts_pardoned",
                pardoned));
    }

    private static AdminReply ok(Map<String, Object> value) {
        return new AdminReply(200, text(value), Map.of());
    }

    private static String text(Map<String, Object> value) {
        try {
            return json.writeValueAsString(value) + "\n";
        } catch (JsonProcessingException impossible) {
            throw new AssertionError("maps, lists, texts and numbers", impossible);
        }
    }

    private static Map<String, Object> object(@Nullable Object... keysAndValues) {
        var object = new LinkedHashMap<String, Object>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            Object value = keysAndValues[i + 1];
            if (value != null) {
                object.put(String.valueOf(keysAndValues[i]), value);
            }
        }
        return object;
    }
}
