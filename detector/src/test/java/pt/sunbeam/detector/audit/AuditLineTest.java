package pt.sunbeam.detector.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.detector.audit.AuditReader.Foreign;
import pt.sunbeam.detector.audit.AuditReader.Malformed;
import pt.sunbeam.detector.audit.AuditReader.Outcome;
import pt.sunbeam.detector.audit.AuditReader.Parsed;

class AuditLineTest {
    private static final AuditWriter WRITER = new AuditWriter();
    private static final AuditReader READER = new AuditReader();

    private static byte[] write(AuditRecord record) {
        var out = new ByteArrayOutputStream();
        try {
            WRITER.write(record, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static Outcome read(byte[] line) {
        return READER.read(line, 0, line.length);
    }

    private static Outcome read(String line) {
        return read(line.getBytes(UTF_8));
    }

    private static AuditRecord record(@Nullable String userAgent, AuditRecord.@Nullable Extension sunbeam) {
        return new AuditRecord(
                Instant.parse("2026-03-10T12:00:00.000250Z"),
                "r-1",
                "GET",
                "app.example",
                "/a",
                "b=c",
                "192.0.2.1",
                200,
                12,
                0,
                345,
                userAgent,
                null,
                "pt",
                "*/*",
                "gzip",
                true,
                null,
                null,
                "http://10.0.0.1:80",
                null,
                "HTTP/1.1",
                6,
                null,
                sunbeam);
    }

    @Test
    void whatTheRateLimitsSaidReadsBack() {
        var layer = new AuditRecord.Layer("block", 1, "unauthenticated", List.of("burst=50"));
        var sunbeam =
                new AuditRecord.Extension(1, "n1", "app", null, null, layer, "ab12", 7, List.of(), new int[] {1, 2});
        byte[] line = write(record("curl", sunbeam));
        assertThat(new String(line, ISO_8859_1))
                .contains(
                        "\"rate_limit\":{\"decision\":\"block\",\"score\":1.0,\"path\":\"unauthenticated\",\"reasons\":[\"burst=50\"]},\"model\"");
        assertThat(new AuditReader().read(line, 0, line.length))
                .isInstanceOfSatisfying(
                        AuditReader.Parsed.class,
                        parsed -> assertThat(parsed.record().sunbeam())
                                .extracting(AuditRecord.Extension::rateLimit)
                                .isEqualTo(layer));
    }

    @Test
    void aLineHasTheOriginalsFieldsInTheirOrderAndOursBesideThem() {
        var layer = new AuditRecord.Layer("block", 0.75, "mlp", List.of("path_depth=9"));
        var place = new AuditRecord.Place("query", "b", 2, 1, -1);
        var sunbeam =
                new AuditRecord.Extension(1, "n1", "app", null, layer, "ab12", 7, List.of(place), new int[] {1, 2});
        assertThat(new String(write(record("curl/8 \"é\"\n", sunbeam)), ISO_8859_1))
                .isEqualTo("""
                        {"timestamp":"2026-03-10T12:00:00.000250Z","level":"INFO","target":"audit","fields":{\
                        "message":"request","target":"audit","request_id":"r-1","method":"GET","host":"app.example",\
                        "path":"/a","query":"b=c","client_ip":"192.0.2.1","status":200,"duration_ms":12,\
                        "content_length":0,"response_bytes":345,"user_agent":"curl/8 \\"\\u00E9\\"\\n","referer":"-",\
                        "accept_language":"pt","accept":"*/*","accept_encoding":"gzip","has_cookies":true,\
                        "connection":"-","cf_country":"-","backend":"http://10.0.0.1:80","error":"-",\
                        "http_version":"HTTP/1.1","header_count":6},"sunbeam":{"v":1,"node":"n1","route":"app",\
                        "scanner":{"decision":"block","score":0.75,"path":"mlp","reasons":["path_depth=9"]},\
                        "model":"ab12","upstream_ms":7,"shape":[{"place":"query","name":"b","classes":2,\
                        "length_bucket":1,"hash":4294967295}],"scanner_features":[1,2]}}
                        """);
    }

    @Test
    void aLineOfTheOriginalIsRead() {
        Outcome outcome = read("""
                {"timestamp":"2026-03-10T12:00:00.123456Z","level":"INFO","fields":{"message":"request",\
                "target":"audit","request_id":"x","method":"POST","host":"h","path":"/p","query":"",\
                "client_ip":"2001:db8::1","status":"404","duration_ms":"7","content_length":5,"response_bytes":0,\
                "user_agent":"-","referer":"-","accept_language":"-","accept":"-","accept_encoding":"-",\
                "has_cookies":false,"connection":"close","cf_country":"-","backend":"-","error":"-",\
                "http_version":"HTTP/2.0","header_count":3},"target":"sunbeam_proxy::proxy","span":{"name":"request"},\
                "spans":[{"name":"request"}],"threadId":"ThreadId(3)"}\r
                """);
        assertThat(outcome)
                .isEqualTo(new Parsed(new AuditRecord(
                        Instant.parse("2026-03-10T12:00:00.123456Z"),
                        "x",
                        "POST",
                        "h",
                        "/p",
                        "",
                        "2001:db8::1",
                        404,
                        7,
                        5,
                        0,
                        null,
                        null,
                        null,
                        null,
                        null,
                        false,
                        "close",
                        null,
                        null,
                        null,
                        "HTTP/2.0",
                        3,
                        null,
                        null)));
    }

    private static final String FLAT = """
            {"timestamp":"2026-03-10T12:00:00+00:00","level":"INFO","target":"audit","message":"request",\
            "request_id":"x","method":"GET","host":"h","path":"/p","query":"q","client_ip":"192.0.2.1","status":200,\
            "duration_ms":7,"content_length":0,"user_agent":"u","referer":"-","accept_language":"-","accept":"-",\
            "has_cookies":true,"cf_country":"PT","backend":"b","error":"-"}""";

    @Test
    void theFlatFormLacksFiveFields() {
        assertThat(read(FLAT))
                .isEqualTo(new Parsed(new AuditRecord(
                        Instant.parse("2026-03-10T12:00:00Z"),
                        "x",
                        "GET",
                        "h",
                        "/p",
                        "q",
                        "192.0.2.1",
                        200,
                        7,
                        0,
                        0,
                        "u",
                        null,
                        null,
                        null,
                        null,
                        true,
                        null,
                        "PT",
                        "b",
                        null,
                        "-",
                        0,
                        null,
                        null)));
        assertThat(read(FLAT.replace("\"error\":\"-\"", "\"error\":null,\"label\":\"attack\"")))
                .isInstanceOfSatisfying(
                        Parsed.class,
                        parsed -> assertThat(parsed.record().label()).isEqualTo("attack"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"status\":200' | '\"status\":\"abc\"' | status: found \"abc\" (expected: a whole number in 0..65535)",
                "'\"status\":200' | '\"status\":65536' | status: found \"65536\" (expected: a whole number in 0..65535)",
                "'\"status\":200' | '\"status\":-1' | status: found \"-1\" (expected: a whole number in 0..65535)",
                "'\"status\":200' | '\"status\":2.5' | status: found \"2.5\" (expected: a whole number in 0..65535)",
                "'\"status\":200,' | '' | status: found nothing (expected: a value)",
                "'\"host\":\"h\"' | '\"host\":5' | host: found 5 (expected: a string)",
                "'\"host\":\"h\"' | '\"host\":null' | host: found null (expected: a string)",
                "'\"host\":\"h\"' | '\"host\":\"h\",\"host\":\"i\"' | host: found a second one (expected: one)",
                "'\"host\":\"h\"' | '\"host\":{\"a\":[1]}' | unknown field \"host\": found it (expected: none of that name)",
                "'\"host\":\"h\"' | '\"host\":\"h\",\"verdict\":[{}]' | unknown field \"verdict\": found it (expected: none of that name)",
                "'\"has_cookies\":true' | '\"has_cookies\":1' | has_cookies: found \"1\" (expected: true or false)",
                "'2026-03-10T12:00:00+00:00' | 'yesterday' | timestamp: found \"yesterday\" (expected: RFC 3339)",
                "'\"timestamp\":\"2026-03-10T12:00:00+00:00\",' | '' | timestamp: found nothing (expected: RFC 3339)",
                "'\"error\":\"-\"}' | '\"error\":\"-\"} x' | byte 362: Unrecognized token 'x': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
                "'\"error\":\"-\"}' | '\"error\":\"-\"}{}' | byte 361: found more after the object (expected: nothing)"
            })
    void aBrokenLineNamesTheFieldOrTheByte(String part, String instead, String reason) {
        assertThat(FLAT).contains(part);
        assertThat(read(FLAT.replace(part, instead))).isEqualTo(new Malformed(reason));
    }

    @Test
    void anUnknownMemberOfTheFieldsIsDriftAndOneOfOursIsTheFuture() {
        String line = new String(
                write(record("u", new AuditRecord.Extension(1, "n", null, null, null, null, 0, List.of(), null))),
                ISO_8859_1);
        assertThat(read(line.replace("\"host\":", "\"verdict\":{\"a\":1},\"host\":")))
                .isEqualTo(new Malformed(
                        "unknown field fields.\"verdict\": found an object (expected: none of that name)"));
        assertThat(read(line.replace("\"node\":", "\"later\":{\"a\":[1]},\"node\":")))
                .isEqualTo(read(line))
                .isInstanceOf(Parsed.class);
        assertThat(read(line.replace("\"level\":", "\"pod\":\"p-0\",\"level\":")))
                .isEqualTo(read(line));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"v\":1,' | '' | sunbeam.v: found nothing (expected: a value)",
                "'\"v\":1' | '\"v\":[]' | sunbeam.v: found an array (expected: a plain value)",
                "'\"node\":\"n\"' | '\"node\":7' | sunbeam.node: found 7 (expected: a string)",
                "'\"upstream_ms\":0' | '\"upstream_ms\":-1' | sunbeam.upstream_ms: found \"-1\" (expected: a whole number in 0..9223372036854775807)",
                "'\"shape\":[]' | '\"shape\":5' | sunbeam.shape: found 5 (expected: an array)",
                "'\"shape\":[]' | '\"shape\":[[1],2]' | sunbeam.shape: found an array (expected: an object)",
                "'\"shape\":[]' | '\"shape\":[{}]' | sunbeam.shape: found no place (expected: a place)",
                "'\"shape\":[]' | '\"shape\":[{\"place\":\"query\",\"hash\":4294967296}]' | sunbeam.shape.hash: found \"4294967296\" (expected: a whole number in 0..4294967295)",
                "'\"shape\":[]' | '\"ddos\":{\"decision\":\"allow\",\"path\":\"mlp\"}' | sunbeam.ddos: found too little (expected: decision, score and path)",
                "'\"shape\":[]' | '\"ddos\":{\"decision\":\"allow\",\"path\":\"mlp\",\"score\":\"NaN\"}' | sunbeam.ddos.score: found \"NaN\" (expected: a number)",
                "'\"shape\":[]' | '\"ddos\":{\"decision\":\"allow\",\"path\":\"mlp\",\"score\":1,\"reasons\":[1]}' | sunbeam.ddos.reasons: found 1 (expected: a string)",
                "'\"shape\":[]' | '\"scanner_features\":[1,\"x\"]' | sunbeam.scanner_features: found \"x\" (expected: a whole number in 0..2147483647)"
            })
    void aFaultInOurObjectIsNamedToo(String part, String instead, String reason) {
        String line = new String(
                write(record("u", new AuditRecord.Extension(1, "n", null, null, null, null, 0, List.of(), null))),
                ISO_8859_1);
        assertThat(line).contains(part);
        assertThat(read(line.replace(part, instead))).isEqualTo(new Malformed(reason));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | empty line",
                "' \t\r\n' | empty line",
                "192.0.2.1 - - \"GET / HTTP/1.1\" 200 | no JSON object",
                "[1] | no JSON object",
                "{} | no target",
                "{\"target\":\"pipeline\"} | target \"pipeline\"",
                "{\"fields\":{\"target\":\"pipeline\",\"layer\":\"ddos\"},\"target\":\"audit\"} | target \"pipeline\"",
                "{\"fields\":{\"message\":\"hi\"},\"target\":\"sunbeam\"} | target \"sunbeam\"",
                "{\"fields\":{\"message\":\"hi\"}} | no target",
                "{\"fields\":7} | no target",
                "{\"a\": | byte 5: Unexpected end-of-input within/between Object entries"
            })
    void linesOfOthersAreForeign(String line, String reason) {
        assertThat(read(line)).isEqualTo(new Foreign(reason));
    }

    @Test
    void aLineCutAnywhereIsNeverTakenForWhole() {
        byte[] line = write(record("u", new AuditRecord.Extension(1, "n", "r", null, null, null, 0, List.of(), null)));
        int mark = new String(line, ISO_8859_1).indexOf("\"audit\"") + 7;
        for (int length = 0; length < line.length - 2; length++) {
            Outcome outcome = READER.read(line, 0, length);
            if (length < mark) {
                assertThat(outcome).as("cut at %d", length).isInstanceOf(Foreign.class);
            } else {
                assertThat(outcome)
                        .as("cut at %d", length)
                        .isInstanceOfSatisfying(
                                Malformed.class,
                                broken -> assertThat(broken.reason()).startsWith("byte "));
            }
        }
        assertThat(READER.read(line, 0, line.length - 1)).isInstanceOf(Parsed.class);
    }

    @Test
    void aLineInsideABufferIsReadAlone() {
        byte[] line = write(record("u", null));
        byte[] buffer = new byte[3 * line.length];
        System.arraycopy(line, 0, buffer, 7, line.length);
        assertThat(READER.read(buffer, 7, line.length)).isEqualTo(read(line)).isInstanceOf(Parsed.class);
        assertThat(READER.read(buffer, 7, 200))
                .isEqualTo(new Malformed("byte 200: Unexpected end-of-input in VALUE_STRING"));
        buffer[207] = (byte) 0xff;
        assertThat(READER.read(buffer, 7, line.length)).isEqualTo(new Malformed("byte 200: not UTF-8"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u00ff",
                "\u00c3",
                "\u00c0\u00af",
                "\u00ed\u00a0\u0080",
                "\u00f4\u0090\u0080\u0080",
                "\u00e2\u0082"
            })
    void bytesThatAreNoUtf8AreNamed(String latin) {
        String line = FLAT.replace("\"u\"", "\"caf\u00c3\u00a9" + latin + "\"");
        assertThat(read(line.getBytes(ISO_8859_1)))
                .isEqualTo(new Malformed("byte %d: not UTF-8".formatted(line.indexOf(latin + "\""))));
    }

    @Test
    void utf8BeyondTheFirstBufferIsRead() {
        String agent = "x".repeat(5_000) + "漢".repeat(3_000) + "😀";
        assertThat(read(FLAT.replace("\"u\"", '"' + agent + '"')))
                .isInstanceOfSatisfying(
                        Parsed.class,
                        parsed -> assertThat(parsed.record().userAgent()).isEqualTo(agent));
    }

    @Test
    void aLineBeyondTheBoundIsRefusedUnread() {
        String agent = "x".repeat(AuditReader.LONGEST_LINE - FLAT.length() + 1);
        assertThat(read(FLAT.replace("\"u\"", '"' + agent + '"'))).isInstanceOf(Parsed.class);
        assertThat(read(FLAT.replace("\"u\"", '"' + agent + "x\"")))
                .isEqualTo(new Malformed("1048577 bytes (expected: at most 1048576)"));
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    /** Text that loggers, terminals and JSON writers stumble over. */
    private static String text(SplittableRandom random) {
        String[] nasty = {
            "\n",
            "\r",
            "\t",
            "\0",
            "\u001b[2J",
            "\"",
            "\\",
            "\\n",
            "\u0085",
            "\u2028",
            "\u2029",
            "\ud800",
            "\udc00",
            "😀",
            "é",
            "\u007f",
            "\u009b",
            "</script>",
            "{\"target\":\"audit\"}",
            "a",
            "Z",
            " ",
            "\ufeff",
            "\uffff",
            "*"
        };
        var text = new StringBuilder();
        int pieces = random.nextInt(40) == 0 ? 2_000 : random.nextInt(8);
        for (int i = 0; i < pieces; i++) {
            text.append(
                    random.nextBoolean()
                            ? nasty[random.nextInt(nasty.length)]
                            : String.valueOf((char) random.nextInt(0x10000)));
        }
        return text.toString();
    }

    private static AuditRecord random(SplittableRandom random) {
        Supplier<String> text = () -> text(random);
        Supplier<@Nullable String> header = () -> random.nextInt(3) == 0 ? null : text(random);
        Supplier<AuditRecord.@Nullable Layer> layer = () -> random.nextBoolean()
                ? null
                : new AuditRecord.Layer(
                        text(random),
                        random.nextInt(9) == 0 ? random.nextInt(2) : random.nextDouble(),
                        text(random),
                        Stream.generate(text).limit(random.nextInt(4)).toList());
        var sunbeam = new AuditRecord.Extension(
                random.nextInt(0x10000),
                text.get(),
                header.get(),
                layer.get(),
                layer.get(),
                header.get(),
                random.nextLong(Long.MAX_VALUE),
                Stream.generate(() -> new AuditRecord.Place(
                                random.nextBoolean() ? "query" : "cookie",
                                text(random),
                                random.nextInt(256),
                                random.nextInt(32),
                                random.nextInt()))
                        .limit(random.nextInt(5))
                        .toList(),
                random.nextBoolean()
                        ? null
                        : random.ints(random.nextInt(13), 0, Integer.MAX_VALUE).toArray());
        return new AuditRecord(
                Instant.ofEpochSecond(random.nextLong(4_000_000_000L), random.nextInt(1_000_000) * 1_000L),
                text.get(),
                text.get(),
                text.get(),
                text.get(),
                text.get(),
                text.get(),
                random.nextInt(0x10000),
                random.nextLong(Long.MAX_VALUE),
                random.nextLong(Long.MAX_VALUE),
                random.nextLong(Long.MAX_VALUE),
                header.get(),
                header.get(),
                header.get(),
                header.get(),
                header.get(),
                random.nextBoolean(),
                header.get(),
                header.get(),
                header.get(),
                header.get(),
                text.get(),
                random.nextInt(0x10000),
                header.get(),
                random.nextInt(4) == 0 ? null : sunbeam);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatIsWrittenIsReadAgainAndIsOneLineOfPrintableAscii(long seed) {
        AuditRecord record = random(new SplittableRandom(seed));
        byte[] line = write(record);
        assertThat(new String(line, ISO_8859_1)).matches("[ -\u007f]+\n");
        assertThat(read(line))
                .isInstanceOfSatisfying(
                        Parsed.class,
                        parsed -> assertThat(parsed.record())
                                .usingRecursiveComparison()
                                .isEqualTo(record));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void noDamageMakesTheReaderThrow(long seed) {
        var random = new SplittableRandom(seed);
        byte[] line = write(random(random));
        for (int i = 0; i < 20; i++) {
            byte[] damaged = line.clone();
            for (int damages = 1 + random.nextInt(3); damages > 0; damages--) {
                damaged[random.nextInt(damaged.length)] =
                        (byte) (random.nextBoolean() ? random.nextInt(256) : "{}[]\",:\\0".charAt(random.nextInt(9)));
            }
            assertThat(read(damaged)).isNotNull();
        }
    }
}
