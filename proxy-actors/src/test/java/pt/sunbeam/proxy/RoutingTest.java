package pt.sunbeam.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pt.sunbeam.proxy.RawConnection.Message;

/** What routes do with requests, between real sockets. */
@Timeout(60)
class RoutingTest {
    private static final String OK = "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi";

    @TempDir
    Path folder;

    /** {@code $PORT} in the text is the origin's. */
    private Proxy proxy(Origin origin, String routes) {
        return Proxies.start(
                origin.port(),
                folder.resolve("audit"),
                "ddos.enabled = false, scanner.enabled = false\nroutes = ["
                        + routes.replace("$PORT", Integer.toString(origin.port())) + "]");
    }

    private static Message ask(Proxy proxy, String start, String... fields) throws IOException {
        boolean named = Arrays.stream(fields).anyMatch(field -> field.startsWith("Host:"));
        try (var connection = RawConnection.to(proxy.httpPort())) {
            return connection
                    .send(start + " HTTP/1.1\n" + (named ? "" : "Host: shop.example\n") + String.join("\n", fields)
                            + (fields.length == 0 ? "\n" : "\n\n"))
                    .read();
        }
    }

    @Test
    void hostsPathsMethodsFieldsAndParametersDecideWhereARequestGoes() throws IOException {
        try (var a = Origin.answering(OK);
                var b = Origin.answering(OK);
                var proxy = proxy(a, """
                        { host_prefix = shop.example, backend = "http://127.0.0.1:$PORT", paths = [
                          { prefix = /api, backend = "http://127.0.0.1:%1$d", methods = [POST] }
                          { regex = "^/u/(\\\\w+)$", backend = "http://127.0.0.1:%1$d", path_rewrite_full = "/user/$1" }
                          { prefix = /, backend = "http://127.0.0.1:%1$d", query_param_matches = [{ name = beta, value = "1" }] }
                        ] }
                        { host_prefix = "*.example", backend = "http://127.0.0.1:%1$d" }
                        """.formatted(b.port()))) {
            ask(proxy, "GET /api/x");
            assertThat(a.received.remove().start()).isEqualTo("GET /api/x HTTP/1.1");
            ask(proxy, "POST /api/x", "Content-Length: 0");
            ask(proxy, "GET /u/ann?x=1");
            ask(proxy, "GET /?beta=1");
            ask(proxy, "GET /", "Host: www.EXAMPLE:8080");
            assertThat(b.received)
                    .extracting(Message::start)
                    .containsExactly(
                            "POST /api/x HTTP/1.1",
                            "GET /user/ann?x=1 HTTP/1.1",
                            "GET /?beta=1 HTTP/1.1",
                            "GET / HTTP/1.1");
            assertThat(ask(proxy, "GET /", "Host: example").status()).isEqualTo(404);
            assertThat(a.received).isEmpty();
        }
        assertThat(Files.readString(folder.resolve("audit")))
                .contains("\"route\":\"shop.example/api\"")
                .contains("\"route\":\"shop.example~^/u/(\\\\w+)$\"")
                .contains("\"route\":\"*.example\"");
    }

