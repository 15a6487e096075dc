package pt.sunbeam.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static pt.sunbeam.proxy.Collector.attributes;
import static pt.sunbeam.proxy.Collector.hex;

import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pt.sunbeam.proxy.RawConnection.Message;

/** What a collector and an origin learn of a request. Each proxy is stopped before its spans are looked at, for stopping sends them. */
@Timeout(60)
class TracingTest {
    private static final String OK = "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi";
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CLIENT = "00f067aa0ba902b7";
    private static final String NOBODY = "trusted_proxy_cidrs = []\n";

    @TempDir
    Path folder;

    @Test
    void aTraceGoesFromTheClientThroughTheProxyToTheOrigin() throws IOException {
        try (var origin = Origin.answering(OK);
                var collector = new Collector()) {
            var answer = exchange(
                    origin, collector, "", "GET /cart?item=7 HTTP/1.1\nHost: shop.example\n" + traceparent("01"));
            assertThat(answer.status()).isEqualTo(200);

            var server = collector.only(SpanKind.SPAN_KIND_SERVER);
            var client = collector.only(SpanKind.SPAN_KIND_CLIENT);
            assertThat(collector.spans())
                    .hasSize(2)
                    .allSatisfy(span -> assertThat(hex(span.getTraceId())).isEqualTo(TRACE));
            assertThat(hex(server.getParentSpanId())).isEqualTo(CLIENT);
            assertThat(client.getParentSpanId()).isEqualTo(server.getSpanId());
            assertThat(received(origin).fields("traceparent"))
                    .containsExactly("00-" + TRACE + "-" + hex(client.getSpanId()) + "-01");
            assertThat(server.getStartTimeUnixNano()).isLessThanOrEqualTo(client.getStartTimeUnixNano());
            assertThat(client.getStartTimeUnixNano()).isLessThan(client.getEndTimeUnixNano());
            assertThat(client.getEndTimeUnixNano()).isLessThanOrEqualTo(server.getEndTimeUnixNano());
        }
    }

    @Test
    void spansSayWhatTheAuditLineSays() throws IOException {
        try (var origin = Origin.answering(OK);
                var collector = new Collector()) {
            var answer = exchange(
                    origin,
                    collector,
                    "telemetry { service_name = edge, otlp_headers = [\"Authorization: Bearer s3same\"] }",
                    """
                    GET /u/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl?password=hunter2 HTTP/1.1
                    Host: shop.example
                    User-Agent: curl/8
                    X-Forwarded-For: 192.0.2.7
                    """);

            var server = collector.only(SpanKind.SPAN_KIND_SERVER);
            assertThat(server.getName()).isEqualTo("GET shop");
            assertThat(attributes(server))
                    .containsEntry("http.request.method", "GET")
                    .containsEntry("url.scheme", "http")
                    .containsEntry("http.route", "shop")
                    .containsEntry("http.response.status_code", "200")
                    .containsEntry("http.response.body.size", "2")
                    .containsEntry("server.address", "shop.example")
                    .containsEntry("client.address", "192.0.2.7")
                    .containsEntry("user_agent.original", "curl/8")
                    .containsEntry("network.protocol.version", "1.1")
                    .containsEntry("sunbeam.request_id", answer.field("X-Request-Id"))
                    .containsEntry("sunbeam.ddos.decision", "allow")
                    .containsEntry("sunbeam.scanner.decision", "allow")
                    .doesNotContainKeys("sunbeam.refused_by", "error.type");
            assertThat(attributes(server).get("url.path")).startsWith("/u/").doesNotContain("eyJ");
            assertThat(server.toString()).doesNotContain("hunter2");
            assertThat(server.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_UNSET);

            var client = collector.only(SpanKind.SPAN_KIND_CLIENT);
            assertThat(client.getName()).isEqualTo("GET");
            assertThat(attributes(client))
                    .containsEntry("server.address", "127.0.0.1")
                    .containsEntry("server.port", Integer.toString(origin.port()))
                    .containsEntry("sunbeam.backend", "http://127.0.0.1:" + origin.port())
                    .containsEntry("http.response.status_code", "200");

            assertThat(collector.authorizations).isNotEmpty().containsOnly("Bearer s3same");
            assertThat(attributes(collector.resources.element().getAttributesList()))
                    .containsEntry("service.name", "edge")
                    .containsKeys("service.version", "service.instance.id");
        }
    }

