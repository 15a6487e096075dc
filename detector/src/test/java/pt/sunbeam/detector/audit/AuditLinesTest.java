package pt.sunbeam.detector.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.detector.audit.Reasons.Count;

class AuditLinesTest {
    private static final String TOO_LONG = "more than 1048576 bytes (expected: at most that)";

    private static String line(String id) {
        return """
            {"timestamp":"2026-03-10T12:00:00Z","target":"audit","request_id":"%s","method":"GET","host":"h",\
            "path":"/p","query":"","client_ip":"192.0.2.1","status":200,"duration_ms":7,"content_length":0,\
            "user_agent":"u","referer":"-","accept_language":"-","accept":"-","has_cookies":true,"cf_country":"-",\
            "backend":"b","error":"-"}""".formatted(id);
    }

    /** An audit line of so many bytes: JSON may be followed by blanks. */
    private static String padded(String id, int bytes) {
        return line(id) + " ".repeat(bytes - line(id).length());
    }

    private static List<String> ids(AuditLines lines) throws IOException {
        var ids = new ArrayList<String>();
        for (AuditRecord record = lines.next(); record != null; record = lines.next()) {
            ids.add(lines.lines() + " " + record.requestId());
        }
        return ids;
    }

    private static AuditLines lines(String text) {
        return new AuditLines(new ByteArrayInputStream(text.getBytes(ISO_8859_1)));
    }

    /** Gives at most so many bytes at once, as a pipe does. */
    private static InputStream inPieces(String text, int most) {
        return new ByteArrayInputStream(text.getBytes(ISO_8859_1)) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, most));
            }
        };
    }

    @Test
    void everyLineIsCountedOnceAndReasonsNameTheirFirstLine() throws IOException {
        var lines = lines(
                line("a") + "\n\n" + line("b").replace("200", "\"x\"") + "\r\n" + "{\"target\":\"pipeline\"}\n" + "\n"
                        + line("c").replace("200", "\"x\"") + "\n" + line("d").substring(0, 90) + "\n" + line("e"));
        assertThat(ids(lines)).containsExactly("1 a", "8 e");
        assertThat(lines.lines()).isEqualTo(8);
        assertThat(lines.parsed()).isEqualTo(2);
        assertThat(lines.foreign().total()).isEqualTo(3);
        assertThat(lines.foreign().counts())
                .containsExactly(new Count("empty line", 2, 2), new Count("target \"pipeline\"", 1, 4));
        assertThat(lines.malformed().total()).isEqualTo(3);
        assertThat(lines.malformed().counts().getFirst())
                .isEqualTo(new Count("status: found \"x\" (expected: a whole number in 0..65535)", 2, 3));
        assertThat(lines.malformed().counts().getLast().firstLine()).isEqualTo(7);
    }

    @Test
    void brokenLinesOfAKindAreOneReasonWhereverTheyBreak() throws IOException {
        var lines =
                lines(line("a").replace("/p", "/\u00ff") + "\n" + line("longer").replace("/p", "/\u00ff") + "\n"
                        + line("c").substring(0, 100) + "\n" + line("cc").substring(0, 101) + "\n");
        assertThat(lines.next()).isNull();
        assertThat(lines.malformed().counts())
                .extracting(Count::count, Count::firstLine)
                .containsExactly(tuple(2L, 1L), tuple(2L, 3L));
        assertThat(lines.malformed().counts())
                .extracting(Count::reason)
                .allSatisfy(reason -> assertThat(reason).matches("byte [0-9]+: [^()]+"));
    }

    @Test
    void nothingIsNoLine() throws IOException {
        var lines = lines("");
        assertThat(lines.next()).isNull();
        assertThat(lines.lines()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 4096, 1 << 22})
    void linesMayComeInPiecesOfAnySize(int most) throws IOException {
        var text = line("a") + "\n" + line("b") + "\n\n" + line("c");
        assertThat(ids(new AuditLines(inPieces(text, most)))).containsExactly("1 a", "2 b", "4 c");
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 1 << 22})
    void theLongestLineIsReadAndOneByteMoreIsPassedOver(int most) throws IOException {
        int longest = AuditReader.LONGEST_LINE;
        var text = String.join(
                "\n",
                line("a"),
                padded("b", longest),
                padded("c", longest + 1),
                padded("d", 2 * longest),
                padded("e", longest),
                line("f"),
                padded("g", 2 * longest + 2));
        var lines = new AuditLines(inPieces(text, most));
        assertThat(ids(lines)).containsExactly("1 a", "2 b", "5 e", "6 f");
        assertThat(lines.lines()).isEqualTo(7);
        assertThat(lines.malformed().counts()).containsExactly(new Count(TOO_LONG, 3, 3));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void noLineIsLostWhereverTheBufferEnds(int seed) throws IOException {
        var random = new SplittableRandom(seed);
        var text = new StringBuilder();
        var expected = new ArrayList<String>();
        for (int i = 1; i <= 40; i++) {
            text.append(padded("r" + i, random.nextInt(500, 200_000))).append('\n');
            expected.add(i + " r" + i);
        }
        assertThat(ids(new AuditLines(inPieces(text.toString(), random.nextInt(1, 300_000)))))
                .isEqualTo(expected);
    }

    @Test
    void reasonsWithoutEndAreCountedTogether() throws IOException {
        var text = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            text.append("{\"target\":\"t%d\"}\n".formatted(i));
        }
        var lines = lines(text.append("{\"target\":\"t0\"}\n").toString());
        assertThat(lines.next()).isNull();
        assertThat(lines.foreign().total()).isEqualTo(1_001);
        assertThat(lines.foreign().counts())
                .hasSize(21)
                .startsWith(new Count("target \"t0\"", 2, 1))
                .endsWith(new Count("other reasons", 980, 21));
    }
}
