package pt.sunbeam.detector.body;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartTest {
    private static final String TYPE = "multipart/form-data; boundary=XyZ";

    private static String part(String disposition, String content) {
        return "--XyZ\nContent-Disposition: form-data; " + disposition + "\n\n" + content + "\n";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/form-data; boundary=XyZ",
                "multipart/form-data; charset=utf-8; BOUNDARY=\"XyZ\"",
                "Multipart/Form-Data;boundary = XyZ ;x"
            })
    void partsStandUnderTheirNames(String type) {
        String body = part("name=\"a\"", "1' or\n--1=1") + part("name=b", "") + part("name=\"a\"", "2") + "--XyZ--\n";
        for (var reading : new Values.Reading[] {Values.ofLines(type, body), Values.of(type, body)}) {
            assertThat(reading.values().getFirst().replace("\r", "")).isEqualTo("multipart a=1' or\n--1=1");
            assertThat(reading.values().subList(1, reading.values().size())).containsExactly("multipart a=2");
            assertThat(reading.anomalies()).isZero();
        }
    }

    @Test
    void fileNamesAreValuesAndTextFilesAreRead() {
        var reading = Values.ofLines(
                TYPE,
                part("name=\"f\"; filename=\"Bob's.txt\"", "hello") + "--XyZ\n"
                        + "Content-Disposition: form-data; name=j; filename=x; filename*=UTF-8''%27\n"
                        + "Content-Type: application/json\n\n{\"k\":\"v\"}\n--XyZ--");
        assertThat(reading.values())
                .containsExactly(
                        "multipart f=Bob's.txt",
                        "multipart f=hello",
                        "multipart j=x",
                        "multipart j=UTF-8''%27",
                        "json k=v");
        assertThat(reading.anomalies()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Content-Type: image/png\n", "Content-Type: application/octet-stream\n"})
    void aBinaryFileIsLeftUnread(String type) {
        var reading = Values.ofLines(
                TYPE,
                "--XyZ\nContent-Disposition: form-data; name=f; filename=a.png\n" + type
                        + "\n\u0089PNG\u0000\u0001\n--no' or 1=1\n" + part("name=q", "x") + "--XyZ--");
        assertThat(reading.values()).containsExactly("multipart f=a.png", "multipart q=x");
        assertThat(reading.anomalies()).isZero();
    }

    @Test
    void aBinaryFileDoesNotCountAsRead() {
        byte[] body = ("--XyZ\nContent-Disposition: form-data; name=f; filename=a\n\n" + "\0".repeat(100_000) + "\n"
                        + part("name=q", "x") + "--XyZ--")
                .getBytes(ISO_8859_1);
        var reading = Values.of(Values.head(TYPE), body, 1000);
        assertThat(reading.values()).containsExactly("multipart f=a", "multipart q=x");
        assertThat(reading.oversize()).isFalse();
        assertThat(Values.of(Values.head(TYPE), body, 300).oversize()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name=q",
                "name=q; filename=\"\"",
                "name=q; filename*=UTF-8''x",
                "name=q\nContent-Type: image/png",
                "name=q\nContent-Type: text/xml",
            })
    void whatServersMayTakeForAFieldIsReadAsText(String head) {
        assertThat(Values.ofLines(TYPE, part(head, "\u0001<a href=\"x\">' or 1=1") + "--XyZ--")
                        .values())
                .contains("multipart q=\u0001<a href=\"x\">' or 1=1");
    }

    @Test
    void aNameThatCouldHoldMoreAndAFurtherNameAreValues() {
        assertThat(Values.ofLines(TYPE, part("name=\"a'or 1\"", "x") + "--XyZ--")
                        .values())
                .containsExactly("multipart =a'or 1", "multipart a'or 1=x");
        assertThat(Values.ofLines(TYPE, part("name=a; name=\"' or 1\"", "x") + "--XyZ--")
                        .values())
                .containsExactly(
                        "multipart =' or 1",
                        "multipart =Content-Disposition: form-data; name=a; name=\"' or 1\"",
                        "multipart a=x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name=\"a\\\"; filename=\\\"' or 1\"",
                "name=\"a\"; filename=\"' or 1",
                "name=\"a\"' or 1",
                "name=\"a\"; filename=x\"' or 1",
            })
    void aHeadThatCanBeReadInTwoWaysIsLookedAtWhole(String head) {
        assertThat(Values.ofLines(TYPE, part(head, "x") + "--XyZ--").values())
                .contains("multipart =Content-Disposition: form-data; " + head);
    }

    @Test
    void otherLinesOfAHeadAreValuesWhereTheyAreNotPlain() {
        var reading =
                Values.ofLines(TYPE, part("name=a\nX-Plain: 1\nX-Odd: ' or 1\n and more\n'no line", "x") + "--XyZ--");
        assertThat(reading.values())
                .containsExactly("multipart =X-Odd: ' or 1 and more", "multipart ='no line", "multipart a=x");
        assertThat(reading.anomalies()).isEqualTo(BodyAnomaly.MALFORMED.bit());
    }

    @Test
    void aLongLineOfAHeadIsAValue() {
        String name = "n".repeat(3000) + "' or 1";
        var reading = Values.ofLines(TYPE, part("name=\"" + name + "\"", "x") + "--XyZ--");
        assertThat(reading.values().getFirst())
                .startsWith("multipart =Content-Disposition")
                .endsWith("' or 1\"\r");
        assertThat(reading.values().getLast()).isEqualTo("multipart " + "n".repeat(128) + "=x");
    }

    @Test
    void whatStandsOutsideOfThePartsIsAValue() {
        var reading = Values.ofLines(
                TYPE, "before\n" + part("name=a", "x") + "--XyZ--\nafter\n" + part("name=b", "y") + "--XyZ--");
        assertThat(reading.values())
                .containsExactly("multipart =before", "multipart a=x", "multipart =after", "multipart b=y");
        assertThat(reading.anomalies()).isEqualTo(BodyAnomaly.STRAY.bit());
    }

    @Test
    void aBoundaryEndsAHeadToo() {
        var reading = Values.ofLines(
                TYPE, "--XyZ\nContent-Disposition: form-data; name=a\n" + part("name=b", "y") + "--XyZ--");
        assertThat(reading.values()).containsExactly("multipart b=y");
        assertThat(reading.anomalies()).isEqualTo(BodyAnomaly.MALFORMED.bit());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--XyZ\nContent-Disposition: form-data; name=a\n\nx", "--XyZ\nContent-Dis", "--XyZ", "--Xy", ""})
    void whatBreaksOffIsMalformed(String body) {
        assertThat(Values.ofLines(TYPE, body).anomalies() & BodyAnomaly.MALFORMED.bit())
                .isNotZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/form-data",
                "multipart/form-data; boundary=",
                "multipart/form-data; boundary=XyZ; boundary=b",
                "multipart/form-data; boundary=XyZ,b",
                "multipart/form-data; boundary=\"X\\yZ\"",
            })
    void withoutOneBoundaryItIsText(String type) {
        String body = part("name=a", "x");
        var reading = Values.ofLines(type, body);
        assertThat(reading.values()).containsExactly("text =" + body.replace("\n", "\r\n"));
        assertThat(reading.anomalies()).isEqualTo(BodyAnomaly.BOUNDARY.bit());
    }

    @Test
    void nestedPartsAreReadAndNoneOfThemIsLeftUnread() {
        var reading = Values.ofLines(
                TYPE,
                "--XyZ\nContent-Disposition: form-data; name=o\nContent-Type: multipart/mixed; boundary=in\n\n"
                        + "--in\nContent-Disposition: file; filename=a.bin\n\n\u0001' or 1\n--in--\n"
                        + part("name=q", "y")
                        + "--XyZ--");
        assertThat(reading.values()).containsExactly("multipart =a.bin", "multipart =\u0001' or 1", "multipart q=y");
        assertThat(reading.anomalies()).isZero();
    }

    @Test
    void aTransferEncodingIsAnAnomaly() {
        assertThat(Values.ofLines(TYPE, part("name=a\nContent-Transfer-Encoding: quoted-printable", "=27") + "--XyZ--")
                        .anomalies())
                .isEqualTo(BodyAnomaly.CODING.bit());
    }
}
