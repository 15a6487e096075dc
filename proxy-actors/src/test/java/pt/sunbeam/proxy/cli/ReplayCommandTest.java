package pt.sunbeam.proxy.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pt.sunbeam.codegen.Model;
import pt.sunbeam.codegen.ModelFile;
import pt.sunbeam.codegen.Node;
import pt.sunbeam.codegen.Verdict;
import pt.sunbeam.detector.model.Models;

class ReplayCommandTest {
    private static final String PROBE = """
            {"timestamp":"2026-03-10T12:00:02Z","target":"audit","request_id":"x","method":"GET","host":"h",\
            "path":"/items/1%27%20union%20select%20login,password%20from%20users--%20","query":"","client_ip":"192.0.2.3","status":200,"duration_ms":7,"content_length":0,\
            "user_agent":"curl/8","referer":"-","accept_language":"-","accept":"-","has_cookies":false,\
            "cf_country":"-","backend":"b","error":"-"}
            """;

    @TempDir
    Path folder;

    private record Ran(int exit, String out, String err) {}

    private static Ran run(String input, String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exit = Main.commandLine(Map.of(), new ByteArrayInputStream(input.getBytes(UTF_8)))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Ran(exit, out.toString(), err.toString());
    }

    private static JsonNode json(Ran ran) throws IOException {
        assertThat(ran.out.lines()).hasSize(1);
        return new JsonMapper().readTree(ran.out);
    }

    @Test
    void aLogGivesATable() throws IOException {
        Path file = Files.writeString(folder.resolve("audit.log"), PROBE + "nonsense\n");
        Ran ran = run("", "replay", "--input", file.toString());
        assertThat(ran.exit).isZero();
        assertThat(ran.err).isEmpty();
        assertThat(ran.out)
                .containsPattern("lines +2  .audit log.\\R")
                .containsPattern("parsed +1\\R")
                .contains("1  no JSON object (first: line 2)")
                .containsPattern("scanner +1 +1 +100.00% +1\\R")
                .containsPattern("ddos +1 +0 +0.00% +0\\R")
                .contains("sqli path")
                .contains("line 1  x  192.0.2.3  200  /items/1%27%20union%20select");
    }

    @Test
    void standardInputGivesOneJsonObject() throws IOException {
        Ran ran = run(PROBE, "replay", "--input", "-", "--json", "--window-secs", "30", "--min-events", "7");
        assertThat(ran.exit).isZero();
        JsonNode report = json(ran);
        assertThat(report.at("/parsed").asLong()).isEqualTo(1);
        assertThat(report.at("/settings/window_secs").asLong()).isEqualTo(30);
        assertThat(report.at("/settings/min_events").asLong()).isEqualTo(7);
        assertThat(report.at("/settings/all_hosts_configured").asBoolean()).isTrue();
        assertThat(report.at("/scanner/decisions/potential_false_positives/first/0/request_id")
                        .asText())
                .isEqualTo("x");
        assertThat(report.at("/foreign/reasons").isArray()).isTrue();
        assertThat(report.at("/ddos/banned_addresses").isInt()).isTrue();
    }

    @Test
    void aConfigurationSetsWhatNoOptionDoes() throws IOException {
        Path config = Files.writeString(folder.resolve("proxy.conf"), """
                listen.http = "127.0.0.1:0"
                routes = [{ host_prefix = "shop", backend = "http://127.0.0.1:8080" }]
                ddos { threshold = 0.9, window_secs = 20, min_events = 8 }
                scanner { threshold = 1 }
                """);
        JsonNode report = json(
                run(PROBE, "replay", "--input", "-", "--json", "--config", config.toString(), "--min-events", "9"));
        assertThat(report.at("/settings/ddos_threshold").asDouble()).isEqualTo(0.9);
        assertThat(report.at("/settings/scanner_threshold").asDouble()).isEqualTo(1);
        assertThat(report.at("/settings/window_secs").asLong()).isEqualTo(20);
        assertThat(report.at("/settings/min_events").asLong()).isEqualTo(9);
        assertThat(report.at("/settings/all_hosts_configured").asBoolean()).isFalse();
    }

