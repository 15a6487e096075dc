package pt.sunbeam.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.proxy.RawConnection.Message;
import pt.sunbeam.proxy.reload.Beginning;

/** Several backends of a route, between real sockets: who is asked, what happens when one fails, and how long that may take. */
@Timeout(60)
class UpstreamsTest {
    private static final String GET = "GET / HTTP/1.1\nHost: shop.example\n%s\n";
    private static final String POST = "POST / HTTP/1.1\nHost: shop.example\nContent-Length: 2\n\nhi";

    @TempDir
    Path folder;

    private Origin a;
    private Origin b;
    private Origin c;
    private @Nullable Proxy running;

    @BeforeEach
    void origins() throws IOException {
        a = saying("a");
        b = saying("b");
        c = saying("c");
    }

    private static Origin saying(String word) throws IOException {
        return Origin.answering("HTTP/1.1 200 OK\nContent-Length: " + word.length() + "\n\n" + word);
    }

    @AfterEach
    void stop() throws IOException {
        if (running != null) {
            running.close();
        }
        a.close();
        b.close();
        c.close();
    }

    /** @param route what it says beside its backends; {@code more}: what the file says beside the route */
    private void start(List<Origin> origins, String route, String more) {
        String backends = origins.stream()
                .map(origin -> "{ backend = \"" + url(origin) + "\" }")
                .collect(Collectors.joining(", "));
        startWith("backends = [" + backends + "]\n" + route, more);
    }

    private void startWith(String route, String more) {
        running = Proxy.start(Proxies.config("""
                listen.http = "127.0.0.1:0"
                telemetry.metrics_port = 0
                admin.listen = "127.0.0.1:0"
                audit.path = "%s"
                shutdown.drain = 1 s
                routes = [{ host_prefix = shop, %s }]
                %s
                """.formatted(folder.resolve("audit.log"), route, more)));
    }

    private static String url(Origin origin) {
        return "http://127.0.0.1:" + origin.port();
    }

    private static int deadPort() throws IOException {
        try (var unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return unused.getLocalPort();
        }
    }

    private Proxy proxy() {
        return requireNonNull(running);
    }

    private Message send(String request) throws IOException {
        try (var connection = RawConnection.to(proxy().httpPort())) {
            return connection.send(request).read();
        }
    }

    private Message get(String fields) throws IOException {
        return send(GET.formatted(fields));
    }

    private Message head() throws IOException {
        try (var connection = RawConnection.to(proxy().httpPort())) {
            return connection.send(GET.formatted("").replace("GET", "HEAD")).read(true);
        }
    }

