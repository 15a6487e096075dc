package pt.sunbeam.detector.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadTest {
    @Test
    void aHeadIsTheBytesOfTheWire() {
        RequestHead head = RequestHead.builder("POST", "/a/b?c=d", "HTTP/1.1")
                .field("Host", "shop.example")
                .field("X-Empty", "")
                .field("Accept", " \t*/* ")
                .build();
        assertThat(new String(head.bytes(), ISO_8859_1))
                .isEqualTo("POST /a/b?c=d HTTP/1.1\r\nHost: shop.example\r\nX-Empty: \r\nAccept: */*\r\n\r\n");
        assertThat(head.method()).isEqualTo("POST");
        assertThat(head.version()).isEqualTo("HTTP/1.1");
        assertThat(head.target()).isEqualTo("/a/b?c=d");
        assertThat(head.fieldCount()).isEqualTo(3);
        assertThat(head.name(2)).isEqualTo("Accept");
        assertThat(head.value(1)).isEmpty();
        assertThat(head.value(2)).isEqualTo("*/*");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "GET, /, /, ''",
                "GET, /a?b, /a, b",
                "GET, /a?b?c=/d, /a, b?c=/d",
                "GET, /a?, /a, ''",
                "GET, ?b, '', b",
                "GET, //evil.example/a, //evil.example/a, ''",
                "GET, /http://x/y, /http://x/y, ''",
                "GET, http://a.example/b/c?d=e, /b/c, d=e",
                "GET, HTTPS://a.example, /, ''",
                "GET, http://a.example?d=/e, /, d=/e",
                "GET, http://a.example/, /, ''",
                "OPTIONS, *, *, ''",
                "CONNECT, a.example:443, '', ''",
                "GET, a.example:443, a.example:443, ''"
            })
    void pathAndQueryLeaveSchemeAndAuthorityOut(String method, String target, String path, String query) {
        RequestHead head = RequestHead.of(method, target, "Host", "b.example");
        assertThat(head.target()).isEqualTo(target);
        assertThat(head.path()).isEqualTo(path);
        assertThat(head.query()).isEqualTo(query);
        assertThat(new String(head.bytes(), head.pathStart(), head.pathEnd() - head.pathStart(), ISO_8859_1))
                .isEqualTo(path);
        assertThat(new String(head.bytes(), head.queryStart(), head.queryEnd() - head.queryStart(), ISO_8859_1))
                .isEqualTo(query);
    }

    @ParameterizedTest
    @CsvSource({
        "/, App.Example.COM, app.example.com, app",
        "/, app.example.com:8080, app.example.com, app",
        "/, app.example.com., app.example.com, app",
        "/, app.example.com.:80, app.example.com, app",
        "/, localhost, localhost, localhost",
        "/, 127.0.0.1:80, 127.0.0.1, 127",
        "/, [::1]:80, [::1], [::1]",
        "/, [2001:DB8::1], [2001:db8::1], [2001:db8::1]",
        "/, [::1, [::1, [::1",
        "/, ':80', '', ''",
        "/, '', '', ''",
        "http://Wins.example:81/x, loses.example, wins.example, wins",
        "http://user:pw@wins.example/x@y, loses.example, wins.example, wins",
        "http://[::1]:80/x, loses.example, [::1], [::1]",
        "http:///x, field.example, field.example, field"
    })
    void theHostComesFromTheTargetElseFromTheField(String target, String field, String host, String prefix) {
        RequestHead head = RequestHead.of("GET", target, "host", field);
        assertThat(head.host()).isEqualTo(host);
        assertThat(head.hostPrefix()).isEqualTo(prefix);
    }

    @Test
    void aConnectTargetIsTheHost() {
        assertThat(RequestHead.of("CONNECT", "A.example:443", "Host", "b.example")
                        .host())
                .isEqualTo("a.example");
    }

    @Test
    void aRequestWithoutHostHasAnEmptyOne() {
        assertThat(RequestHead.of("GET", "/").host()).isEmpty();
        assertThat(RequestHead.of("GET", "/").hostPrefix()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "42, 42",
        "007, 7",
        "999999999999999999, 999999999999999999",
        "1000000000000000000, -1",
        "+1, -1",
        "-1, -1",
        "'', -1",
        "1 2, -1",
        "'1, 1', -1",
        "0x10, -1",
        "1e3, -1"
    })
    void theContentLengthIsDecimalDigitsOrInvalid(String value, long length) {
        assertThat(RequestHead.of("POST", "/", "Content-Length", value).contentLength())
                .isEqualTo(length);
    }

    @Test
    void severalContentLengthsMustAgree() {
        assertThat(RequestHead.of("POST", "/", "Content-Length", "5", "content-length", "5")
                        .contentLength())
                .isEqualTo(5);
        assertThat(RequestHead.of("POST", "/", "Content-Length", "5", "content-length", "6")
                        .contentLength())
                .isEqualTo(-1);
        assertThat(RequestHead.of("POST", "/", "Content-Length", "5", "content-length", "x")
                        .contentLength())
                .isEqualTo(-1);
        assertThat(RequestHead.of("POST", "/").contentLength()).isEqualTo(-1);
    }

    @Test
    void fieldsAreFoundInOrderAndWithoutCase() {
        RequestHead head = RequestHead.of("GET", "/", "X-A", "1", "COOKIE", "2", "cookie", "3", "Cookies", "4");
        assertThat(head.find(HeaderName.COOKIE, 0)).isEqualTo(1);
        assertThat(head.find(HeaderName.COOKIE, 2)).isEqualTo(2);
        assertThat(head.find(HeaderName.COOKIE, 3)).isEqualTo(-1);
        assertThat(head.first(HeaderName.COOKIE)).isEqualTo("2");
        assertThat(head.first(HeaderName.HOST)).isNull();
    }

    @Test
    void onlyLettersLoseTheirCase() {
        // '^' and '~', like 'A' and 'a', differ in one bit alone.
        RequestHead head = RequestHead.of("GET", "/", "x^", "1");
        assertThat(head.find(HeaderName.of("X^"), 0)).isZero();
        assertThat(head.find(HeaderName.of("x~"), 0)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\rb", "a\nb", "a\0b", "\r\nX: y"})
    void noValueEndsItsLine(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RequestHead.of("GET", "/", "X-A", value))
                .withMessageMatching("X-A has U\\+00(0D|0A|00) at [01]");
    }

    @Test
    void whatWouldBreakTheStartLineIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RequestHead.of("GET", "/a b"))
                .withMessage("target has U+0020 at 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RequestHead.of("GE T", "/"))
                .withMessage("method has U+0020 at 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RequestHead.of("GET", ""))
                .withMessage("target is empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RequestHead.of("GET", "/", "Na me", "x"))
                .withMessage("field name has U+0020 at 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RequestHead.of("GET", "/", "Näme", "x"))
                .withMessage("field name has U+00E4 at 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RequestHead.of("GET", "/", "Host"))
                .withMessage("field \"Host\" has no value");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeaderName.of("a:b"))
                .withMessageContaining("U+003A");
        assertThatIllegalArgumentException().isThrownBy(() -> HeaderName.of("")).withMessageContaining("empty");
    }

    @Test
    void textIsLatinOneUnlessItCannotBe() {
        RequestHead latin = RequestHead.of("GET", "/é", "User-Agent", "é");
        assertThat(latin.bytes()).contains((byte) 0xe9);
        assertThat(latin.first(HeaderName.USER_AGENT)).isEqualTo("é");
        RequestHead wide = RequestHead.of("GET", "/é漢", "User-Agent", "é漢Ċ😀");
        assertThat(wide.path().getBytes(ISO_8859_1)).isEqualTo("/é漢".getBytes(UTF_8));
        assertThat(wide.value(0).getBytes(ISO_8859_1)).isEqualTo("é漢Ċ😀".getBytes(UTF_8));
    }

    static LongStream seeds() {
        return LongStream.range(0, 100);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void fieldsComeBackAsTheyWereGiven(long seed) {
        var random = new SplittableRandom(seed);
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < seed; i++) {
            fields.add("x" + (random.nextBoolean() ? "-A" : "-a") + random.nextInt(5));
            fields.add(random.ints(random.nextInt(40), 0x21, 0xff)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString());
        }
        RequestHead head = RequestHead.of("GET", "/", fields.toArray(String[]::new));
        HeaderName wanted = HeaderName.of("X-A0");
        int next = head.find(wanted, 0);
        for (int i = 0; i < seed; i++) {
            assertThat(head.name(i)).isEqualTo(fields.get(2 * i));
            assertThat(head.value(i)).isEqualTo(fields.get(2 * i + 1));
            if (head.name(i).toLowerCase(Locale.ROOT).equals("x-a0")) {
                assertThat(next).isEqualTo(i);
                next = head.find(wanted, i + 1);
            }
        }
        assertThat(next).isEqualTo(-1);
    }
}
