package pt.sunbeam.proxy.headers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.proxy.message.HopByHop;

/**
 * The request head that goes upstream: hop-by-hop fields dropped, {@code Via}, {@code X-Forwarded-*}, {@code Forwarded} (RFC 7239),
 * {@code X-Request-Id} and {@code traceparent} written.
 *
 * <p>What an untrusted peer says of where a request came from is never passed on. {@code X-Forwarded-For} holds the one address
 * that the proxy vouches for, so a backend that reads it from the left and one that reads it from the right agree.
 */
public final class UpstreamRequest {
    private static final HeaderName CONNECTION = HeaderName.of("connection");
    private static final HeaderName HOST = HeaderName.of("host");
    private static final HeaderName X_FORWARDED_PROTO = HeaderName.of("x-forwarded-proto");
    private static final HeaderName X_FORWARDED_HOST = HeaderName.of("x-forwarded-host");

    /** Written here, so not copied; Expect is answered by the engine (RFC 9110 section 10.1.1). */
    private static final Set<String> REPLACED = Set.of(
            "expect",
            "forwarded",
            "traceparent",
            "via",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-proto",
            "x-request-id");

    private final boolean writeClientAddress;

    /** With the client's address or without, as the key {@code x_forwarded_for} says. */
    public UpstreamRequest(boolean writeClientAddress) {
        this.writeClientAddress = writeClientAddress;
    }

    /**
     * Writes the head that goes upstream.
     *
     * @param target for the upstream, in origin form
     * @param peerTrusted whether the peer is a proxy whose word on scheme and host counts
     */
    public RequestHead head(
            RequestHead received, String target, IpAddress client, boolean peerTrusted, String requestId) {
        return head(received, target, client, peerTrusted, requestId, null, null, FieldRules.NONE);
    }

    /**
     * The same with a {@code traceparent} of the caller's, and asking for another protocol, where they are not null; and changed by rules, which have the last
     * word.
     */
    public RequestHead head(
            RequestHead received,
            String target,
            IpAddress client,
            boolean peerTrusted,
            String requestId,
            @Nullable String traceparent,
            @Nullable Upgrade upgrade,
            FieldRules rules) {
        var hopByHop = HopByHop.of(values(received, CONNECTION));
        String parent = received.first(TraceParent.NAME);
        boolean sameTrace = TraceParent.isWellFormed(parent);
        var out = RequestHead.builder(received.method(), target, "HTTP/1.1");
        String otherHost = rules.host();
        if (otherHost != null) {
            out.field("Host", otherHost);
        }
        String via = null;
        for (int field = 0; field < received.fieldCount(); field++) {
            String name = received.name(field);
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.equals("via")) {
                via = via == null ? received.value(field) : via + ", " + received.value(field);
            } else if (!hopByHop.drops(lower)
                    && !REPLACED.contains(lower)
                    && !rules.drops(lower)
                    && (otherHost == null || !lower.equals("host"))
                    && (sameTrace || !lower.equals("tracestate"))) { // which is about the trace that is left
                out.field(name, received.value(field));
            }
        }
        if (upgrade != null) {
            out.field("Connection", "Upgrade");
            out.field("Upgrade", upgrade.protocols());
        }
        String host = received.first(HOST);
        String proto = scheme(received, peerTrusted);
        String forwardedHost = trusted(received, X_FORWARDED_HOST, peerTrusted, host == null ? "" : host);
        if (writeClientAddress) {
            put(out, rules, "X-Forwarded-For", client.toString());
            put(out, rules, "Forwarded", forwarded(client, forwardedHost, proto));
        }
        put(out, rules, "X-Forwarded-Proto", proto);
        if (!forwardedHost.isEmpty()) {
            put(out, rules, "X-Forwarded-Host", forwardedHost);
        }
        put(out, rules, "Via", (via == null ? "" : via + ", ") + version(received) + " sunbeam");
        put(out, rules, "X-Request-Id", requestId);
        if (traceparent != null) {
            put(out, rules, "traceparent", traceparent);
        } else {
            put(out, rules, "traceparent", sameTrace && parent != null ? parent : TraceParent.begun(requestId));
        }
        rules.writeTo(out, () -> new FieldRules.Variables(client.toString(), received.host(), proto, requestId));
        return out.build();
    }

    private static void put(RequestHead.Builder out, FieldRules rules, String name, String value) {
        if (!rules.drops(name)) {
            out.field(name, value);
        }
    }

    /** The scheme of the client's request: what a trusted peer says of it, else "http". */
    public static String scheme(RequestHead received, boolean peerTrusted) {
        return trusted(received, X_FORWARDED_PROTO, peerTrusted, "http");
    }

    private static String trusted(RequestHead head, HeaderName name, boolean peerTrusted, String own) {
        String said = peerTrusted ? head.first(name) : null;
        return said == null ? own : said;
    }

    private static String forwarded(IpAddress client, String host, String proto) {
        String node = client.isIpv4() ? client.toString() : "\"[" + client + "]\"";
        String hostPair =
                host.isEmpty() ? "" : ";host=\"" + host.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        return "for=" + node + hostPair + ";proto=" + proto;
    }

    /** "1.1" of "HTTP/1.1": the protocol by which the message was received (RFC 9110 section 7.6.3). */
    private static String version(RequestHead head) {
        String version = head.version();
        return version.startsWith("HTTP/") ? version.substring(5) : version;
    }

    private static List<String> values(RequestHead head, HeaderName name) {
        int at = head.find(name, 0);
        if (at < 0) {
            return List.of();
        }
        var values = new ArrayList<String>();
        for (; at >= 0; at = head.find(name, at + 1)) {
            values.add(head.value(at));
        }
        return values;
    }

    /** A request id that a trusted proxy sent: 1 to 128 letters, digits, ".", "_", "-"; else null. */
    public static @Nullable String acceptableId(@Nullable String id) {
        if (id == null || id.isEmpty() || id.length() > 128) {
            return null;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!plain && c != '-' && c != '_' && c != '.') {
                return null;
            }
        }
        return id;
    }
}
