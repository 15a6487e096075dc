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
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;
import pt.sunbeam.detector.audit.Reasons.Count;

class CsicReaderTest {
    private static final String GET =
            "GET http://shop.example/a?n=Jam%F3n HTTP/1.1\r\nHost: shop.example\r\nCookie: id=1\r\n\r\n\r\n";
    private static final String POST =
            "POST http://shop.example/b HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 3\r\n\r\n";
    private static final String TOO_LONG = "more than 1048576 bytes (expected: at most that)";

    @TempDir
    Path folder;

    private final List<RecordedRequest> requests = new ArrayList<>();

    @Test
    void requestsFollowEachOtherWithAndWithoutBodyWhateverTheLineEnds() throws IOException {
        var account = read(GET + POST + "x=1\n\n" + GET.replace("\r\n", "\n"));
        assertThat(requests).extracting(RecordedRequest::method).containsExactly("GET", "POST", "GET");
        assertThat(requests).extracting(RecordedRequest::body).containsExactly("", "x=1", "");
        assertThat(requests.getFirst().fields()).containsExactly("Host", "shop.example", "Cookie", "id=1");
        assertThat(requests).extracting(RecordedRequest::line).containsExactly(1L, 6L, 12L);
        assertThat(account.records()).isEqualTo(3);
        assertThat(account.taken()).isEqualTo(3);
    }

    @Test
    void aMissingBodyDoesNotSwallowTheNextRequest() throws IOException {
        read(POST + "\r\n" + GET);
        assertThat(requests).extracting(RecordedRequest::method).containsExactly("POST", "GET");
        assertThat(requests.getFirst().body()).isEmpty();
    }

    @Test
    void anyByteSurvivesOneForOne() throws IOException {
        read("GET http://shop.example/ca\u00f1a HTTP/1.1\r\nX: \u00e9\u0085\u00ff\r\n\r\n");
        assertThat(requests.getFirst().target()).endsWith("/ca\u00f1a");
        assertThat(requests.getFirst().fields()).containsExactly("X", "\u00e9\u0085\u00ff");
    }

    @Test
    void linesThatBelongToNoRequestAreCounted() throws IOException {
        var account = read(GET + "hello\r\n\r\nworld\r\n" + GET);
        assertThat(requests).hasSize(2);
        assertThat(account.foreign().counts()).containsExactly(new Count("no request line", 2, 6));
    }

    @Test
    void aBrokenRequestIsCountedOnceAtItsFaultAndTheNextOneGoesOn() throws IOException {
        var account = read("GET /1 HTTP/1.1\r\nHost shop\r\nA: b\r\n\r\n" + GET
                + "GET /2 HTTP/1.1\r\nA: b\r\n" // no blank line
                + GET
                + POST.replace(": 3", ": many") + "x=1\r\n\r\n" + GET);
        assertThat(requests).extracting(RecordedRequest::line).containsExactly(5L, 12L, 23L);
        assertThat(account.malformed().counts())
                .containsExactly(
                        new Count("field: found \"Host shop\" (expected: name, colon, value)", 1, 2),
                        new Count("fields: found another request (expected: a blank line)", 1, 12),
                        new Count("Content-Length: found \"many\" (expected: a whole number)", 1, 21));
        assertThat(account.records()).isEqualTo(6);
    }

    @Test
    void hugeLinesArePassedOverWhereverTheyStand() throws IOException {
        var huge = "x".repeat(1 << 20) + "xx";
        var account = read(
                huge + "\r\n" + GET + "GET /1 HTTP/1.1\r\nA: " + huge + "\r\n\r\n" + POST + huge + "\r\n\r\n" + GET);
        assertThat(requests).hasSize(2);
        assertThat(account.malformed().counts()).containsExactly(new Count(TOO_LONG, 3, 1));
    }

    @Test
    void aFileMayEndWithinARequest() throws IOException {
        assertThat(read(GET + POST + "x").malformed().counts())
                .containsExactly(new Count(
                        "body at the end of the file: found 1 bytes (expected: 3 as Content-Length says)", 1, 10));
        assertThat(read(GET + "GET / HTTP/1.1\r\nHost: sh").malformed().counts())
                .containsExactly(new Count("fields: found the end of the file (expected: a blank line)", 1, 7));
    }

    @Test
    void aPackedFileReadsAsThePlainOne() throws IOException {
        var path = folder.resolve("packed.txt.xz");
        try (var out = new XZOutputStream(Files.newOutputStream(path), new LZMA2Options())) {
            out.write(GET.getBytes(StandardCharsets.ISO_8859_1));
        }
        CsicReader.read(DataFile.find(folder, "packed.txt").orElseThrow(), "shop", requests::add);
        assertThat(requests).hasSize(1);
    }

    @Test
    void aFileThatIsNotPackedThoughItSaysSoIsNamed() throws IOException {
        Files.writeString(folder.resolve("broken.txt.xz"), "GET / HTTP/1.1");
        var file = DataFile.find(folder, "broken.txt").orElseThrow();
        assertThatThrownBy(() -> CsicReader.read(file, "shop", requests::add))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("broken.txt.xz: not an xz file");
    }

    @Test
    void aFileWithoutRequestsIsRefusedByName() {
        assertThatThrownBy(() -> read("hello\r\n"))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("requests.txt:1: no request line; none of 1 records could be read");
    }

    private Account read(String text) throws IOException {
        var path = folder.resolve("requests.txt");
        Files.write(path, text.getBytes(StandardCharsets.ISO_8859_1));
        return CsicReader.read(new DataFile(path), "shop", requests::add);
    }
}
