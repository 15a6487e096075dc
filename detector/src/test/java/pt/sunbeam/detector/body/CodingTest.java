package pt.sunbeam.detector.body;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodingTest {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String ATTACK = "q=1'+union+select";

    static byte[] gzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(ISO_8859_1));
        }
        return bytes.toByteArray();
    }

    static byte[] deflate(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (OutputStream out = new DeflaterOutputStream(bytes)) {
            out.write(text.getBytes(ISO_8859_1));
        }
        return bytes.toByteArray();
    }

    static byte[] join(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static Values.Reading coded(String coding, byte[] body) {
        return Values.of(Values.head(FORM, "Content-Encoding", coding), body, Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "X-GZip", "identity, gzip"})
    void gzipIsUndoneMemberByMember(String coding) throws IOException {
        var reading = coded(coding, join(gzip("q=1'+un"), gzip("ion+select")));
        assertThat(reading.values()).containsExactly("form " + ATTACK);
        assertThat(reading.anomalies()).isZero();
        assertThat(reading.unreadable()).isFalse();
    }

    @Test
    void deflateIsUndone() throws IOException {
        assertThat(coded("deflate", deflate(ATTACK)).values()).containsExactly("form " + ATTACK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "br", "gzip, gzip", "zstd", "nonsense"})
    void whatIsNotInItsCodingIsReadAsItStands(String coding) {
        var reading = coded(coding, ATTACK.getBytes(ISO_8859_1));
        assertThat(reading.values()).containsExactly("form " + ATTACK);
        assertThat(reading.anomalies()).isEqualTo(BodyAnomaly.CODING.bit());
        assertThat(reading.unreadable()).isTrue();
    }

    @Test
    void whatFollowsTheCodedPartIsReadAsItStands() throws IOException {
        byte[] attack = ("&" + ATTACK).getBytes(ISO_8859_1);
        assertThat(coded("gzip", join(gzip("a=b"), attack)).values()).containsExactly("form a=b", "form " + ATTACK);
        assertThat(coded("deflate", join(deflate("a=b"), attack)).values())
                .containsExactly("form a=b", "form " + ATTACK);
        byte[] broken = gzip("a=b&" + "c".repeat(100));
        broken[10] = (byte) 0xff; // a block of no type
        assertThat(coded("gzip", join(broken, attack)).values()).last().isEqualTo("form " + ATTACK);
    }

    @Test
    void theOpenFieldsOfAGzipHeaderAreValues() throws IOException {
        byte[] plain = gzip("a=b");
        byte[] header = join(
                new byte[] {0x1f, (byte) 0x8b, 8, 4 + 8 + 16 + 2, 0, 0, 0, 0, 0, 0, 2, 0},
                "X'name\0note\0cc".getBytes(ISO_8859_1));
        byte[] body = join(header, java.util.Arrays.copyOfRange(plain, 10, plain.length));
        assertThat(coded("gzip", body).values()).containsExactly("text =X'", "text =name", "text =note", "form a=b");
    }

    @Test
    void aBombIsLeftWhereItIsTooLong() throws IOException {
        byte[] bomb = gzip("a=" + "b".repeat(10_000_000));
        var reading = Values.of(Values.head(FORM, "Content-Encoding", "gzip"), bomb, 1000);
        assertThat(reading.values()).containsExactly("form a=" + "b".repeat(998));
        assertThat(reading.oversize()).isTrue();
        assertThat(reading.read()).isFalse();
        assertThat(reading.anomalies()).isZero();
    }

    @Test
    void exactlyTheMostIsNotTooMuch() {
        byte[] body = "a=b".getBytes(ISO_8859_1);
        assertThat(Values.of(Values.head(FORM), body, 3).oversize()).isFalse();
        assertThat(Values.of(Values.head(FORM), body, 2).oversize()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE", "IBM037", "IBM500", "ISO-2022-JP"})
    void otherCharsetsAreUndone(String charset) {
        String json = "{\"q\":\"1' or \u00e9\"}".replace("\u00e9", charset.startsWith("ISO") ? "e" : "\u00e9");
        byte[] body = json.getBytes(Charset.forName(charset));
        String value = Values.of(Values.head("application/json; charset=" + charset), body, 1000)
                .values()
                .getFirst();
        assertThat(value).startsWith("json q=1' or ");
        if (charset.startsWith("UTF")) {
            assertThat(Values.of(Values.head("application/json"), body, 1000).values())
                    .containsExactly(value);
        }
    }

    @Test
    void aMarkTellsTheCharset() {
        byte[] body = "\ufeff<a>' or \ud83d\ude00</a>".getBytes(Charset.forName("UTF-16LE"));
        assertThat(Values.of(Values.head("text/xml"), body, 1000).values())
                .containsExactly("xml a=' or \u00f0\u009f\u0098\u0080");
    }

    @Test
    void aFormThatBeginsWithAMarkIsReadAsItStands() {
        assertThat(Values.of(FORM, "\u00ff\u00fea\0=1&" + ATTACK).values())
                .last()
                .isEqualTo("form " + ATTACK);
        var declared = Values.of(FORM + "; charset=ibm037", ATTACK);
        assertThat(declared.values()).containsExactly("form " + ATTACK);
        assertThat(declared.anomalies()).isEqualTo(BodyAnomaly.CHARSET.bit());
    }

    @ParameterizedTest
    @ValueSource(strings = {"utf-7", "no-such", "", "((", "x-UTF-16LE-BOM", "UTF-8\u00e9"})
    void charsetsThatAreNotKnownAreAnomalies(String charset) {
        var reading = Values.of(FORM + "; charset=\"" + charset + "\"", ATTACK);
        assertThat(reading.values()).containsExactly("form " + ATTACK);
        boolean known = charset.isEmpty() || charset.startsWith("UTF-8");
        assertThat(reading.anomalies()).isEqualTo(known ? 0 : BodyAnomaly.CHARSET.bit());
    }

    @Test
    void typesGivenTwiceAndNonsenseAreAnomalies() {
        byte[] body = ATTACK.getBytes(ISO_8859_1);
        var twice = Values.of(Values.head(FORM, "Content-Type", "application/json"), body, 1000);
        assertThat(twice.values()).containsExactly("form " + ATTACK);
        assertThat(twice.anomalies()).isEqualTo(BodyAnomaly.TYPE.bit());
        assertThat(Values.of("application/json, text/plain", "{\"a\":\"b\"}").anomalies())
                .isEqualTo(BodyAnomaly.TYPE.bit());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "application/octet-stream", "image/png", "application/grpc"})
    void aBinaryBodyIsLeftUnread(String type) {
        var reading = Values.of(type, "\u0000\u0000\u0000\u0005' or 1=1");
        assertThat(reading.values()).isEmpty();
        assertThat(reading.read()).isFalse();
        assertThat(reading.anomalies()).isZero();
    }

    @Test
    void aTypeOfTextIsReadHoweverItLooks() {
        assertThat(Values.of("text/plain", "\u0000' or 1=1").values()).containsExactly("text =\u0000' or 1=1");
        assertThat(Values.of(FORM, "\u0000=' or 1=1").values()).contains("form =\u0000=' or 1=1");
    }

    @Test
    void formsAndTextAreKnownByTheirLooks() {
        assertThat(Values.of("", "q=1&r=2").values()).containsExactly("form q=1", "form r=2");
        assertThat(Values.of("application/x-unknown", "just' or 1=1").values()).containsExactly("text =just' or 1=1");
    }
}
