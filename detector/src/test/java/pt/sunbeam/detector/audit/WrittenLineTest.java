package pt.sunbeam.detector.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WrittenLineTest {
    private static final String JSON = "{}[]\",:\\0123456789.-Ee \n";

    private final AuditReader reader = new AuditReader();
    private final WrittenLine written = new WrittenLine();

    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    private static byte[] write(AuditRecord record) throws IOException {
        var out = new ByteArrayOutputStream();
        new AuditWriter().write(record, out);
        return Arrays.copyOf(out.toByteArray(), out.size() - 1);
    }

    /** Printable ASCII, which needs no escape. */
    private static String plain(SplittableRandom random) {
        String[] usual = {"", "-", "GET", "/a/b.css?c", "::1", "{}[],:'", "null"};
        int kind = random.nextInt(usual.length + 3);
        if (kind < usual.length) {
            return usual[kind];
        }
        int length = random.nextInt(20) == 0 ? 600 : random.nextInt(40);
        return random.ints(length, ' ', 0x7f)
                .map(c -> c == '"' || c == '\\' ? '.' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static @Nullable String header(SplittableRandom random) {
        var text = plain(random);
        return text.equals("-") ? null : text;
    }

    private static double score(SplittableRandom random) {
        return switch (random.nextInt(5)) {
            case 0 -> random.nextInt(2);
            case 1 -> random.nextInt(10_000) / 10_000.0;
            case 2 -> random.nextDouble() * Math.pow(10, -random.nextInt(320));
            case 3 -> random.nextDouble() * 1e6;
            default -> random.nextDouble();
        };
    }

    private static AuditRecord.@Nullable Layer layer(SplittableRandom random) {
        return random.nextInt(3) == 0
                ? null
                : new AuditRecord.Layer(
                        plain(random),
                        score(random),
                        plain(random),
                        Stream.generate(() -> plain(random))
                                .limit(random.nextInt(4))
                                .toList());
    }

    private static AuditRecord.@Nullable Extension extension(SplittableRandom random) {
        return random.nextInt(5) == 0
                ? null
                : new AuditRecord.Extension(
                        random.nextInt(0x10000),
                        plain(random),
                        random.nextBoolean() ? plain(random) : null,
                        layer(random),
                        layer(random),
                        layer(random),
                        random.nextBoolean() ? plain(random) : null,
                        random.nextLong(1_000_000),
                        Stream.generate(() -> new AuditRecord.Place(
                                        random.nextBoolean() ? "query" : "cookie",
                                        plain(random),
                                        random.nextInt(256),
                                        random.nextInt(32),
                                        random.nextInt()))
                                .limit(random.nextInt(4))
                                .toList(),
                        random.nextBoolean()
                                ? null
                                : random.ints(1 + random.nextInt(12), 0, Integer.MAX_VALUE)
                                        .toArray());
    }

    private static AuditRecord record(SplittableRandom random) {
        return new AuditRecord(
                Instant.ofEpochSecond(random.nextLong(4_000_000_000L), random.nextInt(1_000_000) * 1_000L),
                plain(random),
                plain(random),
                plain(random),
                plain(random),
                plain(random),
                plain(random),
                random.nextInt(0x10000),
                random.nextLong(100_000),
                random.nextInt(4) == 0 ? 999_999_999_999_999_999L : 0,
                random.nextLong(100_000),
                header(random),
                header(random),
                header(random),
                header(random),
                header(random),
                random.nextBoolean(),
                header(random),
                header(random),
                header(random),
                header(random),
                plain(random),
                random.nextInt(0x10000),
                random.nextInt(4) == 0 ? "attack" : null,
                extension(random));
    }

    private void assertReadAsJson(byte[] line) {
        assertSame(reader.read(line, 0, line.length), reader.readJson(line, 0, line.length), line);
    }

    private static void assertSame(@Nullable Object read, Object expected, byte[] line) {
        if (!expected.equals(read)) { // arrays in records are not compared by what they hold
            assertThat(read)
                    .as("%s", new String(line, ISO_8859_1))
                    .usingRecursiveComparison()
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void plainLinesAreReadWithoutJsonAndSayTheSame(long seed) throws IOException {
        var random = new SplittableRandom(seed);
        for (int i = 0; i < 20; i++) {
            var record = record(random);
            byte[] line = write(record);
            byte[] buffer = new byte[line.length + 16];
            int offset = random.nextInt(16);
            System.arraycopy(line, 0, buffer, offset, line.length);
            assertSame(written.read(buffer, offset, offset + line.length), record, line);
            assertReadAsJson(line);
        }
    }

    @Test
    void linesThatRepeatAllButTheirEndAreReadEachForItself() throws IOException {
        var line = new String(write(ORDINARY), ISO_8859_1);
        for (String count : List.of("1", "12", "1", "123", "12", "x", "12")) {
            assertReadAsJson(line.replaceFirst("\"header_count\":\\d+", "\"header_count\":" + count)
                    .getBytes(ISO_8859_1));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void damagedLinesSayWhatTheReaderOfJsonSays(long seed) throws IOException {
        var random = new SplittableRandom(seed);
        byte[] line = write(record(random));
        for (int i = 0; i < 40; i++) {
            byte[] damaged = line.clone();
            for (int damages = 1 + random.nextInt(2); damages > 0; damages--) {
                damaged[random.nextInt(line.length)] = (byte)
                        (random.nextInt(4) == 0 ? random.nextInt(256) : JSON.charAt(random.nextInt(JSON.length())));
            }
            assertReadAsJson(damaged);
            assertReadAsJson(Arrays.copyOf(damaged, random.nextInt(line.length)));
            int from = random.nextInt(line.length);
            int to = from + random.nextInt(Math.min(20, line.length - from));
            assertReadAsJson(without(line, from, to));
            assertReadAsJson(
                    with(line, from, "0 \"-}é".substring(random.nextInt(6)).getBytes(UTF_8)));
        }
    }

    private static byte[] without(byte[] line, int from, int to) {
        byte[] shorter = Arrays.copyOf(line, line.length - (to - from));
        System.arraycopy(line, to, shorter, from, line.length - to);
        return shorter;
    }

    private static byte[] with(byte[] line, int at, byte[] more) {
        byte[] longer = Arrays.copyOf(line, line.length + more.length);
        System.arraycopy(more, 0, longer, at, more.length);
        System.arraycopy(line, at, longer, at + more.length, line.length - at);
        return longer;
    }

    /** Members of the object that begins behind {@code opening} and whose values are plain, in another order, left out or twice. */
    @ParameterizedTest
    @ValueSource(strings = {"\"fields\":{", "\"ddos\":{", "\"shape\":[{"})
    void membersInAnyOrderLeftOutOrTwiceSayWhatTheReaderOfJsonSays(String opening) throws IOException {
        var random = new Random(1);
        var line = new String(write(ORDINARY), ISO_8859_1);
        int from = line.indexOf(opening) + opening.length();
        int to = line.indexOf('}', from);
        var members = List.of(line.substring(from, to).split(","));
        for (int i = 0; i < 300; i++) {
            var changed = new ArrayList<>(members);
            switch (random.nextInt(3)) {
                case 0 -> Collections.shuffle(changed, random);
                case 1 -> changed.remove(random.nextInt(changed.size()));
                default -> changed.add(random.nextInt(changed.size()), members.get(random.nextInt(members.size())));
            }
            assertReadAsJson(
                    (line.substring(0, from) + String.join(",", changed) + line.substring(to)).getBytes(UTF_8));
        }
    }

    private static final AuditRecord ORDINARY = new AuditRecord(
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
            "curl/8",
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
            new AuditRecord.Extension(
                    1,
                    "n1",
                    "app",
                    new AuditRecord.Layer("allow", 0.0123, "mlp", List.of("a=1")),
                    null,
                    "m",
                    7,
                    List.of(new AuditRecord.Place("query", "b", 2, 1, 9)),
                    new int[] {3}));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"status\":\"200\"",
                "\"status\":0200",
                "\"status\":+200",
                "\"status\":-0",
                "\"status\":200.0",
                "\"status\":2e2",
                "\"status\":65536",
                "\"status\":99999999999999999999",
                "\"status\":null",
                "\"status\": 200",
                "\"status\":200 ",
                "\"status\":",
                "\"score\":1",
                "\"score\":1.",
                "\"score\":.5",
                "\"score\":00.5",
                "\"score\":-0.5",
                "\"score\":0.5E-2",
                "\"score\":0.5E-",
                "\"score\":0.5e2",
                "\"score\":1.0E400",
                "\"score\":1.0E-400",
                "\"score\":0.12345678901234567",
                "\"score\":123456789012345.6",
                "\"score\":999999999999999999.9",
                "\"score\":9999999999999999999.9",
                "\"score\":\"0.5\"",
                "\"place\":\"\"",
                "\"place\":null",
                "\"hash\":4294967295",
                "\"hash\":4294967296",
                "\"v\":65536",
                "\"v\":\"1\"",
                "\"has_cookies\":\"true\"",
                "\"has_cookies\":truefalse",
                "\"timestamp\":\"2026-03-10T12:00:00Z\"",
                "\"timestamp\":\"2026-03-10T12:00:00.000250+00:00\"",
                "\"timestamp\":\"2026-02-30T12:00:00.000250Z\"",
                "\"timestamp\":\"\"",
                "\"timestamp\":\"x",
                "\"host\":null",
                "\"host\":\"\\u0061\"",
                "\"host\":\"\u007f\"",
                "\"host\":\"é漢\"",
                "\"host\":\"\t\"",
                "\"user_agent\":null",
                "\"user_agent\":7",
                "\"label\":\"-\"",
                "\"level\":\"WARN\"",
                "\"message\":\"other\"",
                "\"reasons\":[]",
                "\"reasons\":[1]",
                "\"scanner_features\":[]",
                "\"scanner_features\":[2147483648]",
                "\"scanner_features\":[1,]"
            })
    void anyValueSaysWhatTheReaderOfJsonSays(String member) throws IOException {
        var line = new String(write(ORDINARY), ISO_8859_1)
                .replace("\"header_count\":6", "\"header_count\":6,\"label\":\"x\"");
        var key = member.substring(0, member.indexOf(':') + 1);
        int from = line.indexOf(key);
        assertThat(from).isPositive();
        int to = IntStream.iterate(from + key.length(), i -> i + 1)
                .filter(i -> ",}".indexOf(line.charAt(i)) >= 0)
                .findFirst()
                .getAsInt();
        assertReadAsJson((line.substring(0, from) + member + line.substring(to)).getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\r", "x", "}", "{}"})
    void whatFollowsTheObjectSaysWhatTheReaderOfJsonSays(String more) throws IOException {
        var line = new String(write(ORDINARY), ISO_8859_1);
        assertReadAsJson((line + more).getBytes(UTF_8));
        assertReadAsJson((more + line).getBytes(UTF_8));
    }
}
