package pt.sunbeam.proxy.exchange;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.StreamLimitReachedException;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.cluster.DdosVerdict;
import pt.sunbeam.cluster.DetectorNode;
import pt.sunbeam.config.Action.Deny;
import pt.sunbeam.config.Action.Forward;
import pt.sunbeam.config.Action.Redirect;
import pt.sunbeam.config.Action.Respond;
import pt.sunbeam.config.Backend;
import pt.sunbeam.config.Pool;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.detector.audit.BodyShape;
import pt.sunbeam.detector.http.Cidr;
import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.detector.window.EventReader;
import pt.sunbeam.proxy.access.ClientAddress;
import pt.sunbeam.proxy.access.Crawlers;
import pt.sunbeam.proxy.exchange.BodyGate.Opening.Broken;
import pt.sunbeam.proxy.exchange.BodyGate.Opening.Open;
import pt.sunbeam.proxy.exchange.BodyGate.Opening.Refused;
import pt.sunbeam.proxy.headers.ClientResponse;
import pt.sunbeam.proxy.headers.Location;
import pt.sunbeam.proxy.headers.TraceParent;
import pt.sunbeam.proxy.headers.Upgrade;
import pt.sunbeam.proxy.headers.UpstreamRequest;
import pt.sunbeam.proxy.limit.RateLimiter;
import pt.sunbeam.proxy.message.Body;
import pt.sunbeam.proxy.message.BrokenBody;
import pt.sunbeam.proxy.message.Field;
import pt.sunbeam.proxy.message.Request;
import pt.sunbeam.proxy.message.Response;
import pt.sunbeam.proxy.message.UpstreamOutcome;
import pt.sunbeam.proxy.message.UpstreamOutcome.Answered;
import pt.sunbeam.proxy.message.UpstreamOutcome.Failed;
import pt.sunbeam.proxy.message.UpstreamOutcome.Fault;
import pt.sunbeam.proxy.observe.Stage;
import pt.sunbeam.proxy.observe.trace.AttemptSpan;
import pt.sunbeam.proxy.observe.trace.Tracing;
import pt.sunbeam.proxy.orders.Order;
import pt.sunbeam.proxy.orders.Order.Kind;
import pt.sunbeam.proxy.orders.Orders;
import pt.sunbeam.proxy.route.DotSegments;
import pt.sunbeam.proxy.route.RouteTable;
import pt.sunbeam.proxy.route.Rule;
import pt.sunbeam.proxy.route.VirtualHost;
import pt.sunbeam.proxy.tunnel.Tunnels;
import pt.sunbeam.proxy.upstream.Call;
import pt.sunbeam.proxy.upstream.Upstreams;

/** The life of a request: {@link #live} reads from top to bottom as what happens to it. Thread-safe. */
public final class Lifecycle {
    private final SunbeamConfig config;
    private final ClientAddress clients;
    private final RouteTable routes;
    private final Orders orders;
    private final DetectorNode detectors;
    private final Crawlers crawlers;
    private final ScannerLayer scanner;
    private final BodyInspection.Maker bodies;
    private final @Nullable RateLimiter limiter;
    private final UpstreamRequest upstreamRequest;
    private final Upstreams upstreams;
    private final Tunnels tunnels;
    private final Mirrors mirrors;
    private final Journal journal;
    private final @Nullable Tracing tracing;
    private final Clocks clocks;
    private final RandomGenerator random;
    private final Materializer materializer;
    private final EventReader events;
    private final AtomicLong eventIds;

