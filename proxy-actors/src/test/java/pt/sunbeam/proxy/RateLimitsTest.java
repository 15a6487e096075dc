package pt.sunbeam.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import pt.sunbeam.proxy.RawConnection.Message;

/** Rate limits between real sockets. The buckets fill so slowly that no test depends on how fast it runs. */
@Timeout(60)
class RateLimitsTest {
    private static final String OK = "HTTP/1.1 200 OK\nDate: Tue, 15 Nov 1994 08:12:31 GMT\nContent-Length: 2\n\nhi";
    private static final String ATTACK = "/search?q=1%27+UNION+SELECT+login,password+FROM+users--+";
    private static final String LIMITS = """
            ddos.enabled = false
            rate_limit {
              session_cookie = sid
              unauthenticated { burst = 3, rate = 0.001 }
              authenticated { burst = 5, rate = 0.001 }
            }
            """;

    @TempDir
    Path folder;

    private Proxy proxy(Origin origin, String more) {
        return Proxies.start(origin.port(), folder.resolve("audit"), LIMITS + more);
    }

    private static Message get(Proxy proxy, String target, String client, String... fields) throws IOException {
        try (var connection = RawConnection.to(proxy.httpPort())) {
            return connection
                    .send("GET " + target + " HTTP/1.1\nHost: shop.example\nX-Forwarded-For: " + client + "\n"
                            + String.join("\n", fields) + (fields.length == 0 ? "\n" : "\n\n"))
                    .read();
        }
    }

    private static int passed(Proxy proxy, int requests, String client, String... fields) throws IOException {
        int passed = 0;
        for (int i = 0; i < requests; i++) {
            passed += get(proxy, "/", client, fields).status() == 200 ? 1 : 0;
        }
        return passed;
    }

    @Test
    void anAddressThatSendsTooMuchIsToldWhenToComeBack() throws IOException {
        try (var origin = Origin.answering(OK);
                var proxy = proxy(origin, "")) {
            assertThat(passed(proxy, 3, "203.0.113.9")).isEqualTo(3);
            var refusal = get(proxy, "/", "198.51.100.1, 203.0.113.9");
            assertThat(refusal.status()).isEqualTo(429);
            assertThat(Integer.parseInt(refusal.field("Retry-After"))).isBetween(900, 1_000);
            assertThat(refusal.field("RateLimit-Policy")).isEqualTo("\"unauthenticated\";q=3;w=3000");
            assertThat(refusal.field("RateLimit"))
                    .isEqualTo("\"unauthenticated\";r=0;t=" + refusal.field("Retry-After"));
            assertThat(refusal.field("Content-Type")).isEqualTo("application/problem+json");
            assertThat(refusal.has("X-Request-Id")).isTrue();
            assertThat(get(proxy, "/", "203.0.113.10").status()).isEqualTo(200);
            assertThat(origin.received).hasSize(4);
        }
        assertThat(Files.readAllLines(folder.resolve("audit")))
                .filteredOn(line -> line.contains("\"status\":429"))
                .singleElement()
                .asString()
                .containsPattern("\"rate_limit\":\\{\"decision\":\"block\",\"score\":1.0,\"path\":\"unauthenticated\","
                        + "\"reasons\":\\[\"burst=3\",\"fills_in_s=3000\",\"wait_s=[0-9]+\"]");
    }

