package pt.sunbeam.trainer.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.trainer.download.Catalogue.Item;
import pt.sunbeam.trainer.download.Catalogue.Part;
import pt.sunbeam.trainer.download.Catalogue.Source;
import pt.sunbeam.trainer.report.Progress;

@Timeout(60)
class DownloadsTest {
    private static final byte[] FILE = new byte[300_000];
    private static final int CUT = 100_000;

    static {
        new SplittableRandom(7).nextBytes(FILE);
    }

    @TempDir
    Path folder;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> asked = new CopyOnWriteArrayList<>(); // range and validator of each request
    private final CountDownLatch over = new CountDownLatch(1);
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void aFileIsFetchedCheckedAndNotAskedForAgain() throws Exception {
        serve(DownloadsTest::whole);
        assertThat(fetch(1)).isTrue();
        assertThat(set()).containsExactly("file.txt");
        assertThat(folder.resolve("set/file.txt")).hasBinaryContent(FILE);
        assertThat(fetch(1)).isFalse();
        assertThat(asked).containsExactly("none none");
    }

    @Test
    void aTransferThatIsCutGoesOnInALaterRun() throws Exception {
        serve(DownloadsTest::cut);
        assertThatThrownBy(() -> fetch(1)).isInstanceOf(TransferException.class);
        assertThat(set()).containsExactly("file.txt.part", "file.txt.part.etag");
        long have = Files.size(folder.resolve("set/file.txt.part"));
        assertThat(have).isPositive().isLessThanOrEqualTo(CUT);
        assertThat(folder.resolve("set/file.txt.part")).hasBinaryContent(Arrays.copyOf(FILE, (int) have));

        serve(DownloadsTest::rest);
        fetch(1);
        assertThat(asked.getLast()).isEqualTo("bytes=" + have + "- \"one\"");
        assertThat(set()).containsExactly("file.txt");
        assertThat(folder.resolve("set/file.txt")).hasBinaryContent(FILE);
    }

    @Test
    void aTransferThatIsCutGoesOnInTheSameRun() throws Exception {
        serve(exchange -> {
            if (asked.size() == 1) {
                cut(exchange);
            } else {
                rest(exchange);
            }
        });
        fetch(3);
        assertThat(asked).hasSize(2);
        assertThat(asked.getLast()).startsWith("bytes=");
        assertThat(folder.resolve("set/file.txt")).hasBinaryContent(FILE);
    }

    @Test
    void aServerThatIgnoresRangesSendsAllOfItAgain() throws Exception {
        serve(DownloadsTest::cut);
        assertThatThrownBy(() -> fetch(1)).isInstanceOf(TransferException.class);
        serve(DownloadsTest::whole);
        fetch(1);
        assertThat(asked.getLast()).startsWith("bytes=");
        assertThat(folder.resolve("set/file.txt")).hasBinaryContent(FILE);
    }

    @Test
    void withoutAValidatorTheBeginningIsFetchedAgain() throws Exception {
        serve(exchange -> {
            exchange.sendResponseHeaders(200, FILE.length);
            write(exchange, FILE, 0, CUT);
        });
        assertThatThrownBy(() -> fetch(1)).isInstanceOf(TransferException.class);
        serve(DownloadsTest::whole);
        fetch(1);
        assertThat(asked.getLast()).isEqualTo("none none");
        assertThat(folder.resolve("set/file.txt")).hasBinaryContent(FILE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"206", "416"})
    void aRangeThatDoesNotFitIsThrownAwayAndAllIsFetchedAgain(int status) throws Exception {
        serve(DownloadsTest::cut);
        assertThatThrownBy(() -> fetch(1)).isInstanceOf(TransferException.class);
        serve(exchange -> {
            if (asked.getLast().startsWith("none")) {
                whole(exchange);
                return;
            }
            exchange.getResponseHeaders().set("Content-Range", "bytes 7-99/300000");
            exchange.sendResponseHeaders(status, status == 206 ? 93 : -1);
            write(exchange, FILE, 7, status == 206 ? 93 : 0);
        });
        fetch(2);
        assertThat(folder.resolve("set/file.txt")).hasBinaryContent(FILE);
    }

    @Test
    void aWrongChecksumLeavesNothing() throws Exception {
        var other = FILE.clone();
        other[5]++;
        serve(exchange -> {
            exchange.sendResponseHeaders(200, other.length);
            write(exchange, other, 0, other.length);
        });
        assertThatThrownBy(() -> fetch(3))
                .hasMessageContaining("file.txt: 300,000 bytes with SHA-256 " + sha256(other))
                .hasMessageContaining("expected: 300,000 with " + sha256(FILE));
        assertThat(set()).isEmpty();
    }

