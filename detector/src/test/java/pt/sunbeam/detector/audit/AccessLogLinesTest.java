package pt.sunbeam.detector.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.detector.audit.Reasons.Count;

class AccessLogLinesTest {
    private static final String HEAD = "192.0.2.1 - - [27/Jan/2024:00:00:02 +0500] ";
    private static final String COMMON = HEAD + "\"GET /a?b=1 HTTP/1.1\" 200 29663";
    private static final String COMBINED = COMMON + " \"http://shop.example/\" \"agent/1.0 (x; y)\"";

    private static AccessLogLines lines(String text) {
        return new AccessLogLines(new ByteArrayInputStream(text.getBytes(ISO_8859_1)));
    }

    private static List<AccessLine> all(AccessLogLines lines) throws IOException {
        var all = new ArrayList<AccessLine>();
        for (AccessLine line = lines.next(); line != null; line = lines.next()) {
            all.add(line);
        }
        return all;
    }

    private static AccessLine only(String text) throws IOException {
        var all = all(lines(text));
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    /** Why the one line was set aside. */
    private static String reason(String text) throws IOException {
        var lines = lines(text);
        assertThat(lines.next()).isNull();
        var foreign = lines.foreign().counts().stream().map(count -> "foreign: " + count.reason());
        var malformed = lines.malformed().counts().stream().map(count -> "malformed: " + count.reason());
        return Stream.concat(foreign, malformed).reduce("", String::concat);
    }

    @Test
    void everyPartOfACombinedLineIsRead() throws IOException {
        assertThat(only(COMBINED))
                .isEqualTo(new AccessLine(
                        "192.0.2.1",
                        1_706_295_602L, // 2024-01-26T19:00:02Z
                        "",
                        "GET",
                        "/a?b=1",
                        "HTTP/1.1",
                        200,
                        29_663,
                        "http://shop.example/",
                        "agent/1.0 (x; y)"));
    }

    @Test
    void theCommonFormatHasNeitherRefererNorAgent() throws IOException {
        assertThat(only(COMMON))
                .isEqualTo(new AccessLine(
                        "192.0.2.1", 1_706_295_602L, "", "GET", "/a?b=1", "HTTP/1.1", 200, 29_663, "", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "shop.example:443 192.0.2.1 - -, shop.example:443, 192.0.2.1",
        "192.0.2.1 - -, '', 192.0.2.1",
        "2001:db8::1 - ann, '', 2001:db8::1",
        "192.0.2.1 - ann of example, '', 192.0.2.1",
        "shop.example 192.0.2.1 - ann of example, shop.example, 192.0.2.1",
        "192.0.2.1 ident ann, '', 192.0.2.1",
        "shop.example 192.0.2.1 ident ann, shop.example, 192.0.2.1",
    })
    void aVirtualHostMayStandBeforeTheClientAndUsersMayHaveBlanks(String who, String host, String client)
            throws IOException {
        var line = only(COMBINED.replace("192.0.2.1 - -", who));
        assertThat(line.host()).isEqualTo(host);
        assertThat(line.client()).isEqualTo(client);
    }

    @Test
    void dashesAreNothing() throws IOException {
        var line = only(HEAD + "\"GET / HTTP/1.1\" 304 - \"-\" \"-\"");
        assertThat(line.bytes()).isZero();
        assertThat(line.referer()).isEmpty();
        assertThat(line.agent()).isEmpty();
    }

    @Test
    void whatServersAddAfterTheAgentIsPassedOver() throws IOException {
        assertThat(only(COMBINED + " 0.012 \"-\" 8080")).isEqualTo(only(COMBINED));
    }

    @Test
    void escapesAreUndoneSaveThoseOfControlCharacters() throws IOException {
        var line = only(
                HEAD + "\"GET /\\xC3\\xB1?q=\\x22\\x3c\\\\\\x00 HTTP/1.1\" 200 1 \"a\\x0d\\x0ab\" \"c \\\"8\\\" \\q\"");
        assertThat(line.target()).isEqualTo("/\u00c3\u00b1?q=\"<\\\\x00");
        assertThat(line.referer()).isEqualTo("a\\x0d\\x0ab");
        assertThat(line.agent()).isEqualTo("c \"8\" \\q");
    }

    @Test
    void anyByteAboveAsciiSurvivesOneForOne() throws IOException {
        var line = only(HEAD + "\"GET /ca\u00f1a HTTP/1.1\" 200 1 \"-\" \"\u00e9\u0085\u00ff\"");
        assertThat(line.target()).isEqualTo("/ca\u00f1a");
        assertThat(line.agent()).isEqualTo("\u00e9\u0085\u00ff");
    }

    @ParameterizedTest
    @CsvSource({
        "29/Feb/2024:23:59:59 +0000,1709251199",
        "01/Jan/1970:00:00:00 -0330,12600",
        "01/Jan/2024:05:30:00 +0530,1704067200"
    })
    void timesAreReadWithTheirZones(String time, long second) throws IOException {
        assertThat(only(COMMON.replace("27/Jan/2024:00:00:02 +0500", time)).second())
                .isEqualTo(second);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "30/Feb/2024:00:00:02 +0500",
                "00/Feb/2024:00:00:02 +0500",
                "27/Foo/2024:00:00:02 +0500",
                "27/anF/2024:00:00:02 +0500",
                "27/Jan/2024:24:00:02 +0500",
                "27/Jan/2024:00:60:02 +0500",
                "27/Jan/2024:00:00:02 *0500",
                "27/Jan/2024:00:00:02 +1900",
                "27/Jan/20x4:00:00:02 +0500",
                "27/Jan/2024 00:00:02 +0500",
                "27/Jan/2024:00:00:02Z"
            })
    void aTimeThatIsNoneIsMalformed(String time) throws IOException {
        // Of the day before, which the reader remembers.
        var lines =
                lines(COMMON.replace("27/Jan", "31/Jan") + "\n" + COMMON.replace("27/Jan/2024:00:00:02 +0500", time));
        assertThat(all(lines)).hasSize(1);
        assertThat(lines.malformed().counts())
                .singleElement()
                .matches(count ->
                        count.reason().startsWith("time: found \"" + time.substring(0, 5)) && count.firstLine() == 2);
    }

    @Test
    void aLineMayEndAnywhereAndIsCountedByThePartThatIsMissing() throws IOException {
        assertThat(reason(COMBINED.substring(0, 30))).startsWith("malformed: time: found \"27/Jan/2024:00:\"");
        assertThat(reason(HEAD)).isEqualTo("malformed: request: found nothing (expected: text in quotes)");
        assertThat(reason(HEAD + "\"GET /a"))
                .isEqualTo("malformed: request: found \"\"GET /a\" (expected: text in quotes)");
        assertThat(reason(HEAD + "\"GET /a HTTP/1.1\""))
                .isEqualTo("malformed: status: found nothing (expected: three digits)");
        assertThat(reason(HEAD + "\"GET /a HTTP/1.1\" 200"))
                .isEqualTo("malformed: bytes: found nothing (expected: a number or \"-\")");
        assertThat(reason(COMMON + " \"http:"))
                .isEqualTo("malformed: referer: found \"\"http:\" (expected: text in quotes)");
        assertThat(reason(COMMON + " \"-\" \"agent"))
                .isEqualTo("malformed: user agent: found \"\"agent\" (expected: text in quotes)");
        assertThat(reason(COMMON + " \"-\" \"agent\\\""))
                .isEqualTo("malformed: user agent: found \"\"agent\\\"\" (expected: text in quotes)");
    }

    @Test
    void partsOfTheWrongTypeAreNamed() throws IOException {
        assertThat(reason(COMMON.replace(" 200 ", " ok ")))
                .isEqualTo("malformed: status: found \"ok 29663\" (expected: three digits)");
        assertThat(reason(COMMON.replace("29663", "many")))
                .isEqualTo("malformed: bytes: found \"many\" (expected: a number or \"-\")");
        assertThat(reason(COMMON.replace("29663", "1".repeat(30)))).startsWith("malformed: bytes: found \"111");
        assertThat(reason(COMMON + " 7")).isEqualTo("malformed: referer: found \"7\" (expected: text in quotes)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"target\":\"audit\",\"fields\":[1]}",
                "a,b,c",
                "2024/01/27 00:00:02 [error] 7#7: *1 open() failed",
                "[Sat Jan 27 00:00:02 2024] [error] [client 192.0.2.1] x",
                "Jan 27 00:00:02 host nginx: 192.0.2.1 - - [27/Jan/2024:00:00:02 +0500] \"GET / HTTP/1.1\" 200 1",
                "one two three [four]"
            })
    void linesOfOtherKindsAreForeign(String line) throws IOException {
        assertThat(reason(line)).isEqualTo("foreign: no access-log line");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-",
                "\\x16\\x03\\x01",
                "SSH-2.0-x",
                "get / HTTP/1.1",
                "GET",
                "GET ",
                "GET  HTTP/1.1",
                "GET / HTTP/x",
                "GET /a b HTTP/1.1",
                "GET / HTTP/1.1 "
            })
    void whatHoldsNoHttpRequestIsForeign(String request) throws IOException {
        assertThat(reason(COMBINED.replace("GET /a?b=1 HTTP/1.1", request))).isEqualTo("foreign: no HTTP request");
    }

