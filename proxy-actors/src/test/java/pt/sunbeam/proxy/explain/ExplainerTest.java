package pt.sunbeam.proxy.explain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.config.DdosEscalation;
import pt.sunbeam.config.DdosMode;
import pt.sunbeam.config.RateLimit;
import pt.sunbeam.config.ScannerMode;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.detector.audit.AuditRecord;
import pt.sunbeam.detector.audit.AuditWriter;
import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.detector.model.Classifier;
import pt.sunbeam.detector.model.Scratch;
import pt.sunbeam.proxy.replay.DetectorModels;
import pt.sunbeam.proxy.replay.LogFormat;
import pt.sunbeam.proxy.replay.Replay;
import pt.sunbeam.proxy.replay.Unseen;

class ExplainerTest {
    private static final DdosEscalation AT_ONCE = new DdosEscalation(
            Duration.ZERO,
            Duration.ZERO,
            new RateLimit.Bucket(5, 1),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            Duration.ofMinutes(10));
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");

    private static Replay.Settings settings(double threshold, boolean shortCircuits) {
        return new Replay.Settings(
                new SunbeamConfig.Scanner(
                        true,
                        ScannerMode.BASELINE,
                        threshold,
                        false,
                        shortCircuits,
                        shortCircuits,
                        List.of(),
                        Duration.ofDays(1),
                        SunbeamConfig.Bodies.DEFAULTS,
                        List.of()),
                new SunbeamConfig.Ddos(
                        true,
                        DdosMode.BASELINE,
                        threshold,
                        Duration.ofSeconds(60),
                        1_000,
                        5,
                        SunbeamConfig.Ddos.TRACKED,
                        false,
                        AT_ONCE),
                null,
                DetectorModels.compiled(),
                Map.of());
    }

    private static AuditRecord record(String id, String client, long millis, String path) {
        return new AuditRecord(
                NOON.plusMillis(millis),
                id,
                "GET",
                "shop.example",
                path,
                "",
                client,
                404,
                12,
                0,
                345,
                "curl/8.5.0",
                null,
                null,
                "*/*",
                null,
                false,
                null,
                null,
                null,
                null,
                "HTTP/1.1",
                6,
                null,
                new AuditRecord.Extension(1, "n1", "shop", null, null, null, 7, List.of(), null));
    }

    private static byte[] log(List<AuditRecord> records) throws IOException {
        var out = new ByteArrayOutputStream();
        for (AuditRecord record : records) {
            new AuditWriter().write(record, out);
        }
        return out.toByteArray();
    }

    private static Optional<Explanation> line(byte[] log, long line) throws IOException {
        return Explainer.find(
                LogFormat.readAny(new ByteArrayInputStream(log), Unseen.ABSENT),
                settings(0.5, false),
                entry -> entry.sample().line() == line,
                line);
    }

    private static Explanation curl(String url, String... headers) {
        return Explainer.single(CurlRequest.of(url, null, List.of(headers), null), new byte[0], settings(0.5, false));
    }

