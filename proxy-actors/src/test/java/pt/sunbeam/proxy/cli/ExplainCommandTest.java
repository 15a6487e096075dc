package pt.sunbeam.proxy.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExplainCommandTest {
    private static final String LOG = """
            nonsense
            {"timestamp":"2026-03-10T12:00:02Z","target":"audit","request_id":"x","method":"GET","host":"h",\
            "path":"/cgi-bin/a.cgi","query":"","client_ip":"192.0.2.3","status":200,"duration_ms":7,"content_length":0,\
            "user_agent":"curl/8","referer":"-","accept_language":"-","accept":"-","has_cookies":false,\
            "cf_country":"-","backend":"b","error":"-"}
            """;
    private static final String ACCESS = """
            192.0.2.3 - - [10/Mar/2026:12:00:02 +0000] "GET /cgi-bin/a.cgi?x=1 HTTP/1.1" 200 12 "-" "curl/8"
            """;

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
        assertThat(ran.exit).as(ran.err).isZero();
        assertThat(ran.out.lines()).hasSize(1);
        return new JsonMapper().readTree(ran.out);
    }

    @Test
    void aLineIsExplainedInWords() {
        Ran ran = run(LOG, "explain", "--input", "-", "--line", "2", "--scanner-mode", "baseline");
        assertThat(ran.exit).isZero();
        assertThat(ran.err).isEmpty();
        assertThat(ran.out)
                .contains("request  GET /cgi-bin/a.cgi  (host: h)")
                .contains("line 2  x  192.0.2.3  200")
                .contains("ddos     allow")
                .contains("too few to judge (min_events: 5)")
                .contains("scanner  block")
                .contains("has_suspicious_extension is 1, not below 1: right");
    }

    @Test
    void aRequestIdFindsItsLine() throws IOException {
        JsonNode found =
                json(run(LOG, "explain", "--input", "-", "--request-id", "x", "--json", "--scanner-mode", "baseline"));
        assertThat(found.at("/request/line").asInt()).isEqualTo(2);
        assertThat(found.at("/scanner/trace/features").size()).isEqualTo(12);
        assertThat(found.at("/ddos/trace/features").size()).isEqualTo(22);
        assertThat(found.at("/ddos/judged").asBoolean()).isFalse();
    }

    @Test
    void aLineOfAnAccessLogIsExplained() throws IOException {
        JsonNode absent =
                json(run(ACCESS, "explain", "--scanner-mode", "baseline", "--input", "-", "--line", "1", "--json"));
        assertThat(absent.at("/scanner/trace/features/3/raw").asInt()).isZero();
        JsonNode browser = json(run(
                ACCESS,
                "explain",
                "--scanner-mode",
                "baseline",
                "--input",
                "-",
                "--line",
                "1",
                "--unseen",
                "browser",
                "--json"));
        assertThat(browser.at("/scanner/trace/features/3/feature").asText()).isEqualTo("has_cookies");
        assertThat(browser.at("/scanner/trace/features/3/raw").asInt()).isEqualTo(1);
        assertThat(browser.at("/scanner/trace/features/9/raw").asInt())
                .as("the log does not say which host")
                .isEqualTo(1);
    }

    @Test
    void whatCurlWouldSendIsExplained() throws IOException {
        JsonNode found = json(run(
                "",
                "explain",
                "--scanner-mode",
                "baseline",
                "-X",
                "DELETE",
                "-H",
                "Accept-Language: pt",
                "-sS",
                "-A",
                "Mozilla/5.0",
                "--data",
                "a=1",
                "--json",
                "http://shop.example/item/1?x=1"));
        assertThat(found.at("/method").asText()).isEqualTo("DELETE");
        assertThat(found.at("/target").asText()).isEqualTo("/item/1?x=1");
        assertThat(found.at("/scanner/trace/features/5/raw").asInt()).isEqualTo(1);
        assertThat(found.at("/scanner/trace/features/7/raw").asInt()).isEqualTo(4);
        assertThat(found.at("/ddos").isNull()).isTrue();
        assertThat(found.at("/ddos_missing").asText()).contains("--input");
    }

    @Test
    void whatAValueHoldsIsShownWithTheSmallestEdit() throws IOException {
        Ran ran = run(
                "", "explain", "-d", "page=2", "-d", "note=1' UNION SELECT login, password FROM users-- ", "http://h/");
        assertThat(ran.out)
                .contains("scanner  block")
                .contains("sqli in form \"note\": ")
                .contains("would pass without form \"note\"")
                .contains("{ place = form, name = \"note\" }");
        JsonNode harmless = json(run("", "explain", "--json", "-d", "note=a union of clubs", "http://h/"));
        assertThat(harmless.at("/scanner/decision").asText()).isEqualTo("allow");
        assertThat(harmless.at("/scanner/edit").size()).isZero();
        assertThat(harmless.at("/scanner/mode").asText()).isEqualTo("lexicon");
    }

    @Test
    void aThresholdCountsAsInTheProxy() throws IOException {
        String[] probe = {"explain", "--scanner-mode", "baseline", "--json", "http://h/cgi-bin/a.cgi"};
        assertThat(json(run("", probe)).at("/scanner/decision").asText()).isEqualTo("block");
        JsonNode lenient = json(run(
                "",
                "explain",
                "--scanner-mode",
                "baseline",
                "--json",
                "--threshold-scanner",
                "1",
                "http://h/cgi-bin/a.cgi"));
        assertThat(lenient.at("/scanner/decision").asText()).isEqualTo("allow");
        assertThat(lenient.at("/scanner/trace/perceptron/threshold").asDouble()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--line 1", "--line 9", "--request-id none"})
    void aRequestThatIsNotThereExitsWith1(String wanted) {
        Ran ran = run(LOG, ("explain --input - " + wanted).split(" "));
        assertThat(ran.exit).isEqualTo(1);
        assertThat(ran.out).isEmpty();
        assertThat(ran.err).startsWith("sunbeam: standard input: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "explain",
                "explain --input x",
                "explain --line 1",
                "explain --input x --line 1 --request-id y",
                "explain --input x --line 1 http://h/",
                "explain --line 1 http://h/",
                "explain http://h/ -H nonsense",
                "explain http://h/ --threshold-scanner 2",
                "explain http://h/ --model no-such-file"
            })
    void badUsageExitsWith2(String arguments) {
        Ran ran = run("", arguments.split(" "));
        assertThat(ran.exit).isEqualTo(2);
        assertThat(ran.out).isEmpty();
        assertThat(ran.err).contains("sunbeam explain");
    }
}
