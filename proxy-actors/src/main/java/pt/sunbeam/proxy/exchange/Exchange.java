package pt.sunbeam.proxy.exchange;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.audit.BodyShape;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.proxy.headers.FieldRules;
import pt.sunbeam.proxy.headers.UpstreamRequest;
import pt.sunbeam.proxy.limit.RateLimiter;
import pt.sunbeam.proxy.message.Ends;
import pt.sunbeam.proxy.message.Request;
import pt.sunbeam.proxy.observe.trace.RequestSpan;
import pt.sunbeam.proxy.orders.Order;
import pt.sunbeam.proxy.route.Rule;
import pt.sunbeam.proxy.route.VirtualHost;

/**
 * What is known of one exchange so far: filled in as its life goes on, read once when it ends.
 *
 * <p>Its stages run one after the other, with a happens-before edge between them; only {@link #end} is raced for.
 */
final class Exchange {
    final Request request;
    final String id;
    final IpAddress client;
    final boolean peerTrusted;

    /** What an operator ordered for the client, or null. */
    final Order.@Nullable Kind order;

    private final boolean bypassed;

    final Instant began;
    final long beganNanos;
    final String host;
    final @Nullable VirtualHost virtualHost;

    long eventId;
    boolean countedByDdos;

    DdosLayer.Decision ddos = DdosLayer.ALLOW;

    boolean refusedByDdos;
    ScannerLayer.@Nullable Decision scanner;

    /** The keyed hash of what says who sent it. */
    long credential = RateLimiter.NO_CREDENTIAL;

    /** Null where the limits were not asked. */
    RateLimiter.@Nullable Outcome rateLimit;

    /** What is done with it, or would have been. */
    @Nullable
    Rule rule;

    /** Whether its answer is one of the route's, which changes it as the configuration says; a refusal is none. */
    boolean answeredByRoute;

    @Nullable
    BodyGate gate;

    /** What the audit line says of its body's values; null where nobody looks at them. */
    @Nullable
    BodyShape bodyShape;

    /** Whom it was sent to, last. */
    @Nullable
    String backend;

    long upstreamNanos;

    /** Null where requests are not traced. */
    @Nullable
    RequestSpan span;

    /** When the stage that it is in began. */
    long stageNanos;

    @Nullable
    String error;

    private final AtomicBoolean ended = new AtomicBoolean();

    Exchange(
            Request request,
            String id,
            IpAddress client,
            boolean peerTrusted,
            Order.@Nullable Kind order,
            boolean bypassed,
            Instant began,
            long beganNanos,
            String host,
            @Nullable VirtualHost virtualHost) {
        this.request = request;
        this.id = id;
        this.client = client;
        this.peerTrusted = peerTrusted;
        this.order = order;
        this.bypassed = bypassed;
        this.began = began;
        this.beganNanos = beganNanos;
        this.stageNanos = beganNanos;
        this.host = host;
        this.virtualHost = virtualHost;
    }

    /** The scanner's last word: on the head, or on the head and as much of the body as was judged; null where it was not asked. */
    ScannerLayer.@Nullable Decision scannerDecision() {
        ScannerLayer.Decision withBody = gate == null ? null : gate.decision();
        return withBody == null ? scanner : withBody;
    }

    /** As audit lines name it; empty where no host prefix fits. */
    String route() {
        String host = hostPrefix();
        return rule != null ? rule.name() : host != null ? host : "";
    }

    /** The configured {@code host_prefix} that takes it, or null. */
    @Nullable
    String hostPrefix() {
        return virtualHost == null ? null : virtualHost.name();
    }

    /** What header rules may speak of. */
    FieldRules.Variables variables() {
        return new FieldRules.Variables(client.toString(), host, UpstreamRequest.scheme(head(), peerTrusted), id);
    }

    /** Neither detectors nor limits look at it. */
    boolean bypassed() {
        return bypassed || order == Order.Kind.ALLOW;
    }

    /** The ends of the client's connection; its port is not known where that goes to a proxy in front. */
    Ends ends() {
        Ends ends = request.ends();
        return client.equals(ends.peer()) ? ends : new Ends(client, 0, ends.local(), ends.localPort());
    }

    /** The wall's time as it began, moved on by the clock that does not jump. */
    Instant at(long nanos) {
        return began.plusNanos(nanos - beganNanos);
    }

    RequestHead head() {
        return request.head();
    }

    /** True for the first caller alone: an exchange ends once, by its last byte or by its client's leaving. */
    boolean end() {
        return ended.compareAndSet(false, true);
    }

    boolean hasEnded() {
        return ended.get();
    }
}
