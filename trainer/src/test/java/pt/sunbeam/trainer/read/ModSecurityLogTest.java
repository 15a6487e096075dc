package pt.sunbeam.trainer.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.detector.audit.Reasons.Count;
import pt.sunbeam.trainer.read.ModSecurityLog.Entry;

class ModSecurityLogTest {
    private static final String ENTRY = """
            --0a1b2c3d-A--
            [10/Mar/2026:12:00:00 +0100] abcDEF@1 192.0.2.7 54321 192.0.2.1 80
            --0a1b2c3d-B--
            POST /login?x=1 HTTP/1.1
            Host: shop.example
            Content-Length: 9

            --0a1b2c3d-C--
            user=' or
            1
            --0a1b2c3d-F--
            HTTP/1.1 403 Forbidden
            Content-Length: 9

            --0a1b2c3d-H--
            Message: Access denied with code 403 (phase 2). Pattern match "x" at ARGS:user. [file "a.conf"] [line "7"] [id "900001"] [msg "m"]
            Action: Intercepted (phase 2)
            Stopwatch: 1 2 (- - -)

            --0a1b2c3d-Z--

            """;
    private static final String QUIET = ENTRY.replaceAll("Message:.*\n", "").replace("0a1b2c3d", "11111111");
    private static final String JSON = """
            {"transaction":{"client_ip":"192.0.2.7","time_stamp":"Tue Mar  3 12:00:00 2026","unique_id":"1","request":\
            {"method":"POST","http_version":1.1,"uri":"/a?b=1","headers":{"Host":"h.example","A":"b"},"body":"c=d"},"response":\
            {"http_code":200,"headers":{}},"messages":[{"message":"m","details":{"ruleId":"900002","match":"x"}}]}}
            """;

    @TempDir
    Path folder;

    private final List<Entry> entries = new ArrayList<>();

    @Test
    void anEntryIsReadFromAllItsSections() throws IOException {
        read(ENTRY);
        assertThat(entries)
                .containsExactly(new Entry(
                        new RecordedRequest(
                                "shop.example",
                                "POST",
                                "/login?x=1",
                                List.of("Host", "shop.example", "Content-Length", "9"),
                                "user=' or\n1",
                                1),
                        true,
                        List.of("900001"),
                        Instant.parse("2026-03-10T11:00:00Z"),
                        "192.0.2.7",
                        403));
    }

