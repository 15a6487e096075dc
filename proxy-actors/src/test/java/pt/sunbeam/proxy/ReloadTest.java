package pt.sunbeam.proxy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import pt.sunbeam.proxy.reload.Beginning;
import pt.sunbeam.proxy.reload.Report;
import pt.sunbeam.proxy.reload.Report.Result;

/** A configuration changes under a proxy that serves. */
@Timeout(60)
class ReloadTest {
    private static final String ATTACK = "/?q=1%27%20UNION%20SELECT%20password%20FROM%20users--";

    @TempDir
    Path folder;

    private Origin old;
    private Origin young;
    private Path file;
    private Path state;
    private @Nullable Proxy running;

    @BeforeEach
    void origins() throws IOException {
        old = Origin.answering("HTTP/1.1 200 OK\nContent-Length: 3\n\nold");
        young = Origin.answering("HTTP/1.1 200 OK\nContent-Length: 5\n\nyoung");
        file = folder.resolve("sunbeam.conf");
        state = folder.resolve("state");
    }

    @AfterEach
    void stop() throws IOException {
        if (running != null) {
            running.close();
        }
        old.close();
        young.close();
    }

    @Test
    void requestsGoWhereTheNewFileSaysAndAConnectionStays() throws Exception {
        start(shop(old));
        try (var connection = RawConnection.to(proxy().httpPort())) {
            assertThat(ask(connection, "shop", "/").text()).isEqualTo("old");
            write(shop(young)
                    + "routes += { host_prefix = more, backend = \"http://127.0.0.1:%d\" }\n".formatted(old.port()));
            assertTakenOver(reload());
            assertThat(ask(connection, "shop", "/").text()).isEqualTo("young");
            assertThat(ask(connection, "more", "/").text()).isEqualTo("old");
            write("routes = []");
            assertTakenOver(reload());
            assertThat(ask(connection, "shop", "/").status()).isEqualTo(404);
        }
    }

