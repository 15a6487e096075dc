package pt.sunbeam.proxy.upstream;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pt.sunbeam.config.Backend;
import pt.sunbeam.config.Balancing;
import pt.sunbeam.config.Pool;
import pt.sunbeam.config.SunbeamConfig.Upstream;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.proxy.message.Connector;
import pt.sunbeam.proxy.message.Connector.Ending;
import pt.sunbeam.proxy.message.Hop;
import pt.sunbeam.proxy.message.Response;
import pt.sunbeam.proxy.message.UpstreamOutcome;
import pt.sunbeam.proxy.message.UpstreamOutcome.Answered;
import pt.sunbeam.proxy.message.UpstreamOutcome.Failed;
import pt.sunbeam.proxy.message.UpstreamOutcome.Fault;
import pt.sunbeam.proxy.upstream.Surroundings.Event;

/** The running side of a {@link Pool}: its endpoints, and the way of a request to one of them, or to a second one. Thread-safe. */
public final class UpstreamPool {
    private static final Logger log = LoggerFactory.getLogger(UpstreamPool.class);

    private final Upstreams.Key key;
    private final Pool config;
    private final Upstream rules;
    private final Surroundings around;
    private final @Nullable StickyCookie sticky;
    private final @Nullable CircuitBreaker breaker;
    private final RetryBudget budget;
    private final Pending pending;
    private final long connectNanos;
    private final Addresses addresses;
    private final @Nullable Checks checks;
    private volatile View view = new View(new Endpoint[0], Map.of(), Map.of());

    /** The endpoints of a moment. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record View(Endpoint[] endpoints, Map<String, Endpoint> byTag, Map<Endpoint, String> tags) {}

    UpstreamPool(Upstreams.Key key, Upstream rules, Names names, Surroundings around) {
        this.key = key;
        config = key.pool();
        this.rules = rules;
        this.around = around;
        sticky = config.balancing().sticky() == null
                ? null
                : new StickyCookie(config.balancing().sticky());
        breaker = config.breaker() == null ? null : new CircuitBreaker(config.breaker(), around.now());
        budget = new RetryBudget(rules.retryBudget(), around.now());
        pending = new Pending(rules.maxPending());
        connectNanos = config.timeouts().connect(rules).toNanos();
        addresses = new Addresses(config.backends(), around.system(), names, this::moved);
        checks = config.healthCheck() == null ? null : new Checks(config.healthCheck(), around, () -> view.endpoints);
    }

    /** Endpoints that stay keep what is known of them. */
    private void moved(Map<String, List<InetAddress>> known) {
        var before = new HashMap<Backend, Map<InetAddress, Endpoint>>();
        for (Endpoint endpoint : view.endpoints) {
            before.computeIfAbsent(endpoint.backend(), _ -> new HashMap<>())
                    .put(endpoint.hop().address(), endpoint);
        }
        long now = around.now();
        // those of the beginning have nobody beside them that is warmer
        long risen = view.endpoints.length == 0 ? now - rules.slowStart().toNanos() : now;
        var next = new ArrayList<Endpoint>();
        var byTag = new HashMap<String, Endpoint>();
        var tags = new HashMap<Endpoint, String>();
        for (Backend backend : config.backends()) {
            for (InetAddress address : known.getOrDefault(backend.host(), List.of())) {
                var had = before.getOrDefault(backend, new HashMap<>());
                Endpoint kept = had.remove(address);
                Endpoint endpoint = kept != null ? kept : new Endpoint(hop(backend, address), rules, risen);
                next.add(endpoint);
                if (sticky != null) {
                    String tag = sticky.tag(endpoint);
                    byTag.put(tag, endpoint);
                    tags.put(endpoint, tag);
                }
            }
        }
        view = new View(next.toArray(Endpoint[]::new), Map.copyOf(byTag), Map.copyOf(tags));
        before.values()
                .forEach(gone ->
                        gone.values().forEach(endpoint -> around.connector().forget(endpoint.hop())));
    }

    private Hop hop(Backend backend, InetAddress address) {
        var timeouts = config.timeouts();
        return new Hop(backend, address, timeouts.connect(rules), timeouts.firstByte(rules), timeouts.idle(rules));
    }

