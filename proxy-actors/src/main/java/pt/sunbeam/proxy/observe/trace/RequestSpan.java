package pt.sunbeam.proxy.observe.trace;

import static io.opentelemetry.api.common.AttributeKey.doubleKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.Backend;
import pt.sunbeam.detector.audit.AuditRecord;
import pt.sunbeam.detector.audit.AuditRecord.Layer;
import pt.sunbeam.proxy.headers.TraceParent;

/**
 * The span of one request, or where it is not recorded the trace that it belongs to. It says what the audit line says, in the words of the
 * OpenTelemetry semantic conventions for HTTP (1.37), and no more.
 */
public final class RequestSpan {
    static final AttributeKey<String> METHOD = stringKey("http.request.method");
    static final AttributeKey<Long> STATUS = longKey("http.response.status_code");
    static final AttributeKey<String> ERROR_TYPE = stringKey("error.type");
    static final AttributeKey<String> SERVER_ADDRESS = stringKey("server.address");

    private static final AttributeKey<String> SCHEME = stringKey("url.scheme");
    private static final AttributeKey<String> PATH = stringKey("url.path");
    private static final AttributeKey<String> QUERY = stringKey("url.query");
    private static final AttributeKey<String> ROUTE = stringKey("http.route");
    private static final AttributeKey<String> CLIENT = stringKey("client.address");
    private static final AttributeKey<String> AGENT = stringKey("user_agent.original");
    private static final AttributeKey<String> VERSION = stringKey("network.protocol.version");
    private static final AttributeKey<Long> RESPONSE_BYTES = longKey("http.response.body.size");
    private static final AttributeKey<String> REQUEST_ID = stringKey("sunbeam.request_id");
    private static final AttributeKey<String> REFUSED_BY = stringKey("sunbeam.refused_by");
    private static final AttributeKey<String> ERROR = stringKey("sunbeam.error");

    /** RFC 9110 section 9.1 and RFC 5789; the conventions have another name for the rest. */
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

    private final String trace;
    private final @Nullable Span span;
    private final Tracer tracer;

    RequestSpan(String trace, @Nullable Span span, Tracer tracer) {
        this.trace = trace;
        this.span = span;
        this.tracer = tracer;
    }

    /** The request goes upstream. */
    public AttemptSpan attempt(String method, Backend backend, Instant at) {
        if (span == null) {
            return new AttemptSpan(TraceParent.of(trace, TraceParent.newParent(), false), null);
        }
        String known = METHODS.contains(method) ? method : "_OTHER";
        var client = tracer.spanBuilder(known.equals(method) ? method : "HTTP")
                .setSpanKind(SpanKind.CLIENT)
                .setParent(Context.root().with(span))
                .setStartTimestamp(at)
                .setAttribute(METHOD, known)
                .setAttribute(SERVER_ADDRESS, backend.host())
                .setAttribute(longKey("server.port"), (long) backend.port())
                .setAttribute(stringKey("sunbeam.backend"), backend.url())
                .startSpan();
        return new AttemptSpan(TraceParent.of(trace, client.getSpanContext().getSpanId(), true), client);
    }

    /**
     * The request is over.
     *
     * @param line what the audit log says of it
     * @param showClient false where the line holds a pseudonym
     */
    public void end(AuditRecord line, boolean showClient, Instant at) {
        if (span == null) {
            return;
        }
        String method = METHODS.contains(line.method()) ? line.method() : "_OTHER";
        var extension = line.sunbeam();
        String route = extension == null ? null : extension.route();
        span.updateName((method.equals("_OTHER") ? "HTTP" : method) + (route == null ? "" : " " + route));
        var attributes = Attributes.builder()
                .put(METHOD, method)
                .put(SCHEME, "http")
                .put(PATH, line.path())
                .put(SERVER_ADDRESS, line.host())
                .put(
                        VERSION,
                        line.httpVersion().startsWith("HTTP/")
                                ? line.httpVersion().substring(5)
                                : null)
                .put(AGENT, line.userAgent())
                .put(ROUTE, route)
                .put(RESPONSE_BYTES, line.responseBytes())
                .put(REQUEST_ID, line.requestId())
                .put(ERROR, line.error());
        if (!line.query().isEmpty()) {
            attributes.put(QUERY, line.query());
        }
        if (showClient) {
            attributes.put(CLIENT, line.clientIp());
        }
        if (line.status() > 0) {
            attributes.put(STATUS, (long) line.status());
        }
        if (extension != null) {
            layer(attributes, "rate_limit", extension.rateLimit());
            layer(attributes, "scanner", extension.scanner());
            layer(attributes, "ddos", extension.ddos());
        }
        if (line.status() >= 500) {
            attributes.put(ERROR_TYPE, Integer.toString(line.status()));
            span.setStatus(StatusCode.ERROR, line.error() == null ? "" : line.error());
        }
        span.setAllAttributes(attributes.build()).end(at);
    }

    /** The first layer that refuses is the last that is asked, and so the only one. */
    private static void layer(AttributesBuilder attributes, String name, @Nullable Layer layer) {
        if (layer == null) {
            return;
        }
        attributes.put(stringKey("sunbeam." + name + ".decision"), layer.decision());
        if (!layer.decision().equals("allow")) {
            attributes.put(doubleKey("sunbeam." + name + ".score"), layer.score());
        }
        if (layer.refuses()) {
            attributes.put(REFUSED_BY, name);
        }
    }
}
