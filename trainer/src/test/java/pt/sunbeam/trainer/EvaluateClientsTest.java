package pt.sunbeam.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People of a log and a recorded flood over it, against the committed models. */
class EvaluateClientsTest {
    /** Tools of fold 4, which the committed models never saw, and of another. */
    private static final String HELD_OUT = "httperf", FITTED = "wrk";

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void writeLogs() throws IOException {
        var log = new StringBuilder();
        for (int second = 0; second < 7_200; second++) {
            // Each of 60 people, each in a network of its own, loads a page with its parts and reads it for a minute.
            int person = second % 60;
            for (int part = 0; part < 6; part++) {
                log.append(String.format(
                        Locale.ROOT,
                        "10.%d.1.1 - - [29/Jan/2024:%02d:%02d:%02d +0000] \"GET /%s%d HTTP/1.1\" 200 10 \"%s\" \"Mozilla/5.0 Firefox/121.0\"%n",
                        person,
                        10 + second / 3_600,
                        second / 60 % 60,
                        person,
                        part == 0 ? "page/" : "style.css?",
                        (second / 60 + part) % 40,
                        part == 0 ? "-" : "https://www.example.org/page/1"));
            }
        }
        Files.createDirectories(folder.resolve("access-logs"));
        Files.writeString(folder.resolve("access-logs/bp-gov-website.log"), log);
        // Two tools: the committed models hold the one of fold 4 out.
        var flood = new StringBuilder();
        for (var host : new String[] {HELD_OUT, FITTED}) {
            for (int i = 0; i < 1_000; i++) {
                flood.append(String.format(
                        Locale.ROOT,
                        "{\"timestamp\":\"2026-01-05T08:00:%02d.%03d000Z\",\"level\":\"INFO\",\"target\":\"audit\",\"fields\":{\"request_id\":\"r%d\",\"method\":\"GET\",\"host\":\"%s\",\"path\":\"/\",\"query\":\"\",\"client_ip\":\"192.0.2.7\",\"status\":200,\"duration_ms\":1,\"content_length\":0,\"response_bytes\":10,\"user_agent\":\"wrk\",\"referer\":\"-\",\"accept_language\":\"-\",\"accept\":\"-\",\"accept_encoding\":\"-\",\"has_cookies\":false,\"connection\":\"-\",\"cf_country\":\"-\",\"backend\":\"-\",\"error\":\"-\",\"http_version\":\"HTTP/1.1\",\"header_count\":2}}%n",
                        i / 100,
                        i % 100 * 10,
                        i,
                        host));
            }
            Files.createDirectories(folder.resolve("floods"));
            Files.writeString(folder.resolve("floods/" + host + ".audit"), flood);
            flood.setLength(0);
        }
        Files.writeString(
                folder.resolve("floods/campaigns.tsv"),
                "%1$s %1$s flood%n%2$s %2$s flood%n".formatted(HELD_OUT, FITTED));
    }

    @Test
    void aFloodIsBlockedWithinSecondsAndNobodyElse() {
        assertThat(run(
                        "--data",
                        folder.toString(),
                        "--recordings",
                        folder.resolve("floods").toString()))
                .isZero();
        var evidence = section("== ddos\n");
        assertThat(evidence).containsPattern("flood: " + HELD_OUT + " +\\d+ +within 5 s +100.00%");
        assertThat(evidence).doesNotContain(FITTED);
        assertThat(evidence).containsPattern("\nall +\\d+ +0 +0 +0.000%");
        assertThat(section("== fixed rules")).containsPattern("limit .* 100.00% .* 0 +0.000%");
        assertThat(section("== ddos-baseline\n")).contains("flood: " + HELD_OUT);
    }

    @Test
    void aFolderWithoutModelsSaysWhatItLacks() {
        assertThat(run("--data", folder.toString(), "--models", folder.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("no models (expected: fold-N/ddos.model)");
    }

    private int run(String... options) {
        var arguments = new String[options.length + 3];
        arguments[0] = "evaluate-clients";
        arguments[1] = "--output";
        arguments[2] = "..";
        System.arraycopy(options, 0, arguments, 3, options.length);
        return Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private String section(String heading) {
        var text = out.toString();
        assertThat(text).contains(heading);
        int start = text.indexOf(heading) + heading.length();
        int end = text.indexOf("\n== ", start);
        return text.substring(start, end < 0 ? text.length() : end);
    }
}
