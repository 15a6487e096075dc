package pt.sunbeam.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.detector.audit.AuditReader;
import pt.sunbeam.detector.audit.AuditRecord;
import pt.sunbeam.proxy.RawConnection.Message;

/** Connections that switch to another protocol, through the whole proxy between real sockets. */
@Timeout(60)
class WebSocketTest {
    private static final String HANDSHAKE = """
            GET /chat HTTP/1.1
            Host: shop.example
            User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0
            Connection: keep-alive, Upgrade
            Upgrade: websocket
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits
            Sec-WebSocket-Protocol: chat, superchat
            Origin: http://shop.example

            """;
    private static final String OTHER = """
            GET /stream HTTP/1.1
            Host: shop.example
            Connection: upgrade
            Upgrade: echo/2, echo/1

            """;

    @TempDir
    static Path folder;

    private static Origin origin;
    private static Proxy proxy;
    private static Path audit;
    private static int deadPort;

    @BeforeAll
    static void start() throws IOException {
        origin = new Origin(WebSockets::echo);
        try (var unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            deadPort = unused.getLocalPort();
        }
        audit = folder.resolve("audit.log");
        proxy = start(audit, "upstream.response_timeout = 1 s, telemetry.metrics_port = 0");
    }

    private static Proxy start(Path audit, String more) {
        return Proxies.start(origin.port(), audit, """
                ddos.enabled = false # a test is not a client of its own
                routes = [
                  { host_prefix = "127", backend = "http://127.0.0.1:%1$d", websocket = true }
                  { host_prefix = "shop", backend = "http://127.0.0.1:%1$d", websocket = true, paths = [
                      { prefix = "/plain", backend = "http://127.0.0.1:%1$d" }
                      { prefix = "/told", backend = "http://127.0.0.1:%1$d", send_proxy_protocol = v1, websocket = true }
                  ] }
                  { host_prefix = "dead", backend = "http://127.0.0.1:%2$d", websocket = true }
                  { host_prefix = "none", backend = "http://127.0.0.1:%1$d" }
                ]
                """.formatted(origin.port(), deadPort) + more);
    }

    @AfterAll
    static void stop() throws IOException {
        proxy.close();
        origin.close();
    }

    /** What a client hears, in words. */
    private static final class Heard implements WebSocket.Listener {
        final BlockingQueue<String> events = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();
        private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                events.add("text " + text);
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            var bytes = new byte[data.remaining()];
            data.get(bytes);
            binary.writeBytes(bytes);
            if (last) {
                events.add("binary " + Arrays.hashCode(binary.toByteArray()));
                binary.reset();
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer data) {
            events.add("pong " + UTF_8.decode(data));
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            events.add("close " + code + " " + reason);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable failure) {
            events.add("error " + failure.getMessage());
        }

        String next() throws InterruptedException {
            String event = events.poll(20, TimeUnit.SECONDS);
            return event == null ? "nothing" : event;
        }
    }

