package pt.sunbeam.proxy.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import pt.sunbeam.config.Audit;
import pt.sunbeam.detector.audit.AuditRecord;
import pt.sunbeam.detector.audit.AuditRecord.Extension;
import pt.sunbeam.detector.audit.AuditRecord.Layer;
import pt.sunbeam.detector.audit.AuditWriter;
import pt.sunbeam.proxy.logs.LogText;
import pt.sunbeam.proxy.observe.AuditLog;
import pt.sunbeam.proxy.observe.AuditRecords;

@Timeout(120)
class LogsCommandTest {
    private static final Layer ALLOWED = new Layer("allow", 0.1, "ensemble:tree_allow", List.of());

    @TempDir
    Path folder;

    private record Ran(int exit, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }
    }

    @Test
    void linesStandInColumnsWithWhatStandsOutBehindThem() throws IOException {
        Path file = write(
                record("a", 200, "/", "192.0.2.1", "shop", ALLOWED, null),
                record(
                        "b",
                        403,
                        "/x",
                        "2001:db8::1",
                        "shop/api",
                        new Layer("block", 0.987, "ensemble:mlp", List.of("sqli query id: ' union")),
                        null),
                record("c", 502, "/y", "192.0.2.2", "shop", ALLOWED, "connection refused"));
        var ran = run("--input", file.toString());
        assertThat(ran.exit).isZero();
        assertThat(ran.err).isEmpty();
        assertThat(ran.out).isEqualTo("""
                2026-01-02 03:04:05.000  200  GET          3 ms      512 B  192.0.2.1        shop  shop.example/
                2026-01-02 03:04:05.000  403  GET          3 ms      512 B  2001:db8::1      shop/api  shop.example/x  scanner block 0.99 ensemble:mlp: sqli query id: ' union
                2026-01-02 03:04:05.000  502  GET          3 ms      512 B  192.0.2.2        shop      shop.example/y  error: connection refused
                """.replace("\n", System.lineSeparator()));
    }

    @Test
    void whatAClientSentMovesNoCursor() throws IOException {
        Path file = write(
                record("a", 200, "/\u001b[2J\u0007\u009b\u00e9", "192.0.2.1\r\n", "shop\u001b]0;x", ALLOWED, "\u0000"));
        for (var form : List.of(run("--input", file.toString()), run("--input", file.toString(), "--json"))) {
            assertThat(form.exit).isZero();
            assertThat(form.lines()).hasSize(1);
            assertThat(form.lines().getFirst()).matches("[ -~]+").containsIgnoringCase("\\u001b[2J");
        }
    }

    @Test
    void coloursAreAllThatATerminalGetsBesides() {
        var blocked = record("b", 403, "/\u001b[2J", "192.0.2.1", "shop", new Layer("block", 1, "p", List.of()), "e");
        String plain = new LogText(false).of(blocked);
        String coloured = new LogText(true).of(blocked);
        assertThat(plain).matches("[ -~]+");
        assertThat(coloured)
                .contains("\u001b[33m403\u001b[0m", "\u001b[1;31mscanner block")
                .isNotEqualTo(plain);
        assertThat(coloured.replaceAll("\u001b\\[[0-9;]+m", "")).isEqualTo(plain);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --blocked                         | b
            --status=5xx                      | c
            --status=200,502                  | a c
            --status=403 --status=502         | b c
            --client=192.0.2.0/24             | a c
            --client=2001:db8::/64            | b
            --client=192.0.2.1                | a
            --route=shop/api                  | b
            --route=shop --status=2xx         | a
            --blocked --status=200            |
            -n 2                              | b c
            -n 0                              |
            --lines=1 --status=403            | b
            """)
    void linesAreChosen(String options, @Nullable String wanted) throws IOException {
        Path file = write(
                record("a", 200, "/", "192.0.2.1", "shop", ALLOWED, null),
                record("b", 403, "/", "2001:db8::1", "shop/api", new Layer("block", 1, "p", List.of()), null),
                record("c", 502, "/", "192.0.2.2", "shop", new Layer("observe", 1, "p", List.of()), null));
        var arguments = new ArrayList<>(List.of(options.split(" +", -1)));
        arguments.addAll(List.of("--json", "--input", file.toString()));
        var ran = run(arguments.toArray(String[]::new));
        assertThat(ran.exit).isZero();
        assertThat(ran.lines().stream().map(LogsCommandTest::id))
                .containsExactly(wanted == null ? new String[0] : wanted.split(" ", -1));
    }

    @Test
    void aBadLineIsToldOfWithItsNumberAndTheOthersAreShown() throws IOException {
        Path file = folder.resolve("audit.log");
        Files.writeString(
                file, line(AuditRecords.of("a")) + "{\"timestamp\":\"audit\n\u001b[2J\n" + line(AuditRecords.of("b")));
        var ran = run("--input", file.toString(), "--json");
        assertThat(ran.exit).isZero();
        assertThat(ran.lines().stream().map(LogsCommandTest::id)).containsExactly("a", "b");
        assertThat(ran.err.lines()).hasSize(2).first().asString().startsWith("sunbeam: line 2: ");
        assertThat(ran.err).contains("sunbeam: line 3: ").doesNotContain("\u001b");
    }

    @Test
    void manyBadLinesAreCounted() throws IOException {
        Path file =
                Files.writeString(folder.resolve("audit.log"), "no line\n".repeat(1_000) + line(AuditRecords.of("a")));
        var ran = run("--input", file.toString());
        assertThat(ran.exit).isZero();
        assertThat(ran.err.lines())
                .hasSize(21)
                .last()
                .isEqualTo("sunbeam: 1,000 of 1,001 lines cannot be read as audit lines");
    }

    @Test
    void aLogThatIsNoneOrCannotBeReadFails() throws IOException {
        Path none = Files.writeString(folder.resolve("none"), "127.0.0.1 - - [] \"GET / HTTP/1.1\" 200 1\n");
        assertThat(run("--input", none.toString()).exit).isEqualTo(1);
        var missing = run("--input", folder.resolve("missing").toString());
        assertThat(missing.exit).isEqualTo(1);
        assertThat(missing.err).endsWith("missing: no such file" + System.lineSeparator());
        assertThat(run("--follow", "--input", folder.resolve("missing").toString()).exit)
                .isEqualTo(1);
        assertThat(run("--input", Files.createFile(folder.resolve("empty")).toString()).exit)
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "--status=6xx",
        "--status=ok",
        "--status=20",
        "--client=shop",
        "--client=1.2.3.4/33",
        "-n=-1",
        "-n=many",
        "--nonsense"
    })
    void badUsageIsSaidToBe(String option) throws IOException {
        assertThat(run(option, "--input", write().toString()).exit).isEqualTo(2);
    }

    @Test
    void theConfigurationSaysWhichLog() throws IOException {
        Path log = write(AuditRecords.of("a"));
        Path config = Files.writeString(
                folder.resolve("sunbeam.conf"), "listen.http = \"127.0.0.1:0\", audit.path = \"" + log + "\"");
        assertThat(run("--config", config.toString()).lines()).hasSize(1);
        var environment = Map.of("SUNBEAM_CONFIG", config.toString());
        assertThat(run(environment, InputStream.nullInputStream()).lines()).hasSize(1);

        Files.writeString(config, "listen.http = \"127.0.0.1:0\"");
        var stdout = run("--config", config.toString());
        assertThat(stdout.exit).isEqualTo(2);
        assertThat(stdout.err).contains("audit.path is stdout", "--input -");
        Files.writeString(config, "nonsense = 1");
        assertThat(run("--config", config.toString()).exit).isEqualTo(2);
    }

    @Test
    void packedLogsAndStandardInputAreReadToo() throws IOException {
        byte[] plain = (line(AuditRecords.of("a")) + line(AuditRecords.of("b"))).getBytes(UTF_8);
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        }
        Path file = Files.write(folder.resolve("audit.log.20260102T030405Z.gz"), packed.toByteArray());
        assertThat(run("--input", file.toString()).lines()).hasSize(2);
        assertThat(run(Map.of(), new ByteArrayInputStream(plain), "--input", "-")
                        .lines())
                .hasSize(2);
        assertThat(run(Map.of(), new ByteArrayInputStream(packed.toByteArray()), "--input", "-", "-f")
                        .lines())
                .hasSize(2);
        var replayed = execute(Map.of(), InputStream.nullInputStream(), "replay", "--json", "--input", file.toString());
        assertThat(replayed.out).contains("\"parsed\":2");
    }

    @Test
    void aLogIsFollowedThoughItsFileIsPutAside() throws Exception {
        Path file = folder.resolve("audit.log");
        var rotation = new Audit.Rotation(1_200, null, 100, null, true);
        try (var log = AuditLog.open(new Audit(file, Set.of(), 0, false, rotation));
                var following = new Following(file, "-n", "100")) {
            for (int n = 0; n < 9; n++) {
                log.write(AuditRecords.of("r" + n));
                following.await(n + 1);
            }
            assertThat(following.ids())
                    .isEqualTo(IntStream.range(0, 9).mapToObj(n -> "r" + n).toList());
        }
    }

    @Test
    void nothingIsMissedWhereSeveralFilesWerePutAsideMeanwhile() throws Exception {
        Path file = write(AuditRecords.of("a"), AuditRecords.of("b"), AuditRecords.of("c"));
        try (var following = new Following(file, "-n", "2")) {
            following.await(2); // the last ones
            append(file, line(AuditRecords.of("d")).substring(0, 50)); // a process died
            Files.move(file, folder.resolve("audit.log.20260102T030405Z"));
            Files.writeString(folder.resolve("audit.log.20260102T030405Z-1"), line(AuditRecords.of("e")));
            Files.writeString(folder.resolve("audit.log.20260102T030405Z-2"), line(AuditRecords.of("f")));
            Files.writeString(file, line(AuditRecords.of("g")));
            following.await(5);

            Files.move(file, folder.resolve("audit.log.1")); // as logrotate does
            append(folder.resolve("audit.log.1"), line(AuditRecords.of("h")));
            Files.writeString(file, line(AuditRecords.of("i")));
            following.await(7);

            Files.delete(file); // for a while there is none
            Files.writeString(folder.resolve("other"), line(AuditRecords.of("j")));
            Thread.sleep(500);
            Files.move(folder.resolve("other"), file);
            following.await(8);

            Files.writeString(file, ""); // as copytruncate does
            Thread.sleep(500); // between two looks at it nobody can tell
            append(file, line(AuditRecords.of("k")));
            following.await(9);
            assertThat(following.ids()).containsExactly("b", "c", "e", "f", "g", "h", "i", "j", "k");
        }
    }

    /** The command in a thread of its own, until it is closed. */
    private static final class Following implements AutoCloseable {
        private final StringWriter out = new StringWriter();
        private final Thread thread;
        private volatile int exit = -1;

        Following(Path file, String... options) {
            var arguments = new ArrayList<>(List.of("logs", "-f", "--json", "--input", file.toString()));
            arguments.addAll(Arrays.asList(options));
            thread = Thread.ofPlatform()
                    .start(() -> exit = commandLine(Map.of(), InputStream.nullInputStream(), out, new StringWriter())
                            .execute(arguments.toArray(String[]::new)));
        }

        List<String> ids() {
            return out.toString().lines().map(LogsCommandTest::id).toList();
        }

        void await(int lines) throws InterruptedException {
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (out.toString().lines().count() < lines) {
                assertThat(System.nanoTime()).as(out.toString()).isLessThan(deadline);
                Thread.sleep(20);
            }
        }

        @Override
        public void close() {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            assertThat(exit).isZero();
        }
    }

    private Path write(AuditRecord... records) throws IOException {
        Path file = folder.resolve("audit.log");
        Files.writeString(file, "");
        for (AuditRecord record : records) {
            append(file, line(record));
        }
        return file;
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.APPEND);
    }

    private static String line(AuditRecord record) throws IOException {
        var line = new ByteArrayOutputStream();
        new AuditWriter().write(record, line);
        return line.toString(UTF_8);
    }

    private static String id(String json) {
        return json.replaceAll(".*\"request_id\":\"([^\"]*)\".*", "$1");
    }

    private static AuditRecord record(
            String id, int status, String path, String client, String route, Layer scanner, @Nullable String error) {
        return AuditRecords.of(
                id,
                status,
                path,
                client,
                error,
                new Extension(1, "node", route, null, scanner, null, 1, List.of(), null));
    }

    private static Ran run(String... options) {
        return run(Map.of(), InputStream.nullInputStream(), options);
    }

    private static Ran run(Map<String, String> environment, InputStream in, String... options) {
        var arguments = new ArrayList<>(List.of("logs"));
        arguments.addAll(Arrays.asList(options));
        return execute(environment, in, arguments.toArray(String[]::new));
    }

    private static Ran execute(Map<String, String> environment, InputStream in, String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exit = commandLine(environment, in, out, err).execute(arguments);
        return new Ran(exit, out.toString(), err.toString());
    }

    private static CommandLine commandLine(
            Map<String, String> environment, InputStream in, StringWriter out, StringWriter err) {
        return Main.commandLine(environment, in)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
    }
}