    private Message got(String fields) {
        try {
            return get(fields);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String admin(String path) throws IOException {
        try (var connection = RawConnection.to(proxy().adminPort())) {
            return connection
                    .send("GET " + path + " HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n")
                    .read()
                    .text();
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private boolean adminSays(String word) {
        try {
            return admin("/upstreams").contains(word);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pause(Semaphore until) {
        try {
            assertThat(until.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Map<String, Integer> answers(int requests, String fields) throws IOException {
        var counts = new TreeMap<String, Integer>();
        for (int i = 0; i < requests; i++) {
            var answer = get(fields);
            counts.merge(answer.status() == 200 ? answer.text() : String.valueOf(answer.status()), 1, Integer::sum);
        }
        return counts;
    }

    @Test
    void requestsAreSpreadByWeight() throws IOException {
        startWith("backends = [{ backend = \"%s\", weight = 3 }, { backend = \"%s\" }]".formatted(url(a), url(b)), "");
        var counts = answers(200, "");
        assertThat(counts).containsOnlyKeys("a", "b");
        assertThat(counts.get("a")).isBetween(120, 180); // 150 expected; 6 sigma is 37
    }

    @Test
    void theOneThatIsBusyIsSpared() throws Exception {
        var release = new Semaphore(0);
        a.now(connection -> {
            while (true) {
                a.received.add(connection.read());
                pause(release);
                connection.send("HTTP/1.1 200 OK\nContent-Length: 1\n\na");
            }
        });
        start(List.of(a, b), "", "");
        var waiting = new ArrayList<CompletableFuture<Message>>();
        while (a.received.isEmpty()) {
            var answer = CompletableFuture.supplyAsync(
                    () -> got(""), task -> Thread.ofVirtual().start(task));
            waiting.add(answer);
            await(() -> answer.isDone() || !a.received.isEmpty());
        }
        assertThat(answers(30, "")).containsExactly(Map.entry("b", 30));
        release.release(1_000);
        for (var answer : waiting) {
            assertThat(answer.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
        }
    }

    @Test
    void aBackendThatRefusesIsPassedOverForEveryMethod() throws IOException {
        int dead = deadPort();
        startWith(
                "backends = [{ backend = \"http://127.0.0.1:%d\" }, { backend = \"%s\" }]".formatted(dead, url(b)), "");
        for (int i = 0; i < 20; i++) {
            assertThat(send(POST).text()).isEqualTo("b");
        }
        assertThat(admin("/upstreams")).contains("\"ejected_until\"", "\"healthy\":false");
    }

    @Test
    void whatFailedIsSentOnceMoreOnlyWhereThatIsHarmless() throws IOException {
        var asked = new AtomicInteger();
        a.now(connection -> {
            connection.read();
            asked.incrementAndGet();
            connection.reset();
        });
        start(List.of(a), "", "upstream.ejection.consecutive_failures = 0");
        assertThat(send(POST).status()).isEqualTo(502);
        assertThat(asked.get()).isEqualTo(1);
        assertThat(get("").status()).isEqualTo(502);
        assertThat(asked.get()).isEqualTo(3);
        assertThat(send("PUT / HTTP/1.1\nHost: shop.example\nContent-Length: 2\n\nhi")
                        .status())
                .isEqualTo(502);
        assertThat(asked.get()).isEqualTo(5);
    }

    @Test
    void retriesAreBoundedByTheBudget() throws IOException {
        var asked = new AtomicInteger();
        a.now(connection -> {
            connection.read();
            asked.incrementAndGet();
            connection.reset();
        });
        start(List.of(a), "", "upstream { retries = 3, retry_budget = 0, ejection.consecutive_failures = 0 }");
        for (int i = 0; i < 100; i++) {
            assertThat(get("").status()).isEqualTo(502);
        }
        // the first ten, and one a second
        assertThat(asked.get()).isBetween(110, 150);
    }

    @Test
    void anAddressThatFailsIsLeftOutAndComesBack() throws IOException {
        var broken = breakA();
        start(
                List.of(a, b),
                "",
                "upstream.ejection { consecutive_failures = 3, base_time = 300 ms, max_time = 300 ms }");
        await(() -> {
            assertThat(got("").text()).isEqualTo("b"); // tried again there
            return adminSays("\"ejected_until\"");
        });
        broken.set(false);
        await(() -> got("").text().equals("a"));
    }

    @Test
    void whoComesBackGetsItsShareLittleByLittle() throws IOException {
        var broken = breakA();
        start(
                List.of(a, b),
                "",
                "upstream { slow_start = 5 s, ejection { consecutive_failures = 1, base_time = 300 ms } }");
        await(() -> got("").text().equals("b") && adminSays("\"ejected_until\":\""));
        broken.set(false);
        await(() -> got("").text().equals("a"));
        assertThat(answersOfA(60)).isLessThan(20); // 30 of equals; at first a tenth of its share
        await(() -> answersOfA(60) > 20);
    }

    /** Makes it reset each request until the switch is off. */
    private AtomicBoolean breakA() {
        var broken = new AtomicBoolean(true);
        a.now(connection -> {
            while (true) {
                connection.read();
                if (broken.get()) {
                    connection.reset();
                }
                connection.send("HTTP/1.1 200 OK\nContent-Length: 1\n\na");
            }
        });
        return broken;
    }

    private long answersOfA(int requests) {
        return IntStream.range(0, requests)
                .filter(_ -> got("").text().equals("a"))
                .count();
    }

    @Test
    void statusesOfAGatewayCountAndOthersDoNot() throws IOException {
        a.now(scripted("HTTP/1.1 500 Oops\nContent-Length: 0\n\n"));
        b.now(scripted("HTTP/1.1 503 Busy\nContent-Length: 0\n\n"));
        start(List.of(a, b), "", "upstream.ejection.consecutive_failures = 2");
        await(() -> got("").status() > 0 && adminSays("ejected_until"));
        assertThat(answers(20, "")).containsExactly(Map.entry("500", 20));
    }

    private static Origin.Script scripted(String answer) {
        return connection -> {
            while (true) {
                connection.read();
                connection.send(answer);
            }
        };
    }

    @Test
    void whatClientsDoWrongIsNotHeldAgainstABackend() throws IOException {
        a.now(connection -> {
            connection.readHead();
            connection.in().readAllBytes();
        });
        start(
                List.of(a),
                "",
                "upstream { retries = 0, ejection { consecutive_failures = 1, base_time = 1 h, max_time = 1 h } }");
        for (int i = 0; i < 5; i++) {
            try (var connection = RawConnection.to(proxy().httpPort())) {
                connection.send("POST / HTTP/1.1\nHost: shop.example\nContent-Length: 100000\n\nbeginning");
                connection.sayNoMore();
                connection.in().readAllBytes();
            }
        }
        assertThat(admin("/upstreams")).contains("\"healthy\":true").doesNotContain("ejected_until");
    }

    @Test
    void whenTooFewAreFitAllAreUsed() throws IOException {
        int dead = deadPort();
        String route =
                "backends = [{ backend = \"http://127.0.0.1:%d\" }, { backend = \"%s\" }]".formatted(dead, url(b));
        var status = new AtomicInteger(503);
        b.now(connection -> {
            while (true) {
                connection.read();
                connection.send("HTTP/1.1 " + status.get() + " x\nContent-Length: 0\n\n");
            }
        });
        startWith(route, "upstream { ejection { consecutive_failures = 1, base_time = 1 h, max_time = 1 h } }");
        await(() -> got("").status() > 0 && adminSays("\"panic\":true"));
        status.set(200);
        await(() -> got("").status() == 200);
    }

    @Test
    void withoutPanicNoneThatIsUnfitIsAsked() throws IOException {
        int dead = deadPort();
        startWith(
                "backend = \"http://127.0.0.1:%d\"".formatted(dead),
                "upstream { retries = 0, panic_threshold = 0, ejection { consecutive_failures = 1, base_time = 1 h, max_time = 1 h } }");
        assertThat(get("").status()).isEqualTo(502);
        assertThat(get("").status()).isEqualTo(503);
    }

    @Test
    void checksTakeABackendOutAndBringItBack() throws IOException {
        var sick = new AtomicInteger(200);
        a.now(connection -> {
            while (true) {
                var request = connection.read();
                boolean check = request.start().startsWith("GET /health ");
                connection.send("HTTP/1.1 " + (check ? sick.get() : 200) + " x\nContent-Length: 1\n\na");
            }
        });
        start(
                List.of(a, b),
                "health_check { path = \"/health\", interval = 100 ms, healthy_threshold = 1, unhealthy_threshold = 2 }",
                "");
        await(() -> adminSays("\"result\":\"status 200\""));
        sick.set(500);
        await(() -> adminSays("\"healthy\":false"));
        assertThat(admin("/upstreams")).contains("\"result\":\"status 500\"");
        assertThat(answers(20, "")).containsExactly(Map.entry("b", 20));
        sick.set(204);
        await(() -> !adminSays("\"healthy\":false"));
        await(() -> got("").text().equals("a"));
        assertThat(b.received).anySatisfy(request -> {
            assertThat(request.start()).isEqualTo("GET /health HTTP/1.1");
            assertThat(request.field("Host")).isEqualTo("127.0.0.1:" + b.port());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"header:X-User", "cookie:user"})
    void theSameValueGoesToTheSameBackend(String on) throws IOException {
        start(List.of(a, b, c), "load_balancing { policy = hash, hash_on = \"" + on + "\" }", "");
        var seen = new TreeMap<String, Integer>();
        for (int user = 0; user < 30; user++) {
            String field = on.startsWith("header") ? "X-User: u" + user : "Cookie: other=1; user=u" + user;
            var answers = answers(3, field + "\n");
            assertThat(answers).hasSize(1);
            seen.merge(answers.keySet().iterator().next(), 1, Integer::sum);
        }
        assertThat(seen).hasSize(3);
    }

    @Test
    void theSameAddressGoesToTheSameBackendAndElsewhereOnlyWhileThatFails() throws IOException {
        start(
                List.of(a, b, c),
                "load_balancing { policy = hash, hash_on = address }",
                "trusted_proxy_cidrs = [\"127.0.0.1/32\"], upstream.ejection { consecutive_failures = 1, base_time = 1 h, max_time = 1 h }");
        var first = IntStream.range(1, 40).mapToObj(this::from).toList();
        assertThat(first).contains("a", "b", "c");
        assertThat(IntStream.range(1, 40).mapToObj(this::from)).isEqualTo(first);
        a.kill();
        var then = IntStream.range(1, 40).mapToObj(this::from).toList();
        for (int i = 0; i < first.size(); i++) {
            if (first.get(i).equals("a")) {
                assertThat(then.get(i)).isIn("b", "c");
            } else {
                assertThat(then.get(i)).isEqualTo(first.get(i));
            }
        }
    }

    private String from(int host) {
        return got("X-Forwarded-For: 192.0.2." + host + "\n").text();
    }

    @Test
    void aClientStaysWithTheBackendThatItsCookieNames() throws IOException {
        start(
                List.of(a, b, c),
                "load_balancing.sticky_cookie { secret = \"0123456789abcdef\", ttl = 1 h }",
                "upstream.ejection { consecutive_failures = 1, base_time = 1 h, max_time = 1 h }");
        var first = get("");
        var set = first.field("Set-Cookie");
        assertThat(set).startsWith("sunbeam_backend=").contains("Max-Age=3600", "HttpOnly", "SameSite=Lax");
        assertThat(set).doesNotContain("127.0.0.1", String.valueOf(a.port()), String.valueOf(b.port()));
        String cookie = set.substring(0, set.indexOf(';'));
        for (int i = 0; i < 20; i++) {
            var again = get("Cookie: x=y; " + cookie + "\n");
            assertThat(again.text()).isEqualTo(first.text());
            assertThat(again.has("Set-Cookie")).isFalse();
        }
        // neither a changed signature nor a made-up one binds anybody
        char last = cookie.charAt(cookie.length() - 1);
        var forged = cookie.substring(0, cookie.length() - 1) + (last == 'A' ? 'B' : 'A');
        assertThat(get("Cookie: " + forged + "\n").has("Set-Cookie")).isTrue();
        var gone = Map.of("a", a, "b", b, "c", c).get(first.text());
        requireNonNull(gone).kill();
        var moved = get("Cookie: " + cookie + "\n");
        assertThat(moved.status()).isEqualTo(200);
        assertThat(moved.text()).isNotEqualTo(first.text());
    }

    @Test
    void aBreakerThatIsOpenAnswersWithoutAsking() throws IOException {
        var asked = new AtomicInteger();
        var healed = new CountDownLatch(1);
        a.now(connection -> {
            while (true) {
                connection.read();
                asked.incrementAndGet();
                if (healed.getCount() > 0) {
                    connection.reset();
                }
                connection.send("HTTP/1.1 200 OK\nContent-Length: 1\n\na");
            }
        });
        start(
                List.of(a),
                "circuit_breaker { min_requests = 4, open = 500 ms, trials = 1 }",
                "upstream { retries = 0, ejection.consecutive_failures = 0 }");
        for (int i = 0; i < 4; i++) {
            assertThat(get("").status()).isEqualTo(502);
        }
        assertThat(get("").status()).isEqualTo(503);
        assertThat(asked.get()).isEqualTo(4);
        assertThat(admin("/upstreams")).contains("\"circuit_breaker\":\"open\"");
        healed.countDown();
        await(() -> got("").status() == 200);
        assertThat(admin("/upstreams")).contains("\"circuit_breaker\":\"closed\"");
    }

    @Test
    void requestsWaitForAPlaceInABoundedQueue() throws Exception {
        var release = new Semaphore(0);
        a.now(connection -> {
            while (true) {
                a.received.add(connection.read());
                pause(release);
                connection.send("HTTP/1.1 200 OK\nContent-Length: 1\n\na");
            }
        });
        start(List.of(a), "", "upstream { max_connections_per_host = 1, max_pending = 1 }");
        try (var first = RawConnection.to(proxy().httpPort());
                var second = RawConnection.to(proxy().httpPort())) {
            first.send(GET.formatted(""));
            await(() -> a.received.size() == 1);
            second.send(GET.formatted(""));
            await(() -> adminSays("\"pending\":1"));
            assertThat(get("").status()).isEqualTo(503);
            release.release();
            assertThat(first.read().status()).isEqualTo(200);
            release.release();
            assertThat(second.read().status()).isEqualTo(200);
        }
        assertThat(admin("/upstreams")).contains("\"healthy\":true", "\"pending\":0");
    }

    @Test
    void whoWaitsTooLongForAPlaceIsToldSo() throws Exception {
        var release = new Semaphore(0);
        a.now(connection -> {
            a.received.add(connection.read());
            pause(release);
            connection.send("HTTP/1.1 200 OK\nContent-Length: 1\n\na");
        });
        start(List.of(a), "", "upstream { max_connections_per_host = 1, connect_timeout = 300 ms }");
        try (var first = RawConnection.to(proxy().httpPort())) {
            first.send(GET.formatted(""));
            await(() -> a.received.size() == 1);
            assertThat(get("").status()).isEqualTo(503);
            release.release();
            assertThat(first.read().status()).isEqualTo(200);
        }
    }

    @Test
    void silenceAndStallsAndTheWholeHaveTheirTimes() throws IOException {
        a.now(connection -> {
            connection.read();
            connection.in().read();
        });
        b.now(connection -> {
            connection.read();
            connection.send("HTTP/1.1 200 OK\nContent-Length: 100\n\nbegun");
            connection.in().read();
        });
        c.now(connection -> {
            connection.read();
            connection.send("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n");
            while (true) {
                connection.send("1\nx\n");
                Thread.onSpinWait();
            }
        });
        startWith("""
                backend = "%s", timeouts.first_byte = 300 ms, paths = [
                  { prefix = /stalls, backend = "%s", timeouts.idle = 300 ms }
                  { prefix = /endless, backend = "%s", timeouts.total = 600 ms }
                  { prefix = /old, backend = "%s", timeout_secs = 1 }
                ]""".formatted(url(a), url(b), url(c), url(a)), "upstream.retries = 0");
        assertThat(get("").status()).isEqualTo(504);
        assertThat(send("GET /old HTTP/1.1\nHost: shop.example\n\n").status()).isEqualTo(504);
        for (String path : List.of("/stalls", "/endless")) {
            try (var connection = RawConnection.to(proxy().httpPort())) {
                connection.send("GET " + path + " HTTP/1.1\nHost: shop.example\n\n");
                assertThat(connection.readHead().status()).isEqualTo(200);
                var rest = new String(connection.in().readAllBytes(), ISO_8859_1);
                assertThat(rest).isNotEmpty().doesNotContain("\r\n0\r\n");
            } catch (SocketException cut) {
                assertThat(cut).hasMessageContaining("reset");
            }
        }
    }

    @Test
    void aSlowUploadIsNoSilenceOfTheBackend() throws Exception {
        start(List.of(a), "timeouts.first_byte = 300 ms", "upstream.retries = 0");
        try (var connection = RawConnection.to(proxy().httpPort())) {
            connection.send("POST / HTTP/1.1\nHost: shop.example\nTransfer-Encoding: chunked\n\n");
            for (int i = 0; i < 8; i++) {
                connection.send("1\nx\n");
                Thread.sleep(100);
            }
            assertThat(connection.send("0\n\n").read().text()).isEqualTo("a");
        }
    }

    @Test
    void aConnectionIsKeptForTheNextRequest() throws IOException {
        var connections = new AtomicInteger();
        a.now(connection -> {
            connections.incrementAndGet();
            while (true) {
                boolean head = connection.read().start().startsWith("HEAD ");
                connection.send("HTTP/1.1 200 OK\nContent-Length: 1\n\n" + (head ? "" : "a"));
            }
        });
        start(List.of(a), "", "");
        assertThat(answers(20, "")).containsExactly(Map.entry("a", 20));
        for (int i = 0; i < 5; i++) {
            assertThat(head().status()).isEqualTo(200);
            assertThat(send(POST).status()).isEqualTo(200);
        }
        assertThat(connections.get()).isLessThanOrEqualTo(3);
    }

    @Test
    void aReloadKeepsWhatIsKnownOfPoolsThatStay() throws Exception {
        int dead = deadPort();
        var file = folder.resolve("sunbeam.conf");
        var pool = "backends = [{ backend = \"http://127.0.0.1:%d\" }, { backend = \"%s\" }]".formatted(dead, url(b));
        var text = """
                listen.http = "127.0.0.1:0"
                telemetry.metrics_port = 0
                admin.listen = "127.0.0.1:0"
                audit.path = "%s"
                shutdown.drain = 1 s
                upstream.ejection { consecutive_failures = 1, base_time = 1 h, max_time = 1 h }
                routes = [{ host_prefix = shop, %s }]
                """.formatted(folder.resolve("audit.log"), pool);
        Files.writeString(file, text);
        running = switch (Beginning.read(file, Map.of())) {
            case Beginning.Ready(var beginning) -> Proxy.start(beginning);
            case Beginning.Refused(var faults) -> throw new AssertionError(faults);
        };
        await(() -> {
            assertThat(got("").text()).isEqualTo("b");
            return adminSays("ejected_until");
        });
        Files.writeString(file, text + "routes += { host_prefix = more, backend = \"" + url(c) + "\" }\n");
        proxy().reload("test").toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(admin("/upstreams")).contains("\"routes\":[\"more\"]", "ejected_until");
    }

    @Test
    void aConnectionThatIsNotAcceptedInTimeIsTriedElsewhereOrATimeout() throws IOException {
        try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var first = RawConnection.to(full.getLocalPort());
                var second =
                        RawConnection.to(full.getLocalPort())) { // nobody accepts them, and there is no place for more
            assertThat(List.of(first, second)).isNotNull();
            startWith(
                    "timeouts.connect = 300 ms, backends = [{ backend = \"http://127.0.0.1:%d\" }, { backend = \"%s\" }], paths = [{ prefix = /full, timeouts.connect = 300 ms, backend = \"http://127.0.0.1:%d\" }]"
                            .formatted(full.getLocalPort(), url(b), full.getLocalPort()),
                    "upstream.retries = 1");
            for (int i = 0; i < 6; i++) {
                assertThat(send(POST).text()).isEqualTo("b");
            }
            assertThat(send("POST /full HTTP/1.1\nHost: shop.example\nContent-Length: 2\n\nhi")
                            .status())
                    .isEqualTo(504);
        }
    }

    @Test
    void aResponseThatIsCutShortCountsAgainstItsBackend() throws IOException {
        a.now(connection -> {
            connection.read();
            connection.send("HTTP/1.1 200 OK\nContent-Length: 100\n\nbegun");
        });
        start(List.of(a), "", "upstream.ejection { consecutive_failures = 2, base_time = 1 h, max_time = 1 h }");
        for (int i = 0; i < 2; i++) {
            try (var connection = RawConnection.to(proxy().httpPort())) {
                assertThat(connection.send(GET.formatted("")).readHead().status())
                        .isEqualTo(200);
                assertThat(connection.in().readAllBytes()).hasSizeLessThan(100);
            } catch (SocketException cut) {
                assertThat(cut).hasMessageContaining("reset");
            }
        }
        await(() -> adminSays("ejected_until"));
    }

    @Test
    void aClientThatLeavesInTheMiddleOfAResponseSaysNothingOfTheBackend() throws IOException {
        a.now(connection -> {
            connection.read();
            connection.send("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n");
            while (true) {
                connection.send("1000\n" + "x".repeat(4096) + "\n");
            }
        });
        start(List.of(a), "", "upstream.ejection { consecutive_failures = 1, base_time = 1 h, max_time = 1 h }");
        for (int i = 0; i < 3; i++) {
            try (var connection = RawConnection.to(proxy().httpPort())) {
                assertThat(connection.send(GET.formatted("")).readHead().status())
                        .isEqualTo(200);
            }
        }
        await(() -> adminSays("\"in_flight\":0"));
        assertThat(admin("/upstreams")).doesNotContain("ejected_until");
    }

    @Test
    void aTunnelGoesToABackendThatWorksAndCountsAsInFlight() throws IOException {
        int dead = deadPort();
        b.now(WebSockets::echo);
        startWith(
                "websocket = true, backends = [{ backend = \"http://127.0.0.1:%d\" }, { backend = \"%s\" }]"
                        .formatted(dead, url(b)),
                "");
        var open = new ArrayList<RawConnection>();
        try {
            for (int i = 1; i <= 10; i++) {
                var connection = RawConnection.to(proxy().httpPort());
                open.add(connection);
                connection.send(
                        "GET / HTTP/1.1\nHost: shop.example\nUpgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n\n");
                assertThat(connection.readHead().status()).isEqualTo(101);
            }
            await(() -> adminSays("\"in_flight\":10"));
        } finally {
            for (RawConnection connection : open) {
                connection.close();
            }
        }
        await(() -> !adminSays("\"in_flight\":1"));
    }

    @Test
    void theAuditLineNamesTheBackendThatAnswered() throws IOException {
        int dead = deadPort();
        startWith(
                "backends = [{ backend = \"http://127.0.0.1:%d\" }, { backend = \"%s\" }]".formatted(dead, url(b)), "");
        answers(10, "");
        await(() -> lines() == 10);
        assertThat(Files.readAllLines(folder.resolve("audit.log")))
                .allSatisfy(line -> assertThat(line).contains("\"backend\":\"" + url(b) + "\""));
    }

    @Test
    void theMetricsSayHowManyAreFitAndWhatHappened() throws IOException {
        int dead = deadPort();
        startWith(
                "backends = [{ backend = \"http://127.0.0.1:%d\" }, { backend = \"%s\" }]".formatted(dead, url(b)),
                "telemetry.metrics_port = %d".formatted(deadPort()));
        await(() -> got("").status() == 200 && adminSays("ejected_until"));
        String bad = "backend=\"http://127.0.0.1:" + dead + "\"";
        await(() -> metric("sunbeam_upstream_endpoints{", bad, "state=\"unhealthy\"")
                .endsWith(" 1.0"));
        String good = "backend=\"" + url(b) + "\"";
        await(() ->
                metric("sunbeam_upstream_endpoints{", good, "state=\"healthy\"").endsWith(" 1.0"));
        await(() -> metric("sunbeam_upstream_events_total{", bad, "event=\"ejected\"")
                .endsWith(" 1.0"));
        await(() -> metric("sunbeam_upstream_events_total{", bad, "event=\"retried\"")
                .endsWith(" 5.0"));
        assertThat(metric("sunbeam_upstream_events_total{", bad, "event=\"breaker_opened\""))
                .endsWith(" 0.0");
    }

    /** The line that has all these words, or nothing. */
    private String metric(String... words) {
        try (var connection = RawConnection.to(proxy().metricsPort())) {
            return connection
                    .send("GET /metrics HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n")
                    .read()
                    .text()
                    .lines()
                    .filter(line -> List.of(words).stream().allMatch(line::contains))
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void localhostIsThisMachine() throws IOException {
        startWith("backend = \"http://localhost:%d\"".formatted(a.port()), "");
        assertThat(get("").text()).isEqualTo("a");
    }

    @Test
    void aBackendMayHaveAnAddressOfIpv6() throws IOException {
        try (var six =
                new Origin(new ServerSocket(0, 64, InetAddress.ofLiteral("::1")), scripted("HTTP/1.1 204 x\n\n"))) {
            startWith("backend = \"http://[::1]:%d\"".formatted(six.port()), "");
            assertThat(get("").status()).isEqualTo(204);
        } catch (BindException noIpv6) {
            Assumptions.abort("no IPv6 here");
        }
    }

    private long lines() {
        try (var lines = Files.lines(folder.resolve("audit.log"))) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