    private static WebSocket open(HttpClient client, Proxy proxy, Heard heard) throws Exception {
        return client.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + proxy.httpPort() + "/chat"), heard)
                .get(20, TimeUnit.SECONDS);
    }

    @Test
    void messagesOfAllKindsPassBothWaysAndTheClosingEndToEnd() throws Exception {
        origin.now(WebSockets::echo);
        var heard = new Heard();
        try (var client = HttpClient.newHttpClient()) {
            var socket = open(client, proxy, heard);
            socket.sendText("grüße", true).get(20, TimeUnit.SECONDS);
            assertThat(heard.next()).isEqualTo("text grüße");
            socket.sendText("in ", false).get(20, TimeUnit.SECONDS);
            socket.sendText("two ", false).get(20, TimeUnit.SECONDS);
            socket.sendText("parts", true).get(20, TimeUnit.SECONDS);
            assertThat(heard.next()).isEqualTo("text in two parts");
            var large = new byte[1 << 20];
            new SplittableRandom(1).nextBytes(large);
            socket.sendBinary(ByteBuffer.wrap(large), true).get(20, TimeUnit.SECONDS);
            assertThat(heard.next()).isEqualTo("binary " + Arrays.hashCode(large));
            socket.sendPing(ByteBuffer.wrap("there?".getBytes(UTF_8))).get(20, TimeUnit.SECONDS);
            assertThat(heard.next()).isEqualTo("pong there?");
            socket.sendClose(4321, "enough").get(20, TimeUnit.SECONDS);
            assertThat(heard.next()).isEqualTo("close 4321 enough");
        }
    }

    @Test
    void theFieldsOfTheHandshakePassBothWays() throws IOException {
        var asked = new ArrayBlockingQueue<Message>(1);
        origin.now(connection -> {
            Message request = connection.readHead();
            asked.add(request);
            WebSockets.accept(connection, request, """
                    Sec-WebSocket-Protocol: superchat
                    Sec-WebSocket-Extensions: permessage-deflate
                    Content-Length: 5
                    X-Mine: yes
                    """);
            connection.in().read();
        });
        try (var connection = RawConnection.to(proxy.httpPort())) {
            Message answer = connection.send(HANDSHAKE).readHead();
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.field("Upgrade")).isEqualTo("websocket");
            assertThat(answer.field("Connection")).isEqualToIgnoringCase("upgrade");
            assertThat(answer.field("Sec-WebSocket-Accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            assertThat(answer.field("Sec-WebSocket-Protocol")).isEqualTo("superchat");
            assertThat(answer.field("Sec-WebSocket-Extensions")).isEqualTo("permessage-deflate");
            assertThat(answer.field("X-Mine")).isEqualTo("yes");
            assertThat(answer.field("Via")).isEqualTo("1.1 sunbeam");
            assertThat(answer.has("X-Request-Id")).isTrue();
            assertThat(answer.has("Content-Length")).isFalse();
            assertThat(answer.has("Transfer-Encoding")).isFalse();
        }
        Message request = asked.remove();
        assertThat(request.start()).isEqualTo("GET /chat HTTP/1.1");
        assertThat(request.fields("Host")).containsExactly("shop.example");
        assertThat(request.fields("Connection")).containsExactly("Upgrade");
        assertThat(request.fields("Upgrade")).containsExactly("websocket");
        assertThat(request.field("Sec-WebSocket-Key")).isEqualTo("dGhlIHNhbXBsZSBub25jZQ==");
        assertThat(request.field("Sec-WebSocket-Protocol")).isEqualTo("chat, superchat");
        assertThat(request.field("Sec-WebSocket-Extensions")).startsWith("permessage-deflate;");
        assertThat(request.field("X-Forwarded-For")).isEqualTo("127.0.0.1");
        assertThat(request.has("X-Request-Id")).isTrue();
    }

    @Test
    void whatTheUpstreamSendsTogetherWithItsHeadIsNotLost() throws IOException {
        origin.now(connection -> {
            connection.readHead();
            connection.send(
                    "HTTP/1.1 103 Early Hints\nLink: </a>\n\nHTTP/1.1 101 Now\nUpgrade: ECHO/1\nConnection: upgrade\n\nfirst");
            connection.in().read();
        });
        try (var connection = RawConnection.to(proxy.httpPort())) {
            assertThat(connection.send(OTHER).readHead().status()).isEqualTo(101);
            assertThat(new String(connection.in().readNBytes(5), ISO_8859_1)).isEqualTo("first");
        }
    }

    @Test
    void anyOtherProtocolPassesAndASideThatHasSaidAllStillHears() throws IOException {
        var protocols = new ArrayBlockingQueue<String>(1);
        origin.now(connection -> {
            protocols.add(connection.readHead().field("Upgrade"));
            connection.send("HTTP/1.1 101 Now\nUpgrade: echo/1\nConnection: upgrade\n\n");
            byte[] all = connection.in().readAllBytes();
            connection.send("got " + all.length);
        });
        try (var connection = RawConnection.to(proxy.httpPort())) {
            assertThat(connection.send(OTHER).readHead().field("Upgrade")).isEqualTo("echo/1");
            connection.out().write(new byte[100_000]);
            connection.sayNoMore();
            assertThat(new String(connection.in().readAllBytes(), ISO_8859_1)).isEqualTo("got 100000");
        }
        assertThat(protocols.remove()).isEqualTo("echo/2, echo/1");
    }

    @Test
    void aBackendThatIsToldWhoseConnectionItIsIsToldBeforeTheHandshake() throws IOException {
        var lines = new ArrayBlockingQueue<String>(1);
        origin.now(connection -> {
            lines.add(connection.line());
            WebSockets.echo(connection);
        });
        try (var connection = RawConnection.to(proxy.httpPort())) {
            assertThat(connection
                            .send(HANDSHAKE.replace("/chat", "/told"))
                            .readHead()
                            .status())
                    .isEqualTo(101);
        }
        assertThat(lines.remove()).startsWith("PROXY TCP4 127.0.0.1 127.0.0.1 ");
    }

    @Test
    void theResetOfAnUpstreamEndsTheClientsConnection() throws Exception {
        origin.now(connection -> {
            WebSockets.accept(connection, connection.readHead(), "");
            connection.in().read();
            connection.reset();
        });
        try (var connection = RawConnection.to(proxy.httpPort())) {
            String id = connection.send(HANDSHAKE).readHead().field("X-Request-Id");
            connection.out().write(1);
            assertThat(endOf(connection)).isTrue();
            assertThat(auditLine(id).error()).isEqualTo("tunnel: upstream_failed");
        }
    }

    @Test
    void theResetOfAClientEndsTheUpstreamsConnection() throws Exception {
        var ended = new CompletableFuture<Boolean>();
        origin.now(connection -> {
            WebSockets.accept(connection, connection.readHead(), "");
            ended.complete(endOf(connection));
        });
        try (var connection = RawConnection.to(proxy.httpPort())) {
            String id = connection.send(HANDSHAKE).readHead().field("X-Request-Id");
            connection.reset();
            assertThat(ended.get(20, TimeUnit.SECONDS)).isTrue();
            assertThat(auditLine(id).error()).isEqualTo("tunnel: client_failed");
        }
    }

    private static boolean endOf(RawConnection connection) throws IOException {
        try {
            return connection.in().read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "426, Content-Length: 8",
        "401, Content-Length: 8",
        "200, Transfer-Encoding: chunked",
        "503, Connection: close",
    })
    void anUpstreamThatDoesNotSwitchAnswersAsUsual(int status, String framing) throws IOException {
        origin.now(connection -> {
            connection.readHead();
            boolean chunked = framing.endsWith("chunked");
            connection.send("HTTP/1.1 " + status + " So\nX-Mine: yes\n" + framing + "\n\n"
                    + (chunked ? "3\nno \n5\nthank\n0\n\n" : "no thank"));
            if (!framing.endsWith("close")) {
                connection.in().read();
            }
        });
        try (var connection = RawConnection.to(proxy.httpPort())) {
            for (int again = 0; again < 2; again++) {
                Message answer = connection.send(HANDSHAKE).read();
                assertThat(answer.status()).isEqualTo(status);
                assertThat(answer.field("X-Mine")).isEqualTo("yes");
                assertThat(answer.text()).isEqualTo("no thank");
                assertThat(answer.has("Upgrade")).isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 101 Now\nConnection: upgrade\nUpgrade: mine\n\n",
                "HTTP/1.1 101 Now\nConnection: upgrade\nUpgrade: websocket, mine\n\n",
                "HTTP/1.1 101 Now\nConnection: upgrade\n\n",
                "HTTP/1.1 101 Now\nUpgrade: websocket\nno field\n\n",
                "HTTP/1.0 101 Now\nUpgrade: websocket\n\n",
                "SSH-2.0-OpenSSH\n\n",
                "",
            })
    void anUpstreamThatAnswersWrongIsA502(String answer) throws IOException {
        origin.now(connection -> {
            connection.readHead();
            connection.send(answer);
        });
        try (var connection = RawConnection.to(proxy.httpPort())) {
            assertThat(connection.send(HANDSHAKE).read().status()).isEqualTo(502);
        }
    }

    @Test
    void anUpstreamThatSwitchesUnaskedIsA502() throws IOException {
        origin.now(connection -> {
            connection.readHead();
            connection.send("HTTP/1.1 101 Now\nConnection: upgrade\nUpgrade: websocket\n\n");
        });
        try (var connection = RawConnection.to(proxy.httpPort())) {
            assertThat(connection
                            .send("GET / HTTP/1.1\nHost: shop.example\n\n")
                            .read()
                            .status())
                    .isEqualTo(502);
        }
    }

    @Test
    void aSilentUpstreamIsA504AndADeadOneA502() throws IOException {
        origin.now(connection -> connection.in().readAllBytes());
        try (var connection = RawConnection.to(proxy.httpPort())) {
            assertThat(connection.send(HANDSHAKE).read().status()).isEqualTo(504);
            assertThat(connection
                            .send(HANDSHAKE.replace("Host: shop", "Host: dead"))
                            .read()
                            .status())
                    .isEqualTo(502);
        }
    }

    /** They are requests like any other, as RFC 9110 section 7.8 allows, and the upstream never hears of a wish to switch. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.0\nHost: shop.example\nConnection: upgrade\nUpgrade: websocket\n\n",
                "GET / HTTP/1.1\nHost: shop.example\nUpgrade: websocket\n\n",
                "GET / HTTP/1.1\nHost: shop.example\nConnection: keep-alive\nUpgrade: websocket\n\n",
                "GET / HTTP/1.1\nHost: shop.example\nConnection: upgrade, close\nUpgrade: websocket\n\n",
                "GET / HTTP/1.1\nHost: shop.example\nConnection: upgrade\n\n",
                "GET / HTTP/1.1\nHost: shop.example\nConnection: Upgrade, HTTP2-Settings\nUpgrade: h2c\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\n\n",
                "GET / HTTP/1.1\nHost: shop.example\nConnection: Upgrade\nUpgrade: H2C\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\n\n",
                "GET / HTTP/1.1\nHost: shop.example\nConnection: Upgrade\nUpgrade: HTTP/2.0, TLS/1.0\n\n",
                "POST / HTTP/1.1\nHost: shop.example\nConnection: upgrade\nUpgrade: websocket\n\n",
                "POST / HTTP/1.1\nHost: shop.example\nConnection: upgrade\nUpgrade: mine\nContent-Length: 2\n\nhi",
                "GET /plain HTTP/1.1\nHost: shop.example\nConnection: upgrade\nUpgrade: websocket\n\n",
                "GET / HTTP/1.1\nHost: none.example\nConnection: upgrade\nUpgrade: websocket\n\n",
            })
    void aWishThatCannotBePassedOnIsPassedOver(String request) throws IOException {
        var asked = new ArrayBlockingQueue<Message>(1);
        origin.now(connection -> {
            asked.add(connection.read());
            connection.send("HTTP/1.1 200 OK\nContent-Length: 2\n\nhi");
        });
        try (var connection = RawConnection.to(proxy.httpPort())) {
            assertThat(connection.send(request).read().text()).isEqualTo("hi");
        }
        Message received = asked.remove();
        assertThat(received.has("Upgrade")).isFalse();
        assertThat(received.has("HTTP2-Settings")).isFalse();
        assertThat(received.fields("Connection"))
                .noneMatch(value -> value.toLowerCase(Locale.ROOT).contains("upgrade"));
    }

    @Test
    void theBeginningOfAnHttp2ConnectionIsRefused() throws IOException {
        try (var connection = RawConnection.to(proxy.httpPort())) {
            assertThat(connection.send("PRI * HTTP/2.0\n\nSM\n\n").readHead().status())
                    .isGreaterThanOrEqualTo(400);
        }
    }

    @Test
    void anAttackInAHandshakeIsRefusedAndNobodyIsAsked() throws IOException {
        var asked = new ArrayBlockingQueue<Message>(1);
        origin.now(connection -> asked.add(connection.readHead()));
        try (var connection = RawConnection.to(proxy.httpPort())) {
            String attack = HANDSHAKE.replace("/chat", "/chat?q=1'%20UNION%20SELECT%20password%20FROM%20users--%20");
            assertThat(connection.send(attack).read().status()).isEqualTo(403);
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void aTunnelHasOneAuditLineWhenItEndsAndIsCounted() throws Exception {
        origin.now(WebSockets::echo);
        try (var connection = RawConnection.to(proxy.httpPort())) {
            String id = connection.send(HANDSHAKE).readHead().field("X-Request-Id");
            assertThat(Files.readString(audit)).doesNotContain(id);
            byte[] frame = WebSockets.bytes(0x82, new byte[1000]);
            connection.out().write(frame);
            assertThat(connection.in().readNBytes(frame.length)).isEqualTo(frame);
            connection.out().write(WebSockets.bytes(0x88, new byte[] {3, (byte) 0xe8}));
            assertThat(connection.in().readAllBytes()).hasSize(4);
            AuditRecord line = auditLine(id);
            assertThat(line.status()).isEqualTo(101);
            assertThat(line.error()).isNull();
            assertThat(line.contentLength()).isEqualTo(frame.length + 4);
            assertThat(line.responseBytes()).isEqualTo(frame.length + 4);
            assertThat(line.backend()).isEqualTo("http://127.0.0.1:" + origin.port());
        }
    }

    private static AuditRecord auditLine(String id) throws IOException, InterruptedException {
        var reader = new AuditReader();
        for (int attempt = 0; attempt < 200; attempt++) {
            List<AuditRecord> found = Files.readAllLines(audit).stream()
                    .filter(line -> line.contains(id))
                    .map(line -> parsed(reader, line))
                    .toList();
            if (!found.isEmpty()) {
                assertThat(found).hasSize(1);
                return found.getFirst();
            }
            Thread.sleep(50);
        }
        throw new AssertionError("no audit line of " + id);
    }

    private static AuditRecord parsed(AuditReader reader, String line) {
        byte[] bytes = line.getBytes(UTF_8);
        return ((AuditReader.Parsed) reader.read(bytes, 0, bytes.length)).record();
    }

    @Test
    void whereNothingMovesTheTunnelIsClosedAndAPingMoves() throws Exception {
        origin.now(WebSockets::echo);
        Path own = folder.resolve("idle.log");
        try (var impatient = start(own, "limits { tunnel_idle_timeout = 1 s, idle_timeout = 1 s }");
                var connection = RawConnection.to(impatient.httpPort())) {
            assertThat(connection.send(HANDSHAKE).readHead().status()).isEqualTo(101);
            byte[] ping = WebSockets.bytes(0x80 | WebSockets.PING, new byte[0]);
            long began = System.nanoTime();
            for (int i = 0; i < 4; i++) {
                connection.out().write(ping);
                assertThat(connection.in().readNBytes(2)[0]).isEqualTo((byte) (0x80 | WebSockets.PONG));
                Thread.sleep(600);
            }
            assertThat(connection.in().readAllBytes()).isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(2_700));
        }
        assertThat(Files.readString(own)).contains("tunnel: idle");
    }

    @Test
    void thereAreOnlySoManyPlacesAndTheyAreGivenBack() throws Exception {
        origin.now(WebSockets::echo);
        try (var small = start(folder.resolve("small.log"), "limits.max_tunnels = 2")) {
            try (var one = RawConnection.to(small.httpPort());
                    var two = RawConnection.to(small.httpPort());
                    var three = RawConnection.to(small.httpPort())) {
                assertThat(one.send(HANDSHAKE).readHead().status()).isEqualTo(101);
                assertThat(two.send(HANDSHAKE).readHead().status()).isEqualTo(101);
                Message refused = three.send(HANDSHAKE).read();
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.field("Retry-After")).isEqualTo("5");
                one.sayNoMore();
                int status = 503;
                for (int attempt = 0; attempt < 100 && status == 503; attempt++) {
                    Thread.sleep(50);
                    status = three.send(HANDSHAKE).read().status();
                }
                assertThat(status).isEqualTo(101);
            }
        }
    }

    @Test
    void whatComesToNoTunnelKeepsNoPlace() throws Exception {
        origin.now(connection -> {
            connection.readHead();
            connection.send("HTTP/1.1 101 Now\nUpgrade: mine\n\n");
        });
        try (var small = start(folder.resolve("none.log"), "limits.max_tunnels = 1");
                var connection = RawConnection.to(small.httpPort())) {
            for (int i = 0; i < 3; i++) {
                assertThat(connection.send(HANDSHAKE).read().status()).isEqualTo(502);
                assertThat(connection
                                .send(HANDSHAKE.replace("Host: shop", "Host: dead"))
                                .read()
                                .status())
                        .isEqualTo(502);
            }
        }
    }
}