    private static List<AuditRecord> probes(int count) {
        List<AuditRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(record("p" + i, "198.51.100.7", 100L * i, "/.env"));
        }
        return records;
    }

    @Test
    void theTraceOfAModelIsWhatTheModelDoes() {
        var random = new SplittableRandom(1);
        for (var read : List.of(
                DetectorModels.compiled().baseline(),
                DetectorModels.compiled().lexicon().ensemble(),
                DetectorModels.compiled().ddos())) {
            Classifier classifier = read.classifier();
            var scratch = new Scratch(classifier.features());
            for (int i = 0; i < 2_000; i++) {
                int[] raw = new int[classifier.features()];
                for (int f = 0; f < raw.length; f++) {
                    var cuts = read.model().features().get(f).cuts();
                    raw[f] = cuts.isEmpty() || random.nextInt(3) == 0 ? 0 : random.nextInt(cuts.getLast() + 2);
                }
                double threshold = random.nextDouble();
                var judgement = classifier.judge(raw, scratch, classifier.logitOf(threshold));
                Explanation.Trace trace = Tracer.trace(read, raw, threshold);
                boolean mlp = judgement.path().equals("mlp");
                assertThat(trace.perceptron().asked()).isEqualTo(mlp);
                assertThat(trace.leaf()).isEqualTo(mlp ? "defer" : judgement.block() ? "block" : "allow");
                if (mlp) {
                    assertThat(trace.perceptron().logit()).isEqualTo(scratch.logit());
                    assertThat(trace.perceptron().probability()).isEqualTo(classifier.score(judgement, scratch));
                    assertThat(trace.perceptron().logit() >= trace.perceptron().blockAt())
                            .isEqualTo(judgement.block());
                }
                assertThat(trace.splits()).allSatisfy(step -> {
                    boolean below = step.cut() == null || step.raw() < step.cut();
                    assertThat(step.branch()).isEqualTo(below ? "left" : "right");
                });
            }
        }
    }

    @Test
    void aProbeIsExplainedFeatureByFeature() {
        Explanation.Scanner scanner =
                curl("http://shop.example/cgi-bin/test.cgi").scanner();
        assertThat(scanner.decision()).isEqualTo("block");
        assertThat(scanner.reasons()).isNotEmpty().hasSizeLessThanOrEqualTo(3);
        assertThat(scanner.trace().features())
                .extracting(Explanation.Value::feature, Explanation.Value::raw, Explanation.Value::unit)
                .contains(tuple("path_depth", 2, "slashes"), tuple("has_suspicious_extension", 1, "0 or 1"));
    }

    @Test
    void aShortCircuitIsSaidAndStillWhatTheModelWouldSay() {
        var request = CurlRequest.of("http://shop.example/a%00", null, List.of("Cookie: a=b"), null);
        Explanation.Scanner off =
                Explainer.single(request, new byte[0], settings(0.5, false)).scanner();
        Explanation.Scanner on =
                Explainer.single(request, new byte[0], settings(0.5, true)).scanner();
        assertThat(off.decision()).isEqualTo("block");
        assertThat(off.shortCircuits()).contains(new Explanation.ShortCircuit("allowlist:host+cookies", false, true));
        assertThat(on.decision()).isEqualTo("allow");
        assertThat(on.path()).isEqualTo("allowlist:host+cookies");
        assertThat(on.trace()).isEqualTo(off.trace());
    }

    private static Explanation.Ddos window(byte[] log, long line) throws IOException {
        return Objects.requireNonNull(line(log, line).orElseThrow().ddos());
    }

    @Test
    void aLineOfALogHasTheWindowThatItsAddressHadThen() throws IOException {
        List<AuditRecord> records = new ArrayList<>(probes(20));
        records.add(3, record("visitor", "192.0.2.1", 250, "/"));
        Explanation.Ddos third = window(log(records), 3);
        assertThat(third.events()).isEqualTo(3);
        assertThat(third.judged()).isFalse();
        assertThat(third.decision()).isEqualTo("allow");
        Explanation.Ddos last = window(log(records), 21);
        assertThat(last.events()).isEqualTo(20);
        assertThat(last.decision()).isEqualTo("block");
        assertThat(Objects.requireNonNull(last.ban()).reasons()).isNotEmpty();
        assertThat(last.trace().features())
                .extracting(Explanation.Value::feature, Explanation.Value::raw, Explanation.Value::unit)
                .contains(tuple("suspicious_path_ratio", 10_000, "1/10000"));
    }

    @Test
    void anEarlierArrivalOnALaterLineBelongsToTheWindow() throws IOException {
        List<AuditRecord> records = probes(6);
        records.add(records.removeFirst()); // a slow response: its line comes last
        assertThat(window(log(records), 5).events()).isEqualTo(6);
    }

    @Test
    void whatIsNotThereIsNotFound() throws IOException {
        byte[] log = log(probes(3));
        assertThat(line(log, 4)).isEmpty();
        assertThat(line("nonsense\n{}\n".getBytes(UTF_8), 1)).isEmpty();
    }

    @Test
    void aClientWithoutAnAddressHasNoWindow() throws IOException {
        Explanation explanation =
                line(log(List.of(record("x", "unix:", 0, "/"))), 1).orElseThrow();
        assertThat(explanation.ddos()).isNull();
        assertThat(explanation.ddosMissing()).contains("\"unix:\" is no IP address");
    }

    @Test
    void theRequestIsThatOfCurl() {
        RequestHead plain = CurlRequest.of("http://u:p@shop.example:8080?q=1#f", null, List.of(), null)
                .head();
        assertThat(plain.method()).isEqualTo("GET");
        assertThat(plain.target()).isEqualTo("/?q=1");
        assertThat(plain.first(HeaderName.HOST)).isEqualTo("shop.example:8080");
        assertThat(plain.first(HeaderName.USER_AGENT)).startsWith("curl/");
        assertThat(plain.first(HeaderName.ACCEPT)).isEqualTo("*/*");
        RequestHead posted = CurlRequest.of(
                        "shop.example/a",
                        null,
                        List.of("accept:", "User-Agent: Mozilla/5.0", "X-Empty;", "X: 1", "X: 2"),
                        "caf\u00e9")
                .head();
        assertThat(posted.method()).isEqualTo("POST");
        assertThat(posted.contentLength()).isEqualTo(5);
        assertThat(posted.first(HeaderName.ACCEPT)).isNull();
        assertThat(posted.first(HeaderName.USER_AGENT)).isEqualTo("Mozilla/5.0");
        assertThat(posted.first(HeaderName.of("x-empty"))).isEmpty();
        assertThat(posted.find(HeaderName.of("x"), posted.find(HeaderName.of("x"), 0) + 1))
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"no colon", "a b: c"})
    void whatIsNoHeaderIsRefused(String header) {
        assertThatThrownBy(() -> CurlRequest.of("http://h/", null, List.of(header), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(header.substring(0, 1));
    }

    @ParameterizedTest
    @CsvSource({
        "350, 1/1000 requests a second, 0.35 requests a second",
        "10000, 1/10000, 1",
        "3333, 1/10000 nat, 0.3333 nat",
        "3, 1/4, 0.75",
        "1, 0 or 1, 1",
        "12, ms, 12 ms"
    })
    void quantitiesAreSaidInWholeUnits(int raw, String unit, String text) {
        assertThat(Quantity.text(raw, unit)).isEqualTo(text);
    }

    @Test
    void theTextIsPrintableAscii() {
        assertThat(ExplanationText.of(curl("http://shop.example/\u00e9\u0085", "User-Agent: \u001b[2J")))
                .contains("\\u00")
                .matches("[ -~\\r\\n]+");
    }
}
