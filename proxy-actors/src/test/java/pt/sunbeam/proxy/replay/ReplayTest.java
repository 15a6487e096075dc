package pt.sunbeam.proxy.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.codegen.Feature;
import pt.sunbeam.codegen.Model;
import pt.sunbeam.codegen.ModelFile;
import pt.sunbeam.codegen.Node;
import pt.sunbeam.codegen.Verdict;
import pt.sunbeam.config.DdosEscalation;
import pt.sunbeam.config.DdosMode;
import pt.sunbeam.config.RateLimit;
import pt.sunbeam.config.ScannerMode;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.detector.audit.AuditRecord;
import pt.sunbeam.detector.audit.AuditWriter;
import pt.sunbeam.detector.audit.Reasons.Count;
import pt.sunbeam.detector.feature.DdosFeatures;
import pt.sunbeam.detector.http.Cidr;

class ReplayTest {
    private static final DdosEscalation AT_ONCE = new DdosEscalation(
            Duration.ZERO,
            Duration.ZERO,
            new RateLimit.Bucket(5, 1),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            Duration.ofMinutes(10));
    private static final String ATTACKER = "198.51.100.7";
    private static final long HOUR = 3_600_000;

    @TempDir
    Path folder;

    /** Blocks what has the feature at or above the cut. */
    private DetectorModels cut(int feature, int cut) throws IOException {
        List<Feature> features = new ArrayList<>();
        for (int f = 0; f < DdosFeatures.COUNT; f++) {
            features.add(new Feature(
                    DdosFeatures.NAMES.get(f), DdosFeatures.UNITS.get(f), f == feature ? List.of(cut) : List.of()));
        }
        var tree = new Model.Tree(
                List.of(new Node.Split(feature, 0, 1, 2), new Node.Leaf(Verdict.ALLOW), new Node.Leaf(Verdict.BLOCK)));
        List<Integer> none = Collections.nCopies(DdosFeatures.COUNT, 0);
        var mlp = new Model.Mlp(List.of(new Model.HiddenUnit(0, none, 1)), 0, 0);
        byte[] file = ModelFile.write(new Model.Ensemble("ddos-test", features, tree, mlp, 0, 10));
        return DetectorModels.compiled().with(Files.write(folder.resolve("ddos-test.model"), file));
    }

    private static Replay.Settings settings(DetectorModels models, Map<String, List<Cidr>> groups) {
        return new Replay.Settings(
                new SunbeamConfig.Scanner(
                        true,
                        ScannerMode.BASELINE,
                        0.5,
                        false,
                        false,
                        false,
                        List.of(),
                        Duration.ofDays(1),
                        SunbeamConfig.Bodies.DEFAULTS,
                        List.of()),
                new SunbeamConfig.Ddos(
                        true,
                        DdosMode.BASELINE,
                        0.5,
                        Duration.ofSeconds(60),
                        1_000,
                        5,
                        SunbeamConfig.Ddos.TRACKED,
                        false,
                        AT_ONCE),
                null,
                models,
                groups);
    }

    private Report replay(Path file, DetectorModels models) throws IOException {
        return replay(file, settings(models, Map.of()));
    }

