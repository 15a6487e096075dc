package pt.sunbeam.proxy.wire.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.detector.http.RequestHead;

/** What is written reads back as one message, and no bytes at all make a reader do anything but answer. */
class CodecPropertiesTest {
    private static final String TEXT = "abcXYZ0189 ,;=\"/\\\t\351\377";
    private static final String CONTENT = "0123456789abcdef\r\n\0:; GET/HTTP1.";
    private static final String BREAKING = "\r\n\t :;,+-_0\0\13\177\377aFx/*#@[].";

    static IntStream smallFirst() {
        return IntStream.range(0, 500);
    }

    private static String some(SplittableRandom random, String alphabet, int length) {
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    private static int[] cuts(SplittableRandom random, int length) {
        return random.ints(random.nextInt(8), 0, length + 1).sorted().toArray();
    }

    private static Framing framing(SplittableRandom random, int length) {
        return random.nextBoolean() ? Framing.CHUNKED : new Framing.Length(length);
    }

    private static ByteString content(SplittableRandom random, Framing framing, String content) {
        ByteString bytes = ByteString.fromString(content, ISO_8859_1);
        if (!(framing instanceof Framing.Chunked)) {
            return bytes;
        }
        var chunks = ByteString.emptyByteString();
        while (!bytes.isEmpty()) {
            int size = 1 + random.nextInt(bytes.size());
            chunks = chunks.concat(Chunks.chunk(bytes.take(size)));
            bytes = bytes.drop(size);
        }
        return chunks.concat(Chunks.end(Fields.NONE));
    }

    @ParameterizedTest(name = "seed and size {0}")
    @MethodSource("smallFirst")
    void requestsThatAreWrittenReadBackAsTheSame(int seed) {
        var random = new SplittableRandom(seed);
        var written = ByteString.emptyByteString();
        var expected = new StringBuilder();
        for (int i = 0; i <= random.nextInt(3); i++) {
            String target = "/" + some(random, "ab/?&=%.", random.nextInt(seed / 4 + 1));
            var head = RequestHead.builder("POST", target, "HTTP/1.1").field("Host", "a");
            for (int field = 0; field < random.nextInt(10); field++) {
                head.field("X-" + field, some(random, TEXT, random.nextInt(seed / 8 + 1)));
            }
            String content = some(random, CONTENT, random.nextInt(seed + 1));
            Framing framing = framing(random, content.length());
            RequestHead built = head.build();
            written = written.concat(new HeadWriter(1 + random.nextInt(512))
                            .requestLine(built)
                            .forwarded(Fields.of(built), HeadWriter.NOTHING)
                            .framing(framing)
                            .end())
                    .concat(content(random, framing, content));
            expected.append("POST ").append(target).append(" [").append(content).append("] ");
        }
        byte[] bytes = written.toArray();
        assertThat(Reading.requests(bytes, cuts(random, bytes.length)))
                .isEqualTo(expected.toString().strip());
    }

    @ParameterizedTest(name = "seed and size {0}")
    @MethodSource("smallFirst")
    void responsesThatAreWrittenReadBackAsTheSame(int seed) {
        var random = new SplittableRandom(seed);
        var writer = new HeadWriter(1 + random.nextInt(512)).statusLine(200);
        for (int field = 0; field < random.nextInt(12); field++) {
            writer.field("X-" + field, some(random, TEXT, random.nextInt(seed / 8 + 1)));
        }
        String content = some(random, CONTENT, random.nextInt(seed + 1));
        Framing framing = framing(random, content.length());
        byte[] bytes = writer.framing(framing)
                .end()
                .concat(content(random, framing, content))
                .toArray();
        assertThat(Reading.responses("GET", bytes, cuts(random, bytes.length))).isEqualTo("200 [" + content + "]");
    }

    /** Bytes replaced, put in, taken out and said twice, in the named cases: read whole or in pieces they are the same messages. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("smallFirst")
    void brokenRequestsAreReadTheSameWayHoweverTheyAreCut(int seed) {
        var random = new SplittableRandom(seed);
        for (var example : RequestCasesTest.cases().toList()) {
            byte[] bytes = broken(random, example.bytes().getBytes(ISO_8859_1));
            assertThat(Reading.requests(bytes, cuts(random, bytes.length)))
                    .as(() -> new String(bytes, ISO_8859_1))
                    .isEqualTo(Reading.requests(bytes));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("smallFirst")
    void brokenResponsesAreReadTheSameWayHoweverTheyAreCut(int seed) {
        var random = new SplittableRandom(seed);
        for (var example : ResponseCasesTest.cases().toList()) {
            byte[] bytes = broken(random, example.bytes().getBytes(ISO_8859_1));
            assertThat(Reading.responses(example.method(), bytes, cuts(random, bytes.length)))
                    .as(() -> new String(bytes, ISO_8859_1))
                    .isEqualTo(Reading.responses(example.method(), bytes));
        }
    }

    /** What a reader takes of broken bytes for one request, goes on as one request with the same content. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("smallFirst")
    void whatIsTakenOfBrokenRequestsGoesOnAsTheSame(int seed) {
        var random = new SplittableRandom(seed);
        for (var example : RequestCasesTest.cases().toList()) {
            byte[] bytes = broken(random, example.bytes().getBytes(ISO_8859_1));
            var reader = new RequestReader(Reading.LIMITS);
            if (reader.next(bytes, 0, bytes.length)
                    instanceof HeadStep.Complete<ReceivedRequest>(var received, int position)) {
                RequestHead head = received.head();
                if (head.host().isEmpty()) {
                    continue; // of HTTP/1.0: whoever sends it on in HTTP/1.1 has to say what host is meant
                }
                var out = new ByteArrayOutputStream();
                var writer = new HeadWriter(64).requestLine(head);
                if (head.first(HeaderName.HOST) == null) {
                    writer.field("Host", head.target().replaceFirst("(?i)^https?://([^/?]*).*", "$1"));
                }
                out.writeBytes(writer.forwarded(Fields.of(head), HeadWriter.NOTHING)
                        .framing(received.framing())
                        .end()
                        .toArray());
                int content = out.size();
                out.write(bytes, position, bytes.length - position);
                byte[] forwarded = out.toByteArray();
                var next = new RequestReader(new HeadLimits(512, 2_048, 18)); // Host and framing may be lines more
                assertThat(next.next(forwarded, 0, forwarded.length))
                        .isInstanceOfSatisfying(HeadStep.Complete.class, again -> {
                            assertThat(again.position()).isEqualTo(content);
                            assertThat(again.head()).isInstanceOfSatisfying(ReceivedRequest.class, request -> {
                                assertThat(request.framing()).isEqualTo(received.framing());
                                assertThat(request.head().target()).isEqualTo(head.target());
                            });
                        });
            }
        }
    }

    private static byte[] broken(SplittableRandom random, byte[] whole) {
        byte[] bytes = whole;
        for (int i = 0; i <= random.nextInt(3); i++) {
            int at = random.nextInt(bytes.length + 1);
            int length = Math.min(random.nextInt(4), bytes.length - at);
            byte[] added = random.nextInt(3) == 0
                    ? Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + random.nextInt(40)))
                    : some(random, BREAKING, random.nextInt(3)).getBytes(ISO_8859_1);
            var out = new ByteArrayOutputStream();
            out.write(bytes, 0, at);
            out.writeBytes(added);
            out.write(bytes, at + length, bytes.length - at - length);
            bytes = out.toByteArray();
        }
        return bytes;
    }
}