    @Test
    void aRequestUnderWayEndsWithWhatItBeganWith() throws Exception {
        var arrived = new CountDownLatch(1);
        var mayAnswer = new CountDownLatch(1);
        old.now(connection -> {
            connection.read();
            connection.send("HTTP/1.1 200 OK\nContent-Length: 6\n\nbe");
            arrived.countDown();
            try {
                assertThat(mayAnswer.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            connection.send("long");
            connection.in().read();
        });
        start(shop(old));
        try (var connection = RawConnection.to(proxy().httpPort())) {
            connection.send("GET / HTTP/1.1\nHost: shop.example\n\n");
            assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
            write("routes = []");
            reload();
            mayAnswer.countDown();
            assertThat(connection.read().text()).isEqualTo("belong");
        }
    }

    @Test
    void theSeriesOfAHostThatIsTakenAwayGoAndTheOthersGoOn() throws Exception {
        int port;
        try (var unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = unused.getLocalPort();
        }
        var metrics = "telemetry.metrics_port = " + port + "\n";
        var vanishing =
                "routes += { host_prefix = vanishing, backend = \"http://127.0.0.1:%d\" }\n".formatted(young.port());
        start(metrics + shop(old) + vanishing);
        try (var connection = RawConnection.to(proxy().httpPort())) {
            assertThat(ask(connection, "vanishing", "/").text()).isEqualTo("young");
            assertThat(ask(connection, "shop", "/").text()).isEqualTo("old");
            awaitMetrics(port, text -> requests(text, "vanishing", young) == 1 && requests(text, "shop", old) == 1);
            write(metrics + shop(old));
            assertTakenOver(reload());
            assertThat(ask(connection, "shop", "/").text()).isEqualTo("old");
            awaitMetrics(
                    port,
                    text -> !text.contains("vanishing")
                            && ofBackend(text, young).isEmpty()
                            && requests(text, "shop", old) == 2);
            write(metrics + shop(old) + vanishing);
            assertTakenOver(reload());
            assertThat(ask(connection, "vanishing", "/").text()).isEqualTo("young");
            awaitMetrics(port, text -> requests(text, "vanishing", young) == 1 && requests(text, "shop", old) == 2);
        }
    }

    /** What is told of a backend itself, its health and events; series with hosts may be those of an earlier test, whose origin had the same port. */
    private static List<String> ofBackend(String metrics, Origin origin) {
        return metrics.lines()
                .filter(line -> line.contains(":" + origin.port() + "\"") && !line.contains("host=\""))
                .toList();
    }

    /** GETs that this origin has answered with 200; -1 where there is no such series. */
    private static double requests(String metrics, String host, Origin origin) {
        return metrics.lines()
                .filter(line -> line.startsWith("sunbeam_requests_total{"))
                .filter(line -> Stream.of(
                                "host=\"" + host + "\"", ":" + origin.port() + "\"", "method=\"GET\"", "status=\"200\"")
                        .allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .findFirst()
                .orElse(-1);
    }

    private static void awaitMetrics(int port, Predicate<String> shown) throws Exception {
        var asking = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .build();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        try (var client = HttpClient.newHttpClient()) {
            String text;
            do {
                text = client.send(asking, BodyHandlers.ofString()).body();
                assertThat(System.nanoTime()).as(text).isLessThan(deadline);
            } while (!shown.test(text));
        }
    }

    @Test
    void detectorsTrustAndLimitsChangeToo() throws Exception {
        start(shop(old) + "scanner {}\n");
        try (var connection = RawConnection.to(proxy().httpPort())) {
            assertThat(ask(connection, "shop", ATTACK).status()).isEqualTo(403);
            write(shop(old) + "scanner.observe_only = true\n");
            reload();
            assertThat(ask(connection, "shop", ATTACK).status()).isEqualTo(200);
            write(shop(old) + "scanner.exceptions = [{ place = query, name = q }]\n");
            reload();
            assertThat(ask(connection, "shop", ATTACK).status()).isEqualTo(200);
            write(shop(old) + "scanner {}\n");
            reload();
            assertThat(ask(connection, "shop", ATTACK).status()).isEqualTo(403);
        }
        write(shop(old) + "limits.body_bytes = 10\n");
        reload();
        var post = "POST / HTTP/1.1\nHost: shop.example\nConnection: close\n";
        assertThat(send(post + "Content-Length: 11\n\nhello world").status()).isEqualTo(413);
        assertThat(send(post + "Transfer-Encoding: chunked\n\n6\nhello \n5\nworld\n0\n\n")
                        .status())
                .isEqualTo(413);
        assertThat(send(post + "Transfer-Encoding: chunked\n\n6\nhello \n4\nworl\n0\n\n")
                        .status())
                .isEqualTo(200);
        write(shop(old));
        reload();
        assertThat(send(post + "Transfer-Encoding: chunked\n\n6\nhello \n5\nworld\n0\n\n")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aFileWithFaultsChangesNothingAndTheFaultsAreKnown() throws Exception {
        start(shop(old));
        write(shop(young) + "nonsense = 1\n");
        var report = reload();
        assertThat(report.result()).isEqualTo(Result.REJECTED);
        assertThat(report.faults()).singleElement().asString().contains("sunbeam.conf:", "nonsense");
        try (var connection = RawConnection.to(proxy().httpPort())) {
            assertThat(ask(connection, "shop", "/").text()).isEqualTo("old");
        }
        Files.delete(file);
        assertThat(reload().faults()).singleElement().asString().contains("no such file");
        write(shop(young));
        assertTakenOver(reload());
    }

    @Test
    void aBrokenRouteGoesOnAsItWasAndOneThatNeverWasIs503() throws Exception {
        start(shop(old));
        write("""
                routes = [
                  { host_prefix = shop, backend = "ftp://x" }
                  { host_prefix = fresh, backend = "http://127.0.0.1:%d", paths = [{ prefix = x, backend = "http://x" }] }
                  { host_prefix = blog, backend = "http://127.0.0.1:%d" }
                ]
                """.formatted(young.port(), young.port()));
        var report = reload();
        assertThat(report.result()).isEqualTo(Result.PARTIAL);
        assertThat(report.faults()).hasSize(2);
        assertThat(report.brokenRoutes()).containsExactly("fresh");
        try (var connection = RawConnection.to(proxy().httpPort())) {
            assertThat(ask(connection, "shop", "/").text()).isEqualTo("old");
            assertThat(ask(connection, "blog", "/").text()).isEqualTo("young");
            assertThat(ask(connection, "fresh", "/").status()).isEqualTo(503);
            assertThat(ask(connection, "other", "/").status()).isEqualTo(404);
        }
        write(shop(young));
        assertTakenOver(reload());
        proxy().close();
        assertThat(Files.readString(folder.resolve("audit"))).contains("the configuration of this route has faults");
    }

    @Test
    void whatWaitsForARestartIsNamedAndStays() throws Exception {
        start(shop(old));
        write(shop(young) + "listen.http = \"127.0.0.1:1\"\nlimits.header_count = 5\n");
        var report = reload();
        assertTakenOver(report);
        assertThat(report.waiting()).containsExactly("listen", "limits.header_count");
        var again = reload();
        assertThat(again.result()).isEqualTo(Result.UNCHANGED);
        assertThat(again.waiting()).isEqualTo(report.waiting());
        try (var connection = RawConnection.to(proxy().httpPort())) {
            assertThat(ask(connection, "shop", "/").text()).isEqualTo("young");
        }
    }

    @Test
    void theFileIsWatchedHoweverItIsReplaced() throws Exception {
        start(shop(old));
        Files.writeString(file, text(shop(young)));
        awaitShop("young");
        // as editors do
        Files.writeString(folder.resolve(".sunbeam.conf.swp"), text(shop(old)));
        Files.move(folder.resolve(".sunbeam.conf.swp"), file, StandardCopyOption.ATOMIC_MOVE);
        awaitShop("old");
        Files.move(file, folder.resolve("sunbeam.conf~"));
        Files.writeString(file, text(shop(young)));
        awaitShop("young");
    }

    @Test
    void theLinkOfAKubernetesVolumeIsFollowed() throws Exception {
        var volume = Files.createDirectory(folder.resolve("volume"));
        generation(volume, "..1", shop(old));
        Files.createSymbolicLink(volume.resolve("..data"), Path.of("..1"));
        file = Files.createSymbolicLink(volume.resolve("config.conf"), Path.of("..data/config.conf"));
        start(null);
        for (var next : List.of("young", "old", "young")) {
            var name = ".." + System.nanoTime();
            generation(volume, name, shop(next.equals("old") ? old : young));
            Files.createSymbolicLink(volume.resolve("..data_tmp"), Path.of(name));
            var before = Files.readSymbolicLink(volume.resolve("..data"));
            Files.move(volume.resolve("..data_tmp"), volume.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
            Files.delete(volume.resolve(before).resolve("config.conf"));
            Files.delete(volume.resolve(before));
            awaitShop(next);
        }
    }

    @Test
    void anIncludedFileIsWatchedAsWell() throws Exception {
        var more = Files.createDirectory(folder.resolve("more"));
        Files.writeString(more.resolve("routes.conf"), shop(old));
        start("include \"more/routes.conf\"\n");
        Files.writeString(more.resolve("routes.conf"), shop(young));
        awaitShop("young");
    }

    @Test
    void manyWhoAskAtOnceShareReadingsAndTheLastOneSeesTheLastFile() throws Exception {
        start(shop(old));
        var asked = new ArrayList<CompletableFuture<Report>>();
        for (int i = 0; i < 200; i++) {
            write(shop(i % 2 == 0 ? young : old) + "shutdown.drain = " + (i + 1) + " ms\n");
            asked.add(proxy().reload("test").toCompletableFuture());
        }
        var reports = new ArrayList<Report>();
        for (var one : asked) {
            reports.add(one.get(20, TimeUnit.SECONDS));
        }
        assertThat(reports.stream().distinct().count()).isLessThanOrEqualTo(200);
        assertThat(reports).isSortedAccordingTo(Comparator.comparing(Report::at));
        try (var connection = RawConnection.to(proxy().httpPort())) {
            assertThat(ask(connection, "shop", "/").text()).isEqualTo("old");
        }
    }

    @Test
    void noRequestFailsWhileConfigurationsComeAndGo() throws Exception {
        start(shop(old));
        var failed = new AtomicInteger();
        var answered = new AtomicInteger();
        var stop = new CountDownLatch(1);
        var clients = new ArrayList<Thread>();
        for (int i = 0; i < 4; i++) {
            clients.add(Thread.ofVirtual().start(() -> {
                try (var connection = RawConnection.to(proxy().httpPort())) {
                    while (stop.getCount() > 0) {
                        (ask(connection, "shop", "/").status() == 200 ? answered : failed).incrementAndGet();
                    }
                } catch (IOException e) {
                    failed.incrementAndGet();
                }
            }));
        }
        for (int i = 0; i < 50 || answered.get() < 50; i++) {
            write(shop(i % 2 == 0 ? young : old) + "upstream.retries = " + i % 3 + "\n");
            reload();
        }
        stop.countDown();
        for (var client : clients) {
            client.join();
        }
        assertThat(failed).hasValue(0);
    }

    @Test
    void anOpenWebSocketStaysOpen() throws Exception {
        var route = "routes = [{ host_prefix = shop, backend = \"http://127.0.0.1:%d\", websocket = true }]\n";
        old.now(WebSockets::echo);
        start(route.formatted(old.port()));
        try (var connection = RawConnection.to(proxy().httpPort())) {
            var switched = connection.send("""
                    GET /chat HTTP/1.1
                    Host: shop.example
                    Connection: Upgrade
                    Upgrade: websocket
                    Sec-WebSocket-Version: 13
                    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

                    """).read();
            assertThat(switched.status()).isEqualTo(101);
            write(route.formatted(old.port()) + "scanner {}\n");
            assertTakenOver(reload());
            write("routes = []");
            assertTakenOver(reload());
            WebSockets.write(connection, 0x80 | WebSockets.TEXT, "still there".getBytes(StandardCharsets.UTF_8));
            assertThat(WebSockets.read(connection).payload()).asString().isEqualTo("still there");
        }
    }

    @Test
    void aBucketIsAsEmptyAsBeforeUnlessItsLimitChanges() throws Exception {
        var limit =
                "rate_limit { authenticated { burst = 9, rate = 1 }, unauthenticated { burst = %d, rate = 0.001 } }\n";
        start(shop(old) + limit.formatted(2));
        try (var connection = RawConnection.to(proxy().httpPort())) {
            assertThat(ask(connection, "shop", "/").status()).isEqualTo(200);
            assertThat(ask(connection, "shop", "/").status()).isEqualTo(200);
            write(shop(young) + limit.formatted(2) + "rate_limit.bypass_cidrs = [192.0.2.1]\n");
            assertTakenOver(reload());
            assertThat(ask(connection, "shop", "/").status()).isEqualTo(429);
            write(shop(young) + limit.formatted(3));
            reload();
            assertThat(ask(connection, "shop", "/").status()).isEqualTo(200);
            write(shop(young));
            reload();
            for (int i = 0; i < 5; i++) {
                assertThat(ask(connection, "shop", "/").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void aRestartWithABrokenFileUsesTheLastGoodConfiguration() throws Exception {
        start(shop(old));
        write(shop(young));
        reload();
        proxy().close();
        Files.writeString(file, "routes = [{{{ ");
        var beginning = beginning();
        assertThat(beginning.report().result()).isEqualTo(Result.REJECTED);
        running = Proxy.start(beginning);
        try (var connection = RawConnection.to(proxy().httpPort())) {
            assertThat(ask(connection, "shop", "/").text()).isEqualTo("young");
        }
        // once it is mended, it counts, though it means the same as what runs
        write(shop(young));
        assertTakenOver(reload());
    }

    @Test
    void whatIsKeptOverRestartsIsNobodyElsesToRead() throws Exception {
        start(shop(old));
        try (var kept = Files.list(state)) {
            assertThat(kept)
                    .hasSize(2) // the last good configuration and the key of the audit log
                    .allSatisfy(one ->
                            assertThat(Files.getPosixFilePermissions(one)).hasToString("[OWNER_READ, OWNER_WRITE]"));
        }
    }

    @Test
    void aBrokenFileThatNeverWasGoodStartsNothing() throws Exception {
        write("nonsense = 1");
        assertThat(Beginning.read(file, environment())).isInstanceOf(Beginning.Refused.class);
        Files.createDirectory(state);
        assertThat(Beginning.read(file, environment())).isInstanceOf(Beginning.Refused.class);
    }

    @Test
    void whoWasStartedWithoutAFileHasNothingToReload() throws Exception {
        running = Proxies.start(old.port(), folder.resolve("audit"), "");
        assertThat(reload().faults()).containsExactly("this proxy was started without a configuration file");
        proxy().close();
        var late = proxy().reload("test").toCompletableFuture();
        assertThatThrownBy(late::join).hasMessageContaining("starting or stopping");
    }

    private void generation(Path volume, String name, String more) throws IOException {
        Files.writeString(Files.createDirectory(volume.resolve(name)).resolve("config.conf"), text(more));
    }

    private void start(@Nullable String more) throws IOException {
        if (more != null) {
            write(more);
        }
        running = Proxy.start(beginning());
    }

    private Proxy proxy() {
        return requireNonNull(running);
    }

    private Beginning beginning() {
        return switch (Beginning.read(file, environment())) {
            case Beginning.Ready(var beginning) -> beginning;
            case Beginning.Refused(var faults) -> throw new AssertionError(faults);
        };
    }

    private Map<String, String> environment() {
        return Map.of("SUNBEAM_STATE_DIR", state.toString());
    }

    private void write(String more) throws IOException {
        Files.writeString(file, text(more));
    }

    private String text(String more) {
        return """
                listen.http = "127.0.0.1:0"
                telemetry.metrics_port = 0
                admin.listen = "127.0.0.1:0"
                audit.path = "%s"
                shutdown.drain = 1 s
                """.formatted(folder.resolve("audit")) + more;
    }

    private static String shop(Origin origin) {
        return "routes = [{ host_prefix = shop, backend = \"http://127.0.0.1:%d\" }]\n".formatted(origin.port());
    }

    private Report reload() throws Exception {
        return proxy().reload("test").toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** The watch of the file may have been faster. */
    private static void assertTakenOver(Report report) {
        assertThat(report.result()).isIn(Result.APPLIED, Result.UNCHANGED);
        assertThat(report.faults()).isEmpty();
    }

    private void awaitShop(String expected) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        String last;
        do {
            assertThat(System.nanoTime()).as("still waiting for " + expected).isLessThan(deadline);
            Thread.sleep(20);
            try (var connection = RawConnection.to(proxy().httpPort())) {
                last = ask(connection, "shop", "/").text();
            }
        } while (!last.equals(expected));
    }

    private RawConnection.Message send(String text) throws IOException {
        try (var connection = RawConnection.to(proxy().httpPort())) {
            return connection.send(text).read();
        }
    }

    private static RawConnection.Message ask(RawConnection connection, String host, String target) throws IOException {
        return connection
                .send("GET %s HTTP/1.1\nHost: %s.example\nUser-Agent: Mozilla/5.0\n\n".formatted(target, host))
                .read();
    }
}