    /** Ends what runs by itself and closes what is kept; requests under way go on. */
    void close() {
        addresses.close();
        if (checks != null) {
            checks.close();
        }
        for (Endpoint endpoint : view.endpoints) {
            around.connector().forget(endpoint.hop());
        }
    }

    Pool config() {
        return config;
    }

    /** Never fails. An answer to be kept to has the cookie for it. */
    public CompletionStage<UpstreamOutcome> send(Call call) {
        if (breaker != null && !breaker.permits(around.now())) {
            return failed(Fault.UNAVAILABLE, "the circuit breaker is open");
        }
        budget.requested();
        var outcome = new Dispatch(call).begin();
        return breaker == null ? outcome : outcome.whenComplete((known, bug) -> tell(breaker, known));
    }

    private void tell(CircuitBreaker told, @Nullable UpstreamOutcome outcome) {
        boolean failed = switch (outcome) {
            case null -> true;
            case Answered(var response) -> isGatewayError(response.status());
            case Failed(var fault, var _) -> fault.isUpstreams();
        };
        if (!failed && outcome instanceof Failed) {
            told.ignored();
        } else if (told.ended(failed, around.now())) {
            around.events().accept(Event.BREAKER_OPENED, config.only());
            log.warn("The circuit breaker of {} has opened", config.only().url());
        }
    }

    /** What a backend says when what it stands for has failed (RFC 9110 sections 15.6.3 to 15.6.5). */
    private static boolean isGatewayError(int status) {
        return status >= 502 && status <= 504;
    }

    private static CompletionStage<UpstreamOutcome> failed(Fault fault, String detail) {
        return CompletableFuture.completedStage(new Failed(fault, detail));
    }

    private boolean panics(Endpoint[] endpoints, long now) {
        return Balancer.panics(endpoints, rules.panicThreshold(), now);
    }

    private void blame(Endpoint endpoint, String why) {
        if (endpoint.failed(around.now())) {
            around.events().accept(Event.EJECTED, endpoint.backend());
            log.warn(
                    "{} ({}) is left out for {} ms: {}",
                    endpoint.backend().url(),
                    endpoint.hop(),
                    TimeUnit.NANOSECONDS.toMillis(endpoint.ejectedFor(around.now())),
                    why);
        }
    }

    /** One request's way through the pool. */
    private final class Dispatch {
        private final Call call;
        private final long began = around.now();
        private final long totalNanos;
        private final @Nullable Endpoint bound;
        private List<Endpoint> tried = List.of();
        private int attempts;

        private Dispatch(Call call) {
            this.call = call;
            var total = config.timeouts().total();
            totalNanos = total == null ? Connector.UNBOUNDED : total.toNanos();
            bound = bound();
        }

        private @Nullable Endpoint bound() {
            String value = sticky == null ? null : Cookies.find(call.head(), sticky.name());
            String tag = sticky == null || value == null ? null : sticky.read(value, seconds());
            return tag == null ? null : view.byTag.get(tag);
        }

        private long seconds() {
            return around.wall().instant().getEpochSecond();
        }

        private long left() {
            return totalNanos == Connector.UNBOUNDED ? totalNanos : totalNanos - (around.now() - began);
        }

        private CompletionStage<UpstreamOutcome> begin() {
            if (view.endpoints.length > 0) {
                return attempt(pending.size() > 0);
            }
            return addresses
                    .first()
                    .toCompletableFuture()
                    .copy()
                    .completeOnTimeout(null, Math.min(connectNanos, left()), TimeUnit.NANOSECONDS)
                    .thenCompose(_ -> attempt(false));
        }

