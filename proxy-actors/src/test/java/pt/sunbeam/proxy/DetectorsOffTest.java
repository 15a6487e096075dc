package pt.sunbeam.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the proxy itself refuses and mends, seen without detectors in front of it. */
@Timeout(60)
class DetectorsOffTest {
    @TempDir
    Path folder;

    @Test
    void dotSegmentsAreResolvedAndNobodyClimbs() throws IOException {
        try (var origin = Origin.answering("HTTP/1.1 200 OK\nContent-Length: 2\n\nhi");
                var proxy = Proxies.start(
                        origin.port(), folder.resolve("audit"), "ddos.enabled = false, scanner.enabled = false")) {
            assertThat(status(proxy, "/a/../b/./c?d")).isEqualTo(200);
            assertThat(origin.received.remove().start()).isEqualTo("GET /b/c?d HTTP/1.1");
            assertThat(status(proxy, "/../b")).isEqualTo(400);
            assertThat(status(proxy, "/a/..%2f../b")).isEqualTo(400);
            assertThat(status(proxy, "/%zz")).isEqualTo(400); // no percent-encoding (RFC 3986 section 2.1)
            assertThat(origin.received).isEmpty();
        }
    }

    private static int status(Proxy proxy, String target) throws IOException {
        try (var connection = RawConnection.to(proxy.httpPort())) {
            return connection
                    .send("GET " + target + " HTTP/1.1\nHost: shop.example\n\n")
                    .read()
                    .status();
        }
    }
}
