package pt.sunbeam.proxy.wire.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.detector.http.ByteStrings;
import pt.sunbeam.detector.http.RequestHead;

class HeadWriterTest {
    private static final String SPACED = """
            GET /a?b HTTP/1.0
            Host:a
            Connection: x-gone, keep-alive, host
            X-Gone: 1
            Accept: \t*/*\s
            TE: trailers
            Content-Length: 3
            Cookie: c
            Upgrade: h2c
            Keep-Alive: 5
            X-Secret: s
            X-Last: z

            """.replace("\n", "\r\n");

    private static RequestHead read(String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        var reader = new RequestReader(Reading.LIMITS);
        if (reader.next(bytes, 0, bytes.length) instanceof HeadStep.Complete<ReceivedRequest>(var received, int _)) {
            return received.head();
        }
        throw new AssertionError(text);
    }

    private static String text(ByteString bytes) {
        return bytes.decodeString(ISO_8859_1);
    }

    @Test
    void aRequestGoesOnWithoutWhatBelongsToItsConnectionOrFramesIt() {
        RequestHead head = read(SPACED);
        ByteString out = new HeadWriter(16)
                .requestLine(head)
                .forwarded(Fields.of(head), new ByteStrings(List.of("x-secret")))
                .field("Via", "1.0 sunbeam")
                .framing(new Framing.Length(3))
                .end();
        assertThat(text(out))
                .isEqualTo(
                        "GET /a?b HTTP/1.1\r\nHost:a\r\nAccept: \t*/* \r\nCookie: c\r\nX-Last: z\r\nVia: 1.0 sunbeam\r\nContent-Length: 3\r\n\r\n");
    }

    @Test
    void fieldsOfTheSameConnectionAreKeptWhereTheyAreAskedFor() {
        RequestHead head = RequestHead.of(
                "GET",
                "/",
                "Host",
                "a",
                "Connection",
                "Upgrade",
                "Upgrade",
                "websocket",
                "Transfer-Encoding",
                "chunked");
        assertThat(text(new HeadWriter(64)
                        .requestLine(head)
                        .fields(Fields.of(head), HeadWriter.NOTHING)
                        .end()))
                .isEqualTo("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    }

    @Test
    void aHeadOfNoFieldsHasNone() {
        assertThat(text(new HeadWriter(1)
                        .statusLine(200)
                        .forwarded(Fields.NONE, HeadWriter.NOTHING)
                        .end()))
                .isEqualTo("HTTP/1.1 200 OK\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "7,7", "10,10", "9223372036854775807,9223372036854775807"})
    void lengthsAreWrittenInDecimal(long length, String digits) {
        assertThat(text(new HeadWriter(1).statusLine(299).length(length).end()))
                .isEqualTo("HTTP/1.1 299 \r\nContent-Length: " + digits + "\r\n\r\n");
    }

    @Test
    void contentOfUnknownLengthIsChunkedForWhoReadsChunks() {
        assertThat(Framing.ofContent(5, true)).isEqualTo(new Framing.Length(5));
        assertThat(Framing.ofContent(0, false)).isEqualTo(new Framing.Length(0));
        assertThat(Framing.ofContent(-1, true)).isEqualTo(Framing.CHUNKED);
        assertThat(Framing.ofContent(-1, false)).isEqualTo(Framing.UNTIL_CLOSE);
    }

    @Test
    void onlyWhatDelimitsContentIsWritten() {
        for (Framing none : List.of(Framing.EMPTY, Framing.UNTIL_CLOSE, Framing.TUNNEL)) {
            assertThat(text(new HeadWriter(1).framing(none).end())).isEqualTo("\r\n");
        }
        assertThat(text(new HeadWriter(1).framing(Framing.CHUNKED).end()))
                .isEqualTo("Transfer-Encoding: chunked\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX: y", "a\nb", "a\rb", "a\0b", "\33", "\177", "\u010d", "\u010a"})
    void noValueEndsItsLine(String value) {
        var writer = new HeadWriter(64);
        assertThatThrownBy(() -> writer.field("X", value)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a:", "a\r\n", "\u0141", "Content-Length", "TRANSFER-encoding"})
    void noOtherNameIsWritten(String name) {
        var writer = new HeadWriter(64);
        assertThatThrownBy(() -> writer.field(name, "x")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 99, 600, 1_000})
    void noOtherStatusIsWritten(int status) {
        var writer = new HeadWriter(64);
        assertThatThrownBy(() -> writer.statusLine(status)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLengthIsNotNegative() {
        var writer = new HeadWriter(64);
        assertThatThrownBy(() -> writer.length(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anEmptyChunkWouldBeTheLast() {
        assertThat(Chunks.chunk(ByteString.emptyByteString()).isEmpty()).isTrue();
        assertThat(text(Chunks.chunk(ByteString.fromString("0123456789abcdef"))))
                .isEqualTo("10\r\n0123456789abcdef\r\n");
    }

    @Test
    void trailersGoOnWithoutThoseThatMeanSomethingBeforeTheContent() {
        byte[] bytes =
                "0\r\nDigest: d\r\nSet-Cookie: c\r\nConnection: X\r\nX: y\r\nEtag: e\r\n\r\n".getBytes(ISO_8859_1);
        var reader = ContentReader.of(Framing.CHUNKED, Reading.LIMITS);
        assertThat(reader.next(bytes, 0, bytes.length)).isInstanceOfSatisfying(ContentStep.End.class, end -> {
            assertThat(end.position()).isEqualTo(bytes.length);
            assertThat(text(Chunks.end(end.trailers()))).isEqualTo("0\r\nDigest: d\r\nEtag: e\r\n\r\n");
        });
        assertThat(text(Chunks.end(Fields.NONE))).isEqualTo("0\r\n\r\n");
    }

    @Test
    void aTunnelHasNoContent() {
        assertThatThrownBy(() -> ContentReader.of(Framing.TUNNEL, Reading.LIMITS))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