    /**
     * @param brokenRoutes host prefixes whose routes have faults
     * @param limiter null where there are no limits
     * @param tracing null where requests are not traced
     * @param eventIds shared by all that tell the same detectors
     */
    public Lifecycle(
            SunbeamConfig config,
            Set<String> brokenRoutes,
            Orders orders,
            DetectorNode detectors,
            Crawlers crawlers,
            ScannerLayer scanner,
            BodyInspection.Maker bodies,
            @Nullable RateLimiter limiter,
            Upstreams upstreams,
            Tunnels tunnels,
            Journal journal,
            @Nullable Tracing tracing,
            Clocks clocks,
            RandomGenerator random,
            long hashSeed,
            AtomicLong eventIds,
            Materializer materializer) {
        this.config = config;
        this.clients = new ClientAddress(config.trustedProxies());
        this.routes = new RouteTable(config.routes(), brokenRoutes);
        this.orders = orders;
        this.detectors = detectors;
        this.crawlers = crawlers;
        this.scanner = scanner;
        this.bodies = bodies;
        this.limiter = limiter;
        this.upstreamRequest = new UpstreamRequest(config.xForwardedFor());
        this.upstreams = upstreams;
        this.tunnels = tunnels;
        this.mirrors = new Mirrors(upstreams, journal::mirrored, materializer);
        this.journal = journal;
        this.tracing = tracing;
        this.clocks = clocks;
        this.random = random;
        this.materializer = materializer;
        this.events = new EventReader(hashSeed);
        this.eventIds = eventIds;
    }

    /** Never fails: every request gets a response, and its end is written down once. */
    public CompletionStage<Response> live(Request request) {
        Exchange exchange = begin(request);

        if (exchange.order == Kind.BAN) {
            exchange.error = Order.REFUSED;
            return refuse(exchange, 403);
        }
        DdosVerdict flood = floodVerdict(exchange);
        if (flood != null) {
            return refuse(exchange, 429, new Field("Retry-After", secondsLeft(flood)));
        }
        String path = DotSegments.resolve(request.head().path());
        VirtualHost host = exchange.virtualHost;
        exchange.rule = path == null || host == null ? null : host.find(request.head(), path);
        journal.passed(exchange, Stage.ROUTE);
        if (scannerBlocks(exchange)) {
            return refuse(exchange, 403);
        }
        RateLimiter.Refused tooMany = overLimit(exchange);
        if (tooMany != null) {
            return refuse(exchange, 429, tooMany.policy().refusal(tooMany.waitNanos()));
        }
        RequestHead head = request.head();
        if (head.method().equals("CONNECT") || head.method().equals("TRACE")) { // no tunnels, no echo of credentials
            return refuse(exchange, 405, new Field("Allow", "GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS"));
        }
        if (request.body().declaredLength() > mostBodyBytes(exchange)) {
            return refuse(exchange, 413);
        }
        if (path == null) {
            return refuse(exchange, 400);
        }
        Rule rule = exchange.rule;
        if (rule == null) {
            return unrouted(exchange);
        }
        if (rule.handling().action() instanceof Deny) {
            exchange.error = "denied by the route";
            return refuse(exchange, 403);
        }
        List<Field> preflight = rule.preflight(head);
        if (preflight != null) {
            return respond(exchange, new Response(204, preflight, Body.Whole.EMPTY));
        }
        exchange.answeredByRoute = true;
        return switch (rule.handling().action()) {
            case Redirect redirect -> redirect(exchange, rule, redirect, path);
            case Respond _ -> respond(exchange, requireNonNull(rule.fixed()));
            case Forward forward -> forward(exchange, rule, forward, path);
            case Deny _ -> throw new IllegalStateException("refused above");
        };
    }

    private CompletionStage<Response> forward(Exchange exchange, Rule rule, Forward forward, String path) {
        Pool pool = rule.pool(forward, random);
        Upgrade upgrade = rule.handling().websocket()
                ? Upgrade.of(exchange.head(), exchange.request.body().declaredLength() != 0)
                : null;
        if (upgrade != null) {
            return switchProtocols(exchange, rule, pool, path, upgrade);
        }
        return judgedBody(exchange).thenCompose(opening -> switch (opening) {
            case Open(var body) ->
                ask(exchange, pool, new Tries(exchange, rule, path, null), mirrored(exchange, rule, path, body))
                        .thenApply(outcome -> {
                            answered(exchange);
                            return answer(exchange, body, outcome);
                        });
            case Refused() -> CompletableFuture.completedStage(own(exchange, 403));
            case Broken(var fault, var detail) -> CompletableFuture.completedStage(fail(exchange, fault, detail));
        });
    }

    private CompletionStage<UpstreamOutcome> ask(Exchange exchange, Pool pool, Tries tries, Body body) {
        return upstreams
                .of(pool)
                .send(new Call(exchange.head(), body, exchange.ends(), exchange.client, tries.upgrade != null, tries));
    }

