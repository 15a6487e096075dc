package pt.sunbeam.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Stopping loses no request, and says so before it begins. */
@Timeout(60)
class DrainTest {
    @TempDir
    Path folder;

    @Test
    void whatIsInFlightEndsWholeAndReadinessIsWithdrawnFirst() throws Exception {
        var arrived = new CountDownLatch(1);
        var mayAnswer = new CountDownLatch(1);
        try (var origin = new Origin(connection -> {
            connection.read();
            arrived.countDown();
            await(mayAnswer);
            connection.send("HTTP/1.1 200 OK\nContent-Length: 2\n\nhi");
            connection.in().read();
        })) {
            var proxy = Proxies.start(origin.port(), folder.resolve("audit"), "shutdown.drain = 8 s");
            try (var connection = RawConnection.to(proxy.httpPort())) {
                assertThat(ready(proxy)).isEqualTo(200);
                connection.send("GET / HTTP/1.1\nHost: shop.example\n\n");
                assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
                var stop = Thread.ofVirtual().start(proxy::drainAndStop);
                while (ready(proxy) == 200) {
                    Thread.onSpinWait();
                }
                // Those who have not heard of it yet are served on.
                try (var late = RawConnection.to(proxy.httpPort())) {
                    late.send("GET / HTTP/1.1\nHost: nobody\n\n");
                    assertThat(late.read().status()).isEqualTo(404);
                }
                mayAnswer.countDown();
                assertThat(connection.read().text()).isEqualTo("hi");
                assertThat(stop.join(java.time.Duration.ofSeconds(20))).isTrue();
                assertThatThrownBy(() -> RawConnection.to(proxy.httpPort())).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void idleConnectionsAreClosedAndTheLastAnswerSaysThatItIsTheLast() throws Exception {
        var arrived = new CountDownLatch(1);
        var mayAnswer = new CountDownLatch(1);
        try (var origin = new Origin(connection -> {
                    connection.read();
                    arrived.countDown();
                    await(mayAnswer);
                    connection.send("HTTP/1.1 200 OK\nContent-Length: 2\n\nhi");
                    connection.in().read();
                });
                var proxy = Proxies.start(origin.port(), folder.resolve("audit"), "shutdown.drain = 4 s");
                var idle = RawConnection.to(proxy.httpPort());
                var unused = RawConnection.to(proxy.httpPort());
                var busy = RawConnection.to(proxy.httpPort())) {
            assertThat(idle.send("GET / HTTP/1.1\nHost: nobody\n\n").read().status())
                    .isEqualTo(404);
            busy.send("GET / HTTP/1.1\nHost: shop.example\n\n");
            assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
            var stop = Thread.ofVirtual().start(proxy::drainAndStop);
            assertThat(idle.in().read()).isEqualTo(-1);
            assertThat(unused.in().read()).isEqualTo(-1);
            mayAnswer.countDown();
            var last = busy.read();
            assertThat(last.text()).isEqualTo("hi");
            assertThat(last.field("Connection")).isEqualToIgnoringCase("close");
            assertThat(busy.in().read()).isEqualTo(-1);
            assertThat(stop.join(java.time.Duration.ofSeconds(20))).isTrue();
        }
    }

    @Test
    void whoConnectedInTheLastMomentIsStillServed() throws Exception {
        try (var origin = Origin.answering("HTTP/1.1 200 OK\nContent-Length: 2\n\nhi");
                var proxy = Proxies.start(
                        origin.port(), folder.resolve("audit"), "shutdown { drain = 10 s, announce = 0 s }");
                var idle = RawConnection.to(proxy.httpPort());
                var fresh = RawConnection.to(proxy.httpPort())) {
            assertThat(idle.send("GET / HTTP/1.1\nHost: nobody\n\n").read().status())
                    .isEqualTo(404);
            var stop = Thread.ofVirtual().start(proxy::drainAndStop);
            assertThat(idle.in().read()).isEqualTo(-1); // so the others have been told as well
            var answer = fresh.send("GET / HTTP/1.1\nHost: shop.example\n\n").read();
            assertThat(answer.text()).isEqualTo("hi");
            assertThat(answer.field("Connection")).isEqualToIgnoringCase("close");
            assertThat(stop.join(java.time.Duration.ofSeconds(20))).isTrue();
        }
    }

    @Test
    void whatDoesNotEndInTimeIsBrokenOff() throws Exception {
        var arrived = new CountDownLatch(1);
        try (var origin = new Origin(connection -> {
                    connection.read();
                    connection.send("HTTP/1.1 200 OK\nContent-Length: 9\n\nhalf");
                    arrived.countDown();
                    connection.in().read();
                });
                var proxy = Proxies.start(origin.port(), folder.resolve("audit"), "shutdown.drain = 1 s");
                var stuck = RawConnection.to(proxy.httpPort())) {
            stuck.send("GET / HTTP/1.1\nHost: shop.example\n\n");
            assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(stuck.readHead().status()).isEqualTo(200);
            var stop = Thread.ofVirtual().start(proxy::drainAndStop);
            assertThat(stop.join(java.time.Duration.ofSeconds(20))).isTrue();
            assertThatThrownBy(() -> {
                        if (stuck.in().readAllBytes().length < 9) {
                            throw new IOException("cut short");
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    private static int ready(Proxy proxy) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var uri = URI.create("http://127.0.0.1:" + proxy.metricsPort() + "/ready");
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                    .statusCode();
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