    @Test
    void aFileOfWrongContentIsReplacedOnlyByTheRightOne() throws Exception {
        Files.createDirectories(folder.resolve("set"));
        Files.writeString(folder.resolve("set/file.txt"), "mine");
        serve(exchange -> exchange.sendResponseHeaders(404, -1));
        assertThatThrownBy(() -> fetch(1)).hasMessageEndingWith("/file: HTTP 404");
        assertThat(folder.resolve("set/file.txt")).hasContent("mine");
        serve(DownloadsTest::whole);
        assertThat(fetch(1)).isTrue();
        assertThat(folder.resolve("set/file.txt")).hasBinaryContent(FILE);
    }

    @Test
    void aMissingFileIsNotAskedForTwiceAndLeavesNothing() throws Exception {
        serve(exchange -> exchange.sendResponseHeaders(404, -1));
        assertThatThrownBy(() -> fetch(3)).hasMessageEndingWith("/file: HTTP 404");
        assertThat(asked).hasSize(1);
        assertThat(set()).isEmpty();
    }

    @Test
    void aServerInTroubleIsAskedAgain() throws Exception {
        serve(exchange -> {
            if (asked.size() < 3) {
                exchange.sendResponseHeaders(503, -1);
            } else {
                whole(exchange);
            }
        });
        fetch(3);
        assertThat(folder.resolve("set/file.txt")).hasBinaryContent(FILE);
        assertThat(shown.toString(StandardCharsets.UTF_8))
                .contains("HTTP 503; trying again", "100/100 % of file, 292 KiB");
    }

    @Test
    void whereNobodyListensThereIsOneClearLineAndNothingLeft() throws Exception {
        server.stop(0);
        assertThatThrownBy(() -> fetch(3))
                .hasMessage("no connection to 127.0.0.1:%d (no network, or nobody listens)"
                        .formatted(server.getAddress().getPort()));
        assertThat(set()).isEmpty();
    }

    @Test
    void aServerThatFallsSilentIsGivenUpAndThePartIsKept() throws Exception {
        serve(exchange -> {
            exchange.getResponseHeaders().set("ETag", "\"one\"");
            exchange.sendResponseHeaders(200, FILE.length);
            exchange.getResponseBody().write(FILE, 0, CUT);
            exchange.getResponseBody().flush();
            await(over);
        });
        assertThatThrownBy(() -> fetch(1)).hasMessageEndingWith("/file: no byte for 1 s");
        assertThat(Files.size(folder.resolve("set/file.txt.part"))).isEqualTo(CUT);
    }

    @Test
    void moreBytesThanTheFileHasAreNotTaken() throws Exception {
        serve(exchange -> {
            exchange.sendResponseHeaders(200, 0); // chunked: of any length
            try (var out = exchange.getResponseBody()) {
                while (true) {
                    out.write(FILE);
                }
            } catch (IOException clientIsGone) {
                // as it should be
            }
        });
        assertThatThrownBy(() -> fetch(3)).hasMessageContaining("more bytes than 300,000");
        serve(exchange -> {
            exchange.sendResponseHeaders(200, 300_001);
            write(exchange, FILE, 0, FILE.length);
        });
        assertThatThrownBy(() -> fetch(3)).hasMessageContaining("300,001 bytes offered (expected: at most 300,000)");
    }

    @Test
    void redirectsAreFollowedButNotForEver() throws Exception {
        server.createContext("/moved", exchange -> redirect(exchange, "/file"));
        server.createContext("/circle", exchange -> redirect(exchange, "/circle"));
        serve(DownloadsTest::whole);
        fetch(1, plain("/moved"));
        assertThat(folder.resolve("set/file.txt")).hasBinaryContent(FILE);
        Files.delete(folder.resolve("set/file.txt"));
        assertThatThrownBy(() -> fetch(3, plain("/circle"))).hasMessageContaining("/circle: ");
        assertThat(set()).isEmpty();
    }

    @Test
    void filesOfAnArchiveAreUnpackedAndChecked() throws Exception {
        serveBytes(zip("in/a.txt", FILE, "in/b.txt.gz", gzip(FILE), "in/other", new byte[3]));
        assertThat(fetch(1, archive("a.txt", "b.txt"))).isTrue();
        assertThat(set()).containsExactly("a.txt", "b.txt");
        assertThat(folder.resolve("set/b.txt")).hasBinaryContent(FILE);
        assertThat(fetch(1, archive("a.txt", "b.txt"))).isFalse();
    }