    /** Each try of a request to a backend has a head and a span of its own. */
    private final class Tries implements Call.Tries {
        private final Exchange exchange;
        private final Rule rule;
        private final String path;
        private final @Nullable Upgrade upgrade;
        private @Nullable AttemptSpan span;

        private Tries(Exchange exchange, Rule rule, String path, @Nullable Upgrade upgrade) {
            this.exchange = exchange;
            this.rule = rule;
            this.path = path;
            this.upgrade = upgrade;
        }

        @Override
        public RequestHead begin(Backend backend) {
            exchange.backend = backend.url();
            span = exchange.span == null
                    ? null
                    : exchange.span.attempt(exchange.head().method(), backend, exchange.at(clocks.nanos()));
            return forwarded(exchange, rule, path, span == null ? null : span.traceparent(), upgrade);
        }

        @Override
        public void ended(UpstreamOutcome outcome) {
            if (span != null) {
                var at = exchange.at(clocks.nanos());
                switch (outcome) {
                    case Answered(var response) -> span.answered(response.status(), at);
                    case Failed(var fault, var _) -> span.failed(fault.name().toLowerCase(Locale.ROOT), at);
                }
            }
        }
    }

    /** The body, which copies itself on its way where the route has mirrors. */
    private Body mirrored(Exchange exchange, Rule rule, String path, Body body) {
        var handling = rule.handling();
        return handling.mirrors().isEmpty() || random.nextDouble() >= handling.mirrorShare()
                ? body
                : mirrors.tee(
                        handling.mirrors(),
                        forwarded(exchange, rule, path, null, null),
                        body,
                        exchange.ends(),
                        exchange.client);
    }

    private CompletionStage<Response> redirect(Exchange exchange, Rule rule, Redirect redirect, String path) {
        RequestHead head = exchange.head();
        String location = Location.of(
                redirect,
                rule.redirectPath(redirect, path),
                query(head.target()),
                UpstreamRequest.scheme(head, exchange.peerTrusted),
                exchange.host,
                Location.port(head.first(HeaderName.HOST)));
        return respond(
                exchange, new Response(redirect.status(), List.of(new Field("Location", location)), Body.Whole.EMPTY));
    }

    /** An answer that needs no backend. */
    private CompletionStage<Response> respond(Exchange exchange, Response response) {
        discard(exchange.request.body());
        return CompletableFuture.completedStage(finish(exchange, response));
    }

    /** The answer to what the wire could not read as a request; {@code reason} is for the log. */
    public Response refuseMalformed(int status, String reason) {
        String id = UUID.randomUUID().toString();
        journal.malformed(id, status, reason);
        return ClientResponse.local(Problem.of(status, id, null, List.of()), id);
    }

    private Exchange begin(Request request) {
        RequestHead head = request.head();
        boolean trusted = clients.trusts(request.peer());
        String sent = trusted ? UpstreamRequest.acceptableId(head.first(HeaderName.X_REQUEST_ID)) : null;
        IpAddress client = clients.of(request.peer(), head);
        Instant now = clocks.wall();
        Order order = orders.find(client, now.toEpochMilli());
        String host = head.host();
        var exchange = new Exchange(
                request,
                sent != null ? sent : UUID.randomUUID().toString(),
                client,
                trusted,
                order == null ? null : order.kind(),
                Cidr.anyContains(config.rateLimit().bypass(), client),
                now,
                clocks.nanos(),
                host,
                routes.host(host));
        if (tracing != null) {
            exchange.span = tracing.begin(head.first(TraceParent.NAME), trusted, exchange.id, now);
        }
        journal.began();
        request.gone().whenSignalled(() -> journal.ended(exchange, 0, 0, "client closed the connection"));
        return exchange;
    }

