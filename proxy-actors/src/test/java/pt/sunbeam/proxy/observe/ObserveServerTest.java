package pt.sunbeam.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import pt.sunbeam.config.SunbeamConfig.HostPort;
import pt.sunbeam.proxy.startup.StartFailure;

class ObserveServerTest {
    private static final HostPort ADMIN = new HostPort("127.0.0.1", 0);
    private static final ActorSystem system = ActorSystem.create("observe-server", ConfigFactory.load());

    private final Health health = new Health();

    @AfterAll
    static void stop() {
        TestKit.shutdownActorSystem(system);
    }

    @Test
    void servesMetricsHealthAndReadinessOnTheMetricsPort() throws Exception {
        var config = Configs.of(freePort(), ADMIN, "shop");
        try (var metrics = Metrics.start(config)) {
            var server = ObserveServer.start(config, metrics, health, ObserveServerTest::nothing, system);
            assertThat(server.port()).isEqualTo(config.telemetry().metricsPort());

            var text = send("GET", server, "/metrics");
            assertThat(text.statusCode()).isEqualTo(200);
            assertThat(text.headers().firstValue("Content-Type").orElseThrow())
                    .isEqualToIgnoringCase("text/plain; version=0.0.4; charset=utf-8");

            var alive = send("GET", server, "/health");
            assertThat(alive.statusCode()).isEqualTo(200);
            assertThat(alive.body()).isEqualTo("ok");

            assertThat(send("GET", server, "/metrics/").statusCode()).isEqualTo(404);
            assertThat(send("GET", server, "/").statusCode()).isEqualTo(404);
            server.stop(Duration.ofSeconds(1)).toCompletableFuture().join();
        }
    }

    @Test
    void saysWhyItIsNotReady() throws Exception {
        var server = onAdmin();
        health.done(Health.Step.CONFIG_LOADED);
        health.done(Health.Step.BOUND);
        health.done(Health.Step.WARMED_UP);
        var waiting = send("GET", server, "/ready");
        assertThat(waiting.statusCode()).isEqualTo(503);
        assertThat(waiting.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(waiting.body()).isEqualTo("{\"ready\":false,\"waiting_for\":[\"detectors_ready\"]}\n");

        health.done(Health.Step.DETECTORS_READY);
        var ready = send("GET", server, "/ready");
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(ready.body()).isEqualTo("{\"ready\":true,\"waiting_for\":[]}\n");

        health.draining();
        assertThat(send("GET", server, "/ready").statusCode()).isEqualTo(503);
        assertThat(send("GET", server, "/health").statusCode()).isEqualTo(200);
        server.stop(Duration.ofSeconds(1)).toCompletableFuture().join();
    }

    @Test
    void withoutAMetricsPortHealthMovesToTheAdminListenerAndMetricsGo() throws Exception {
        var server = onAdmin();
        assertThat(send("GET", server, "/health").statusCode()).isEqualTo(200);
        assertThat(send("GET", server, "/metrics").statusCode()).isEqualTo(404);
        server.stop(Duration.ofSeconds(1)).toCompletableFuture().join();
    }

    @Test
    void headIsGetWithoutTheBody() throws Exception {
        var server = onAdmin();
        var head = send("HEAD", server, "/health");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("Content-Length")).contains("2");
        assertThat(head.body()).isEmpty();
        server.stop(Duration.ofSeconds(1)).toCompletableFuture().join();
    }

    @Test
    void otherMethodsAreRefusedWithThoseThatAreAllowed() throws Exception {
        var server = onAdmin();
        for (String method : new String[] {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
            var refused = send(method, server, "/ready");
            assertThat(refused.statusCode()).as(method).isEqualTo(405);
            assertThat(refused.headers().firstValue("Allow")).contains("GET, HEAD");
        }
        server.stop(Duration.ofSeconds(1)).toCompletableFuture().join();
    }

    @Test
    void aPortThatIsTakenIsNamedWithItsKey() throws Exception {
        try (var taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            var config = Configs.of(0, new HostPort("127.0.0.1", taken.getLocalPort()));
            try (var metrics = Metrics.start(config)) {
                assertThatThrownBy(
                                () -> ObserveServer.start(config, metrics, health, ObserveServerTest::nothing, system))
                        .isInstanceOf(StartFailure.class)
                        .hasMessageContaining("admin.listen: cannot listen on 127.0.0.1:" + taken.getLocalPort())
                        .hasMessageContaining("in use");
            }
        }
    }

    private static CompletionStage<AdminReply> nothing(AdminCall call) {
        return CompletableFuture.completedStage(new AdminReply(404, "{}", Map.of()));
    }

    private ObserveServer onAdmin() {
        var config = Configs.of(0, ADMIN, "shop");
        try (var metrics = Metrics.start(config)) {
            return ObserveServer.start(config, metrics, health, ObserveServerTest::nothing, system);
        }
    }

    private static HttpResponse<String> send(String method, ObserveServer server, String path)
            throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                    .method(method, BodyPublishers.noBody())
                    .timeout(Duration.ofSeconds(10))
                    .build();
            return client.send(request, BodyHandlers.ofString());
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
