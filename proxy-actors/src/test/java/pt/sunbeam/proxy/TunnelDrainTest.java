package pt.sunbeam.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import pt.sunbeam.proxy.WebSockets.Frame;

/** A proxy that stops says goodbye to those in tunnels, to one after the other. */
@Timeout(60)
class TunnelDrainTest {
    private static final String HANDSHAKE = """
            GET /chat HTTP/1.1
            Host: shop.example
            Connection: Upgrade
            Upgrade: %s
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

            """;

    @TempDir
    Path folder;

    private record Closed(int code, long nanos) {}

    @Test
    void eachWebSocketIsClosedWith1001AtAMomentOfItsOwnAndTheOthersAreClosed() throws Exception {
        int metricsPort = freePort();
        try (var origin = new Origin(WebSockets::echo);
                var client = HttpClient.newHttpClient()) {
            Path audit = folder.resolve("audit.log");
            var proxy = start(origin, audit, "telemetry.metrics_port = " + metricsPort);
            var closed = new ArrayList<CompletableFuture<Closed>>();
            for (int i = 0; i < 8; i++) {
                closed.add(open(client, proxy));
            }
            origin.now(connection -> {
                connection.readHead();
                connection.send("HTTP/1.1 101 Now\nConnection: upgrade\nUpgrade: mine\n\n");
                connection.in().readAllBytes();
            });
            try (var other = RawConnection.to(proxy.httpPort())) {
                assertThat(other.send(HANDSHAKE.formatted("mine")).readHead().status())
                        .isEqualTo(101);
                assertThat(metric(client, metricsPort, "sunbeam_tunnels_open 9.0"))
                        .isTrue();
                proxy.close();
                assertThat(other.in().read()).isLessThan(0);
            }
            var moments = closed.stream().map(CompletableFuture::join).toList();
            assertThat(moments).extracting(Closed::code).containsOnly(1001);
            long first = moments.stream().mapToLong(Closed::nanos).min().orElseThrow();
            long last = moments.stream().mapToLong(Closed::nanos).max().orElseThrow();
            assertThat(Duration.ofNanos(last - first)).isBetween(Duration.ofMillis(200), Duration.ofSeconds(3));
            assertThat(Files.readAllLines(audit)).hasSize(9).allMatch(line -> line.contains("\"status\":101"));
        }
    }

    @Test
    void aFrameThatHasBegunIsNotCutAndTheUpstreamHearsTheAnswer() throws Exception {
        var upstreamHeard = new CompletableFuture<Frame>();
        byte[] frame = WebSockets.bytes(0x82, new byte[1_000]);
        try (var origin = new Origin(connection -> {
            WebSockets.accept(connection, connection.readHead(), "");
            Thread.ofVirtual().start(() -> {
                try {
                    upstreamHeard.complete(WebSockets.read(connection));
                } catch (IOException e) {
                    upstreamHeard.completeExceptionally(e);
                }
            });
            // Most of the time a frame is half said.
            while (!upstreamHeard.isDone()) {
                connection.out().write(frame, 0, 600);
                pause(40);
                connection.out().write(frame, 600, frame.length - 600);
            }
        })) {
            var proxy = start(origin, folder.resolve("audit.log"), "");
            try (var connection = RawConnection.to(proxy.httpPort())) {
                connection.send(HANDSHAKE.formatted("websocket")).readHead();
                var stop = Thread.ofVirtual().start(proxy::drainAndStop);
                int frames = 0;
                byte[] head = connection.in().readNBytes(4);
                for (; head[0] != (byte) 0x88; head = connection.in().readNBytes(4)) {
                    assertThat(head).isEqualTo(Arrays.copyOf(frame, 4));
                    assertThat(connection.in().readNBytes(frame.length - 4))
                            .isEqualTo(Arrays.copyOfRange(frame, 4, frame.length));
                    frames++;
                }
                assertThat(head).containsExactly(0x88, 2, 0x03, 0xe9);
                assertThat(frames).isPositive();
                connection.out().write(new byte[] {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 0x03, (byte) 0xe9});
                assertThat(connection.in().read()).isLessThan(0);
                assertThat(upstreamHeard.get(10, TimeUnit.SECONDS).closeCode()).isEqualTo(1001);
                assertThat(stop.join(Duration.ofSeconds(20))).isTrue();
            }
        }
    }

    @Test
    void whoDoesNotAnswerTheGoodbyeIsClosedInTime() throws Exception {
        try (var origin = new Origin(connection -> {
            WebSockets.accept(connection, connection.readHead(), "");
            connection.in().readAllBytes();
        })) {
            var proxy = start(origin, folder.resolve("audit.log"), "");
            try (var connection = RawConnection.to(proxy.httpPort())) {
                connection.send(HANDSHAKE.formatted("websocket")).readHead();
                long began = System.nanoTime();
                proxy.close();
                assertThat(connection.in().readAllBytes()).containsExactly(0x88, 2, 0x03, 0xe9);
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
            }
        }
    }

    @Test
    void aHandshakeUnderWayWhenTheProxyStopsStillEndsInAGoodbye() throws Exception {
        var asked = new CountDownLatch(1);
        var answer = new CountDownLatch(1);
        try (var origin = new Origin(connection -> {
            var request = connection.readHead();
            asked.countDown();
            await(answer);
            WebSockets.accept(connection, request, "");
            connection.in().readAllBytes();
        })) {
            var proxy = start(origin, folder.resolve("audit.log"), "");
            try (var late = RawConnection.to(proxy.httpPort());
                    var connection = RawConnection.to(proxy.httpPort())) {
                connection.send(HANDSHAKE.formatted("websocket"));
                await(asked);
                var stop = Thread.ofVirtual().start(proxy::drainAndStop);
                Thread.sleep(1_300);
                answer.countDown();
                assertThat(connection.readHead().status()).isEqualTo(101);
                assertThat(connection.in().readAllBytes()).containsExactly(0x88, 2, 0x03, 0xe9);
                assertThat(late.in().read()).isLessThan(0); // it was idle
                assertThat(stop.join(Duration.ofSeconds(20))).isTrue();
            }
        }
    }

    private static Proxy start(Origin origin, Path audit, String more) {
        return Proxies.start(origin.port(), audit, """
                shutdown.drain = 4 s
                routes = [
                  { host_prefix = "127", backend = "http://127.0.0.1:%1$d", websocket = true }
                  { host_prefix = "shop", backend = "http://127.0.0.1:%1$d", websocket = true }
                ]
                """.formatted(origin.port()) + more);
    }

    private static CompletableFuture<Closed> open(HttpClient client, Proxy proxy) throws Exception {
        var closed = new CompletableFuture<Closed>();
        client.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + proxy.httpPort() + "/chat"), new WebSocket.Listener() {
                    @Override
                    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                        closed.complete(new Closed(code, System.nanoTime()));
                        return null;
                    }

                    @Override
                    public void onError(WebSocket socket, Throwable failure) {
                        closed.completeExceptionally(failure);
                    }
                })
                .get(20, TimeUnit.SECONDS);
        return closed;
    }

    private static boolean metric(HttpClient client, int port, String line) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .build();
        for (int attempt = 0; attempt < 50; attempt++) {
            if (client.send(request, BodyHandlers.ofString()).body().contains(line)) {
                return true;
            }
            Thread.sleep(200);
        }
        return false;
    }

    private static int freePort() throws IOException {
        try (var unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return unused.getLocalPort();
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
