package pt.sunbeam.proxy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
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
import pt.sunbeam.detector.feature.ScanFeatures;
import pt.sunbeam.proxy.RawConnection.Message;

/** The whole proxy between real sockets: what clients and upstreams see of it. */
@Timeout(60)
class ProxyTest {
    private static final String OK = """
            HTTP/1.1 200 OK
            Content-Type: text/plain
            Content-Length: 2

            hi""";

    /** The host whose upstream answers by the script of the test. */
    private static final String ODD = "Host: odd.example";

    private static final AtomicInteger CLIENTS = new AtomicInteger();

    @TempDir
    static Path folder;

    private static Origin origin;
    private static Origin odd;
    private static Proxy proxy;
    private static int deadPort;
    private static Path audit;

    @BeforeAll
    static void start() throws IOException {
        origin = Origin.answering(OK);
        odd = new Origin(_ -> {});
        try (var unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            deadPort = unused.getLocalPort();
        }
        audit = folder.resolve("audit.log");
        proxy = Proxy.start(Proxies.config("""
                listen.http = "127.0.0.1:0"
                telemetry.metrics_port = 0
                admin.listen = "127.0.0.1:0"
                trusted_proxy_cidrs = ["127.0.0.1/32"]
                audit { path = "%s", keep_values = ["page"], feature_sample = 1 }
                ddos { enabled = true, escalation.throttle = 3 s }
                scanner { enabled = true }
                shutdown.drain = 1 s
                upstream { connect_timeout = 2 s, response_timeout = 1 s }
                limits { body_bytes = 1 MiB }
                routes = [
                  { host_prefix = "shop", backend = "http://127.0.0.1:%d", paths = [
                      { prefix = "/api", backend = "http://127.0.0.1:%d", strip_prefix = true, upstream_path_prefix = "/v1" }
                  ] }
                  { host_prefix = "dead", backend = "http://127.0.0.1:%d" }
                  { host_prefix = "odd", backend = "http://127.0.0.1:%d" }
                ]
                """.formatted(audit, origin.port(), origin.port(), deadPort, odd.port())));
    }

    @AfterAll
    static void stop() throws IOException {
        proxy.close();
        origin.close();
        odd.close();
    }

    /** Each test is a client of its own, so that none is judged by what another did. */
    private static String client() {
        return "X-Forwarded-For: 2001:db8:%x::1".formatted(CLIENTS.incrementAndGet());
    }

    private static Message get(String target, String... fields) throws IOException {
        try (var connection = RawConnection.to(proxy.httpPort())) {
            return connection.send(request("GET", target, fields)).read();
        }
    }

    private static String request(String method, String target, String... fields) {
        var all = new StringBuilder("%s %s HTTP/1.1\n".formatted(method, target));
        boolean host = Arrays.stream(fields).anyMatch(field -> field.startsWith("Host:"));
        all.append(host ? "" : "Host: shop.example\n").append(client()).append('\n');
        for (String field : fields) {
            all.append(field).append('\n');
        }
        return all.append('\n').toString();
    }

