package pt.sunbeam.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import pt.sunbeam.proxy.startup.StartFailure;

/** A second proxy takes the port over from the first. That no connection is lost while the first one closes its socket, bench/takeover.sh shows. */
@Timeout(60)
class TakeoverTest {
    @TempDir
    Path folder;

    @Test
    void theSecondServesWhileTheFirstEndsWhatItHasBegun() throws Exception {
        var arrived = new CountDownLatch(1);
        var mayAnswer = new CountDownLatch(1);
        try (var old = new Origin(connection -> {
                    while (true) {
                        if (connection.read().start().startsWith("GET /slow ")) {
                            arrived.countDown();
                            await(mayAnswer);
                        }
                        connection.send("HTTP/1.1 200 OK\nContent-Length: 3\n\nold");
                    }
                });
                var young = Origin.answering("HTTP/1.1 200 OK\nContent-Length: 5\n\nyoung");
                var first = Proxies.start(
                        old.port(), folder.resolve("audit"), "listen.reuse_port = true, shutdown.drain = 20 s")) {
            String same = "listen { http = \"127.0.0.1:" + first.httpPort() + "\", reuse_port = true }";
            try (var busy = RawConnection.to(first.httpPort())) {
                busy.send("GET /slow HTTP/1.1\nHost: shop.example\n\n");
                await(arrived);
                try (var second = Proxies.start(young.port(), folder.resolve("audit"), same)) {
                    var stop = Thread.ofVirtual().start(first::drainAndStop);
                    for (String answer = "";
                            !answer.equals("young"); ) { // while the first announces its end, it still accepts
                        answer = get(second);
                        assertThat(answer).isIn("old", "young");
                    }
                    mayAnswer.countDown();
                    assertThat(busy.read().text()).isEqualTo("old");
                    assertThat(stop.join(Duration.ofSeconds(30))).isTrue();
                    assertThat(get(second)).isEqualTo("young");
                }
            }
        }
    }

    private static String get(Proxy proxy) throws IOException {
        try (var connection = RawConnection.to(proxy.httpPort())) {
            return connection
                    .send("GET / HTTP/1.1\nHost: shop.example\n\n")
                    .read()
                    .text();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void withoutTheKeyThePortIsTaken() throws Exception {
        try (var origin = Origin.answering("HTTP/1.1 200 OK\nContent-Length: 0\n\n");
                var first = Proxies.start(origin.port(), folder.resolve("audit"), "")) {
            String same = "listen.http = \"127.0.0.1:" + first.httpPort() + "\"";
            assertThatThrownBy(() -> Proxies.start(origin.port(), folder.resolve("audit2"), same)
                            .close())
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("listen.http");
        }
    }
}
