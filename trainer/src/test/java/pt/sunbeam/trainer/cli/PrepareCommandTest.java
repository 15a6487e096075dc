package pt.sunbeam.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pt.sunbeam.trainer.Main;
import pt.sunbeam.trainer.dataset.DatasetFile;
import pt.sunbeam.trainer.dataset.RequestRow;
import pt.sunbeam.trainer.dataset.WindowRow;

class PrepareCommandTest {
    @TempDir
    Path folder;

    private final StringWriter said = new StringWriter();

    @Test
    void ownTrafficBecomesRequestsAndWindowsWithTheLabelsThatAreKnown() throws IOException {
        var log = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            log.append(line(i, "/page/" + i, "192.0.2.1", 200, true, ""));
            log.append(line(i, "/x" + i + "/.env", "198.51.100.7", 404, false, ""));
            log.append(line(i, "/odd/" + i, "192.0.2.9", 404, false, ",\"label\":\"attack\""));
            log.append(line(i, "/nothing/known" + i, "203.0.113.5", 500, false, ""));
        }
        var input = write("audit.log", log);
        var labels = write("labels", "# mine\n192.0.2.0/24 2026-01-01T00:00:00Z 2027-01-01T00:00:00+01:00 normal\n");
        assertThat(run("--input", input, "--labels", labels)).as(said::toString).isZero();
        var file = DatasetFile.open(output());
        var requests = new ArrayList<RequestRow>();
        file.forEach(RequestRow.class, requests::add);
        assertThat(requests).hasSize(90);
        assertThat(requests).allMatch(row -> row.attack() != row.target().startsWith("/page/"));
        assertThat(requests.getFirst().origin().site()).isEqualTo("shop.example");
        assertThat(said.toString()).containsPattern("audit.log +120 \\|.* 30\\b");
        var windows = new ArrayList<WindowRow>();
        file.forEach(WindowRow.class, window -> {
            if (window.origin().source().equals("own traffic")) {
                windows.add(window);
            }
        });
        assertThat(windows).isNotEmpty();
        for (var window : windows) {
            var client = window.origin().client();
            // The line's label beats the operator's, who knows nothing of the others: there the rule of thumb on errors
            // decides.
            assertThat(window.attack()).as(client).isEqualTo(!client.equals("192.0.2.1"));
            assertThat(window.raw()[0]).isEqualTo(Math.round(window.events() * 1_000.0 / 60));
        }
    }

    @Test
    void heuristicsFromAFileLabelWindows() throws IOException {
        var log = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            log.append(line(i, "/page/" + i, "192.0.2.1", 200, true, ""));
        }
        var input = write("audit.log", log);
        assertThat(run("--input", input, "--heuristics", write("h.toml", "request_rate = 0.2\n")))
                .isZero();
        var attacks = new ArrayList<Boolean>();
        DatasetFile.open(output()).forEach(WindowRow.class, window -> {
            if (window.origin().source().equals("own traffic")) {
                attacks.add(window.attack());
            }
        });
        assertThat(attacks).contains(true, false);
    }

    @Test
    void everyLineThatCannotBeReadIsCountedWithItsFirstNumber() throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(line(1, "/a", "192.0.2.1", 200, true, "").getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes("no log line\n".getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(
                "{\"target\":\"audit\",\"fields\":{\"path\":\"/caf\u00e9\"}}\n".getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes(line(1, "/b", "192.0.2.1", 200, true, "")
                .replace("\"status\":200", "\"status\":\"many\"")
                .getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(("{\"target\":\"audit\"" + " ".repeat(1 << 21) + "}\n").getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(line(1, "-", "192.0.2.1", 400, true, "")
                .replace("\"method\":\"GET\"", "\"method\":\"-\"")
                .getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(
                line(1, "/c", "192.0.2.1", 200, true, "").substring(0, 200).getBytes(StandardCharsets.UTF_8));
        var input =
                Files.write(folder.resolve("audit.log"), bytes.toByteArray()).toString();
        assertThat(run("--input", input)).as(said::toString).isZero();
        assertThat(said.toString())
                .contains("first in line 2: no JSON object")
                .containsPattern("first in line 3: byte \\d+: not UTF-8")
                .containsPattern("first in line 4: .*status")
                .containsPattern("first in line 5: more than \\d+ bytes")
                .contains("first in line 6: no request: refused")
                .containsPattern("first in line 7: ");
        assertThat(DatasetFile.open(output())
                        .header()
                        .sources()
                        .getFirst()
                        .requests()
                        .total())
                .isEqualTo(1);
    }

    @Test
    void nothingLabelledIsAnErrorAndLeavesNoFile() throws IOException {
        var input = write("audit.log", line(1, "/a", "192.0.2.1", 500, false, ""));
        assertThat(run("--input", input)).isEqualTo(1);
        assertThat(said.toString()).contains("nothing to write");
        assertThat(folder).isDirectoryNotContaining(path -> path.toString().contains("out.bin"));
    }

    @Test
    void aFileOfWhichNothingCanBeReadIsNamedAndLeavesTheOldDatasetAlone() throws IOException {
        Files.writeString(output(), "old");
        assertThat(run("--input", write("foreign.log", "hello\nworld\n"))).isEqualTo(1);
        assertThat(said.toString()).contains("foreign.log:1: no JSON object");
        assertThat(output()).hasContent("old");
    }

    @ParameterizedTest
    @CsvSource({
        "'nonsense', labels:1: found",
        "'192.0.2.1/24 normal', labels:1: 192.0.2.1/24 has bits beyond its prefix",
        "'192.0.2.1 2026-01-01 2026-01-02 attack', labels:1:",
    })
    void aBrokenLabelIsBadUsageNamedByLine(String line, String message) throws IOException {
        var input = write("audit.log", line(1, "/a", "192.0.2.1", 200, true, ""));
        assertThat(run("--input", input, "--labels", write("labels", line + "\n")))
                .isEqualTo(2);
        assertThat(said.toString()).contains(message);
    }

    @ParameterizedTest
    @CsvSource({
        "'request_rat = 1', unknown key request_rat",
        "'error_rate = 7', 'error_rate: found 7 (expected: 0 to 1)'",
        "'error_rate = ', h.toml:1:",
    })
    void brokenHeuristicsAreBadUsage(String toml, String message) throws IOException {
        var input = write("audit.log", line(1, "/a", "192.0.2.1", 200, true, ""));
        assertThat(run("--input", input, "--heuristics", write("h.toml", toml + "\n")))
                .isEqualTo(2);
        assertThat(said.toString()).contains(message);
    }

    @Test
    void badOptionsAreBadUsage() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("--input", folder.resolve("nowhere").toString())).isEqualTo(2);
        assertThat(run("--owasp")).isEqualTo(2);
        assertThat(run("--data", folder.resolve("nowhere").toString())).isEqualTo(2);
        assertThat(said.toString()).contains("--input: found", "(expected: a file that can be read)");
    }

    private Path output() {
        return folder.resolve("out.bin");
    }

    private int run(String... args) {
        var all = new ArrayList<>(List.of("prepare-dataset", "--output", output().toString()));
        all.addAll(List.of(args));
        return Main.commandLine()
                .setOut(new PrintWriter(said))
                .setErr(new PrintWriter(said))
                .execute(all.toArray(String[]::new));
    }

    private String write(String name, CharSequence text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static String line(int second, String path, String client, int status, boolean browser, String more) {
        return "{\"timestamp\":\"2026-01-05T08:00:%02d.%03dZ\",\"level\":\"INFO\",\"target\":\"audit\",\"fields\":{\"request_id\":\"r\",\"method\":\"GET\",\"host\":\"Shop.example:8080\",\"path\":\"%s\",\"query\":\"%s\",\"client_ip\":\"%s\",\"status\":%d,\"duration_ms\":5,\"content_length\":0,\"response_bytes\":10,\"user_agent\":\"Mozilla/5.0\",\"referer\":\"%s\",\"accept_language\":\"%s\",\"accept\":\"*/*\",\"accept_encoding\":\"gzip\",\"has_cookies\":%b,\"connection\":\"-\",\"cf_country\":\"-\",\"backend\":\"-\",\"error\":\"-\",\"http_version\":\"HTTP/1.1\",\"header_count\":4%s},\"sunbeam\":{\"v\":1,\"node\":\"n\",\"upstream_ms\":1,\"shape\":[]}}\n"
                .formatted(
                        second % 60,
                        0,
                        path,
                        "",
                        client,
                        status,
                        browser ? "https://shop.example/" : "-",
                        browser ? "en" : "-",
                        browser,
                        more);
    }
}