    private static Report replay(Path file, Replay.Settings settings) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Replay.run(LogFormat.readAny(in, Unseen.ABSENT), settings);
        }
    }

    private Report replay(List<AuditRecord> records, DetectorModels models) throws IOException {
        return replay(Log.write(folder.resolve("audit.log"), records), models);
    }

    private Report replay(List<AuditRecord> records) throws IOException {
        return replay(records, DetectorModels.compiled());
    }

    /** In the order of their ends, as a proxy writes them. */
    private static List<AuditRecord> byEnd(List<AuditRecord> records) {
        return records.stream()
                .sorted(Comparator.comparing(r -> r.timestamp().plusMillis(r.durationMs())))
                .toList();
    }

    /** Ten seconds of 50 requests a second from one address among a minute of 100 visitors. */
    private static List<AuditRecord> flood() {
        List<AuditRecord> records = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            records.add(Log.probe("f" + i, ATTACKER, 20_000 + 20L * i, "/search", 200));
        }
        for (int visitor = 0; visitor < 100; visitor++) {
            for (int i = 0; i < 8; i++) {
                String client = "192.0.2." + visitor;
                records.add(Log.visit("v" + visitor + "-" + i, client, 7_000L * i + 31L * visitor, "/item/" + i));
            }
        }
        return byEnd(records);
    }

    private static List<AuditRecord> times(int count, long everyMillis, int status, AuditRecord.Layer ddos) {
        List<AuditRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(Log.record("r" + i, ATTACKER, everyMillis * i, "/a", status, "curl/8", false, ddos));
        }
        return records;
    }

    private static byte[] line(AuditRecord record) throws IOException {
        var out = new ByteArrayOutputStream();
        new AuditWriter().write(record, out);
        return out.toByteArray();
    }

    @Test
    void everyKindOfLineIsCountedWhereItBelongs() throws IOException {
        var original = """
                {"timestamp":"2026-03-10T12:00:01Z","level":"INFO","fields":{"message":"request","target":"audit",\
                "request_id":"o","method":"GET","host":"h","path":"/p","query":"","client_ip":"192.0.2.2",\
                "status":"404","duration_ms":"7","content_length":0,"response_bytes":0,"user_agent":"-",\
                "referer":"-","accept_language":"-","accept":"-","accept_encoding":"-","has_cookies":false,\
                "connection":"-","cf_country":"-","backend":"-","error":"-","http_version":"HTTP/1.1",\
                "header_count":3},"target":"sunbeam_proxy::proxy"}
                """;
        var flat = """
                {"timestamp":"2026-03-10T12:00:02Z","level":"INFO","target":"audit","message":"request",\
                "request_id":"x","method":"GET","host":"h","path":"/p","query":"q","client_ip":"192.0.2.3",\
                "status":200,"duration_ms":7,"content_length":0,"user_agent":"u","referer":"-",\
                "accept_language":"-","accept":"-","has_cookies":true,"cf_country":"PT","backend":"b","error":"-"}
                """;
        var file = folder.resolve("mixed.log");
        try (var out = Files.newOutputStream(file)) {
            out.write(line(Log.visit("a", "192.0.2.1", 0, "/"))); // 1
            out.write(original.getBytes(UTF_8)); // 2
            out.write("\n".getBytes(UTF_8)); // 3
            out.write(flat.getBytes(UTF_8)); // 4
            out.write("{\"level\":\"WARN\",\"target\":\"pipeline\"}\n".getBytes(UTF_8)); // 5
            out.write((flat.substring(0, 100) + "\n").getBytes(UTF_8)); // 6
            out.write(("{\"target\":\"audit\",\"x\":\"" + "y".repeat(2 << 20) + "\"}\n").getBytes(UTF_8)); // 7
            out.write("{\"target\":\"audit\",\"x\":\"".getBytes(UTF_8)); // 8
            out.write(new byte[] {(byte) 0xc0, (byte) 0xaf, '"', '}', '\n'});
            out.write("\n".getBytes(UTF_8)); // 9
            out.write(line(Log.visit("b", "192.0.2.1", 50, "/"))); // 10
            out.write(flat.replace("200", "2000000").strip().getBytes(UTF_8)); // 11, without a line feed
        }
        Report report = replay(file, DetectorModels.compiled());
        assertThat(report.lines()).isEqualTo(11);
        assertThat(report.parsed()).isEqualTo(4);
        assertThat(report.foreign())
                .isEqualTo(new Report.SetAside(
                        3, List.of(new Count("empty line", 2, 3), new Count("target \"pipeline\"", 1, 5))));
        assertThat(report.malformed().count()).isEqualTo(4);
        assertThat(report.malformed().reasons()).extracting(Count::firstLine).containsExactly(6L, 7L, 8L, 11L);
        assertThat(report.malformed().reasons())
                .extracting(Count::reason)
                .satisfiesExactly(
                        truncated -> assertThat(truncated).contains("byte 100"),
                        tooLong -> assertThat(tooLong).contains("1048576 bytes"),
                        invalid -> assertThat(invalid).isEqualTo("byte 23: not UTF-8"),
                        status -> assertThat(status).startsWith("status: found \"2000000\""));
        assertThat(report.noRequest().count()).isZero();
        assertThat(report.uncounted().count()).isZero();
        assertThat(report.scanner().decisions().judged()).isEqualTo(4);
        assertThat(report.ddos().decisions().judged()).isEqualTo(4);
    }

    @Test
    void whoFloodsIsBannedAndVisitorsAreNot() throws IOException {
        Report.Ddos ddos = replay(flood()).ddos();
        assertThat(ddos.banned()).singleElement().satisfies(banned -> {
            assertThat(banned.address()).isEqualTo(ATTACKER);
            assertThat(Instant.parse(banned.since())).isBetween(Log.NOON.plusSeconds(20), Log.NOON.plusSeconds(30));
            assertThat(banned.reasons()).isNotEmpty();
        });
        assertThat(ddos.bannedAddresses()).isEqualTo(1);
        assertThat(ddos.decisions().judged()).isEqualTo(1_300);
        assertThat(ddos.decisions().blocked()).isBetween(1L, 499L);
        assertThat(ddos.decisions().potentialFalsePositives().count())
                .isEqualTo(ddos.decisions().blocked());
        assertThat(ddos.decisions().potentialFalsePositives().first())
                .hasSize(10)
                .allMatch(sample -> sample.client().equals(ATTACKER));
    }

    @Test
    void theSameLogGivesTheSameReport() throws IOException {
        Report report = replay(flood());
        assertThat(replay(flood())).isEqualTo(report);
        assertThat(ReportText.json(replay(flood()))).isEqualTo(ReportText.json(report));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void timesCountAndNotTheOrderOfLines(int seed) throws IOException {
        var shuffled = new ArrayList<>(flood());
        Collections.shuffle(shuffled, new Random(seed));
        Report.Ddos expected = replay(flood()).ddos();
        Report.Ddos ddos = replay(shuffled).ddos();
        assertThat(ddos.banned()).isEqualTo(expected.banned());
        assertThat(ddos.decisions().blocked()).isEqualTo(expected.decisions().blocked());
    }

    @Test
    void fiftyRequestsASecondAreNoFloodWhereTheyCameInADay() throws IOException {
        assertThat(replay(times(500, HOUR / 20, 200, Log.ALLOW)).ddos().bans()).isZero();
        assertThat(replay(times(500, 20, 200, Log.ALLOW)).ddos().bans()).isEqualTo(1);
    }

    @Test
    void anOlderLogBehindANewerOneIsSetAsideAndMakesNoFlood() throws IOException {
        List<AuditRecord> records = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            records.add(Log.visit("new" + i, "192.0.2.1", 60_000L * i, "/"));
        }
        for (int i = 0; i < 300; i++) {
            records.add(Log.visit("old" + i, "192.0.2.2", 1_000L * i - 24 * HOUR, "/"));
        }
        Report report = replay(records);
        assertThat(report.uncounted().reasons())
                .containsExactly(
                        new Count("ddos: timestamp: too far behind earlier lines; is the log sorted?", 300, 41));
        assertThat(report.ddos().decisions().judged()).isEqualTo(40);
        assertThat(report.ddos().bans()).isZero();
        assertThat(report.scanner().decisions().judged()).isEqualTo(340);
    }

    @Test
    void aResponseCountsWhenItIsOutAndNotBefore() throws IOException {
        DetectorModels errors = cut(DdosFeatures.ERROR_RATE, 5_000);
        List<AuditRecord> records = times(5, 1_000, 500, Log.ALLOW);
        // At the fifth arrival four of five responses were errors.
        assertThat(replay(records, errors).ddos().banned())
                .extracting(Report.Banned::since)
                .containsExactly("2026-03-10T12:00:04Z");
        // One of five is not half.
        List<AuditRecord> good = new ArrayList<>(times(4, 1_000, 200, Log.ALLOW));
        good.add(records.get(4));
        assertThat(replay(good, errors).ddos().bans()).isZero();
        // Two of five at the fifth arrival, three when its response is out.
        List<AuditRecord> late = new ArrayList<>(times(2, 1_000, 200, Log.ALLOW));
        late.addAll(records.subList(2, 5));
        assertThat(replay(late, errors).ddos().banned())
                .extracting(Report.Banned::since)
                .containsExactly("2026-03-10T12:00:04.012Z");
    }

    @Test
    void theTimestampOfTheOriginalIsThatOfTheResponse() throws IOException {
        DetectorModels errors = cut(DdosFeatures.ERROR_RATE, 5_000);
        List<AuditRecord> records = times(5, 1_000, 500, Log.ALLOW).stream()
                .map(r -> Log.record(
                        r.requestId(),
                        r.clientIp(),
                        r.timestamp().toEpochMilli() - Log.NOON.toEpochMilli(),
                        "/a",
                        500,
                        "curl/8",
                        false,
                        null))
                .toList();
        assertThat(replay(records, errors).ddos().banned())
                .extracting(Report.Banned::since)
                .containsExactly("2026-03-10T12:00:03.988Z");
    }

    @Test
    void refusalsOfTheDdosLayerAreArrivalsWithoutAResponse() throws IOException {
        DetectorModels errors = cut(DdosFeatures.ERROR_RATE, 5_000);
        Report.Ddos refused = replay(times(50, 100, 429, Log.BLOCK), errors).ddos();
        assertThat(refused.decisions().judged()).isEqualTo(50);
        assertThat(refused.bans()).isZero();
        assertThat(replay(times(50, 100, 429, Log.ALLOW), errors).ddos().bans()).isEqualTo(1);
    }

    @Test
    void aBanEndsAMinuteAfterItsSenderBecameQuiet() throws IOException {
        DetectorModels rate = cut(DdosFeatures.REQUEST_RATE, 300);
        List<AuditRecord> records = new ArrayList<>();
        for (int i = 0; i < 100; i++) { // 100 seconds: banned at the 18th, prolonged while they go on
            records.add(Log.probe("a" + i, ATTACKER, 1_000L * i, "/a", 200));
        }
        records.add(Log.probe("in force", ATTACKER, 110_000, "/a", 404));
        records.add(Log.probe("over", ATTACKER, 250_000, "/a", 200));
        Report.Ddos ddos = replay(records, rate).ddos();
        assertThat(ddos.banned()).extracting(Report.Banned::since).containsExactly("2026-03-10T12:00:17Z");
        assertThat(ddos.bans()).isEqualTo(1);
        assertThat(ddos.decisions().blocked()).isEqualTo(83);
        assertThat(ddos.decisions().potentialFalsePositives().count()).isEqualTo(82);
    }

    @Test
    void aProbeThatWasAnsweredIsAPotentialFalsePositiveAndOneThatWasNotIsNone() throws IOException {
        Report report = replay(List.of(
                Log.visit("v", "192.0.2.1", 0, "/"),
                Log.probe("p1", ATTACKER, 10, "/.env", 200),
                Log.probe("p2", ATTACKER, 20, "/.env", 403)));
        Report.Decisions scanner = report.scanner().decisions();
        assertThat(scanner.blocked()).isEqualTo(2);
        assertThat(scanner.judged()).isEqualTo(3);
        assertThat(scanner.potentialFalsePositives())
                .isEqualTo(new Report.FalsePositives(1, List.of(new Report.Sample(2, "p1", ATTACKER, "/.env", 200))));
        assertThat(report.scanner().paths().values().stream().mapToLong(n -> n).sum())
                .isEqualTo(3);
    }

    @Test
    void linesThatTellOfNoRequestAreSetAsideWithTheirReason() throws IOException {
        var visit = Log.visit("v", "192.0.2.1", 0, "/");
        Report report = replay(List.of(
                visit,
                Log.record("n", "not an address", 5, "/", 200, "u", true, Log.ALLOW),
                Log.record("s", "192.0.2.1", 5, "/a b", 200, "u", true, Log.ALLOW),
                Log.record("l", "192.0.2.1", 5, "/", 200, "u\nx", true, Log.ALLOW)));
        assertThat(report.uncounted().reasons())
                .containsExactly(new Count("ddos: client_ip: \"not an address\" is no IP address", 1, 2));
        assertThat(report.noRequest().reasons())
                .containsExactly(
                        new Count("no request: target has U+0020 at 2", 1, 3),
                        new Count("no request: user-agent has U+000A at 1", 1, 4));
        assertThat(report.scanner().decisions().judged()).isEqualTo(2);
        assertThat(report.ddos().decisions().judged()).isEqualTo(1);
    }

    @Test
    void whatAClientSentMovesNoTerminalsCursor() throws IOException {
        Report report = replay(List.of(Log.probe("\u001b[2Jé", ATTACKER, 0, "/.env", 200)));
        assertThat(ReportText.table(report)).contains("\\u001b[2J\\u00e9").doesNotContain("\u001b");
        assertThat(ReportText.json(report)).contains("\\u001B[2J\\u00E9").matches("[ -~]+");
    }

    @Test
    void aRequestThatBothDetectorsBlockCountsOnceTogether() throws IOException {
        List<AuditRecord> records = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            records.add(Log.probe("p" + i, ATTACKER, 100L * i, "/cgi-bin/a.cgi", 404));
        }
        records.add(Log.visit("v", "192.0.2.1", 4_000, "/"));
        Report report = replay(records);
        long banned = report.ddos().decisions().blocked();
        assertThat(banned).isBetween(1L, 39L);
        assertThat(report.scanner().decisions().blocked()).isEqualTo(40);
        assertThat(report.together().judged()).isEqualTo(41);
        assertThat(report.together().blocked()).isEqualTo(40);
        assertThat(report.ddos().paths().values().stream().mapToLong(n -> n).sum())
                .isEqualTo(41);
        assertThat(report.examples()).hasSize(20);
        assertThat(report.examples().getFirst().layers()).containsExactly("scanner");
        assertThat(report.examples().getLast().layers()).containsExactly("ddos", "scanner");
        assertThat(report.examples().getLast().path()).startsWith("ban:");
        assertThat(report.addresses().distinct()).isEqualTo(2);
        assertThat(report.addresses().withBlocks()).isEqualTo(1);
        assertThat(report.addresses().blocked())
                .containsExactly(new Report.Address(ATTACKER, new Report.Blocks(40, 40, banned, 40, 1)));
        assertThat(report.addresses().busiest())
                .extracting(Report.Address::address)
                .containsExactly(ATTACKER, "192.0.2.1");
    }

    @Test
    void everyBlockIsCountedWithItsStrongestFeatures() throws IOException {
        Report report = replay(List.of(
                Log.probe("a", ATTACKER, 0, "/a%00", 404),
                Log.probe("b", ATTACKER, 10, "/b%00", 404),
                Log.visit("v", "192.0.2.1", 20, "/")));
        assertThat(report.scanner().reasons())
                .contains(new Report.Reason("path_has_traversal", 2, 2))
                .allSatisfy(reason -> assertThat(reason.strongest()).isLessThanOrEqualTo(reason.blocks()));
        assertThat(report.scanner().reasons().stream()
                        .mapToLong(Report.Reason::strongest)
                        .sum())
                .isEqualTo(report.scanner().decisions().blocked());
    }

    @Test
    void groupsAreCountedApartAndTheRestTogether() throws IOException {
        var groups = new LinkedHashMap<String, List<Cidr>>();
        groups.put("browsers", List.of(Cidr.parse("192.0.2.0/25"), Cidr.parse("2001:db8::/32")));
        groups.put("attacks", List.of(Cidr.parse(ATTACKER)));
        var file = Log.write(
                folder.resolve("audit.log"),
                List.of(
                        Log.visit("1", "192.0.2.1", 0, "/"),
                        Log.visit("2", "2001:db8:1::1", 1, "/"),
                        Log.visit("3", "192.0.2.200", 2, "/"),
                        Log.visit("4", "somebody", 3, "/"),
                        Log.probe("5", ATTACKER, 4, "/a%00", 404)));
        Report report = replay(file, settings(DetectorModels.compiled(), groups));
        assertThat(report.groups())
                .containsExactly(
                        new Report.Group("browsers", new Report.Blocks(2, 0, 0, 0, 0)),
                        new Report.Group("attacks", new Report.Blocks(1, 1, 0, 1, 1)),
                        new Report.Group("(other)", new Report.Blocks(2, 0, 0, 0, 0)));
        assertThat(ReportText.table(report)).containsPattern("browsers +2 +0 +0 +0 +0.00%");
    }

    private static String access(String client, int second, String request, int status, String agent) {
        return "%s - - [10/Mar/2026:12:%02d:%02d +0000] \"%s\" %d 12 \"-\" \"%s\"%n"
                .formatted(client, second / 60, second % 60, request, status, agent);
    }

    @Test
    void anAccessLogIsReadAsWell() throws IOException {
        var log = new StringBuilder("garbage\n");
        log.append(access("192.0.2.1", 0, "GET / HTTP/1.1", 200, "Mozilla/5.0"));
        log.append(access("192.0.2.1", 1, "POST /form HTTP/1.1", 200, "Mozilla/5.0"));
        log.append(access("client.example", 1, "GET /a%00 HTTP/1.1", 200, "curl/8"));
        log.append(access(ATTACKER, 2, "\\x16\\x03\\x01", 400, "-"));
        log.append(access(ATTACKER, 2, "GET", 400, "-"));
        for (int i = 0; i < 300; i++) {
            log.append(access(ATTACKER, 3 + i / 50, "GET /search HTTP/1.1", 200, "curl/8"));
        }
        Report report = replay(Files.writeString(folder.resolve("access.log"), log), DetectorModels.compiled());
        assertThat(report.settings().format()).isEqualTo("access");
        assertThat(report.lines()).isEqualTo(306);
        assertThat(report.parsed()).isEqualTo(303);
        assertThat(report.foreign().count()).isEqualTo(3);
        assertThat(report.scanner().decisions().blocked()).isEqualTo(1);
        assertThat(report.scanner().decisions().potentialFalsePositives().first())
                .containsExactly(new Report.Sample(4, "-", "client.example", "/a%00", 200));
        assertThat(report.uncounted().reasons())
                .containsExactly(new Count("ddos: client_ip: \"client.example\" is no IP address", 1, 4));
        assertThat(report.ddos().banned()).extracting(Report.Banned::address).containsExactly(ATTACKER);
    }

    @Test
    void theFormatShowsInTheBeginningOfALog() throws IOException {
        String access = access("192.0.2.1", 0, "GET / HTTP/1.1", 200, "Mozilla/5.0");
        String audit = new String(line(Log.visit("a", "192.0.2.1", 0, "/")), UTF_8);
        assertThat(format(access)).isEqualTo(LogFormat.ACCESS);
        assertThat(format(audit)).isEqualTo(LogFormat.AUDIT);
        assertThat(format("starting up\n\n " + audit)).isEqualTo(LogFormat.AUDIT);
        assertThat(format("")).isEqualTo(LogFormat.ACCESS);
    }

    private static LogFormat format(String log) throws IOException {
        return LogFormat.readAny(new ByteArrayInputStream(log.getBytes(UTF_8)), Unseen.ABSENT)
                .format();
    }

    @Test
    void anAddressesWindowsAreForgottenRatherThanTheMemory() throws IOException {
        List<AuditRecord> records = new ArrayList<>();
        for (int i = 0; i < 60_000; i++) {
            records.add(Log.visit("r", "10." + i / 65_536 + "." + i / 256 % 256 + "." + i % 256, i / 100, "/"));
        }
        Report report = replay(records);
        assertThat(report.ddos().forgottenAddresses()).isEqualTo(10_000);
        assertThat(report.addresses().distinct()).isEqualTo(60_000);
        assertThat(ReportText.table(report)).contains("10000 windows were given up for lack of room");
    }
}