    @Test
    void aSessionCountsOnceTheBackendHasAnsweredItWell() throws IOException {
        try (var origin = Origin.answering("HTTP/1.1 401 Unauthorized\nContent-Length: 0\n\n");
                var good = Origin.answering(OK);
                var proxy = proxy(
                        origin,
                        "routes = [{ host_prefix = shop, backend = \"http://127.0.0.1:%d\", paths = [{ prefix = /in, backend = \"http://127.0.0.1:%d\" }] }]"
                                .formatted(origin.port(), good.port()))) {
            String stranger = "203.0.113.9";
            for (int i = 0; i < 3; i++) {
                assertThat(get(proxy, "/", stranger, "Cookie: sid=made-up").status())
                        .isEqualTo(401);
            }
            assertThat(get(proxy, "/", stranger, "Cookie: sid=another").status())
                    .isEqualTo(429);

            String member = "203.0.113.20";
            assertThat(get(proxy, "/in", member, "Cookie: a=b; sid=real").status())
                    .isEqualTo(200);
            for (int i = 0; i < 5; i++) {
                assertThat(get(proxy, "/in", member, "Cookie: sid=real").status())
                        .isEqualTo(200);
            }
            var refusal = get(proxy, "/in", "203.0.113.21", "Cookie: sid=real");
            assertThat(refusal.status()).isEqualTo(429);
            assertThat(refusal.field("RateLimit-Policy")).isEqualTo("\"authenticated\";q=5;w=5000");

            assertThat(get(proxy, "/in", member, "Authorization: Bearer token").status())
                    .isEqualTo(200);
            assertThat(get(proxy, "/in", member).status()).isEqualTo(200);
            assertThat(get(proxy, "/in", member).status()).isEqualTo(429);
            assertThat(get(proxy, "/in", member, "Authorization: Bearer token").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void whatIsOnlyObservedChangesNothing() throws IOException, InterruptedException {
        try (var origin = Origin.answering(OK);
                var observing = proxy(origin, "rate_limit.observe_only = true");
                var off = proxy(origin, "rate_limit.enabled = false")) {
            for (int i = 0; i < 6; i++) {
                assertThat(response(observing)).isEqualTo(response(off));
            }
        }
        assertThat(Files.readString(folder.resolve("audit")))
                .contains("\"rate_limit\":{\"decision\":\"observe\",\"score\":1.0,\"path\":\"unauthenticated\"");
    }

    private static String response(Proxy proxy) throws IOException {
        try (var connection = RawConnection.to(proxy.httpPort())) {
            connection.send("GET / HTTP/1.1\nHost: shop.example\nX-Request-Id: same\nConnection: close\n\n");
            return new String(connection.in().readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void whoBypassesIsNotLookedAtAndNothingElseIsWaived() throws IOException {
        try (var origin = Origin.answering(OK);
                var proxy =
                        proxy(origin, "rate_limit.bypass_cidrs = [\"198.51.100.0/24\"], limits.body_bytes = 1 KiB")) {
            assertThat(passed(proxy, 10, "198.51.100.7")).isEqualTo(10);
            assertThat(get(proxy, ATTACK, "198.51.100.7").status()).isEqualTo(200);
            assertThat(get(proxy, ATTACK, "203.0.113.9").status()).isEqualTo(403);
            assertThat(get(proxy, "/", "198.51.100.7", "Content-Length: 4096").status())
                    .isEqualTo(413);
        }
    }

    @Test
    void theMetricsCountWhatWasDecided() throws IOException, InterruptedException {
        int port;
        try (var unused = new ServerSocket(0)) {
            port = unused.getLocalPort();
        }
        try (var origin = Origin.answering(OK);
                var proxy = proxy(origin, "telemetry.metrics_port = " + port)) {
            assertThat(passed(proxy, 5, "203.0.113.9")).isEqualTo(3);
            String text = "";
            long deadline = System.nanoTime() + 15_000_000_000L;
            while (!(text.contains("sunbeam_rate_limit_tracked{kind=\"address\"} 1.0")
                            && text.contains("sunbeam_rate_limit_refusals_total{policy=\"unauthenticated\"}"))
                    && System.nanoTime() < deadline) {
                Thread.sleep(100);
                text = metrics(proxy);
            }
            assertThat(text)
                    .contains("sunbeam_rate_limit_tracked{kind=\"address\"} 1.0")
                    .containsPattern("sunbeam_rate_limit_decisions_total\\{decision=\"block\"} [1-9]")
                    .containsPattern("sunbeam_rate_limit_decisions_total\\{decision=\"allow\"} [1-9]")
                    .containsPattern("sunbeam_rate_limit_refusals_total\\{policy=\"unauthenticated\"} [1-9]");
        }
    }

    private static String metrics(Proxy proxy) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var uri = URI.create("http://127.0.0.1:" + proxy.metricsPort() + "/metrics");
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body();
        }
    }
}
