package pt.sunbeam.trainer.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pt.sunbeam.detector.audit.Reasons.Count;

class JsonLinesTest {
    private static final String ROW =
            "{\"site\":\"one\",\"method\":\"GET\",\"url\":\"/a?b=1\",\"headers\":{\"Host\":\"a.example\"},\"data\":\"\"}\n";

    @TempDir
    Path folder;

    private final List<RecordedRequest> requests = new ArrayList<>();

    @Test
    void rowsKeepTheirOrderAndTheirLines() throws IOException {
        var account = openAppsec(ROW + "\n" + ROW.replace("one", "two").replace("\n", "\r\n"));
        assertThat(requests).extracting(RecordedRequest::group).containsExactly("one", "two");
        assertThat(requests).extracting(RecordedRequest::line).containsExactly(1L, 3L);
        assertThat(requests.getFirst().fields()).containsExactly("Host", "a.example");
        assertThat(account.foreign().counts()).containsExactly(new Count("empty line", 1, 2));
    }

    @Test
    void everyBadLineIsCountedByItsReason() throws IOException {
        var huge = ROW.replace("/a", "/" + "a".repeat(1 << 20));
        var account = openAppsec(ROW + ROW.substring(0, 30) + "\n" + "a,b\n" + huge + "[1]\n"
                + ROW.replace("one", "\u00ff\u00fe") + ROW.strip() + ROW + ROW);
        assertThat(requests).extracting(RecordedRequest::line).containsExactly(1L, 8L);
        assertThat(account.records()).isEqualTo(8);
        assertThat(account.foreign().counts()).containsExactly(new Count("no JSON object", 2, 3));
        assertThat(account.malformed().counts()).extracting(Count::firstLine).containsExactly(2L, 4L, 6L, 7L);
        assertThat(account.malformed().counts())
                .extracting(Count::reason)
                .satisfiesExactly(
                        cut -> assertThat(cut).startsWith("broken JSON: Unexpected end-of-input"),
                        tooLong -> assertThat(tooLong).startsWith("more than 1048576 bytes"),
                        noUtf8 -> assertThat(noUtf8).startsWith("broken JSON: Invalid UTF-8"),
                        two -> assertThat(two).startsWith("broken JSON: Trailing token"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"url\"          | \"uri\"           | url: found nothing (expected: a string)",
                "\"/a?b=1\"       | 7                 | url: found 7 (expected: a string)",
                "\"/a?b=1\"       | null              | url: found null (expected: a string)",
                "\"GET\"          | [\"GET\"]         | method: found JSON array (expected: a string)",
                "\"a.example\"    | 1                 | headers: found 1 (expected: a string)",
                "{\"Host\":\"a.example\"} | \"Host\"  | headers: found JSON string (expected: an object of strings or an array of pairs)",
                "\"data\":\"\"    | \"data\":{}       | data: found JSON object (expected: a string)",
            })
    void membersOfTheWrongTypeAreNamed(String right, String wrong, String reason) throws IOException {
        var account = openAppsec(ROW + ROW.replace(right, wrong));
        assertThat(account.malformed().counts()).containsExactly(new Count(reason, 1, 2));
    }

    @Test
    void fieldsAndBodyMayBeMissing() throws IOException {
        openAppsec("{\"site\":\"one\",\"method\":\"GET\",\"url\":\"/\",\"data\":null}");
        assertThat(requests.getFirst().fields()).isEmpty();
        assertThat(requests.getFirst().body()).isEmpty();
    }

    @Test
    void textBeyondLatin1BecomesTheBytesOfUtf8() throws IOException {
        openAppsec(ROW.replace("/a?", "/\\u20ac?"));
        assertThat(requests.getFirst().target()).isEqualTo("/\u00e2\u0082\u00ac?b=1");
    }

    @Test
    void genericAndUnresolvedProbesAreLeftOutAndCounted() throws IOException {
        var path = folder.resolve("probes.jsonl");
        Files.writeString(path, """
                {"template":"t1","method":"GET","path":"/login","generic":true}
                {"template":"t2","method":"GET","path":"/{{x}}","unresolved":true}
                {"template":"t3","method":"GET","path":"/.env"}
                {"template":"t4","method":"GET","path":"/.git","generic":"no"}
                """);
        var account = JsonLines.nuclei(new DataFile(path), requests::add);
        assertThat(requests).extracting(RecordedRequest::group).containsExactly("t3");
        assertThat(account.leftOut().counts()).extracting(Count::firstLine).containsExactly(1L, 2L);
        assertThat(account.malformed().counts())
                .containsExactly(new Count("generic: found JSON string (expected: true or false)", 1, 4));
    }

    @Test
    void aFileOfAnotherKindIsRefusedByName() {
        assertThatThrownBy(() -> openAppsec("a,b\n"))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("rows.jsonl:1: no JSON object; none of 1 records could be read");
    }

    private Account openAppsec(String text) throws IOException {
        var path = folder.resolve("rows.jsonl");
        Files.write(path, text.getBytes(StandardCharsets.ISO_8859_1));
        return JsonLines.openAppsec(new DataFile(path), "site", requests::add);
    }
}
