package pt.sunbeam.proxy.exchange;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.cluster.DdosVerdict;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.proxy.message.Request;
import pt.sunbeam.proxy.orders.Order;
import pt.sunbeam.proxy.route.Target;

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

    final Instant began;
    final long beganNanos;
    final String host;
    final @Nullable String hostPrefix;

    long eventId;
    boolean countedByDdos;

    @Nullable
    DdosVerdict ddos;

    boolean refusedByDdos;
    ScannerLayer.@Nullable Decision scanner;

    /** Where it goes, or would have gone. */
    @Nullable
    Target target;

    @Nullable
    BodyGate gate;

    /** Whom it was sent to. */
    @Nullable
    String backend;

    long upstreamNanos;

    @Nullable
    String error;

    private final AtomicBoolean ended = new AtomicBoolean();

    Exchange(
            Request request,
            String id,
            IpAddress client,
            boolean peerTrusted,
            Order.@Nullable Kind order,
            Instant began,
            long beganNanos,
            @Nullable String hostPrefix) {
        this.request = request;
        this.id = id;
        this.client = client;
        this.peerTrusted = peerTrusted;
        this.order = order;
        this.began = began;
        this.beganNanos = beganNanos;
        this.host = request.head().host();
        this.hostPrefix = hostPrefix;
    }

    /** The scanner's last word: on the head, or on the head and as much of the body as was judged; null where it was not asked. */
    ScannerLayer.@Nullable Decision scannerDecision() {
        ScannerLayer.Decision withBody = gate == null ? null : gate.decision();
        return withBody == null ? scanner : withBody;
    }

    /** As audit lines name it; empty where no host prefix fits. */
    String route() {
        return target != null ? target.route() : hostPrefix != null ? hostPrefix : "";
    }

    /** Neither detectors nor limits look at it. */
    boolean bypassed() {
        return order == Order.Kind.ALLOW;
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