    /** Tells the detector of the request, then reads what it knew before: the verdict that is in force and enforced, or null. */
    private @Nullable DdosVerdict floodVerdict(Exchange exchange) {
        if (!config.ddos().enabled() || exchange.bypassed()) {
            return null;
        }
        exchange.eventId = eventIds.incrementAndGet();
        exchange.countedByDdos = true;
        detectors.arrived( // dated as the audit line will be: a replay has the same slices of time
                exchange.client, events.read(exchange.head(), exchange.eventId, exchange.began.toEpochMilli()));
        DdosVerdict verdict = detectors.verdict(exchange.client, exchange.began.toEpochMilli());
        if (verdict != null && orders.isPardoned(exchange.client, verdict.sequence())) {
            return null;
        }
        exchange.ddos = verdict;
        exchange.refusedByDdos = verdict != null && !config.ddos().observeOnly();
        journal.passed(exchange, Stage.DDOS);
        return exchange.refusedByDdos ? verdict : null;
    }

    /** A detector that breaks must not take the site down with it: the request passes, and the log says so. */
    private boolean scannerBlocks(Exchange exchange) {
        if (!config.scanner().enabled() || exchange.bypassed()) {
            return false;
        }
        try {
            String crawler = crawlers.verify(exchange.head(), exchange.client);
            exchange.scanner = crawler == null
                    ? scanner.decide(exchange.head(), exchange.route())
                    : ScannerLayer.Decision.passed(crawler);
        } catch (RuntimeException bug) {
            journal.detectorBroke(exchange, bug);
            return false;
        }
        journal.passed(exchange, Stage.SCANNER);
        return exchange.scanner.block() && !config.scanner().observeOnly();
    }

    /** Charges the request to its client; the refusal, where there is one and it is enforced, or null. */
    private RateLimiter.@Nullable Refused overLimit(Exchange exchange) {
        if (limiter == null || exchange.bypassed()) {
            return null;
        }
        exchange.credential = limiter.credential(exchange.head());
        exchange.rateLimit = limiter.admit(exchange.client, exchange.credential, exchange.beganNanos);
        journal.passed(exchange, Stage.RATE_LIMIT);
        boolean enforced = !config.rateLimit().observeOnly();
        return enforced && exchange.rateLimit instanceof RateLimiter.Refused refused ? refused : null;
    }

    /** What the upstream answers instead of switching is an answer like any other. */
    private CompletionStage<Response> switchProtocols(
            Exchange exchange, Rule rule, Pool pool, String path, Upgrade upgrade) {
        if (!tunnels.take(config.limits().maxTunnels())) {
            exchange.error = "no place for another tunnel";
            journal.tunnelRefused();
            return refuse(exchange, 503, new Field("Retry-After", "5"));
        }
        var tries = new Tries(exchange, rule, path, upgrade);
        return ask(exchange, pool, tries, Body.Whole.EMPTY).thenApply(outcome -> {
            answered(exchange);
            if (outcome instanceof Answered(var response) && response.body() instanceof Body.Tunnel(var bytes)) {
                return tunnel(exchange, upgrade, response, bytes);
            }
            tunnels.giveBack();
            return answer(exchange, Body.Whole.EMPTY, outcome);
        });
    }

    /** The head that goes to the backend, which may be asked to switch protocols. */
    private RequestHead forwarded(
            Exchange exchange, Rule rule, String path, @Nullable String traceparent, @Nullable Upgrade upgrade) {
        RequestHead head = exchange.head();
        return upstreamRequest.head(
                head,
                rule.upstreamPath(path) + query(head.target()),
                exchange.client,
                exchange.peerTrusted,
                exchange.id,
                traceparent,
                upgrade,
                rule.requestFields());
    }

    private void answered(Exchange exchange) {
        journal.passed(exchange, Stage.UPSTREAM);
        exchange.upstreamNanos = exchange.stageNanos - exchange.beganNanos;
    }

    private Response tunnel(
            Exchange exchange, Upgrade upgrade, Response switched, Flow<ByteString, ByteString, NotUsed> upstream) {
        boolean askedFor = upgrade.wasAskedFor(switched);
        if (!askedFor || !journal.switched(exchange)) {
            tunnels.giveBack();
            discard(switched.body());
            return fail(
                    exchange, Fault.MALFORMED, askedFor ? "the client has gone" : "switched to what nobody asked for");
        }
        var passed = ruled(exchange, ClientResponse.forwarded(switched, exchange.id));
        var tunnel = tunnels.through(
                upstream,
                Upgrade.isWebSocket(switched),
                config.limits().tunnelIdleTimeout(),
                end -> journal.tunnelEnded(exchange, end));
        return new Response(passed.status(), passed.fields(), new Body.Tunnel(tunnel));
    }

