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

class ProbeListTest {
    @TempDir
    Path folder;

    private final List<RecordedRequest> probes = new ArrayList<>();

    @Test
    void pathsBecomeRequestsForThemAndCommentsAreLeftOut() throws IOException {
        var account = read("# a list\r\n/.env\r\n\r\nadmin/\r\n  wp-login.php \r\n");
        assertThat(probes)
                .containsExactly(
                        new RecordedRequest("list.txt", "GET", "/.env", List.of(), "", 2),
                        new RecordedRequest("list.txt", "GET", "/admin/", List.of(), "", 4),
                        new RecordedRequest("list.txt", "GET", "/wp-login.php", List.of(), "", 5));
        assertThat(account.leftOut().counts()).containsExactly(new Count("blank line or comment", 2, 1));
    }

    @Test
    void extensionsRotateInThePlaceOfTheirMark() throws IOException {
        read("a.%EXT%\n".repeat(6));
        assertThat(probes)
                .extracting(RecordedRequest::target)
                .containsExactly("/a.aspx", "/a.jsp", "/a.html", "/a.js", "/a.php", "/a.aspx");
    }

    @Test
    void whatMayNotStandInATargetIsEscapedByteForByte() throws IOException {
        read("a b#c\t\u00e9\u007f?x=%20\n");
        assertThat(probes.getFirst().target()).isEqualTo("/a%20b%23c%09%E9%7F?x=%20");
    }

    @Test
    void eachLineIsReadByItsOwnLook() throws IOException {
        var account = read("""
                {"file":"cgi/list.txt","path":"cgi-bin/test"}
                {"template":"t1","method":"POST","path":"/x","headers":{"A":"b"},"body":"c"}
                {"template":"t2","method":"GET","path":"/","generic":true}
                {braces}
                {"file":"cgi/list.txt","path":7}
                {"file":"cgi/list.txt","pa
                """);
        assertThat(probes)
                .containsExactly(
                        new RecordedRequest("list.txt cgi/list.txt", "GET", "/cgi-bin/test", List.of(), "", 1),
                        new RecordedRequest("t1", "POST", "/x", List.of("A", "b"), "c", 2),
                        new RecordedRequest("list.txt", "GET", "/{braces}", List.of(), "", 4));
        assertThat(account.leftOut().total()).isEqualTo(1);
        assertThat(account.malformed().counts()).extracting(Count::firstLine).containsExactly(5L, 6L);
    }

    @Test
    void hugePathsAndBytesThatAreNoTextAreCounted() throws IOException {
        var account = read("a".repeat(9_000) + "\n/ok\nELF\u0000\u0001\n" + "a".repeat(1 << 21) + "\n");
        assertThat(probes).hasSize(1);
        assertThat(account.malformed().counts())
                .containsExactly(
                        new Count("path: found 9000 bytes (expected: at most 8192)", 1, 1),
                        new Count("more than 1048576 bytes (expected: at most that)", 1, 4));
        assertThat(account.foreign().counts()).containsExactly(new Count("no text: a byte 0", 1, 3));
    }

    @Test
    void aFolderStandsForItsListsInOrder() throws IOException {
        Files.createDirectories(folder.resolve("sub"));
        for (var name : List.of("b.txt", "a.txt.xz", "sub/c.jsonl", "README.md")) {
            Files.writeString(folder.resolve(name), "x");
        }
        assertThat(ProbeList.files(folder))
                .extracting(file -> folder.relativize(file.path()).toString())
                .containsExactly("a.txt.xz", "b.txt", "sub/c.jsonl");
        assertThatThrownBy(() -> ProbeList.files(Files.createDirectory(folder.resolve("empty"))))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("empty: no word lists in it");
    }

    private Account read(String text) throws IOException {
        var path = Files.write(folder.resolve("list.txt"), text.getBytes(StandardCharsets.ISO_8859_1));
        return ProbeList.read(new DataFile(path), probes::add);
    }
}
