package pt.sunbeam.trainer.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogReaderTest {
    private static final String LINE =
            "192.0.2.1 - - [27/Jan/2024:00:00:02 +0500] \"GET /a HTTP/1.1\" 200 29663 \"-\" \"curl \\\"8\\\"\"";

    @TempDir
    Path folder;

    @Test
    void timeIsReadWithItsZoneAndDashesAreNothing() throws IOException {
        var line = read(LINE).getFirst();
        assertThat(line.second()).isEqualTo(1_706_295_602L); // 2024-01-26T19:00:02Z
        assertThat(line.referer()).isEmpty();
        assertThat(line.status()).isEqualTo(200);
        assertThat(line.agent()).startsWith("curl");
    }

    @Test
    void aVirtualHostMayStandBeforeTheClient() throws IOException {
        var line = read("shop.example:443 " + LINE).getFirst();
        assertThat(line.host()).isEqualTo("shop.example:443");
        assertThat(line.client()).isEqualTo("192.0.2.1");
    }

    @Test
    void linesThatAreNoHttpAreCountedAndTheFirstIsNamed() throws IOException {
        var path = write(String.join("\n", Collections.nCopies(20, LINE)) + "\n"
                + LINE.replace("GET /a HTTP/1.1", "\\x16\\x03"));
        var lines = new ArrayList<LogLine>();
        var tally = AccessLogReader.read(new DataFile(path), lines::add);
        assertThat(tally).isEqualTo(new AccessLogReader.Tally(21, 1, 21));
        assertThat(lines).hasSize(20);
    }

    @Test
    void anotherKindOfFileIsRefusedWithItsFirstLine() throws IOException {
        var path = write("a,b,c\n1,2,3\n");
        assertThatThrownBy(() -> AccessLogReader.read(new DataFile(path), _ -> {}))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("access.log:1: not an access log");
    }

    private List<LogLine> read(String text) throws IOException {
        var lines = new ArrayList<LogLine>();
        AccessLogReader.read(new DataFile(write(text)), lines::add);
        return lines;
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("access.log"), text);
    }
}