    @Test
    void theVersionMayBeMissing() throws IOException {
        assertThat(only(COMBINED.replace(" HTTP/1.1", "")).version()).isEmpty();
        assertThat(only(COMBINED.replace("HTTP/1.1", "HTTP/2")).version()).isEqualTo("HTTP/2");
    }

    @Test
    void everyLineIsCountedOnceAndReasonsNameTheirFirstLine() throws IOException {
        var huge = COMBINED + "x".repeat(1 << 20);
        var lines = lines(String.join(
                "\n",
                COMBINED,
                "",
                "\u00ff\u0000 junk",
                huge,
                COMMON + "\r",
                COMBINED.substring(0, 60),
                "junk",
                COMMON));
        assertThat(all(lines)).hasSize(3);
        assertThat(lines.lines()).isEqualTo(8);
        assertThat(lines.parsed()).isEqualTo(3);
        assertThat(lines.foreign().counts())
                .containsExactly(new Count("empty line", 1, 2), new Count("no access-log line", 2, 3));
        assertThat(lines.malformed().counts())
                .containsExactly(
                        new Count("more than 1048576 bytes (expected: at most that)", 1, 4),
                        new Count("request: found \"\"GET /a?b=1 HTTP/\" (expected: text in quotes)", 1, 6));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void noBytesStopTheReader(int seed) throws IOException {
        var random = new SplittableRandom(seed);
        var bytes = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            var line = new StringBuilder(COMBINED);
            for (int flips = random.nextInt(4); flips > 0; flips--) {
                line.setCharAt(random.nextInt(line.length()), " \"[]-\\x0\u00ff\u0000".charAt(random.nextInt(10)));
            }
            line.setLength(random.nextInt(line.length() + 1));
            bytes.append(line).append('\n');
        }
        var lines = lines(bytes.toString());
        assertThatCode(() -> all(lines)).doesNotThrowAnyException();
        assertThat(lines.lines()).isEqualTo(2_000);
        assertThat(lines.parsed() + lines.foreign().total() + lines.malformed().total())
                .isEqualTo(2_000);
    }

    @Test
    void textsThatShareASlotOfTheStoreAreNotMixedUp() throws IOException {
        var targets =
                IntStream.range(0, 60_000).mapToObj(i -> "/p" + i % 40_000).toList();
        var lines = lines(String.join(
                "\n", targets.stream().map(t -> COMMON.replace("/a?b=1", t)).toList()));
        assertThat(all(lines)).extracting(AccessLine::target).isEqualTo(targets);
    }
}