        /** @param behindOthers whether others have waited longer for a place */
        private CompletionStage<UpstreamOutcome> attempt(boolean behindOthers) {
            Endpoint[] endpoints = view.endpoints;
            Endpoint endpoint = behindOthers ? null : enter(endpoints);
            if (endpoint == null) {
                return await(endpoints);
            }
            attempts++;
            RequestHead head = call.tries().begin(endpoint.backend());
            var stay = new Stay(endpoint, call.upgrade());
            long sent = around.now();
            var outcome = call.upgrade()
                    ? around.connector().upgrade(endpoint.hop(), head, call.ends(), left(), stay)
                    : around.connector().send(endpoint.hop(), head, call.body(), call.ends(), left(), stay);
            return outcome.thenCompose(known -> {
                call.tries().ended(known);
                return switch (known) {
                    case Answered(var response) -> {
                        stay.answered(response.status());
                        yield CompletableFuture.completedStage(new Answered(bind(response, endpoint)));
                    }
                    case Failed failure -> {
                        stay.failed(failure, around.now() - sent);
                        yield mayRetry(failure.fault()) ? again(endpoint) : CompletableFuture.completedStage(failure);
                    }
                };
            });
        }

        /** Chooses, and takes a place; null where there is none. */
        private @Nullable Endpoint enter(Endpoint[] endpoints) {
            for (int tries = 0; tries <= endpoints.length; tries++) {
                long now = around.now();
                Endpoint chosen = choose(endpoints, now);
                if (chosen == null) {
                    return null;
                }
                if (call.upgrade()) {
                    chosen.enterTunnel();
                    return chosen;
                }
                if (chosen.enter()) {
                    return chosen;
                }
            }
            return null;
        }

        private @Nullable Endpoint choose(Endpoint[] endpoints, long now) {
            boolean panic = panics(endpoints, now);
            if (tried.isEmpty()) {
                return bound != null && Balancer.isEligible(bound, tried, panic, now)
                        ? bound
                        : choose(endpoints, tried, panic, now);
            }
            Endpoint other = choose(endpoints, tried, false, now);
            if (other == null && rules.panicThreshold() > 0) {
                other = choose(endpoints, tried, true, now); // it may have recovered, what was tried has not
            }
            return other == null ? choose(endpoints, List.of(), panic, now) : other;
        }

        private @Nullable Endpoint choose(Endpoint[] endpoints, List<Endpoint> not, boolean panic, long now) {
            var key = config.balancing().hashOn() == null
                    ? null
                    : key(config.balancing().hashOn());
            return key == null
                    ? Balancer.leastOfTwo(endpoints, not, panic, now, ThreadLocalRandom.current())
                    : ConsistentHash.choose(endpoints, key, not, panic, now);
        }

        /** Null where the request has nothing of the kind. */
        private @Nullable Long key(Balancing.HashOn on) {
            return switch (on) {
                case Balancing.Address() ->
                    ConsistentHash.mix(call.client().high()
                            ^ ConsistentHash.mix(call.client().low()));
                case Balancing.Header(var name) -> hash(field(name));
                case Balancing.Cookie(var name) -> hash(Cookies.find(call.head(), name));
            };
        }

        private static @Nullable Long hash(@Nullable String value) {
            return value == null ? null : Long.valueOf(ConsistentHash.hash(value));
        }

        private @Nullable String field(String lowerCaseName) {
            for (int field = 0; field < call.head().fieldCount(); field++) {
                if (call.head().name(field).equalsIgnoreCase(lowerCaseName)) {
                    return call.head().value(field);
                }
            }
            return null;
        }

        /** Waits for a place, where one can come free. */
        private CompletionStage<UpstreamOutcome> await(Endpoint[] endpoints) {
            long now = around.now();
            boolean panic = panics(endpoints, now);
            if (pending.size() == 0 && !Balancer.anyBusy(endpoints, panic, now)) {
                return failed(
                        Fault.UNAVAILABLE,
                        endpoints.length == 0 ? "the name stands for no address" : "none of them is fit");
            }
            long wait = Math.min(connectNanos - (now - began), left());
            var turn = wait <= 0 ? null : pending.enter(wait);
            if (turn == null) {
                return failed(Fault.OVERLOADED, wait <= 0 ? "no place in time" : "the queue for a place is full");
            }
            if (!Balancer.anyBusy(endpoints, panic, now) || anyFree(endpoints, panic, now)) {
                pending.call(); // one was freed before we stood in the queue
            }
            return turn.thenComposeAsync(
                    called -> called ? attempt(false) : failed(Fault.OVERLOADED, "no place in time"),
                    around.system().dispatcher());
        }

