package pt.sunbeam.config;

import static org.assertj.core.api.Assertions.assertThat;
import static pt.sunbeam.config.Reading.faults;
import static pt.sunbeam.config.Reading.hocon;
import static pt.sunbeam.config.Reading.loaded;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TelemetryTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "telemetry {}", "telemetry.otlp_endpoint = \"\"", "telemetry.trace_sample = 0.5"})
    void withoutAnEndpointThereAreNoTraces(String lines) {
        assertThat(loaded(hocon(lines)).telemetry().traces()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "http://collector:4318, http://collector:4318/v1/traces",
        "http://collector:4318/, http://collector:4318/v1/traces",
        "HTTPS://otlp.example, https://otlp.example/v1/traces",
        "https://otlp.example/gateway/otlp/, https://otlp.example/gateway/otlp/v1/traces",
        "http://[::1]:4318, http://[::1]:4318/v1/traces",
    })
    void spansGoToAPathBelowTheEndpoint(String endpoint, String whole) {
        var traces = traces("otlp_endpoint = \"" + endpoint + "\"");
        assertThat(traces).isEqualTo(new Telemetry.Traces(URI.create(whole), Map.of(), 1, "sunbeam"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "collector:4318",
                "collector",
                "ftp://collector",
                "grpc://collector:4317",
                "http://",
                "http:///v1",
                "http://collector:0",
                "http://collector:70000",
                "http://collector:4318/v1/traces",
                "http://collector:4318/v1/traces/",
                "http://collector?x=1",
                "http://collector#x",
                "http://col lector",
                " ",
            })
    void whatIsNoBaseUrlIsAFault(String endpoint) {
        assertThat(faults(hocon("telemetry.otlp_endpoint = \"" + endpoint + "\"")))
                .singleElement()
                .asString()
                .startsWith("s.conf:2: telemetry.otlp_endpoint: found ")
                .endsWith("(expected: http://host:port or https://host:port of an OTLP/HTTP collector, with or without"
                        + " a path, to which /v1/traces is added)");
    }

    @Test
    void userInformationIsAFaultAndNotShown() {
        assertThat(faults(hocon("telemetry.otlp_endpoint = \"http://sunbeam:s3same@collector:4318\"")))
                .singleElement()
                .asString()
                .contains("***@collector:4318")
                .doesNotContain("s3same")
                .contains("belongs into telemetry.otlp_headers");
    }

    @Test
    void headersAreNamesAndSecrets() {
        var traces = traces("""
                otlp_endpoint = "http://collector:4318"
                otlp_headers = ["Authorization: Bearer s3same", "x-scope-orgid:7"]""");
        assertThat(traces.headers())
                .containsOnly(Map.entry("authorization", "Bearer s3same"), Map.entry("x-scope-orgid", "7"));
        assertThat(traces.toString()).contains("authorization").doesNotContain("s3same");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3same",
                ": s3same",
                "a b: s3same",
                "x: ",
                "Host: s3same",
                "content-type: s3same",
                "x: s3same\\n"
            })
    void aHeaderThatIsNoneIsAFaultAndNotShown(String header) {
        assertThat(faults(hocon("telemetry.otlp_headers = [\"" + header + "\"]")))
                .singleElement()
                .asString()
                .isEqualTo(
                        "s.conf:2: telemetry.otlp_headers[0]: found *** (expected: \"name: value\" of a header field,"
                                + " each name once)");
    }

    @Test
    void aHeaderThatIsThereTwiceIsAFault() {
        assertThat(faults(hocon("telemetry.otlp_headers = [\"x: 1\", \"X: s3same\"]")))
                .containsExactly("s.conf:2: telemetry.otlp_headers: found a list (expected: \"name: value\" of a header"
                        + " field, each name once)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "telemetry.trace_sample = 1.1 | telemetry.trace_sample: found 1.1 (expected: a number from 0 to 1)",
                "telemetry.trace_sample = all | telemetry.trace_sample: found \"all\" (expected: a number from 0 to 1)",
                "telemetry.service_name = \"\" | telemetry.service_name: found \"\" (expected: a name of 1 to 255 visible characters)",
            })
    void sharesAndNamesAreCheckedWithoutAnEndpointToo(String line, String fault) {
        assertThat(faults(hocon(line))).containsExactly("s.conf:2: " + fault);
    }

    @Test
    void theManualsExampleLoads() throws IOException {
        var manual = Files.readString(Path.of(System.getProperty("basedir", "."), "..", "docs", "configuration.md"));
        int from = manual.indexOf("```hocon\ntelemetry {") + "```hocon\n".length();
        var traces = loaded(hocon(manual.substring(from, manual.indexOf("```", from))))
                .telemetry()
                .traces();
        assertThat(Objects.requireNonNull(traces).sample()).isEqualTo(0.1);
        assertThat(traces.headers()).containsKey("authorization");
    }

    private static Telemetry.Traces traces(String lines) {
        return Objects.requireNonNull(
                loaded(hocon("telemetry {\n" + lines + "\n}")).telemetry().traces());
    }
}