    @ParameterizedTest(name = "{0} {1} leads with {2} to {3}")
    @CsvSource({
        "GET /old/a?b=c, shop.example:8080, 301, https://shop.example/new/a?b=c",
        "POST /old, shop.example, 301, https://shop.example/new",
        "GET /here/x?y, shop.example:8080, 302, /there/x?y",
        "GET /port/x, shop.example, 308, http://shop.example:8443/port/x",
        "GET /away, shop.example:81, 307, http://www.example.org:81/fixed",
        "GET /u/ann, shop.example, 303, /user/ann",
        "GET /root//evil.example/, shop.example, 302, /evil.example/", // never another host
        "GET /root/\\evil.example, shop.example, 302, /evil.example",
    })
    void aRedirectKeepsWhatItDoesNotName(String request, String host, int status, String location) throws IOException {
        try (var origin = Origin.answering(OK);
                var proxy = proxy(origin, """
                        { host_prefix = shop, backend = "http://127.0.0.1:$PORT", paths = [
                          { prefix = /old, redirect { status_code = 301, scheme = https, path_prefix = /new } }
                          { prefix = /here, redirect { path_prefix = /there } }
                          { prefix = /port, redirect { status_code = 308, port = 8443 } }
                          { prefix = /away, redirect { status_code = 307, hostname = www.example.org, path = /fixed } }
                          { regex = "^/u/(.*)$", redirect { status_code = 303, path = "/user/$1" } }
                          { prefix = /root, redirect { path_prefix = / } }
                        ] }""")) {
            var answer = ask(proxy, request, "Host: " + host);
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.field("Location")).isEqualTo(location);
            assertThat(answer.has("X-Request-Id")).isTrue();
            assertThat(origin.received).isEmpty();
        }
    }

    @Test
    void aFixedResponseAndADenialNeedNoBackend() throws IOException {
        try (var origin = Origin.answering(OK);
                var proxy = proxy(origin, """
                        { host_prefix = shop, respond { status = 451, body = "gone, \\u00fc", content_type = "text/plain; charset=utf-8" }, paths = [
                          { prefix = /deny, deny = true, backend = "http://127.0.0.1:$PORT" }
                          { prefix = /empty, respond { status = 204 } }
                        ] }""")) {
            var gone = ask(proxy, "GET /");
            assertThat(gone.status()).isEqualTo(451);
            assertThat(gone.field("Content-Type")).isEqualTo("text/plain; charset=utf-8");
            assertThat(gone.content()).isEqualTo("gone, \u00fc".getBytes(StandardCharsets.UTF_8));
            try (var connection = RawConnection.to(proxy.httpPort())) {
                var head = connection.send("HEAD / HTTP/1.1\nHost: shop\n\n").read(true);
                assertThat(head.field("Content-Length")).isEqualTo("8");
            }
            assertThat(ask(proxy, "GET /empty").status()).isEqualTo(204);
            for (String path : List.of("/deny/x", "/%64eny", "//deny", "/deny%2Fx", "/x/../deny", "/x%2F..%2f/deny")) {
                assertThat(ask(proxy, "GET " + path).status()).as(path).isIn(400, 403);
            }
            assertThat(ask(proxy, "POST /", "Content-Length: 2\n\nhi").status()).isEqualTo(451);
            assertThat(origin.received).isEmpty();
        }
        assertThat(Files.readAllLines(folder.resolve("audit")))
                .filteredOn(line -> line.contains("\"status\":403"))
                .hasSize(5)
                .allSatisfy(line -> assertThat(line).contains("denied by the route"));
    }

    @Test
    void headerRulesOfTheRouteAndThenOfThePathChangeBothWays() throws IOException {
        try (var origin = Origin.answering(
                        "HTTP/1.1 200 OK\nServer: old\nX-Powered-By: x\nX-Both: 0\nContent-Length: 2\n\nhi");
                var proxy = proxy(origin, """
                        {
                          host_prefix = shop, backend = "http://127.0.0.1:$PORT", hostname_rewrite = "inner.example:81"
                          request_headers = [{ name = X-Real-IP, value = "{client_ip}" }, { name = X-Json, value = "{\\"a\\":1}" }]
                          request_headers_remove = [X-Secret, Via]
                          response_headers = [{ name = Server, value = sunbeam }, { name = X-From, value = route }]
                          response_headers_add = [{ name = X-Both, value = "1" }]
                          response_headers_remove = [X-Powered-By]
                          paths = [{ prefix = /p, backend = "http://127.0.0.1:$PORT", response_headers = [{ name = x-from, value = path }] }]
                        }""")) {
            var answer = ask(proxy, "GET /", "X-Secret: s", "X-Real-IP: forged", "X-Forwarded-For: 203.0.113.7");
            var seen = origin.received.remove();
            assertThat(seen.fields("Host")).containsExactly("inner.example:81");
            assertThat(seen.field("X-Forwarded-Host")).isEqualTo("shop.example");
            assertThat(seen.fields("X-Real-IP")).containsExactly("203.0.113.7");
            assertThat(seen.field("X-Json")).isEqualTo("{\"a\":1}");
            assertThat(seen.has("X-Secret")).isFalse();
            assertThat(seen.has("Via")).isFalse();
            assertThat(answer.fields("Server")).containsExactly("sunbeam");
            assertThat(answer.has("X-Powered-By")).isFalse();
            assertThat(answer.fields("X-Both")).containsExactly("0", "1");
            assertThat(answer.fields("X-From")).containsExactly("route");
            assertThat(ask(proxy, "GET /p").fields("X-From")).containsExactly("path");
            assertThat(origin.received.remove().fields("Host")).containsExactly("shop.example");
        }
    }

    @Test
    void otherOriginsMayReadWhatTheRouteAllows() throws IOException {
        try (var origin = Origin.answering("HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: *\nContent-Length: 2\n\nhi");
                var proxy = proxy(origin, """
                        { host_prefix = shop, backend = "http://127.0.0.1:$PORT", cors {
                          allow_origins = ["https://app.example", "https://*.partner.example:8443"], allow_methods = [GET, PUT]
                          allow_headers = [Content-Type, "*"], expose_headers = [ETag], max_age = 600, allow_credentials = true
                        } }
                        { host_prefix = open, backend = "http://127.0.0.1:1", cors { allow_origins = ["*"] } }""")) {
            var preflight = ask(
                    proxy,
                    "OPTIONS /x",
                    "Origin: https://app.example",
                    "Access-Control-Request-Method: PUT",
                    "Access-Control-Request-Headers: x-a, x-b");
            assertThat(preflight.status()).isEqualTo(204);
            assertThat(preflight.field("Access-Control-Allow-Origin")).isEqualTo("https://app.example");
            assertThat(preflight.field("Access-Control-Allow-Methods")).isEqualTo("GET, PUT");
            assertThat(preflight.field("Access-Control-Allow-Headers")).isEqualTo("x-a, x-b");
            assertThat(preflight.field("Access-Control-Allow-Credentials")).isEqualTo("true");
            assertThat(preflight.field("Access-Control-Max-Age")).isEqualTo("600");
            assertThat(origin.received).isEmpty();

            var foreign =
                    ask(proxy, "OPTIONS /x", "Origin: https://evil.example", "Access-Control-Request-Method: PUT");
            assertThat(foreign.status()).isEqualTo(204);
            assertThat(foreign.has("Access-Control-Allow-Origin")).isFalse();
            assertThat(ask(proxy, "OPTIONS /x", "Origin: https://app.example").status())
                    .isEqualTo(200); // no preflight: the backend's

            var answer = ask(proxy, "GET /", "Origin: https://a.b.partner.example:8443");
            assertThat(answer.fields("Access-Control-Allow-Origin"))
                    .containsExactly("https://a.b.partner.example:8443");
            assertThat(answer.field("Access-Control-Expose-Headers")).isEqualTo("etag");
            assertThat(answer.field("Vary")).isEqualTo("Origin");
            for (String other : new String[] {"https://partner.example:8443", "http://app.example", "null"}) {
                assertThat(ask(proxy, "GET /", "Origin: " + other).has("Access-Control-Allow-Origin"))
                        .as(other)
                        .isFalse();
            }
            // a page must be able to read that the backend is down
            var down = ask(proxy, "GET /", "Host: open", "Origin: https://any.example");
            assertThat(down.status()).isEqualTo(502);
            assertThat(down.field("Access-Control-Allow-Origin")).isEqualTo("*");
            assertThat(down.has("Vary")).isFalse();
        }
    }

    @Test
    void aRoutesOwnLimitOfBodiesCounts() throws IOException {
        try (var origin = Origin.answering(OK);
                var proxy = proxy(origin, """
                        { host_prefix = shop, backend = "http://127.0.0.1:$PORT", body_bytes = 4, paths = [
                          { prefix = /big, backend = "http://127.0.0.1:$PORT", body_bytes = unlimited }
                        ] }""")) {
            assertThat(ask(proxy, "POST /", "Content-Length: 5\n\nhello").status())
                    .isEqualTo(413);
            assertThat(ask(proxy, "POST /", "Transfer-Encoding: chunked\n\n5\nhello\n0")
                            .status())
                    .isEqualTo(413);
            assertThat(ask(proxy, "POST /", "Content-Length: 4\n\nhell").status())
                    .isEqualTo(200);
            assertThat(ask(proxy, "POST /big", "Content-Length: 5\n\nhello").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void weightsShareTheRequests() throws IOException {
        try (var a = Origin.answering(OK);
                var b = Origin.answering(OK);
                var proxy = proxy(a, """
                        { host_prefix = shop, weighted_backends = [
                          { backend = "http://127.0.0.1:$PORT", weight = 1 }
                          { backend = "http://127.0.0.1:%d", weight = 1 }
                        ] }""".formatted(b.port()))) {
            for (int i = 0; i < 64; i++) { // all to one of them: once in 2^63 runs
                assertThat(ask(proxy, "GET /").status()).isEqualTo(200);
            }
            assertThat(a.received).isNotEmpty();
            assertThat(b.received).isNotEmpty();
            assertThat(a.received.size() + b.received.size()).isEqualTo(64);
        }
    }

    @Test
    void aMirrorGetsACopyAndTheClientNeverWaitsForIt() throws Exception {
        var copied = new CountDownLatch(3);
        var last = new CountDownLatch(1);
        try (var origin = Origin.answering(OK);
                var mirror = new Origin(_ -> {});
                var proxy = proxy(origin, """
                        { host_prefix = shop, backend = "http://127.0.0.1:$PORT", mirror_backends = [
                          "http://127.0.0.1:%d", "http://127.0.0.1:1"
                        ] }""".formatted(mirror.port()))) {
            mirror.now(connection -> {
                while (true) { // it never answers
                    var copy = connection.read();
                    mirror.received.add(copy);
                    copied.countDown();
                    if (copy.start().startsWith("GET /last ")) {
                        last.countDown();
                    }
                }
            });
            assertThat(ask(proxy, "GET /a?b", "X-Field: 1").status()).isEqualTo(200);
            assertThat(ask(proxy, "POST /c", "Content-Length: 5\n\nhello").status())
                    .isEqualTo(200);
            assertThat(ask(proxy, "POST /d", "Transfer-Encoding: chunked\n\n5\nhello\n3\nyou\n0")
                            .status())
                    .isEqualTo(200);
            assertThat(copied.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(mirror.received)
                    .extracting(seen -> seen.start() + " " + seen.text())
                    .containsExactlyInAnyOrder(
                            "GET /a?b HTTP/1.1 ", "POST /c HTTP/1.1 hello", "POST /d HTTP/1.1 helloyou");
            assertThat(mirror.received)
                    .anySatisfy(seen -> assertThat(seen.fields("X-Field")).containsExactly("1"));

            String tooLong = "x".repeat(70_000);
            assertThat(ask(proxy, "POST /e", "Content-Length: 70000\n\n" + tooLong)
                            .status())
                    .isEqualTo(200);
            assertThat(ask(proxy, "POST /f", "Transfer-Encoding: chunked\n\n11170\n" + tooLong + "\n0")
                            .status())
                    .isEqualTo(200);
            assertThat(ask(proxy, "GET /last").status()).isEqualTo(200);
            assertThat(origin.received).hasSize(6);
            assertThat(last.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(mirror.received)
                    .extracting(Message::start)
                    .containsExactlyInAnyOrder(
                            "GET /a?b HTTP/1.1", "POST /c HTTP/1.1", "POST /d HTTP/1.1", "GET /last HTTP/1.1");
        }
    }
}