    @Test
    void anEntryWithoutMatchingRuleIsNoAttack() throws IOException {
        read(QUIET + ENTRY);
        assertThat(entries).extracting(Entry::attack).containsExactly(false, true);
        assertThat(entries).extracting(entry -> entry.request().line()).containsExactly(1L, 21L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Message: Warning. Match of x. [id \"1\"]                                  | true",
                "Message: Warning. Match of x.                                             | true",
                "ModSecurity: Warning. Matched \"Operator `Rx' with parameter\" [id \"1\"] | true",
                "Message: Rule 7 [id \"-\"] - Execution error - PCRE limits exceeded       | false",
                "Message: Access allowed (phase 1). Match of x. [id \"1\"]                 | false",
                "Message: Audit log: Failed to create subdirectories                       | false",
                "WebApp-Info: \"warning\" \"matched\" \"id:\"                              | false",
            })
    void onlyARuleThatMatchedMakesAnAttack(String line, boolean attack) throws IOException {
        read(ENTRY.replaceAll("Message:.*", line.replace("\\", "\\\\").replace("$", "\\$")));
        assertThat(entries).extracting(Entry::attack).containsExactly(attack);
    }

    @Test
    void boundariesOfVersion3AndTimesWithMicrosecondsAreRead() throws IOException {
        read(ENTRY.replaceAll("--0a1b2c3d-(.)--", "---Xy0Z1abc---$1--").replace("12:00:00 +", "12:00:00.250000 +"));
        assertThat(entries).extracting(Entry::time).containsExactly(Instant.parse("2026-03-10T11:00:00.250Z"));
    }

    @Test
    void aBodyCannotForgeEntries() throws IOException {
        var forged = QUIET.replace("user=' or", "user=1\n" + ENTRY.strip());
        var account = read(forged);
        assertThat(account.records()).isEqualTo(1);
        assertThat(entries).extracting(Entry::attack).containsExactly(false);
        assertThat(entries.getFirst().request().body()).contains("--0a1b2c3d-A--", "Access denied");
    }

    @Test
    void aBodyKeepsItsBytesUpToItsLimit() throws IOException {
        read(ENTRY.replace("user=' or", "\u00ff\u0000\r") + ENTRY.replace("user=' or", "x".repeat(3 << 20)));
        assertThat(entries.getFirst().request().body()).isEqualTo("\u00ff\u0000\r\n1");
        assertThat(entries.getLast().request().body()).isEqualTo("x".repeat(ModSecurityLog.LONGEST_BODY));
    }

    @Test
    void anEntryCutShortIsCountedAndTheNextOneIsRead() throws IOException {
        var cut = QUIET.substring(0, QUIET.indexOf("--11111111-F--") - 2); // in the body
        var cutInHead = QUIET.substring(0, QUIET.indexOf("Content-Length"));
        var account = read(cutInHead + ENTRY + ENTRY + cut);
        assertThat(entries).hasSize(2);
        assertThat(account.malformed().counts())
                .containsExactly(
                        new Count("section Z: found another entry (expected: the entry's end)", 1, 1),
                        new Count("section Z: found the end of the file (expected: the entry's end)", 1, 48));
    }

    @Test
    void aBodyThatHasLostItsEndTakesABoundedPartOfTheFileAlong() throws IOException {
        var lost = QUIET.substring(0, QUIET.indexOf("--11111111-F--")) + ("x".repeat(1_023) + "\n").repeat(17 << 10);
        var account = read(lost + ENTRY);
        assertThat(entries).extracting(Entry::attack).containsExactly(true);
        assertThat(account.malformed().counts())
                .containsExactly(new Count("section C: found no end (expected: at most 16777216 bytes)", 1, 1));
        assertThat(account.records()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[10/Mar/2026:12:00:00 +0100] id", "", "[10/Foo/2026:12:00:00 +0100] id 192.0.2.7 1 192.0.2.1 80"
            })
    void aHeaderThatIsNoneIsMalformed(String header) throws IOException {
        var account = read(ENTRY + ENTRY.replaceAll("\\[10/.*", header));
        assertThat(account.malformed().counts())
                .singleElement()
                .matches(count -> count.reason().startsWith("section A") && count.firstLine() == 22);
    }

    @Test
    void entriesWithoutHttpRequestAndLinesOutsideOfEntriesAreForeign() throws IOException {
        var account = read("hello\n" + ENTRY.replace("POST /login?x=1 HTTP/1.1", "\u0016\u0003") + "world\n" + ENTRY
                + ENTRY.replaceAll("(?s)--0a1b2c3d-B--.*--0a1b2c3d-C--", "--0a1b2c3d-C--"));
        assertThat(entries).hasSize(1);
        assertThat(account.foreign().counts())
                .containsExactly(
                        new Count("a line outside of entries", 2, 1),
                        new Count("no HTTP request (section B)", 1, 2),
                        new Count("no request (no section B)", 1, 45));
    }

    @Test
    void aFieldThatIsNoneIsMalformed() throws IOException {
        var account = read(ENTRY + ENTRY.replace("Host: shop.example", "Host shop") + ENTRY);
        assertThat(entries).hasSize(2);
        assertThat(account.malformed().counts())
                .containsExactly(new Count("field: found \"Host shop\" (expected: name, colon, value)", 1, 22));
    }

    @Test
    void jsonOfVersion3IsReadOneEntryALine() throws IOException {
        read(JSON + JSON.replaceAll("\"messages\":.*]", "\"messages\":[]"));
        assertThat(entries.getFirst())
                .isEqualTo(new Entry(
                        new RecordedRequest(
                                "h.example", "POST", "/a?b=1", List.of("Host", "h.example", "A", "b"), "c=d", 1),
                        true,
                        List.of("900002"),
                        Instant.parse("2026-03-03T12:00:00Z"),
                        "192.0.2.7",
                        200));
        assertThat(entries.getLast().attack()).isFalse();
    }

    @Test
    void badLinesOfJsonAreCountedByTheirReason() throws IOException {
        var account = read(JSON + JSON.substring(0, 50) + "\n" + "{\"a\":1}\n" + JSON.replace("200", "\"ok\"")
                + JSON.replace("Tue Mar  3", "yesterday") + JSON.replace("c=d", "\u00ff")
                + JSON.replace("c=d", "x".repeat(1 << 20)));
        assertThat(entries).hasSize(1);
        assertThat(account.malformed().counts()).extracting(Count::firstLine).containsExactly(2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(account.malformed().counts())
                .extracting(Count::reason)
                .contains(
                        "transaction: found nothing (expected: an object)",
                        "http_code: found JSON string (expected: a whole number)");
    }

    @Test
    void anotherKindOfFileIsRefusedByName() {
        assertThatThrownBy(() -> read("hello\n"))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("modsec.log:1: a line outside of entries; none of 1 records could be read");
    }

    private Account read(String text) throws IOException {
        var path = Files.write(folder.resolve("modsec.log"), text.getBytes(StandardCharsets.ISO_8859_1));
        return ModSecurityLog.read(new DataFile(path), entries::add);
    }
}