    @Test
    void anArchiveThatIsNotWhatItShouldBeLeavesNothingHalfWritten() throws Exception {
        serveBytes(zip("a.txt", FILE));
        assertThatThrownBy(() -> fetch(1, archive("b.txt")))
                .hasMessageContaining("no b.txt and no b.txt.gz in the archive");
        serveBytes(zip("b.txt", new byte[400_000]));
        assertThatThrownBy(() -> fetch(1, archive("b.txt"))).hasMessageContaining("b.txt: 300,001 bytes");
        serveBytes("no archive".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> fetch(1, archive("b.txt"))).hasMessageContaining("not a sound archive");
        assertThat(set()).isEmpty();
    }

    @Test
    void twoRunsDoNotWriteOnePart() throws Exception {
        Files.createDirectories(folder.resolve("set"));
        try (var _ = PartFile.open(folder.resolve("set/file.txt.part"))) {
            assertThatThrownBy(() -> fetch(1)).hasMessage("file.txt.part is being fetched by another run");
        }
    }

    private boolean fetch(int attempts) throws IOException, InterruptedException {
        return fetch(attempts, plain("/file"));
    }

    private boolean fetch(int attempts, Part part) throws IOException, InterruptedException {
        var patience =
                new Transfer.Patience(Duration.ofSeconds(5), Duration.ofSeconds(1), attempts, Duration.ofMillis(1));
        var progress = new Progress(new PrintStream(shown, true, StandardCharsets.UTF_8), false);
        try (var downloads = new Downloads(folder, new Transfer(patience, progress))) {
            return downloads.fetch(new Source("set", "about", "terms", URI.create("http://h"), null, List.of(part)));
        }
    }

    private Part plain(String path) {
        return new Part(address(path), false, FILE.length, List.of(new Item("file.txt", FILE.length, sha256(FILE))));
    }

    private Part archive(String... names) {
        return new Part(
                address("/file"),
                true,
                1 << 20,
                Stream.of(names)
                        .map(name -> new Item(name, FILE.length, sha256(FILE)))
                        .toList());
    }

    private URI address(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    /** Names in the set's folder. */
    private List<String> set() throws IOException {
        if (!Files.exists(folder.resolve("set"))) {
            return List.of();
        }
        try (var files = Files.list(folder.resolve("set"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** From now on /file is answered so. */
    private void serve(HttpHandler handler) {
        if (!asked.isEmpty()) {
            server.removeContext("/file");
        }
        server.createContext("/file", exchange -> {
            try (exchange) {
                asked.add(header(exchange, "Range") + " " + header(exchange, "If-Range"));
                handler.handle(exchange);
            }
        });
    }

    private void serveBytes(byte[] bytes) {
        serve(exchange -> {
            exchange.sendResponseHeaders(200, bytes.length);
            write(exchange, bytes, 0, bytes.length);
        });
    }

    private static String header(HttpExchange exchange, String name) {
        var value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "none" : value;
    }

    private static void whole(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("ETag", "\"one\"");
        exchange.sendResponseHeaders(200, FILE.length);
        write(exchange, FILE, 0, FILE.length);
    }

    private static void cut(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("ETag", "\"one\"");
        exchange.sendResponseHeaders(200, FILE.length);
        write(exchange, FILE, 0, CUT);
    }

    private static void rest(HttpExchange exchange) throws IOException {
        int from = Integer.parseInt(header(exchange, "Range").replaceAll("\\D", ""));
        exchange.getResponseHeaders()
                .set("Content-Range", "bytes %d-%d/%d".formatted(from, FILE.length - 1, FILE.length));
        exchange.sendResponseHeaders(206, FILE.length - from);
        write(exchange, FILE, from, FILE.length - from);
    }

    private static void redirect(HttpExchange exchange, String to) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Location", to);
            exchange.sendResponseHeaders(302, -1);
        }
    }

    private static void write(HttpExchange exchange, byte[] bytes, int offset, int length) throws IOException {
        OutputStream out = exchange.getResponseBody();
        out.write(bytes, offset, length);
        out.flush();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] zip(Object... namesAndBytes) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < namesAndBytes.length; i += 2) {
                zip.putNextEntry(new ZipEntry((String) namesAndBytes[i]));
                zip.write((byte[]) namesAndBytes[i + 1]);
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException everyPlatformHasIt) {
            throw new AssertionError(everyPlatformHasIt);
        }
    }
}
