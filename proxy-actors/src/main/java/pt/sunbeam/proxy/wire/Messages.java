package pt.sunbeam.proxy.wire;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.impl.engine.server.UpgradeToOtherProtocolResponseHeader;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.DateTime;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpProtocols;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.http.javadsl.model.RequestEntityAcceptances;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.http.javadsl.model.headers.Date;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.headers.RawRequestURI;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.TLSPlacebo;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.Backend;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.proxy.message.Body;
import pt.sunbeam.proxy.message.Field;
import pt.sunbeam.proxy.message.Response;

/** Between pekko-http's message model and the exchange types, both ways. */
final class Messages {
    /** What pekko-http adds to a request for its own use. */
    private static final Set<String> SYNTHETIC =
            Set.of("raw-request-uri", "remote-address", "timeout-access", "tls-session-info");

    /** What pekko-http renders from the entity; given again it would be rendered twice. */
    private static final Set<String> FRAMING = Set.of("content-length", "transfer-encoding");

    private static final HttpHeader CLOSE = Connection.create("close");

    private Messages() {}

    static RequestHead head(HttpRequest request) {
        String target = request.getHeader(RawRequestURI.class)
                .map(HttpHeader::value)
                .orElseGet(() -> request.getUri().toString());
        var head = RequestHead.builder(
                request.method().value(), octets(target), request.protocol().value());
        for (HttpHeader header : request.getHeaders()) {
            if (!SYNTHETIC.contains(header.lowercaseName())) {
                head.field(header.name(), octets(header.value()));
            }
        }
        HttpEntity entity = request.entity();
        if (!entity.getContentType().equals(ContentTypes.NO_CONTENT_TYPE)) {
            head.field("Content-Type", octets(entity.getContentType().toString()));
        }
        if (entity.isChunked()) {
            head.field("Transfer-Encoding", "chunked");
        } else if (!entity.isKnownEmpty()) {
            head.field(
                    "Content-Length",
                    Long.toString(entity.getContentLengthOption().orElse(0)));
        }
        return head.build();
    }

    static Body body(HttpEntity entity) {
        if (entity instanceof HttpEntity.Strict strict) {
            return strict.getData().isEmpty() ? Body.Whole.EMPTY : new Body.Whole(strict.getData());
        }
        if (entity.isKnownEmpty()) {
            return Body.Whole.EMPTY;
        }
        return new Body.Streamed(entity.getContentLengthOption().orElse(Body.UNKNOWN), bytes(entity));
    }

    private static Source<ByteString, NotUsed> bytes(HttpEntity entity) {
        return entity.getDataBytes().mapMaterializedValue(_ -> NotUsed.getInstance());
    }

    static Response response(HttpResponse response) {
        var fields = new ArrayList<Field>();
        for (HttpHeader header : response.getHeaders()) {
            if (!FRAMING.contains(header.lowercaseName())) {
                fields.add(new Field(header.name(), octets(header.value())));
            }
        }
        HttpEntity entity = response.entity();
        if (!entity.getContentType().equals(ContentTypes.NO_CONTENT_TYPE)) {
            fields.add(new Field("Content-Type", octets(entity.getContentType().toString())));
        }
        return new Response(response.status().intValue(), fields, body(entity));
    }

    static HttpResponse toPekko(Response response) {
        var headers = new ArrayList<HttpHeader>(response.fields().size());
        for (Field field : response.fields()) {
            HttpHeader header = header(field);
            if (header != null) {
                headers.add(header);
            }
        }
        if (response.body() instanceof Body.Tunnel(var bytes)) {
            headers.add(Connection.create("upgrade"));
            headers.add(switchTo(bytes));
        }
        var entity = switch (response.body()) {
            case Body.Whole(var bytes) -> HttpEntities.create(ContentTypes.NO_CONTENT_TYPE, bytes);
            case Body.Streamed(var length, var bytes)
            when length > 0 -> HttpEntities.create(ContentTypes.NO_CONTENT_TYPE, length, bytes);
            case Body.Streamed(var _, var bytes) -> HttpEntities.createChunked(ContentTypes.NO_CONTENT_TYPE, bytes);
            case Body.Tunnel _ -> HttpEntities.EMPTY;
        };
        var status = StatusCodes.lookup(response.status())
                .orElseGet(() -> StatusCodes.custom(response.status(), "", "", response.status() < 400, true));
        return HttpResponse.create().withStatus(status).withEntity(entity).addHeaders(headers);
    }

