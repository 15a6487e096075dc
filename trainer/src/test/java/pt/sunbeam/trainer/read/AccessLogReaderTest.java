package pt.sunbeam.trainer.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;
import pt.sunbeam.detector.audit.AccessLine;
import pt.sunbeam.detector.audit.Reasons.Count;

class AccessLogReaderTest {
    private static final String LINE =
            "192.0.2.1 - - [27/Jan/2024:00:00:02 +0500] \"GET /a HTTP/1.1\" 200 29663 \"-\" \"curl/8\"";

    @TempDir
    Path folder;

    private final List<AccessLine> lines = new ArrayList<>();

    @Test
    void linesThatAreNoHttpAreCountedAndTheFirstIsNamed() throws IOException {
        var noHttp = LINE.replace("GET /a HTTP/1.1", "\\x16\\x03");
        var account = read(noHttp + "\n" + LINE + "\n" + noHttp + "\n" + LINE.substring(0, 60));
        assertThat(lines).extracting(AccessLine::target).containsExactly("/a");
        assertThat(account.records()).isEqualTo(4);
        assertThat(account.taken()).isEqualTo(1);
        assertThat(account.foreign().counts()).containsExactly(new Count("no HTTP request", 2, 1));
        assertThat(account.malformed().counts()).extracting(Count::firstLine).containsExactly(4L);
    }

    @Test
    void aRotatedLogIsReadPacked() throws IOException {
        var path = folder.resolve("access.log.2.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(path))) {
            out.write(LINE.getBytes(StandardCharsets.ISO_8859_1));
        }
        AccessLogReader.read(new DataFile(path), lines::add);
        assertThat(lines).hasSize(1);
    }

    @Test
    void anotherKindOfFileIsRefusedWithItsFirstLine() {
        assertThatThrownBy(() -> read("a,b,c\n1,2,3\n"))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("access.log:1: no access-log line; none of 2 records could be read");
    }

    @Test
    void anEmptyFileAMissingOneAndAFolderAreRefusedByName() {
        assertThatThrownBy(() -> read("")).hasMessageEndingWith("access.log: nothing in it");
        assertThatThrownBy(() -> AccessLogReader.read(new DataFile(folder.resolve("none.log")), lines::add))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("none.log: no such file");
        assertThatThrownBy(() -> AccessLogReader.read(new DataFile(folder), lines::add))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("is a folder (expected: a file)");
    }

    @Test
    void aPackedFileThatEndsEarlyIsRefusedByName() throws IOException {
        var path = folder.resolve("access.log.xz");
        try (var out = new XZOutputStream(Files.newOutputStream(path), new LZMA2Options())) {
            out.write((LINE + "\n").repeat(100).getBytes(StandardCharsets.ISO_8859_1));
        }
        var packed = Files.readAllBytes(path);
        Files.write(path, Arrays.copyOf(packed, packed.length - 20));
        assertThatThrownBy(() -> AccessLogReader.read(new DataFile(path), lines::add))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("access.log.xz: cannot be read to its end");
    }

    private Account read(String text) throws IOException {
        return AccessLogReader.read(new DataFile(Files.writeString(folder.resolve("access.log"), text)), lines::add);
    }
}