    @Test
    void anAddressThatTheLogHidesIsNotInASpan() throws IOException {
        try (var origin = Origin.answering(OK);
                var collector = new Collector()) {
            exchange(
                    origin,
                    collector,
                    "audit.pseudonymise = true",
                    "GET / HTTP/1.1\nHost: shop.example\nX-Forwarded-For: 192.0.2.7\n");
            assertThat(attributes(collector.only(SpanKind.SPAN_KIND_SERVER))).doesNotContainKey("client.address");
            assertThat(collector.spans().toString()).doesNotContain("192.0.2.7");
        }
    }

    @Test
    void aTraceThatBeginsHereHasTheIdOfItsRequest() throws IOException {
        try (var origin = Origin.answering(OK);
                var collector = new Collector()) {
            var answer = exchange(origin, collector, "", "GET / HTTP/1.1\nHost: shop.example\ntraceparent: garbage\n");
            var server = collector.only(SpanKind.SPAN_KIND_SERVER);
            assertThat(hex(server.getTraceId()))
                    .isEqualTo(answer.field("X-Request-Id").replace("-", ""));
            assertThat(server.getParentSpanId().isEmpty()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        // share, whether the peer is trusted, what it sends, what becomes of it
        "0, true,  01, 01",
        "0, true,  00, 00",
        "0, false, 01, 00",
        "1, true,  00, 00",
        "1, true,  03, 01",
        "1, false, 00, 01",
        "1, false, 01, 01",
    })
    void onlyATrustedPeerSaysWhetherATraceIsRecorded(double share, boolean trusted, String sent, String expected)
            throws IOException {
        try (var origin = Origin.answering(OK);
                var collector = new Collector()) {
            exchange(
                    origin,
                    collector,
                    "telemetry.trace_sample = " + share + "\n" + (trusted ? "" : NOBODY),
                    "GET / HTTP/1.1\nHost: shop.example\n" + traceparent(sent));
            var parent = received(origin).field("traceparent");
            assertThat(parent)
                    .matches("00-" + TRACE + "-[0-9a-f]{16}-" + expected)
                    .doesNotContain(CLIENT);
            assertThat(collector.spans()).hasSize(expected.equals("01") ? 2 : 0);
        }
    }

    @Test
    void withoutACollectorTheClientsWordIsPassedOn() throws IOException {
        try (var origin = Origin.answering(OK)) {
            try (var proxy = Proxies.start(origin.port(), folder.resolve("audit"), "shutdown.drain = 0 s")) {
                send(proxy, "GET / HTTP/1.1\nHost: shop.example\n" + traceparent("01"));
            }
            assertThat(received(origin).field("traceparent")).isEqualTo("00-" + TRACE + "-" + CLIENT + "-01");
        }
    }

    @Test
    void aRefusalNamesWhoRefused() throws IOException {
        try (var origin = Origin.answering(OK);
                var collector = new Collector()) {
            var answer = exchange(
                    origin,
                    collector,
                    "",
                    "GET /?id=1%27%20UNION%20SELECT%20password%20FROM%20users-- HTTP/1.1\nHost: shop.example\n");
            assertThat(answer.status()).isEqualTo(403);
            assertThat(collector.spans()).hasSize(1);
            assertThat(attributes(collector.only(SpanKind.SPAN_KIND_SERVER)))
                    .containsEntry("sunbeam.refused_by", "scanner")
                    .containsEntry("sunbeam.scanner.decision", "block")
                    .containsKey("sunbeam.scanner.score")
                    .containsEntry("http.response.status_code", "403");
        }
    }

    @Test
    void aFailureOfTheUpstreamIsAnErrorOfBothSpans() throws IOException {
        try (var origin = Origin.answering("HTTP/1.1 500 No\nContent-Length: 0\n\n");
                var collector = new Collector()) {
            exchange(origin, collector, "", "GET / HTTP/1.1\nHost: shop.example\n");
            assertThat(collector.spans()).hasSize(2).allSatisfy(span -> error(span, "500"));
        }
        int dead;
        try (var unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            dead = unused.getLocalPort();
        }
        try (var origin = Origin.answering(OK);
                var collector = new Collector()) {
            exchange(
                    origin,
                    collector,
                    "routes = [{ host_prefix = shop, backend = \"http://127.0.0.1:" + dead + "\" }]",
                    "GET / HTTP/1.1\nHost: shop.example\n");
            error(collector.only(SpanKind.SPAN_KIND_SERVER), "502");
            var tries = collector.spans().stream()
                    .filter(span -> span.getKind() == SpanKind.SPAN_KIND_CLIENT)
                    .toList();
            assertThat(tries).hasSize(2).allSatisfy(span -> error(span, "unreachable")); // it was tried again
        }
    }

    @Test
    void aTunnelsSpanLastsAsLongAsTheTunnel() throws IOException {
        try (var origin = new Origin(connection -> {
                    connection.read();
                    connection.send("HTTP/1.1 101 Switching Protocols\nConnection: Upgrade\nUpgrade: echo\n\n");
                    connection.out().write(connection.in().readNBytes(1));
                });
                var collector = new Collector()) {
            try (var proxy = proxy(origin.port(), collector.endpoint(), """
                            routes = [{ host_prefix = shop, websocket = true, backend = "http://127.0.0.1:%d" }]
                            """.formatted(origin.port()));
                    var connection = RawConnection.to(proxy.httpPort())) {
                connection.send("GET / HTTP/1.1\nHost: shop.example\nConnection: Upgrade\nUpgrade: echo\n\n");
                assertThat(connection.readHead().status()).isEqualTo(101);
                connection.out().write('x');
                assertThat(connection.in().readAllBytes()).containsExactly('x');
            }
            assertThat(attributes(collector.only(SpanKind.SPAN_KIND_SERVER)))
                    .containsEntry("http.response.status_code", "101")
                    .containsEntry("http.response.body.size", "1");
            assertThat(attributes(collector.only(SpanKind.SPAN_KIND_CLIENT)))
                    .containsEntry("http.response.status_code", "101");
        }
    }

    /** Nobody listens, refused by the collector, taken by a peer that never says a word. */
    @ParameterizedTest
    @CsvSource({"down", "refusing", "hanging"})
    void aCollectorThatDoesNotTakeSpansCostsRequestsNothing(String how) throws Exception {
        var asked = new CountDownLatch(1);
        try (var origin = Origin.answering(OK);
                var refusing = new Collector(400);
                var hanging = new Origin(connection -> {
                    connection.readHead();
                    asked.countDown();
                    connection.in().readAllBytes();
                })) {
            String endpoint = switch (how) {
                case "refusing" -> refusing.endpoint();
                case "hanging" -> "http://127.0.0.1:" + hanging.port();
                default -> {
                    try (var unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                        yield "http://127.0.0.1:" + unused.getLocalPort();
                    }
                }
            };
            var proxy = proxy(origin.port(), endpoint, "ddos.enabled = false");
            for (int i = 0; i < 20; i++) {
                assertThat(send(proxy, "GET / HTTP/1.1\nHost: shop.example\n").status())
                        .isEqualTo(200);
            }
            if (how.equals("hanging")) {
                assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
                assertThat(send(proxy, "GET / HTTP/1.1\nHost: shop.example\n").status())
                        .isEqualTo(200);
            }
            var stop = Thread.ofVirtual().start(proxy::drainAndStop);
            assertThat(stop.join(java.time.Duration.ofSeconds(20))).isTrue();
            assertThat(origin.received).hasSizeGreaterThanOrEqualTo(20);
        }
    }

    private Proxy proxy(int originPort, String endpoint, String more) {
        return Proxies.start(
                originPort,
                folder.resolve("audit"),
                "telemetry.otlp_endpoint = \"" + endpoint + "\"\nshutdown { drain = 2 s, announce = 0 s }\n" + more);
    }

    /** What a proxy answers, which has been stopped then. */
    private Message exchange(Origin origin, Collector collector, String config, String request) throws IOException {
        try (var proxy = proxy(origin.port(), collector.endpoint(), config)) {
            return send(proxy, request);
        }
    }

    private static Message send(Proxy proxy, String request) throws IOException {
        try (var connection = RawConnection.to(proxy.httpPort())) {
            return connection.send(request + "\n").read();
        }
    }

    private static String traceparent(String flags) {
        return "traceparent: 00-" + TRACE + "-" + CLIENT + "-" + flags + "\n";
    }

    private static Message received(Origin origin) {
        return Objects.requireNonNull(origin.received.peek());
    }

    private static void error(Span span, String type) {
        assertThat(span.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
        assertThat(attributes(span)).containsEntry("error.type", type);
    }
}
