package pt.sunbeam.trainer.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesTest {
    private static final String ROW =
            "{\"site\":\"one\",\"method\":\"GET\",\"url\":\"/a?b=1\",\"headers\":{\"Host\":\"a.example\"},\"data\":\"\"}\n";

    @TempDir
    Path folder;

    @Test
    void rowsKeepTheirOrderAndBlankLinesAreNone() throws IOException {
        var requests = openAppsec(ROW + "\n" + ROW.replace("one", "two"));
        assertThat(requests).extracting(RecordedRequest::group).containsExactly("one", "two");
        assertThat(requests).extracting(RecordedRequest::line).containsExactly(1L, 3L);
        assertThat(requests.getFirst().fields()).containsExactly("Host", "a.example");
    }

    @Test
    void truncatedJsonIsNamedByFileAndLine() {
        assertThatThrownBy(() -> openAppsec(ROW + ROW.substring(0, 30)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("rows.jsonl:2: broken JSON");
    }

    @Test
    void aMissingKeyIsNamed() {
        assertThatThrownBy(() -> openAppsec(ROW.replace("\"url\"", "\"uri\"")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("rows.jsonl:1: url: found nothing");
    }

    @Test
    void textBeyondLatin1BecomesTheBytesOfUtf8() throws IOException {
        assertThat(openAppsec(ROW.replace("/a?", "/\u20ac?")).getFirst().target())
                .isEqualTo("/\u00e2\u0082\u00ac?b=1");
    }

    @Test
    void genericAndUnresolvedProbesAreLeftOut() throws IOException {
        var path = folder.resolve("probes.jsonl");
        Files.writeString(path, """
                {"template":"t1","method":"GET","path":"/login","generic":true}
                {"template":"t2","method":"GET","path":"/{{x}}","unresolved":true}
                {"template":"t3","method":"GET","path":"/.env"}
                """);
        var requests = new ArrayList<RecordedRequest>();
        JsonLines.nuclei(new DataFile(path), requests::add);
        assertThat(requests).extracting(RecordedRequest::group).containsExactly("t3");
    }

    private List<RecordedRequest> openAppsec(String text) throws IOException {
        var path = folder.resolve("rows.jsonl");
        Files.writeString(path, text);
        var requests = new ArrayList<RecordedRequest>();
        JsonLines.openAppsec(new DataFile(path), "site", requests::add);
        return requests;
    }
}