    /** The body as far as it may go upstream; all of it where it is not to be judged. */
    private CompletionStage<BodyGate.Opening> judgedBody(Exchange exchange) {
        Body body = limited(exchange.request.body(), mostBodyBytes(exchange));
        BodyGate gate = body.declaredLength() == 0 ? null : gate(exchange);
        exchange.gate = gate;
        return gate == null
                ? CompletableFuture.completedStage(new Open(body))
                : gate.open(body, materializer).thenApply(opening -> {
                    journal.passed(exchange, Stage.REQUEST_BODY);
                    return opening;
                });
    }

    private long mostBodyBytes(Exchange exchange) {
        Long most = exchange.rule == null ? null : exchange.rule.handling().bodyBytes();
        return most == null ? config.limits().bodyBytes() : most;
    }

    /** A body that says how long it is was compared with the limit before. */
    private static Body limited(Body body, long most) {
        return most < Long.MAX_VALUE && body instanceof Body.Streamed(var length, var bytes) && length == Body.UNKNOWN
                ? new Body.Streamed(
                        length,
                        bytes.limitWeighted(most, chunk -> (long) chunk.length())
                                .mapError(
                                        StreamLimitReachedException.class,
                                        tooMuch -> new BrokenBody(Fault.BODY_TOO_LARGE, tooMuch)))
                : body;
    }

    private CompletionStage<Response> unrouted(Exchange exchange) {
        if (exchange.virtualHost == null) {
            return refuse(exchange, 404);
        }
        exchange.error = "the configuration of this route has faults";
        return refuse(exchange, 503);
    }

    private @Nullable BodyGate gate(Exchange exchange) {
        if (!config.scanner().enabled()
                || exchange.bypassed()
                || (exchange.scanner != null && exchange.scanner.judgement() == null)) {
            return null;
        }
        try {
            BodyShape shape = journal.bodyShape();
            BodyInspection inspection = bodies.of(exchange.head(), exchange.route(), shape);
            exchange.bodyShape = inspection == null ? null : shape;
            return inspection == null
                    ? null
                    : new BodyGate(inspection, config.scanner(), bug -> journal.detectorBroke(exchange, bug));
        } catch (RuntimeException bug) {
            journal.detectorBroke(exchange, bug);
            return null;
        }
    }

    private Response answer(Exchange exchange, Body sent, UpstreamOutcome outcome) {
        boolean bodyRefused = exchange.gate != null && exchange.gate.hasRefused();
        return switch (outcome) {
            case Answered(var response)
            when bodyRefused -> {
                discard(response.body());
                yield own(exchange, 403);
            }
            case Answered(var response)
            when response.status() < 200 -> {
                discard(response.body());
                yield fail(exchange, Fault.MALFORMED, "status " + response.status() + " for an answer");
            }
            case Answered(var response) -> {
                if (limiter != null && response.status() / 100 == 2) {
                    limiter.confirm(exchange.client, exchange.credential, clocks.nanos());
                }
                yield pass(exchange, response);
            }
            case Failed _ when bodyRefused -> own(exchange, 403);
            case Failed(var fault, var detail) -> {
                if (exchange.gate != null) {
                    discard(sent); // its beginning was read already, so nobody else notices that the rest is not
                }
                yield fail(exchange, fault, detail);
            }
        };
    }

    private String secondsLeft(DdosVerdict verdict) {
        long millis = verdict.expiresAtMillis() - clocks.wall().toEpochMilli();
        return Long.toString(Math.max(1, (millis + 999) / 1000));
    }

    /** With its "?", so that an empty one stays distinct from none. */
    private static String query(String target) {
        int mark = target.indexOf('?');
        return mark < 0 ? "" : target.substring(mark);
    }

    private CompletionStage<Response> refuse(Exchange exchange, int status, Field... fields) {
        return refuse(exchange, status, List.of(fields));
    }

