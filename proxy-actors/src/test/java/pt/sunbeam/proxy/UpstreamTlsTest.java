package pt.sunbeam.proxy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pt.sunbeam.proxy.RawConnection.Message;

/** TLS to backends, between real sockets: whom the proxy believes, and what it shows of itself. */
@Timeout(60)
class UpstreamTlsTest {
    @TempDir
    static Path folder;

    private static Certificate own;
    private static Certificate client;

    private final Queue<String> namesAskedFor = new ConcurrentLinkedQueue<>();
    private Origin origin;
    private @Nullable Proxy running;

    @BeforeAll
    static void certificates() throws Exception {
        own = new Certificate(folder, "own", "dns:app.test");
        client = new Certificate(folder, "client", "dns:proxy.test");
    }

    @BeforeEach
    void listen() throws Exception {
        listen(false);
    }

    private void listen(boolean needClientAuth) throws Exception {
        var listener = (SSLServerSocket)
                own.server(client).getServerSocketFactory().createServerSocket(0, 64, InetAddress.getLoopbackAddress());
        listener.setNeedClientAuth(needClientAuth);
        origin = new Origin(listener, connection -> {
            while (true) {
                var request = connection.read();
                if (connection.socket() instanceof SSLSocket tls
                        && tls.getSession() instanceof ExtendedSSLSession session) {
                    session.getRequestedServerNames()
                            .forEach(name -> namesAskedFor.add(((SNIHostName) name).getAsciiName()));
                }
                if (request.has("Upgrade")) {
                    WebSockets.accept(connection, request, "");
                    WebSockets.write(connection, 0x81, new byte[] {'h', 'i'});
                    connection.in().read();
                    return;
                }
                connection.send("HTTP/1.1 200 OK\nContent-Length: 2\n\nhi");
            }
        });
    }

    @AfterEach
    void stop() throws IOException {
        if (running != null) {
            running.close();
        }
        origin.kill();
    }

    private int start(String tls) {
        running = Proxies.start(
                origin.port(),
                folder.resolve("audit.log"),
                "scanner.enabled = false, routes = [{ host_prefix = shop, websocket = true, backend = \"https://127.0.0.1:%d\", %s }]"
                        .formatted(origin.port(), tls));
        return running.httpPort();
    }

    private Message get(String tls) throws IOException {
        try (var connection = RawConnection.to(start(tls))) {
            return connection.send("GET / HTTP/1.1\nHost: shop.example\n\n").read();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ca = "%s", server_name = app.test   | 200
            ca = "%s", server_name = other.test | 502
            ca = "%s"                           | 502
            server_name = app.test              | 502
            verify = false                      | 200
            """)
    void theCertificateMustBeOfAnAuthorityThatIsTrustedAndForTheName(String tls, int status) throws IOException {
        assertThat(get("upstream_tls { " + tls.formatted(own.pem) + " }").status())
                .isEqualTo(status);
    }

    @Test
    void theNameIsAskedForAndHostStaysTheClients() throws IOException {
        assertThat(get("upstream_tls { verify = false, server_name = app.test }")
                        .text())
                .isEqualTo("hi");
        assertThat(namesAskedFor).containsOnly("app.test");
    }

    @Test
    void theProxyShowsItsOwnCertificateWhereItIsAskedTo() throws Exception {
        origin.kill();
        listen(true);
        var trusted = "ca = \"%s\", server_name = app.test".formatted(own.pem);
        assertThat(get("upstream_tls { %s }".formatted(trusted)).status()).isEqualTo(502);
        requireNonNull(running).close();
        assertThat(get("upstream_tls { %s, certificate = \"%s\", key = \"%s\" }"
                                .formatted(trusted, client.pem, client.key))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aWebSocketGoesThroughTlsToo() throws IOException {
        int port = start("upstream_tls { ca = \"%s\", server_name = app.test }".formatted(own.pem));
        try (var connection = RawConnection.to(port)) {
            connection.send(
                    "GET / HTTP/1.1\nHost: shop.example\nUpgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n\n");
            assertThat(connection.readHead().status()).isEqualTo(101);
            assertThat(WebSockets.read(connection).payload()).isEqualTo(new byte[] {'h', 'i'});
        }
        assertThat(List.copyOf(namesAskedFor)).isEqualTo(List.of("app.test"));
    }
}
