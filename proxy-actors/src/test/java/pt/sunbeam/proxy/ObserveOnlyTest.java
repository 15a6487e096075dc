package pt.sunbeam.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A detector that only observes changes no byte of any response; the log and the metrics hold what it would have done. */
@Timeout(60)
class ObserveOnlyTest {
    private static final String ATTACK = "/search?q=1%27+UNION+SELECT+login,password+FROM+users--+";

    private static final String ANSWER =
            "HTTP/1.1 200 OK\nDate: Tue, 15 Nov 1994 08:12:31 GMT\nContent-Length: 2\n\nhi";

    @TempDir
    Path folder;

    @Test
    void whatWouldBeRefusedPassesAndIsLogged() throws IOException {
        Path observed = folder.resolve("observed");
        Path off = folder.resolve("off");
        try (var origin = Origin.answering(ANSWER);
                var observing = Proxies.start(
                        origin.port(), observed, "ddos.observe_only = true, scanner.observe_only = true");
                var without = Proxies.start(origin.port(), off, "ddos.enabled = false, scanner.enabled = false")) {
            assertThat(response(observing, ATTACK)).isEqualTo(response(without, ATTACK));
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            boolean flooded = false;
            while (!flooded && System.nanoTime() < deadline) {
                for (int i = 0; i < 50; i++) {
                    assertThat(response(observing, "/api/items")).startsWith("HTTP/1.1 200");
                }
                flooded = Files.readAllLines(observed).stream()
                        .anyMatch(line -> line.contains("\"ddos\":{\"decision\":\"observe\""));
            }
            assertThat(flooded)
                    .as("a line that says that the burst would have been stopped")
                    .isTrue();
            assertThat(Files.readString(observed)).contains("\"scanner\":{\"decision\":\"observe\"");
        }
    }

    /** All bytes of the response but the request id, which is new each time. */
    private static String response(Proxy proxy, String target) throws IOException {
        try (var connection = RawConnection.to(proxy.httpPort())) {
            connection.send(
                    "GET " + target + " HTTP/1.1\nHost: shop.example\nX-Request-Id: same\nConnection: close\n\n");
            return new String(connection.in().readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
        }
    }
}