    @Test
    void aConfigurationWithFaultsExitsWith2() throws IOException {
        Path config = Files.writeString(folder.resolve("bad.conf"), "nonsense = 1\n");
        Ran ran = run(PROBE, "replay", "--input", "-", "--config", config.toString());
        assertThat(ran.exit).isEqualTo(2);
        assertThat(ran.out).isEmpty();
        assertThat(ran.err).contains("bad.conf:1");
    }

    @Test
    void whatCannotBeReadIsNamedAndExitsWith1() {
        String missing = folder.resolve("missing.log").toString();
        assertThat(run("", "replay", "--input", missing))
                .isEqualTo(new Ran(1, "", "sunbeam: " + missing + ": no such file" + System.lineSeparator()));
        Ran directory = run("", "replay", "--input", folder.toString(), "--json");
        assertThat(directory.exit).isEqualTo(1);
        assertThat(directory.out).isEmpty();
        assertThat(directory.err).contains(folder.toString());
    }

    @Test
    void aLogWithoutAuditLinesExitsWith1AndStillSaysWhatItHas() throws IOException {
        Ran ran = run("nonsense\n{}\n", "replay", "--input", "-", "--json");
        assertThat(ran.exit).isEqualTo(1);
        assertThat(json(ran).at("/foreign/count").asLong()).isEqualTo(2);
        assertThat(ran.err).contains("standard input: no line can be read as a line of an audit log");
        assertThat(run("", "replay", "--input", "-").exit).isEqualTo(1);
    }

    @Test
    void aModelFileJudgesInsteadOfTheModelCompiledIn() throws IOException {
        byte[] compiled;
        try (var in = Models.class.getResourceAsStream("scanner-baseline.model")) {
            compiled = in.readAllBytes();
        }
        var model = ((ModelFile.Loaded) ModelFile.read(compiled)).model();
        byte[] lenient = ModelFile.write(new Model.Ensemble(
                "scanner-lenient",
                model.features(),
                new Model.Tree(List.of(new Node.Leaf(Verdict.ALLOW))),
                model.mlp(),
                model.blockAt(),
                model.stepsPerNat()));
        Path file = Files.write(folder.resolve("lenient.model"), lenient);
        JsonNode before = json(run(PROBE, "replay", "--scanner-mode", "baseline", "--input", "-", "--json"));
        JsonNode after = json(run(PROBE, "replay", "--input", "-", "--json", "--model", file.toString()));
        assertThat(before.at("/scanner/decisions/blocked").asInt()).isEqualTo(1);
        assertThat(after.at("/scanner/decisions/blocked").asInt()).isZero();
        assertThat(after.at("/settings/scanner_model")).isNotEqualTo(before.at("/settings/scanner_model"));
        assertThat(after.at("/settings/ddos_model")).isEqualTo(before.at("/settings/ddos_model"));

        lenient[lenient.length / 2] ^= 1;
        Ran refused = run(
                PROBE,
                "replay",
                "--input",
                "-",
                "--model",
                Files.write(file, lenient).toString());
        assertThat(refused.exit).isEqualTo(2);
        assertThat(refused.err).contains("lenient.model: corrupted: the file states sha256");
    }

    @Test
    void groupsAndThresholdsComeFromOptions() throws IOException {
        JsonNode report = json(run(
                PROBE,
                "replay",
                "--input",
                "-",
                "--json",
                "--threshold-scanner",
                "1",
                "--threshold-ddos",
                "0.25",
                "--group",
                "lab=192.0.2.0/24",
                "--group",
                "lab=198.51.100.1"));
        assertThat(report.at("/settings/scanner_threshold").asDouble()).isEqualTo(1);
        assertThat(report.at("/settings/ddos_threshold").asDouble()).isEqualTo(0.25);
        assertThat(report.at("/groups/0/name").asText()).isEqualTo("lab");
        assertThat(report.at("/groups/0/blocks/requests").asInt()).isEqualTo(1);
        assertThat(report.at("/groups/1/blocks/requests").asInt()).isZero();
    }

    @Test
    void aFormatMayBeForced() throws IOException {
        Ran ran = run(PROBE, "replay", "--input", "-", "--json", "--format", "access");
        assertThat(ran.exit).isEqualTo(1);
        assertThat(json(ran).at("/foreign/count").asInt()).isEqualTo(1);
        assertThat(ran.err).contains("no line can be read as a line of an access log");
    }
}
