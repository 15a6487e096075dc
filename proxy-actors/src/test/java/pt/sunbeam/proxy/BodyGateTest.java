package pt.sunbeam.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.proxy.RawConnection.Message;
import pt.sunbeam.proxy.exchange.BodyInspection;

/** Bodies between real sockets, judged by a stand-in for the detector. */
@Timeout(60)
class BodyGateTest {
    private static final int HOLD = 1024;
    private static final String OK = "HTTP/1.1 200 OK\nContent-Length: 2\nConnection: close\n\nhi";
    private static final String GONE = "gone";

    @TempDir
    static Path folder;

    private static Origin origin;
    private static Proxy proxy;
    private static Proxy strict;
    private static Proxy observing;
    private static final AtomicInteger CONNECTIONS = new AtomicInteger();

    /**
     * Blocks what holds "BAD", and at the end what ends with "END"; reads 4,096 bytes, nothing of what begins with "binary", and breaks over "bug".
     */
    private static final class StandIn implements BodyInspection {
        private final StringBuilder read = new StringBuilder();
        private boolean blocked;
        private boolean oversize;

        @Override
        public void feed(byte[] bytes, int from, int to) {
            String more = new String(bytes, from, to - from, ISO_8859_1);
            oversize |= read.length() + more.length() > 4096;
            read.append(more, 0, Math.min(more.length(), 4096 - read.length()));
            if (read.indexOf("bug") >= 0) {
                throw new IllegalStateException("a bug, for the test");
            }
            blocked |= read.indexOf("BAD") >= 0;
        }

        @Override
        public void end() {
            blocked |= read.toString().endsWith("END");
        }

        @Override
        public boolean isBlocked() {
            return blocked;
        }

        @Override
        public boolean isOversize() {
            return oversize;
        }

        @Override
        public boolean isReading() {
            return !oversize && read.indexOf("binary") != 0;
        }
    }

    private static Proxy proxy(String more) {
        return Proxy.start(
                Proxies.config("""
                        listen.http = "127.0.0.1:0"
                        telemetry.metrics_port = 0
                        admin.listen = "127.0.0.1:0"
                        audit.path = "%s"
                        shutdown.drain = 1 s
                        scanner.body_hold_bytes = %d
                        routes = [{ host_prefix = "shop", backend = "http://127.0.0.1:%d" }]
                        """.formatted(folder.resolve("audit.log"), HOLD, origin.port()) + more),
                (_, _, _) -> new StandIn());
    }

    @BeforeAll
    static void start() throws IOException {
        origin = new Origin(_ -> {});
        proxy = proxy("");
        strict = proxy("scanner { on_oversize = block, body_hold_bytes = 128 KiB }, limits.body_bytes = 100 KiB");
        observing = proxy("scanner { on_oversize = block, observe_only = true }");
    }

    @AfterAll
    static void stop() throws IOException {
        proxy.close();
        strict.close();
        observing.close();
        origin.close();
    }

    @BeforeEach
    void forget() {
        origin.received.clear();
        CONNECTIONS.set(0);
        origin.now(connection -> {
            CONNECTIONS.incrementAndGet();
            origin.received.add(connection.read());
            connection.send(OK);
        });
    }

    private static String head(String... fields) {
        return "POST / HTTP/1.1\nHost: shop.example\nUser-Agent: Mozilla/5.0\n" + String.join("\n", fields) + "\n\n";
    }

    private static String sized(int length) {
        return head("Content-Length: " + length);
    }

    private static String chunked() {
        return head("Transfer-Encoding: chunked");
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\n" + text + "\n";
    }