    private static AuditRecord auditLine(String id) throws IOException {
        var reader = new AuditReader();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (System.nanoTime() < deadline) {
            for (String line : Files.readAllLines(audit)) {
                byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
                if (line.contains(id)
                        && reader.read(bytes, 0, bytes.length) instanceof AuditReader.Parsed(var parsed)) {
                    return parsed;
                }
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("no audit line for " + id);
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static AuditRecord.Extension ours(AuditRecord line) {
        return requireNonNull(line.sunbeam());
    }

    private static Message lastReceived() {
        return origin.received.stream().reduce((_, last) -> last).orElseThrow();
    }

    @Test
    void aRequestReachesItsBackendAndTheAnswerComesBack() throws IOException {
        var answer = get("/hello?page=1", "User-Agent: Mozilla/5.0", "Accept: text/html");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("hi");
        assertThat(answer.field("Content-Type")).isEqualTo("text/plain");
        assertThat(answer.field("Via")).isEqualTo("1.1 sunbeam");
        UUID.fromString(answer.field("X-Request-Id"));
        var seen = lastReceived();
        assertThat(seen.start()).isEqualTo("GET /hello?page=1 HTTP/1.1");
        assertThat(seen.field("Host")).isEqualTo("shop.example");
        assertThat(seen.field("User-Agent")).isEqualTo("Mozilla/5.0");
        assertThat(seen.field("X-Request-Id")).isEqualTo(answer.field("X-Request-Id"));
        assertThat(seen.field("Via")).isEqualTo("1.1 sunbeam");
        assertThat(seen.fields("Host")).hasSize(1);
        assertThat(seen.fields("User-Agent")).hasSize(1);
    }

    @ParameterizedTest(name = "{0} is asked for as {1}")
    @CsvSource({
        "/api/items?x=1, /v1/items?x=1",
        "/apiary, /apiary",
        "/a/%7Euser/b%20c?q=%2F+%5B, /a/%7Euser/b%20c?q=%2F+%5B", // neither decoded nor mended
        "//double//slash, //double//slash",
        "/?, /?",
        "/a;b=c, /a;b=c",
        "http://shop.example/abs?x, /abs?x",
    })
    void theTargetGoesOnAsItCame(String target, String asked) throws IOException {
        var answer = get(target, "User-Agent: Mozilla/5.0");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(lastReceived().start()).isEqualTo("GET " + asked + " HTTP/1.1");
    }

    @Test
    void anAttackIsRefusedAndTheReasonStaysInTheLog() throws IOException {
        var answer = get(
                "/search?q=1%27+UNION+SELECT+login,password+FROM+users--+", "User-Agent: Mozilla/5.0", "Accept: */*");
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.field("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.text())
                .contains(answer.field("X-Request-Id"))
                .doesNotContain("sqli")
                .doesNotContain("union");
        var line = auditLine(answer.field("X-Request-Id"));
        assertThat(line.status()).isEqualTo(403);
        var scanner = requireNonNull(ours(line).scanner());
        assertThat(scanner.decision()).isEqualTo("block");
        assertThat(scanner.reasons().getFirst()).startsWith("sqli query q: ");
    }

    @ParameterizedTest(name = "{1} is {0}")
    @CsvSource({
        "404, GET / HTTP/1.1|Host: nobody.example",
        "502, GET / HTTP/1.1|Host: dead.example",
        "400, GET / HTTP/1.1|Host: shop.example|Content-Length: 1|Transfer-Encoding: chunked",
        "400, GET / HTTP/1.1|Host: shop.example|Bad Name: x",
        "400, nonsense",
        "405, TRACE / HTTP/1.1|Host: shop.example",
        "501, FOO / HTTP/1.1|Host: shop.example",
        "505, GET / HTTP/3.7|Host: shop.example",
        "413, POST / HTTP/1.1|Host: shop.example|Content-Length: 99999999",
    })
    void whatTheProxyRefusesItselfCarriesTheRequestId(int status, String request) throws IOException {
        try (var connection = RawConnection.to(proxy.httpPort())) {
            String id = connection
                    .send(request.replace("|", "\n") + "\n" + client() + "\nUser-Agent: Mozilla/5.0\n\n")
                    .read()
                    .fields("X-Request-Id")
                    .stream()
                    .findFirst()
                    .orElseThrow();
            assertThat(auditLine(id).status()).isEqualTo(status);
        }
    }

    @Test
    void peopleGetAPageAndProgramsGetJson() throws IOException {
        assertThat(get("/", "Host: nobody", "Accept: text/html,*/*").field("Content-Type"))
                .isEqualTo("text/html; charset=utf-8");
        assertThat(get("/", "Host: nobody").text())
                .startsWith("{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404");
    }

    @Test
    void aSilentUpstreamIsATimeout() throws IOException {
        odd.now(connection -> {
            connection.read();
            connection.in().read(); // until the proxy gives up
        });
        {
            var answer = get("/slow", ODD, "User-Agent: Mozilla/5.0");
            assertThat(answer.status()).isEqualTo(504);
            assertThat(auditLine(answer.field("X-Request-Id")).error()).isEqualTo("upstream timed out");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK\nContent-Le",
                "SSH-2.0-OpenSSH_9.2\n\n",
                "HTTP/1.1 200 OK\nContent-Length: x\n\n"
            })
    void anUpstreamThatDoesNotSpeakHttpIsABadGateway(String said) throws IOException {
        odd.now(connection -> {
            connection.read();
            connection.send(said);
        });
        {
            assertThat(get("/broken", ODD, "User-Agent: Mozilla/5.0").status()).isEqualTo(502);
        }
    }

    @Test
    void aResponseCutShortIsCutShortToTheClientToo() throws IOException {
        var headRead = new CountDownLatch(1);
        odd.now(connection -> {
            connection.read();
            connection.send("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nhello\n");
            await(headRead);
            connection.reset();
        });
        try (var connection = RawConnection.to(proxy.httpPort())) {
            var head = connection.send(request("GET", "/cut", ODD)).readHead();
            assertThat(head.status()).isEqualTo(200);
            headRead.countDown();
            assertThatThrownBy(() -> {
                        while (true) {
                            String line = connection.line();
                            assertThat(line).isNotEqualTo("0"); // the last chunk would say that all is there
                        }
                    })
                    .isInstanceOfAny(EOFException.class, SocketException.class);
            assertThat(auditLine(head.field("X-Request-Id")).error()).startsWith("response cut short");
        }
    }

    @Test
    void responseFieldsOfOneConnectionStayBehindAndAllOthersPass() throws IOException {
        odd.now(connection -> {
            connection.read();
            connection.send("""
                    HTTP/1.1 200 Fine
                    Content-Type: text/html;charset=UTF-8
                    Set-Cookie: a=1
                    Set-Cookie: b=2; HttpOnly
                    Server: origin/1
                    Date: Tue, 15 Nov 1994 08:12:31 GMT
                    Connection: close, X-Hop
                    X-Hop: 1
                    Keep-Alive: timeout=5
                    Proxy-Authenticate: Basic
                    X-Request-Id: theirs
                    ETag: W/"x"
                    X-Odd: caf\u00c3\u00a9
                    X-Latin: \u00a7
                    Content-Length: 0

                    """);
        });
        {
            var answer = get("/fields", ODD);
            assertThat(answer.fields("Set-Cookie")).containsExactly("a=1", "b=2; HttpOnly");
            assertThat(answer.field("Server")).isEqualTo("origin/1");
            assertThat(answer.fields("Date")).containsExactly("Tue, 15 Nov 1994 08:12:31 GMT");
            assertThat(answer.field("ETag")).isEqualTo("W/\"x\"");
            assertThat(answer.field("Content-Type")).isEqualToIgnoringCase("text/html; charset=utf-8");
            assertThat(answer.field("X-Odd")).isEqualTo("caf\u00c3\u00a9");
            assertThat(answer.fields("X-Request-Id")).hasSize(1).doesNotContain("theirs");
            assertThat(answer.has("X-Hop")).isFalse();
            assertThat(answer.has("Keep-Alive")).isFalse();
            assertThat(answer.has("Proxy-Authenticate")).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 404})
    void aResponseToHeadHasFieldsAndNoContent(int status) throws IOException {
        odd.now(connection -> {
            for (int i = 0; i < 2; i++) {
                connection.readHead();
                connection.send("HTTP/1.1 " + status + " x\nContent-Length: 1234\nETag: \"1\"\n\n");
            }
        });
        try (var connection = RawConnection.to(proxy.httpPort())) {
            var answer = connection.send(request("HEAD", "/h", ODD)).read(true);
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.field("Content-Length")).isEqualTo("1234");
            assertThat(connection.send(request("HEAD", "/h", ODD)).read(true).status())
                    .isEqualTo(status); // in step with the peer
        }
    }

    @Test
    void notModifiedAndNoContentPass() throws IOException {
        odd.now(connection -> {
            connection.read();
            connection.send("HTTP/1.1 304 Not Modified\nETag: \"1\"\n\n");
        });
        {
            assertThat(get("/c", ODD, "If-None-Match: \"1\"").status()).isEqualTo(304);
        }
    }

    @Test
    void bodiesStreamBothWaysWhileTheyAreStillBeingSent() throws Exception {
        String binary = "\0".repeat(300); // text would be held until it is judged
        var firstHalfSeen = new CountDownLatch(1);
        var whole = new CompletableFuture<String>();
        odd.now(connection -> {
            connection.readHead();
            assertThat(new String(connection.in().readNBytes(300), StandardCharsets.US_ASCII))
                    .isEqualTo(binary);
            firstHalfSeen.countDown();
            connection.send("HTTP/1.1 200 OK\nContent-Length: 10\n\nearly");
            whole.complete(new String(connection.in().readNBytes(6), StandardCharsets.US_ASCII));
            connection.send("-late");
            connection.in().read();
        });
        try (var connection = RawConnection.to(proxy.httpPort())) {
            connection.send(request("POST", "/up", ODD, "Content-Length: 306") + binary);
            assertThat(firstHalfSeen.await(10, TimeUnit.SECONDS)).isTrue();
            connection.readHead();
            assertThat(new String(connection.in().readNBytes(5), StandardCharsets.US_ASCII))
                    .isEqualTo("early");
            connection.send("second");
            assertThat(whole.get(10, TimeUnit.SECONDS)).isEqualTo("second");
            assertThat(new String(connection.in().readNBytes(5), StandardCharsets.US_ASCII))
                    .isEqualTo("-late");
        }
    }

    @Test
    void aBodyThatGrowsBeyondItsLimitIsStopped() throws IOException {
        try (var connection = RawConnection.to(proxy.httpPort())) {
            connection.send(request("POST", "/up", "Transfer-Encoding: chunked"));
            String chunk = "8000\n" + "x".repeat(0x8000) + "\n";
            try {
                for (int sent = 0; sent < 4; sent++) {
                    for (int i = 0; i < 16; i++) {
                        connection.send(chunk);
                    }
                }
                connection.send("0\n\n");
            } catch (SocketException closedEarly) {
                // which is as good an answer as the status
            }
            try {
                assertThat(connection.readHead().status()).isEqualTo(413);
            } catch (IOException closedWithoutWords) {
                assertThat(closedWithoutWords).isInstanceOfAny(EOFException.class, SocketException.class);
            }
        }
        assertThat(get("/after").status()).isEqualTo(200);
    }

    @Test
    void chunkedBodiesArriveWholeAndExpectationsAreMet() throws IOException {
        try (var connection = RawConnection.to(proxy.httpPort())) {
            connection.send(request("POST", "/up", "Transfer-Encoding: chunked", "Expect: 100-continue"));
            assertThat(connection.readHead().status()).isEqualTo(100);
            connection.send("3\nabc\n4\ndefg\n0\n\n");
            assertThat(connection.read().status()).isEqualTo(200);
        }
        assertThat(lastReceived().text()).isEqualTo("abcdefg");
        assertThat(lastReceived().has("Expect")).isFalse();
    }

    @Test
    void aClientThatHasSaidAllIsStillAnswered() throws IOException {
        odd.now(connection -> {
            connection.read();
            pause(Duration.ofMillis(300));
            connection.send(OK);
        });
        try (var connection = RawConnection.to(proxy.httpPort())) {
            connection.send(request("GET", "/half", ODD)).sayNoMore();
            var answer = connection.read();
            assertThat(answer.text()).isEqualTo("hi");
            assertThat(auditLine(answer.field("X-Request-Id")).error()).isNull();
        }
    }

    @Test
    void aClientThatLeavesBeforeTheAnswerIsWrittenDownAsGone() throws IOException {
        var asked = new CompletableFuture<String>();
        odd.now(connection -> {
            asked.complete(connection.read().field("X-Request-Id"));
            pause(Duration.ofMillis(800));
            connection.send(OK);
        });
        String id;
        try (var connection = RawConnection.to(proxy.httpPort())) {
            connection.send(request("GET", "/gone", ODD));
            id = asked.join();
            connection.reset();
        }
        var line = auditLine(id);
        assertThat(line.status()).isZero();
        assertThat(line.error()).isEqualTo("client closed the connection");
    }

    @Test
    void oldClientsAreAnsweredInTheirWay() throws IOException {
        try (var connection = RawConnection.to(proxy.httpPort())) {
            connection.send("GET /old HTTP/1.0\nHost: shop.example\n" + client() + "\n\n");
            assertThat(connection.read().text()).isEqualTo("hi");
            assertThat(connection.in().read()).isEqualTo(-1); // HTTP/1.0 closes
        }
        assertThat(lastReceived().field("Via")).isEqualTo("1.0 sunbeam");
    }

    @Test
    void oneConnectionServesManyRequestsInOrder() throws IOException {
        try (var connection = RawConnection.to(proxy.httpPort())) {
            var pipelined = new StringBuilder();
            for (int i = 0; i < 5; i++) {
                pipelined.append(request("GET", "/p" + i));
            }
            connection.send(pipelined.toString());
            for (int i = 0; i < 5; i++) {
                assertThat(connection.read().text()).isEqualTo("hi");
            }
        }
    }

    @Test
    void aBurstFromOneAddressIsThrottledThenBlockedAndNobodyElseIs() throws Exception {
        String flooder = "X-Forwarded-For: 198.51.100.77";
        @Nullable Message throttled = null;
        @Nullable Message blocked = null;
        int passed = 0;
        try (var connection = RawConnection.to(proxy.httpPort())) {
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (blocked == null && System.nanoTime() < deadline) {
                var answer = connection
                        .send("GET /api/items HTTP/1.1\nHost: shop.example\n" + flooder + "\n\n")
                        .read();
                if (answer.status() != 429) {
                    passed += throttled == null ? 0 : 1;
                } else if (Integer.parseInt(answer.field("Retry-After")) > 10) {
                    blocked = answer;
                } else {
                    throttled = answer;
                }
            }
        }
        requireNonNull(throttled, "no answer 429 before the block");
        requireNonNull(blocked, "no block within 20 s");
        assertThat(Integer.parseInt(throttled.field("Retry-After"))).isEqualTo(1);
        assertThat(passed).as("one request a second passes").isBetween(1, 10);
        assertThat(Integer.parseInt(blocked.field("Retry-After"))).isBetween(50, 60);
        assertThat(ddosOf(throttled).decision()).isEqualTo("throttle");
        assertThat(ddosOf(blocked).decision()).isEqualTo("block");
        assertThat(ddosOf(blocked).reasons()).isNotEmpty();
        assertThat(get("/").status()).isEqualTo(200);
    }

    private static AuditRecord.Layer ddosOf(Message refused) throws IOException {
        var line = auditLine(refused.field("X-Request-Id"));
        assertThat(line.clientIp()).isEqualTo("198.51.100.77");
        return requireNonNull(ours(line).ddos());
    }

    @Test
    void theLogKeepsNoValuesThatItWasNotToldToKeep() throws IOException {
        var answer = get("/search?page=2&token=s3cr3t", "Cookie: session=abc", "Referer: http://a/b?key=s3cr3t");
        var line = auditLine(answer.field("X-Request-Id"));
        assertThat(line.query()).contains("page=2").contains("token=");
        assertThat(line.hasCookies()).isTrue();
        assertThat(line.referer()).isEqualTo("http://a/b?key=*");
        assertThat(Files.readString(audit)).doesNotContain("s3cr3t").doesNotContain("session=abc");
        assertThat(ours(line).shape()).extracting(AuditRecord.Place::name).contains("page", "token", "session");
        assertThat(ours(line).scannerFeatures()).hasSize(ScanFeatures.COUNT);
    }

    @Test
    void everyRequestOfACrowdIsAnsweredAndLoggedOnce() throws Exception {
        int requests = 200;
        List<CompletableFuture<String>> ids = IntStream.range(0, requests)
                .mapToObj(i -> {
                    var id = new CompletableFuture<String>();
                    Thread.ofVirtual().start(() -> {
                        try {
                            id.complete(get("/crowd").field("X-Request-Id"));
                        } catch (IOException e) {
                            id.completeExceptionally(e);
                        }
                    });
                    return id;
                })
                .toList();
        for (var id : ids) {
            assertThat(auditLine(id.get(30, TimeUnit.SECONDS)).status()).isEqualTo(200);
        }
        assertThat(ids.stream().map(CompletableFuture::join).distinct()).hasSize(requests);
    }
}