    /** Content-Type goes as a plain field, so that it stays as the upstream wrote it; framing is the engine's own, and of connections it is told their end alone. */
    private static @Nullable HttpHeader header(Field field) {
        return switch (field.name().toLowerCase(Locale.ROOT)) {
            case "content-length", "transfer-encoding" -> null;
            case "connection" -> field.value().equals("close") ? CLOSE : null;
            case "date" -> date(field.value());
            default -> new PassedField(field.name(), field.value());
        };
    }

    /** Null where the date is malformed: pekko-http then writes its own. */
    private static @Nullable HttpHeader date(String value) {
        try {
            var instant = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value));
            return Date.create(DateTime.create(instant.toEpochMilli()));
        } catch (DateTimeException malformed) {
            return null;
        }
    }

    /** @param origin scheme and authority of the upstream, "http://host:port" */
    static HttpRequest toPekko(RequestHead head, Body body, String origin) {
        var headers = new ArrayList<HttpHeader>(head.fieldCount() + 1);
        for (int field = 0; field < head.fieldCount(); field++) {
            String name = head.name(field);
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.equals("host") || lower.equals("user-agent")) {
                headers.add(RawHeader.create(name, head.value(field))); // known by name, so that no other one is added
            } else if (!FRAMING.contains(lower)) {
                headers.add(new PassedField(name, head.value(field)));
            }
        }
        headers.add(RawRequestURI.create(head.target()));
        return HttpRequest.create(origin)
                .withMethod(method(head.method()))
                .withEntity(entity(body))
                .addHeaders(headers);
    }

    /** Of a URL. */
    static String authority(Backend backend) {
        String host = backend.host();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + backend.port();
    }

    /** Whether another request may follow on the connection (RFC 9112 section 9.3). */
    static boolean leavesOpen(HttpResponse response) {
        return response.protocol().equals(HttpProtocols.HTTP_1_1)
                && !response.entity().isCloseDelimited()
                && response.getHeader("Connection")
                        .map(field -> !field.value().toLowerCase(Locale.ROOT).contains("close"))
                        .orElse(true);
    }

    private static RequestEntity entity(Body body) {
        return switch (body) {
            case Body.Whole(var bytes) -> HttpEntities.create(ContentTypes.NO_CONTENT_TYPE, bytes);
            case Body.Streamed(var length, var bytes)
            when length > 0 -> HttpEntities.create(ContentTypes.NO_CONTENT_TYPE, length, bytes);
            case Body.Streamed(var _, var bytes) -> HttpEntities.createChunked(ContentTypes.NO_CONTENT_TYPE, bytes);
            case Body.Tunnel _ -> throw new IllegalArgumentException("a request brings no tunnel");
        };
    }

    /**
     * What makes pekko-http's server hand a connection over once the head of a response is written. It is how its own WebSocket support switches; there is no
     * public way to another protocol, or to WebSocket with its frames left as they are.
     */
    @SuppressWarnings("unchecked") // Java's generics do not see that what a flow gives may be taken for any object
    private static HttpHeader switchTo(Flow<ByteString, ByteString, NotUsed> tunnel) {
        return new UpgradeToOtherProtocolResponseHeader(
                (org.apache.pekko.stream.scaladsl.Flow<ByteString, ByteString, Object>)
                        (org.apache.pekko.stream.scaladsl.Flow<ByteString, ByteString, ?>) tunnel.asScala());
    }

    /** A stage that gives session bytes gives TLS bytes, which Java's generics do not see. */
    @SuppressWarnings("unchecked")
    static BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed> noTls() {
        return (BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed>)
                (BidiFlow<?, ?, ?, ?, ?>) TLSPlacebo.getInstance();
    }

    /** pekko-http decodes field values as UTF-8 and writes the low byte of each character: this restores the bytes received. */
    private static String octets(String decoded) {
        for (int i = 0; i < decoded.length(); i++) {
            if (decoded.charAt(i) > 0x7f) {
                return new String(decoded.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            }
        }
        return decoded;
    }

    /** A method by its name; one that pekko-http does not know may have a body and is never sent twice. */
    static HttpMethod method(String name) {
        return HttpMethods.lookup(name)
                .orElseGet(() -> HttpMethods.custom(name, false, false, RequestEntityAcceptances.Tolerated));
    }

    /** WebDAV's and caches' methods, which pekko-http's parser must be told of; it answers 501 to any other unknown one. */
    static List<String> unregisteredMethods() {
        return List.of("PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK", "REPORT", "SEARCH", "PURGE");
    }
}
