package pt.sunbeam.detector.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DocumentedLineTest {
    private static final Path DOCS = Path.of(System.getProperty("basedir", "."), "..", "docs");
    private static final String FENCE = "```json\n";

    @Test
    void theLineInTheDocumentationIsOneThatIsWritten() throws IOException {
        String page = Files.readString(DOCS.resolve("operations.md"));
        int start = page.indexOf(FENCE) + FENCE.length();
        String line = page.substring(start, page.indexOf("```", start))
                        .lines()
                        .map(String::strip)
                        .collect(Collectors.joining())
                + "\n";
        byte[] bytes = line.getBytes(UTF_8);
        assertThat(new AuditReader().read(bytes, 0, bytes.length - 1))
                .isInstanceOfSatisfying(
                        AuditReader.Parsed.class,
                        parsed -> assertThat(written(parsed.record())).isEqualTo(line));
    }

    private static String written(AuditRecord record) {
        var out = new ByteArrayOutputStream();
        try {
            new AuditWriter().write(record, out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toString(UTF_8);
    }
}
