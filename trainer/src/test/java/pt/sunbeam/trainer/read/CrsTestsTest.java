package pt.sunbeam.trainer.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pt.sunbeam.detector.audit.Reasons.Count;

class CrsTestsTest {
    private static final String ATTACK = "{\"file\":\"f.yaml\",\"rule_id\":942100,\"method\":\"POST\",\"uri\":\"/p\","
            + "\"headers\":[[\"Host\",\"h\"],[\"A\",\"b\"]],\"data\":\"q=1\",\"expect_ids\":[942100],\"label\":\"attack\"}\n";

    @TempDir
    Path folder;

    private final List<CrsTests.Test> tests = new ArrayList<>();

    @Test
    void anAttackIsARequestForWhichRulesMustFire() throws IOException {
        read(ATTACK);
        assertThat(tests)
                .containsExactly(new CrsTests.Test(
                        new RecordedRequest("942100", "POST", "/p", List.of("Host", "h", "A", "b"), "q=1", 1),
                        true,
                        false));
    }

    @Test
    void aNegativeIsNoneAndProtocolTestsAreMarked() throws IOException {
        read(ATTACK.replace("\"attack\"", "\"negative\"").replace("942100", "920311"));
        assertThat(tests).extracting(CrsTests.Test::attack).containsExactly(false);
        assertThat(tests).extracting(CrsTests.Test::protocol).containsExactly(true);
    }

    @Test
    void testsOfResponsesAreLeftOut() throws IOException {
        var account = read(
                ATTACK + ATTACK.replace("\"attack\"", "\"response-rule\"") + ATTACK.replace("\"attack\"", "\"other\""));
        assertThat(tests).hasSize(1);
        assertThat(account.leftOut().counts())
                .containsExactly(new Count("label response-rule", 1, 2), new Count("label other", 1, 3));
    }

    @Test
    void anEncodedRequestStandsForAllOfIt() throws IOException {
        read(encoded("PUT /x?a=b HTTP/1.1\r\nHost: h\r\nX:y\r\n\r\nbody\r\nof two"));
        assertThat(tests.getFirst().request())
                .isEqualTo(new RecordedRequest(
                        "942100", "PUT", "/x?a=b", List.of("Host", "h", "X", "y"), "body\r\nof two", 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"attack\"   | \"good\"   | label: found \"good\" (expected: attack, negative, response-rule or other)",
                "[942100]     | []         | expect_ids: found nothing (expected: numbers of rules, for an attack)",
                "942100,      | \"x\",     | rule_id: found JSON string (expected: a whole number)",
                "[\"A\",\"b\"] | [\"A\"]   | headers: found JSON array (expected: a name and a value)",
                "\"POST\"     | 7          | method: found 7 (expected: a string)",
            })
    void membersOfTheWrongTypeAreNamed(String right, String wrong, String reason) throws IOException {
        assertThat(read(ATTACK + ATTACK.replace(right, wrong)).malformed().counts())
                .containsExactly(new Count(reason, 1, 2));
    }

    @Test
    void encodedRequestsThatAreNoneAreMalformed() throws IOException {
        var account = read(ATTACK
                + encoded("hello")
                + encoded("GET / HTTP/1.1\r\nno colon\r\n\r\n")
                + encoded("")
                + encoded("GET / HTTP/1.1\r\n\r\n").replace("R0VU", "R!=VU"));
        assertThat(account.malformed().counts()).extracting(Count::firstLine).containsExactly(2L, 3L, 5L);
        assertThat(account.malformed().counts().getFirst().reason())
                .isEqualTo("request line: found \"hello\" (expected: method, target, HTTP version)");
    }

    private static String encoded(String request) {
        return ATTACK.replace(
                "\"data\":\"q=1\"",
                "\"encoded_request\":\""
                        + Base64.getEncoder().encodeToString(request.getBytes(StandardCharsets.ISO_8859_1)) + "\"");
    }

    private Account read(String text) throws IOException {
        return CrsTests.read(new DataFile(Files.writeString(folder.resolve("crs.jsonl"), text)), tests::add);
    }
}
