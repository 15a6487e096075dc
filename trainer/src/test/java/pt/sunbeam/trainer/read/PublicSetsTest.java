package pt.sunbeam.trainer.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Reads the public sets themselves, and compares counts with what the sets' own descriptions say.
 *
 * <p>They are not part of the repository: the build runs this where {@code SUNBEAM_DATA} names their folder.
 */
@Tag("public-data")
class PublicSetsTest {
    private final Map<String, Integer> met = new TreeMap<>();

    @ParameterizedTest
    @CsvSource({
        "csic2010, normalTrafficTraining.txt, 36000",
        "csic2010, normalTrafficTest.txt, 24004",
        "csic2010, anomalousTrafficTest.txt, 16714"
    })
    void everyRequestOfCsicIsRead(String set, String name, long requests) throws IOException {
        assertAllTaken(CsicReader.read(file(set, name), set, count(RecordedRequest::method)), requests);
    }

    @Test
    void everyRequestOfOpenAppsecIsRead() throws IOException {
        assertAllTaken(
                JsonLines.openAppsec(file("waf-comparison", "legitimate.jsonl"), "site", count(RecordedRequest::group)),
                117_139);
        assertThat(met).hasSize(203);
        met.clear();
        assertAllTaken(
                JsonLines.openAppsec(file("waf-comparison", "malicious.jsonl"), "class", count(RecordedRequest::group)),
                49_282);
        assertThat(met)
                .isEqualTo(Map.of(
                        "cmdexe",
                        1646,
                        "log4shell",
                        146,
                        "shellshock",
                        32,
                        "sqli",
                        610,
                        "traversal",
                        18876,
                        "xss",
                        27926,
                        "xxe",
                        46));
    }

    @Test
    void testsOfTheCoreRuleSetAreReadByTheirLabel() throws IOException {
        var account = CrsTests.read(
                file("crs-tests", "crs_tests.jsonl"), count(test -> test.attack() ? "attack" : "negative"));
        assertThat(met).isEqualTo(Map.of("attack", 2_429, "negative", 605));
        assertThat(account.leftOut().total()).isEqualTo(62 + 19);
        assertNoneLost(account, 3_115);
    }

    @ParameterizedTest
    @CsvSource({
        "nuclei-probes, nuclei_probes.jsonl, 8126, 2155",
        "fuzzdb, discovery_paths.jsonl, 134137, 0",
        "dirsearch, dicc.txt, 9681, 0",
        "seclists-quickhits, quickhits.txt, 2440, 1"
    })
    void everyProbeIsRead(String set, String name, long lines, long leftOut) throws IOException {
        var account = ProbeList.read(file(set, name), count(RecordedRequest::method));
        assertNoneLost(account, lines);
        assertThat(account.leftOut().total()).isEqualTo(leftOut);
    }

    @ParameterizedTest
    @CsvSource({
        "libinjection, libinjection_data.jsonl, 19130, 421, 0",
        "payloads-all-the-things, intruder_payloads.jsonl, 31956, 0, 0",
        "fuzzdb, attack_payloads.jsonl, 11579, 0, 2848",
        "sqlmap-payloads, sqlmap_sqli.txt, 8245, 0, 0",
        "fwaf, badqueries.txt, 47175, 0, 61",
        "httpparams, payload_full.csv, 31040, 19304, 1"
    })
    void everyPayloadIsRead(String set, String name, long lines, int benign, long leftOut) throws IOException {
        var account = PayloadList.read(file(set, name), "mixed", count(payload -> payload.attack() ? "attack" : "no"));
        assertNoneLost(account, lines);
        assertThat(account.leftOut().total()).isEqualTo(leftOut);
        assertThat(met.getOrDefault("no", 0)).isEqualTo(benign);
        assertThat(met.get("attack")).isEqualTo((int) (lines - leftOut - benign));
    }

    @ParameterizedTest
    @CsvSource({
        "bp-gov-website, 359878, 0",
        "sticker-app-api, 644643, 0",
        "elastic-apache-sample, 10000, 1",
        "globalreport-news, 8853, 0",
        "almhuette-joomla, 10000, 0",
        "small-vps-2024, 3738, 0",
        "small-vps-2024-vhosts, 25070, 0",
        "geolynx-tracker, 7397, 0",
        "geolynx-tracker-vhosts, 9935, 0",
        "dadosgov-portal, 13610, 0",
        "port-honeypot-2019, 14589, 0",
        "scanner-acunetix, 6539, 0",
        "scanner-netsparker, 7314, 0"
    })
    void everyLineOfTheAccessLogsIsAccountedFor(String log, long lines, long malformed) throws IOException {
        var account = AccessLogReader.read(file("access-logs", log + ".log"), _ -> {});
        assertThat(account.records()).isEqualTo(lines);
        assertThat(account.malformed().total()).isEqualTo(malformed);
    }

    @Test
    void flowsAreCountedByLabel() throws IOException {
        assertThat(FlowTable.read(file("cic-ids2017-sample", "friday_afternoon_first_9998_flows.csv"))
                        .labels())
                .isEqualTo(Map.of("BENIGN", 9_998L));
        assertThat(FlowTable.read(file("cic-ids2017-sample", "cicids2017_kmeans_sample.csv"))
                        .labels())
                .isEqualTo(Map.of(
                        "WebAttack",
                        2180L,
                        "Bot",
                        1966L,
                        "DoS",
                        952L,
                        "BruteForce",
                        553L,
                        "PortScan",
                        397L,
                        "BENIGN",
                        227L,
                        "Infiltration",
                        36L));
    }

    private <T> Consumer<T> count(Function<T, String> by) {
        return row -> met.merge(by.apply(row), 1, Integer::sum);
    }

    private static void assertAllTaken(Account account, long records) {
        assertNoneLost(account, records);
        assertThat(account.taken()).isEqualTo(records);
    }

    private static void assertNoneLost(Account account, long records) {
        assertThat(account.records()).isEqualTo(records);
        assertThat(account.foreign().counts()).isEmpty();
        assertThat(account.malformed().counts()).isEmpty();
    }

    private static DataFile file(String set, String name) {
        var data = Optional.ofNullable(System.getenv("SUNBEAM_DATA")).map(Path::of);
        assertThat(data)
                .as("SUNBEAM_DATA")
                .hasValueSatisfying(folder -> assertThat(folder).isAbsolute().isDirectory());
        return DataFile.find(data.orElseThrow().resolve(set), name)
                .orElseThrow(() -> new AssertionError(set + "/" + name + " is not there"));
    }
}