    private static void pause() {
        try {
            Thread.sleep(Duration.ofMillis(300));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Message post(Proxy to, String body) throws IOException {
        try (var connection = RawConnection.to(to.httpPort())) {
            return connection.send(sized(body.length()) + body).read();
        }
    }

    private static void assertRefused(RawConnection connection) throws IOException {
        Message answer = connection.read();
        assertThat(answer.status()).isEqualTo(403);
        String id = answer.field("X-Request-Id");
        assertThat(answer.text()).contains(id).doesNotContain("BAD");
        assertThat(auditLine(id)).contains("\"status\":403");
    }

    /** The one line with that text, which is written beside the answer. */
    private static String auditLine(String text) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (System.nanoTime() < deadline) {
            for (String line : Files.readAllLines(folder.resolve("audit.log"))) {
                if (line.contains(text)) {
                    return line;
                }
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("no audit line with " + text);
    }

    /** What an origin sees of a body that comes in chunks: as much as arrived before the connection ended. */
    private static String untilGone(RawConnection connection) throws IOException {
        var seen = new StringBuilder();
        try {
            for (int b = connection.in().read(); b >= 0; b = connection.in().read()) {
                seen.append((char) b);
            }
        } catch (SocketException reset) {
            // gone as well
        }
        return seen + GONE;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, HOLD - 1, HOLD, HOLD + 1, 4096, 200_000})
    void goodBodiesArriveAsTheyWere(int length) throws IOException {
        String body = "ab".repeat(length).substring(0, length);
        assertThat(post(proxy, body).status()).isEqualTo(200);
        try (var connection = RawConnection.to(proxy.httpPort())) {
            connection.send(chunked());
            int half = length / 2;
            connection.send(half == 0 ? "" : chunk(body.substring(0, half)));
            pause();
            assertThat(connection
                            .send(chunk(body.substring(half)) + "0\n\n")
                            .read()
                            .status())
                    .isEqualTo(200);
        }
        assertThat(origin.received)
                .hasSize(2)
                .allSatisfy(received -> assertThat(received.text()).isEqualTo(body));
    }

    @Test
    void aBodyWithoutBytesArrivesToo() throws IOException {
        try (var connection = RawConnection.to(proxy.httpPort())) {
            assertThat(connection.send(chunked() + "0\n\n").read().status()).isEqualTo(200);
            assertThat(connection.send(sized(0)).read().status()).isEqualTo(200);
        }
        assertThat(origin.received).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"BAD", "so far so good BAD", "END"})
    void ofABadBodyTheUpstreamNeverHears(String body) throws IOException {
        assertThat(post(proxy, body).status()).isEqualTo(403);
        try (var connection = RawConnection.to(proxy.httpPort())) {
            connection.send(chunked());
            for (int i = 0; i < body.length(); i++) {
                connection.send(chunk(body.substring(i, i + 1)));
            }
            connection.send("0\n\n");
            assertRefused(connection);
        }
        assertThat(CONNECTIONS).hasValue(0);
    }

    @Test
    void aBadBeginningIsRefusedBeforeTheRestHasCome() throws IOException {
        try (var connection = RawConnection.to(proxy.httpPort())) {
            connection.send(sized(1_000_000) + "BAD");
            assertRefused(connection);
        }
        assertThat(CONNECTIONS).hasValue(0);
    }

    @Test
    void whileTheBeginningIsHeldTheUpstreamIsNotAsked() throws IOException {
        try (var connection = RawConnection.to(proxy.httpPort())) {
            connection.send(sized(HOLD) + "a".repeat(HOLD - 1));
            pause();
            assertThat(CONNECTIONS).hasValue(0);
            assertThat(connection.send("b").read().status()).isEqualTo(200);
        }
        assertThat(origin.received.remove().text()).isEqualTo("a".repeat(HOLD - 1) + "b");
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aBodyThatTurnsBadIsBrokenOff(boolean inChunks) throws Exception {
        var seen = new CompletableFuture<String>();
        var began = new CompletableFuture<Boolean>();
        origin.now(connection -> {
            connection.readHead();
            connection.in().mark(1);
            began.complete(connection.in().read() >= 0);
            connection.in().reset();
            seen.complete(untilGone(connection));
        });
        try (var connection = RawConnection.to(proxy.httpPort())) {
            String good = "a".repeat(HOLD);
            connection.send(inChunks ? chunked() + chunk(good) : sized(HOLD + 10) + good);
            assertThat(began.get(10, TimeUnit.SECONDS)).isTrue();
            connection.send(inChunks ? chunk("more") + chunk("xxBADx") : "xxxxxxxBAD");
            assertRefused(connection);
        }
        assertThat(seen.get(10, TimeUnit.SECONDS))
                .contains("a".repeat(HOLD))
                .doesNotContain("BAD")
                .endsWith(GONE);
    }

    @Test
    void theLastByteOfADeclaredLengthGoesWhenTheWholeIsJudged() throws Exception {
        var seen = new CompletableFuture<String>();
        origin.now(connection -> {
            connection.readHead();
            seen.complete(untilGone(connection));
        });
        try (var connection = RawConnection.to(proxy.httpPort())) {
            connection.send(sized(HOLD + 3) + "a".repeat(HOLD));
            pause();
            connection.send("END");
            assertRefused(connection);
        }
        assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo("a".repeat(HOLD) + GONE);
    }

    @Test
    void anAnswerThatHasBegunIsCutShort() throws Exception {
        origin.now(connection -> {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\nContent-Length: 10\n\nearly");
            untilGone(connection);
        });
        try (var connection = RawConnection.to(proxy.httpPort())) {
            connection.send(chunked() + chunk("a".repeat(HOLD)));
            assertThat(connection.readHead().status()).isEqualTo(200);
            connection.send(chunk("BAD"));
            try {
                assertThat(connection.in().readAllBytes()).asString(ISO_8859_1).isEqualTo("early");
            } catch (SocketException reset) {
                // cut short as well
            }
        }
    }

    @Test
    void anUpstreamMayAnswerBeforeTheBodyEnds() throws IOException {
        origin.now(connection -> {
            connection.readHead();
            connection.send("HTTP/1.1 413 Content Too Large\nContent-Length: 4\nConnection: close\n\nmuch");
        });
        try (var connection = RawConnection.to(proxy.httpPort())) {
            connection.send(chunked() + chunk("a".repeat(HOLD)));
            var answer = connection.read();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.text()).isEqualTo("much");
        }
    }

    @Test
    void expectationsAreMet() throws IOException {
        try (var connection = RawConnection.to(proxy.httpPort())) {
            connection.send(head("Content-Length: 2", "Expect: 100-continue"));
            assertThat(connection.readHead().status()).isEqualTo(100);
            assertThat(connection.send("ok").read().status()).isEqualTo(200);
            connection.send(head("Transfer-Encoding: chunked", "Expect: 100-continue"));
            assertThat(connection.readHead().status()).isEqualTo(100);
            connection.send(chunk("BAD"));
            assertThat(connection.read().status()).isEqualTo(403);
        }
    }

    @Test
    void aClientThatLeavesInTheMiddleLeavesNothingBehind() throws IOException {
        try (var connection = RawConnection.to(proxy.httpPort())) {
            connection.send(sized(100).replace("POST /", "POST /left") + "half");
            pause();
            connection.reset();
        }
        assertThat(auditLine("/left")).containsAnyOf("client closed the connection", "request body broken");
        assertThat(CONNECTIONS).hasValue(0);
        assertThat(post(proxy, "ok").status()).isEqualTo(200);
    }

    @Test
    void moreThanIsReadPassesOrIsRefused() throws IOException {
        String body = "a".repeat(4096) + "BAD";
        assertThat(post(proxy, body).status()).isEqualTo(200);
        assertThat(origin.received.remove().text()).isEqualTo(body);
        assertThat(post(strict, body).status()).isEqualTo(403);
        assertThat(post(strict, "a".repeat(4096)).status()).isEqualTo(200);
    }

    @Test
    void aBodyThatGrowsTooLongWhileItIsHeldIsStopped() throws IOException {
        try (var connection = RawConnection.to(strict.httpPort())) {
            connection.send(chunked() + chunk("binary"));
            try {
                for (int i = 0; i < 40; i++) {
                    connection.send(chunk("a".repeat(4000)));
                }
                connection.send("0\n\n");
                assertThat(connection.readHead().status()).isEqualTo(413);
            } catch (EOFException | SocketException closedWithoutWords) {
                // which is as good an answer
            }
        }
        assertThat(post(strict, "ok").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"proxy, binary", "observing, text"})
    void whatIsNotToBeHeldStreams(String which, String first) throws Exception {
        var began = new CompletableFuture<Boolean>();
        origin.now(connection -> {
            connection.readHead();
            began.complete(connection.in().read() >= 0);
            connection.in().readNBytes(first.length() + 2);
            connection.send(OK);
        });
        try (var connection = RawConnection.to((which.equals("proxy") ? proxy : observing).httpPort())) {
            connection.send(sized(first.length() + 3) + first);
            assertThat(began.get(10, TimeUnit.SECONDS)).isTrue();
            assertThat(connection.send("BAD").read().status()).isEqualTo(200);
        }
    }

    @Test
    void whoOnlyObservesRefusesNothing() throws IOException {
        for (String body : new String[] {"BAD", "a".repeat(5000) + "END"}) {
            assertThat(post(observing, body).status()).isEqualTo(200);
            assertThat(origin.received.remove().text()).isEqualTo(body);
        }
    }

    @Test
    void aDetectorThatBreaksLetsTheBodyPass() throws IOException {
        assertThat(post(proxy, "bug BAD").status()).isEqualTo(200);
        try (var connection = RawConnection.to(proxy.httpPort())) {
            connection.send(chunked() + chunk("a") + chunk("bug"));
            pause();
            assertThat(connection.send(chunk("BAD") + "0\n\n").read().status()).isEqualTo(200);
        }
        assertThat(origin.received).extracting(Message::text).containsExactly("bug BAD", "abugBAD");
    }
}
