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

class CsicReaderTest {
    private static final String GET =
            "GET http://shop.example/a?n=Jam%F3n HTTP/1.1\r\nHost: shop.example\r\nCookie: id=1\r\n\r\n\r\n";
    private static final String POST =
            "POST http://shop.example/b HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 3\r\n\r\n";

    @TempDir
    Path folder;

    @Test
    void requestsFollowEachOtherWithAndWithoutBodyWhateverTheLineEnds() throws IOException {
        var requests = read(GET + POST + "x=1\n\n" + GET.replace("\r\n", "\n"));
        assertThat(requests).extracting(RecordedRequest::method).containsExactly("GET", "POST", "GET");
        assertThat(requests).extracting(RecordedRequest::body).containsExactly("", "x=1", "");
        assertThat(requests.getFirst().fields()).containsExactly("Host", "shop.example", "Cookie", "id=1");
        assertThat(requests).extracting(RecordedRequest::line).containsExactly(1L, 6L, 12L);
    }

    @Test
    void aMissingBodyDoesNotSwallowTheNextRequest() throws IOException {
        var requests = read(POST + "\r\n" + GET);
        assertThat(requests).extracting(RecordedRequest::method).containsExactly("POST", "GET");
        assertThat(requests.getFirst().body()).isEmpty();
    }

    @Test
    void latin1BytesSurviveOneForOne() throws IOException {
        var requests = read("GET http://shop.example/ca\u00f1a HTTP/1.1\r\nX: \u00e9\r\n\r\n");
        assertThat(requests.getFirst().target()).endsWith("/ca\u00f1a");
        assertThat(requests.getFirst().fields()).containsExactly("X", "\u00e9");
    }

    @Test
    void whatIsNoRequestIsNamedByFileAndLine() {
        assertThatThrownBy(() -> read(GET + "hello\r\n"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("requests.txt:6: found \"hello\"");
    }

    @Test
    void aFieldWithoutColonIsNamedByFileAndLine() {
        assertThatThrownBy(() -> read("GET / HTTP/1.1\r\nHost shop\r\n\r\n"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("requests.txt:2: found \"Host shop\"");
    }

    @Test
    void aPackedFileReadsAsThePlainOne() throws IOException {
        var path = folder.resolve("packed.txt.xz");
        try (var out = new XZOutputStream(Files.newOutputStream(path), new LZMA2Options())) {
            out.write(GET.getBytes(StandardCharsets.ISO_8859_1));
        }
        var requests = new ArrayList<RecordedRequest>();
        CsicReader.read(DataFile.find(folder, "packed.txt").orElseThrow(), "shop", requests::add);
        assertThat(requests).hasSize(1);
    }

    @Test
    void aFileThatIsNotPackedThoughItSaysSoIsNamed() throws IOException {
        Files.writeString(folder.resolve("broken.txt.xz"), "GET / HTTP/1.1");
        var file = DataFile.find(folder, "broken.txt").orElseThrow();
        assertThatThrownBy(() -> CsicReader.read(file, "shop", _ -> {}))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("broken.txt.xz: not an xz file");
    }

    private List<RecordedRequest> read(String text) throws IOException {
        var path = folder.resolve("requests.txt");
        Files.write(path, text.getBytes(StandardCharsets.ISO_8859_1));
        var requests = new ArrayList<RecordedRequest>();
        CsicReader.read(new DataFile(path), "shop", requests::add);
        return requests;
    }
}
