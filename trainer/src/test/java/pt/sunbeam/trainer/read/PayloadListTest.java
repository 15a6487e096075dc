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
import pt.sunbeam.detector.audit.Reasons.Count;

class PayloadListTest {
    private static final String TOO_LONG = "more than 1048576 bytes (expected: at most that)";

    @TempDir
    Path folder;

    private final List<Payload> payloads = new ArrayList<>();

    @Test
    void plainLinesAreAttacksOfTheGivenFamilyAndNoneIsAComment() throws IOException {
        var account = read("\n' or 1=1\r\n# or 1\n\n\u00ff\u00fe{\n" + "x".repeat(1 << 21) + "\nlast");
        assertThat(payloads)
                .containsExactly(
                        new Payload("' or 1=1", "given", true, 2),
                        new Payload("# or 1", "given", true, 3),
                        new Payload("\u00ff\u00fe{", "given", true, 5),
                        new Payload("last", "given", true, 7));
        assertThat(account.leftOut().counts()).containsExactly(new Count("blank line", 2, 1));
        assertThat(account.malformed().counts()).containsExactly(new Count(TOO_LONG, 1, 6));
    }

    @Test
    void theValueOfAFormIsDecodedAndBrokenEscapesStay() throws IOException {
        read("p=1%27+or%2b%zz%4\np=%ff%\n");
        assertThat(payloads).extracting(Payload::text).containsExactly("1' or+%zz%4", "\u00ff%");
    }

    @Test
    void labelledStringsKeepTheirLabel() throws IOException {
        var account = read("""
                {"file":"a.txt","class":"sqli","label":"attack","payload":"1 or 2"}
                {"file":"b.txt","class":"mixed","label":"benign","payload":"one or two"}
                {"file":"b.txt","class":"mixed","label":"maybe","payload":"x"}
                {"file":"b.txt","class":"mixed","label":"benign"}
                {"file":"b.txt","class":"mixed","label":"ben
                no JSON
                """);
        assertThat(payloads)
                .containsExactly(new Payload("1 or 2", "sqli", true, 1), new Payload("one or two", "benign", false, 2));
        assertThat(account.malformed().counts()).extracting(Count::firstLine).containsExactly(3L, 4L, 5L);
        assertThat(account.malformed().counts().getFirst().reason())
                .isEqualTo("label: found \"maybe\" (expected: benign or attack)");
        assertThat(account.foreign().counts()).containsExactly(new Count("no JSON object", 1, 6));
    }

    @Test
    void categoriesOfAllSetsHaveOneNameEach() throws IOException {
        var account = read("""
                {"cat":"SQL Injection","file":"a.txt","payload":"1"}
                {"file":"sql-injection/detect/a.txt","payload":"2"}
                {"cat":"Web Cache Deception","file":"a.txt","payload":"3"}
                {"file":"mimetypes/a.txt","payload":"text/html"}
                """);
        assertThat(payloads).extracting(Payload::family).containsExactly("sqli", "sqli", "web-cache-deception");
        assertThat(account.leftOut().counts())
                .containsExactly(new Count("values of mimetypes, which are no attacks", 1, 4));
    }

    @Test
    void rowsOfCsvAreReadByTheirHeading() throws IOException {
        var account = read("\"payload\",\"length\",\"attack_type\",\"label\"\r\n"
                + "\"a, b\",\"4\",\"norm\",\"norm\"\r\n"
                + "\"1\"\" or \u00ff\",\"8\",\"sqli\",\"anom\"\r\n"
                + "\"never closed,\"3\",\"sqli\",\"anom\"\r\n"
                + "x,1,sqli\r\n"
                + "x,1,sqli,odd\r\n"
                + "\r\n"
                + "\"" + "x".repeat(1 << 21) + "\",1,sqli,anom\r\n"
                + "plain,5,cmdi,anom");
        assertThat(payloads)
                .containsExactly(
                        new Payload("a, b", "benign", false, 2),
                        new Payload("1\" or \u00ff", "sqli", true, 3),
                        new Payload("plain", "cmdexe", true, 9));
        assertThat(account.malformed().counts()).extracting(Count::firstLine).containsExactly(4L, 5L, 6L, 8L);
        assertThat(account.malformed().counts())
                .extracting(Count::reason)
                .contains("row: found 3 columns (expected: 4 as in the heading)", TOO_LONG);
        assertThat(account.leftOut().counts())
                .containsExactly(new Count("heading", 1, 1), new Count("blank line", 1, 7));
    }

    @Test
    void anEmptyFileIsRefusedByName() {
        assertThatThrownBy(() -> read(""))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("list: nothing in it");
    }

    private Account read(String text) throws IOException {
        var path = Files.write(folder.resolve("list"), text.getBytes(StandardCharsets.ISO_8859_1));
        return PayloadList.read(new DataFile(path), "given", payloads::add);
    }
}