        private static boolean anyFree(Endpoint[] endpoints, boolean panic, long now) {
            for (Endpoint endpoint : endpoints) {
                if (Balancer.isEligible(endpoint, List.of(), panic, now)) {
                    return true;
                }
            }
            return false;
        }

        private boolean mayRetry(Fault fault) {
            boolean harmless = fault.neverSent() || (call.isIdempotent() && call.isRepeatable() && helps(fault));
            if (!harmless || attempts > rules.retries() || left() <= 0) {
                return false;
            }
            boolean affordable = budget.take(around.now());
            if (!affordable) {
                around.events().accept(Event.RETRY_DENIED, config.only());
            }
            return affordable;
        }

        private static boolean helps(Fault fault) {
            return switch (fault) {
                case RESET, TIMED_OUT, UNTRUSTED -> true;
                default -> false;
            };
        }

        private CompletionStage<UpstreamOutcome> again(Endpoint failed) {
            around.events().accept(Event.RETRIED, failed.backend());
            var longer = new ArrayList<>(tried);
            longer.add(failed);
            tried = longer;
            return attempt(false);
        }

        /** A client that is bound to nobody, or to somebody who is not there, is bound to who has answered. */
        private Response bind(Response response, Endpoint answered) {
            String tag = sticky == null ? null : view.tags.get(answered);
            boolean stays = bound != null && (bound == answered || bound.isFit(around.now()));
            if (sticky == null || tag == null || stays) {
                return response;
            }
            var fields = new ArrayList<>(response.fields());
            fields.add(sticky.bind(tag, seconds()));
            return new Response(response.status(), fields, response.body());
        }
    }

    /** A request's place at an endpoint, and what the endpoint is to be told of how it went. */
    private final class Stay implements Consumer<Ending> {
        private final Endpoint endpoint;
        private final boolean tunnel;
        private final AtomicBoolean over = new AtomicBoolean();
        private int status;
        private @Nullable Ending ending;

        private Stay(Endpoint endpoint, boolean tunnel) {
            this.endpoint = endpoint;
            this.tunnel = tunnel;
        }

        private void leave() {
            if (tunnel) {
                endpoint.leftTunnel();
            } else {
                endpoint.left();
            }
            pending.call();
        }

        private void failed(Failed failure, long nanos) {
            if (over.compareAndSet(false, true)) {
                leave();
                if (failure.fault().isUpstreams() && !wasHurried(failure.fault(), nanos)) {
                    blame(endpoint, failure.fault().words());
                }
            }
        }

        /** It had little of the time for the whole, because others had used it up. */
        private boolean wasHurried(Fault fault, long nanos) {
            var total = config.timeouts().total();
            return fault == Fault.TIMED_OUT
                    && total != null
                    && nanos < endpoint.hop().firstByte().toNanos()
                    && nanos < total.toNanos() / 2;
        }

        /** From the engine, and perhaps before {@link #answered}. */
        @Override
        public void accept(Ending how) {
            if (over.compareAndSet(false, true)) {
                leave();
                synchronized (this) {
                    ending = how;
                }
                judge();
            }
        }

        private void answered(int with) {
            synchronized (this) {
                status = with;
            }
            judge();
        }

        /** Once both the status and the end are known. */
        private void judge() {
            Ending how;
            int with;
            synchronized (this) {
                how = ending;
                with = status;
            }
            if (how == null || with == 0) {
                return;
            }
            if (how == Ending.BROKEN || isGatewayError(with)) {
                blame(endpoint, how == Ending.BROKEN ? "a response was cut short" : "status " + with);
            } else if (how == Ending.CLEAN) {
                endpoint.succeeded(around.now());
            }
        }
    }

    /** For operators. */
    PoolStatus status() {
        long now = around.now();
        long wall = around.wall().millis();
        Endpoint[] endpoints = view.endpoints;
        return new PoolStatus(
                key,
                List.of(endpoints).stream()
                        .map(endpoint -> PoolStatus.of(endpoint, now, wall))
                        .toList(),
                panics(endpoints, now),
                pending.size(),
                breaker == null ? null : breaker.state());
    }
}