    private CompletionStage<Response> refuse(Exchange exchange, int status, List<Field> fields) {
        discard(exchange.request.body());
        return CompletableFuture.completedStage(own(exchange, status, fields));
    }

    private Response own(Exchange exchange, int status) {
        return own(exchange, status, List.of());
    }

    private Response own(Exchange exchange, int status, List<Field> fields) {
        return finish(exchange, Problem.of(status, exchange.id, exchange.head().first(HeaderName.ACCEPT), fields));
    }

    private Response finish(Exchange exchange, Response made) {
        Response response = ruled(exchange, ClientResponse.local(made, exchange.id));
        boolean withoutContent = exchange.head().method().equals("HEAD");
        journal.ended(exchange, response.status(), withoutContent ? 0 : length(response), exchange.error);
        return response;
    }

    /** As the route wants its answers. */
    private static Response ruled(Exchange exchange, Response response) {
        Rule rule = exchange.answeredByRoute ? exchange.rule : null;
        return rule != null && rule.changesAnswers()
                ? rule.answer(response, exchange.head(), exchange.variables())
                : response;
    }

    private static long length(Response response) {
        return Math.max(0, response.body().declaredLength());
    }

    private Response fail(Exchange exchange, UpstreamOutcome.Fault fault, String detail) {
        exchange.error = fault.words();
        journal.upstreamFailed(exchange, fault, detail);
        return own(exchange, fault.status());
    }

    /** The exchange ends with the last byte of the body, or with what cuts it short. */
    private Response pass(Exchange exchange, Response received) {
        Response response = ruled(exchange, ClientResponse.forwarded(received, exchange.id));
        if (exchange.hasEnded()) {
            discard(response.body());
            return new Response(response.status(), response.fields(), Body.Whole.EMPTY);
        }
        return switch (response.body()) {
            case Body.Whole(var bytes) -> {
                journal.ended(exchange, response.status(), bytes.length(), null);
                yield response;
            }
            case Body.Streamed(var length, var bytes) -> {
                var passed = new AtomicLong();
                var counted = cutWhenRefused(exchange, bytes)
                        .map(chunk -> {
                            passed.addAndGet(chunk.length());
                            return chunk;
                        })
                        .watchTermination((notUsed, ended) -> {
                            ended.whenComplete((_, failure) -> {
                                journal.passed(exchange, Stage.RESPONSE_BODY);
                                journal.ended(
                                        exchange,
                                        response.status(),
                                        passed.get(),
                                        cut(exchange, length, passed.get(), failure));
                            });
                            return notUsed;
                        });
                yield new Response(response.status(), response.fields(), new Body.Streamed(length, counted));
            }
            case Body.Tunnel _ -> throw new IllegalStateException("a tunnel is no content");
        };
    }

    /** An answer that has begun ends where the request's body turns bad. */
    private static Source<ByteString, NotUsed> cutWhenRefused(Exchange exchange, Source<ByteString, NotUsed> bytes) {
        BodyGate gate = exchange.gate;
        return gate == null
                ? bytes
                : bytes.viaMat(KillSwitches.single(), Keep.right()).mapMaterializedValue(cut -> {
                    gate.refused().thenAccept(_ -> cut.abort(new BodyGate.TurnedBad()));
                    return NotUsed.getInstance();
                });
    }

    private @Nullable String cut(Exchange exchange, long length, long passed, @Nullable Throwable failure) {
        if (failure != null) {
            journal.responseCut(exchange, failure);
            return "response cut short";
        }
        boolean whole = length == Body.UNKNOWN
                || passed == length
                || exchange.head().method().equals("HEAD");
        return whole ? null : "response cut short: client closed the connection";
    }

    /** Lets go of a body that nobody will read, so that its connection is freed. */
    private void discard(Body body) {
        switch (body) {
            case Body.Whole _ -> {}
            case Body.Streamed(var _, var bytes) -> bytes.runWith(Sink.cancelled(), materializer);
            case Body.Tunnel(var bytes) ->
                Source.<ByteString>failed(new CancellationException())
                        .via(bytes)
                        .runWith(Sink.cancelled(), materializer);
        }
    }
}
