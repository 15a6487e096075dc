package pt.sunbeam.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The PROXY protocol between real sockets: in front of the proxy, and from the proxy to its backends. */
@Timeout(60)
class ProxyProtocolTest {
    private static final String OK = "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi";
    private static final String GET = "GET / HTTP/1.1\nHost: shop.example\n\n";

    @TempDir
    Path folder;

    private Proxy proxy(int origin, String more) {
        return Proxies.start(origin, folder.resolve("audit"), "proxy_protocol = true, ddos.enabled = false\n" + more);
    }

    private static String forwardedFor(Origin origin) {
        return origin.received.stream().reduce((_, last) -> last).orElseThrow().field("X-Forwarded-For");
    }

    private static boolean endsWithoutAnAnswer(RawConnection connection) {
        try {
            return connection.in().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void theClientIsTheOneThatTheHeaderNames() throws IOException {
        try (var origin = Origin.answering(OK);
                var proxy = proxy(origin.port(), "")) {
            try (var connection = RawConnection.to(proxy.httpPort())) {
                connection.send("PROXY TCP4 203.0.113.9 192.0.2.1 40000 80\n");
                assertThat(connection.send(GET).read().text()).isEqualTo("hi");
                assertThat(forwardedFor(origin)).isEqualTo("203.0.113.9");
                // the header speaks of the connection, so of each of its requests
                assertThat(connection.send(GET).read().text()).isEqualTo("hi");
                assertThat(forwardedFor(origin)).isEqualTo("203.0.113.9");
            }
            try (var connection = RawConnection.to(proxy.httpPort())) {
                byte[] header = HexFormat.of()
                        .parseHex("0d0a0d0a000d0a515549540a" + "2121002420010db8000000000000000000000009"
                                + "20010db80000000000000000000000019c4001bb");
                for (byte b : header) { // in as many pieces as there can be
                    connection.out().write(b);
                    connection.out().flush();
                }
                assertThat(connection.send(GET).read().text()).isEqualTo("hi");
                assertThat(forwardedFor(origin)).isEqualTo("2001:db8::9");
            }
            assertThat(Files.readString(folder.resolve("audit"))).contains("203.0.113.9");
        }
    }

    @Test
    void headerAndRequestMayComeInOnePieceAndTheFieldOfAnUntrustedClientIsNotBelieved() throws IOException {
        try (var origin = Origin.answering(OK);
                var proxy = proxy(origin.port(), "");
                var connection = RawConnection.to(proxy.httpPort())) {
            connection.send("""
                    PROXY TCP4 203.0.113.9 192.0.2.1 40000 80
                    GET / HTTP/1.1
                    Host: shop.example
                    X-Forwarded-For: 198.51.100.1

                    """);
            assertThat(connection.read().text()).isEqualTo("hi");
            assertThat(forwardedFor(origin)).isEqualTo("203.0.113.9");
        }
    }

    @Test
    void aProxyBehindTheOneThatSendsTheHeaderIsBelieved() throws IOException {
        try (var origin = Origin.answering(OK);
                var proxy = proxy(origin.port(), "trusted_proxy_cidrs = [\"127.0.0.1\", \"203.0.113.9\"]");
                var connection = RawConnection.to(proxy.httpPort())) {
            connection.send("""
                    PROXY TCP4 203.0.113.9 192.0.2.1 40000 80
                    GET / HTTP/1.1
                    Host: shop.example
                    X-Forwarded-For: 198.51.100.1

                    """);
            assertThat(connection.read().text()).isEqualTo("hi");
            assertThat(forwardedFor(origin)).isEqualTo("198.51.100.1");
        }
    }

    @Test
    void aHeaderThatNamesNobodyLeavesThePeerAsItIs() throws IOException {
        try (var origin = Origin.answering(OK);
                var proxy = proxy(origin.port(), "");
                var connection = RawConnection.to(proxy.httpPort())) {
            connection.send("PROXY UNKNOWN\n" + GET);
            assertThat(connection.read().text()).isEqualTo("hi");
            assertThat(forwardedFor(origin)).isEqualTo("127.0.0.1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                GET,
                "PROXY TCP4 203.0.113.9\n" + GET,
                "PROXY TCP4 203.0.113.9 192.0.2.1 40000 99999\n" + GET,
                "\n\nPROXY UNKNOWN\n" + GET,
            })
    void aConnectionThatBeginsOtherwiseIsClosed(String beginning) throws IOException {
        try (var origin = Origin.answering(OK);
                var proxy = proxy(origin.port(), "");
                var connection = RawConnection.to(proxy.httpPort())) {
            assertThat(endsWithoutAnAnswer(connection.send(beginning))).isTrue();
            assertThat(origin.received).isEmpty();
            // and others are served on
            try (var other = RawConnection.to(proxy.httpPort())) {
                assertThat(other.send("PROXY UNKNOWN\n" + GET).read().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void aClientHasSoManyConnectionsAndTheProxyInFrontAsManyAsItNeeds() throws Exception {
        try (var origin = Origin.answering(OK);
                var proxy = proxy(origin.port(), "limits.max_connections_per_ip = 2");
                var first = RawConnection.to(proxy.httpPort());
                var second = RawConnection.to(proxy.httpPort());
                var third = RawConnection.to(proxy.httpPort());
                var other = RawConnection.to(proxy.httpPort())) {
            String home = "PROXY TCP4 203.0.113.9 192.0.2.1 40000 80\n";
            assertThat(first.send(home + GET).read().status()).isEqualTo(200);
            assertThat(second.send(home + GET).read().status()).isEqualTo(200);
            assertThat(endsWithoutAnAnswer(third.send(home + GET))).isTrue();
            assertThat(other.send(home.replace("113.9", "113.10") + GET).read().status())
                    .isEqualTo(200);
            first.reset();
            int status = 0;
            while (status != 200) { // until the proxy has seen that the first is gone
                try (var again = RawConnection.to(proxy.httpPort())) {
                    status = again.send(home + GET).read().status();
                } catch (IOException refused) {
                    Thread.sleep(20);
                }
            }
        }
    }

    @Test
    void withoutTheHeaderThePeerIsCounted() throws IOException {
        try (var origin = Origin.answering(OK);
                var proxy = Proxies.start(
                        origin.port(),
                        folder.resolve("audit"),
                        "trusted_proxy_cidrs = [], limits.max_connections_per_ip = 1");
                var first = RawConnection.to(proxy.httpPort());
                var second = RawConnection.to(proxy.httpPort())) {
            assertThat(first.send(GET).read().status()).isEqualTo(200);
            assertThat(endsWithoutAnAnswer(second)).isTrue();
            assertThat(first.send(GET).read().status()).isEqualTo(200);
        }
    }

    @Test
    void aHeaderThatDoesNotComeIsNotWaitedForLong() throws IOException {
        try (var origin = Origin.answering(OK);
                var proxy = proxy(origin.port(), "");
                var silent = RawConnection.to(proxy.httpPort());
                var slow = RawConnection.to(proxy.httpPort())) {
            slow.out().write("PROXY TC".getBytes(ISO_8859_1));
            assertThat(endsWithoutAnAnswer(silent)).isTrue();
            assertThat(endsWithoutAnAnswer(slow)).isTrue();
        }
    }

    @Test
    void aHeaderOfAPeerThatIsNotTrustedIsNoRequest() throws IOException {
        try (var origin = Origin.answering(OK);
                var proxy = proxy(origin.port(), "trusted_proxy_cidrs = [\"10.0.0.0/8\"]")) {
            try (var connection = RawConnection.to(proxy.httpPort())) {
                connection.send("PROXY TCP4 203.0.113.9 192.0.2.1 40000 80\n" + GET);
                assertThat(connection.read().status()).isBetween(400, 599);
            }
            try (var connection = RawConnection.to(proxy.httpPort())) {
                assertThat(connection.send(GET).read().text()).isEqualTo("hi");
                assertThat(forwardedFor(origin)).isEqualTo("127.0.0.1");
            }
        }
    }

    /** Reads a PROXY header of either version and then requests; tells of each connection in hex or text. */
    private static Origin announced(BlockingQueue<String> headers, boolean binary) throws IOException {
        return new Origin(connection -> {
            if (binary) {
                byte[] start = connection.in().readNBytes(16);
                byte[] rest = connection.in().readNBytes(start[15]);
                headers.add(HexFormat.of().formatHex(start) + HexFormat.of().formatHex(rest));
            } else {
                headers.add(connection.line());
            }
            while (true) {
                connection.read();
                connection.send(OK);
            }
        });
    }

    private static String routes(int port, String version) {
        return "routes = [{ host_prefix = shop, backend = \"http://127.0.0.1:%d\", send_proxy_protocol = %s }]"
                .formatted(port, version);
    }

    @Test
    void aBackendIsToldWhoseConnectionItIs() throws Exception {
        var headers = new LinkedBlockingQueue<String>();
        try (var origin = announced(headers, false);
                var proxy = Proxies.start(origin.port(), folder.resolve("audit"), routes(origin.port(), "v1"));
                var connection = RawConnection.to(proxy.httpPort())) {
            assertThat(connection.send(GET).read().text()).isEqualTo("hi");
            assertThat(headers.poll(5, TimeUnit.SECONDS))
                    .matches("PROXY TCP4 127\\.0\\.0\\.1 127\\.0\\.0\\.1 [1-9][0-9]+ " + proxy.httpPort());
            // another client on the same connection, as behind a trusted proxy: a connection of its own
            connection.send("GET / HTTP/1.1\nHost: shop.example\nX-Forwarded-For: 2001:db8::9\n\n");
            assertThat(connection.read().text()).isEqualTo("hi");
            assertThat(headers.poll(5, TimeUnit.SECONDS))
                    .isEqualTo("PROXY TCP6 2001:db8::9 ::ffff:127.0.0.1 0 " + proxy.httpPort());
        }
    }

    @Test
    void whatCameInGoesOutInTheOtherVersionWithBodiesOfAnySize() throws Exception {
        var headers = new LinkedBlockingQueue<String>();
        try (var origin = announced(headers, true);
                var proxy = proxy(origin.port(), routes(origin.port(), "v2"));
                var connection = RawConnection.to(proxy.httpPort())) {
            connection.send("PROXY TCP4 203.0.113.9 192.0.2.1 40000 443\n");
            for (int size : List.of(1, 300_000)) {
                connection.send(
                        "POST / HTTP/1.1\nHost: shop.example\nContent-Type: application/octet-stream\nContent-Length: "
                                + size + "\n\n" + "x".repeat(size));
                assertThat(connection.read().text()).isEqualTo("hi");
                assertThat(headers.poll(5, TimeUnit.SECONDS))
                        .isEqualTo("0d0a0d0a000d0a515549540a2111000ccb007109c00002019c4001bb");
            }
        }
    }

    @Test
    void aBackendThatIsToldHasItsBoundsToo() throws Exception {
        var headers = new LinkedBlockingQueue<String>();
        try (var origin = announced(headers, false);
                var proxy = Proxies.start(
                        origin.port(),
                        folder.resolve("audit"),
                        routes(origin.port(), "v1")
                                + ", ddos.enabled = false, upstream { max_connections_per_host = 1, max_pending = 0, response_timeout = 2 s }");
                var first = RawConnection.to(proxy.httpPort());
                var second = RawConnection.to(proxy.httpPort())) {
            // places are given back
            for (int i = 0; i < 5; i++) {
                assertThat(first.send(GET).read().status()).isEqualTo(200);
            }
            headers.clear();
            origin.now(connection -> {
                headers.add(connection.line());
                connection.in().read();
                connection.in().readAllBytes();
            });
            first.send(GET);
            assertThat(headers.poll(10, TimeUnit.SECONDS)).isNotNull();
            assertThat(second.send(GET).read().status()).isEqualTo(503);
            assertThat(first.read().status()).isEqualTo(504);
        }
    }

    @Test
    void aBackendThatIsNotThereIsABadGateway() throws IOException {
        int port;
        try (var unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = unused.getLocalPort();
        }
        try (var proxy = Proxies.start(port, folder.resolve("audit"), routes(port, "v2"));
                var connection = RawConnection.to(proxy.httpPort())) {
            assertThat(connection.send(GET).read().status()).isEqualTo(502);
        }
    }

    @Test
    void theProxyNeedsToKnowWhoSendsTheHeader() {
        assertThatThrownBy(() -> Proxies.config("listen.http = \"127.0.0.1:0\", proxy_protocol = true"))
                .hasMessageContaining("trusted_proxy_cidrs");
    }
}
