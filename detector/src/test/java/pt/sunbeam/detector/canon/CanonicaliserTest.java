package pt.sunbeam.detector.canon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicaliserTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiterString = " -> ",
            value = {
                "Hello+World -> hello world -> 0",
                "%27+OR+1%3D1 -> ' or 1=1 -> 1",
                "%2527%2520OR%25201%253D1 -> ' or 1=1 -> 2",
                "%252527 -> ' -> 3",
                "%%32%37 -> ' -> 2",
                "%2%35%32%37 -> ' -> 3",
                "%u0027%U003C -> '< -> 1",
                "%uff1cscript%uFF1E -> <script> -> 1",
                "\\u0027\\u003Cscript\\x3e -> '<script> -> 1",
                "\\u{27}\\u{000000000000000000000000000000000000027} -> '' -> 1",
                "\\047or\\40 -> 'or\\40 -> 1",
                "%5cu0027 -> ' -> 2",
                "%26%23x27%3B -> ' -> 2",
                "&#x27;&#39;&#X27; -> ''' -> 1",
                "&#x0000000000000000000000000000000000000027; -> ' -> 1",
                "&#106&#97&#118&#97script: -> javascript: -> 1",
                "&#39or -> 'or -> 1",
                "&#39 -> ' -> 1",
                "&#39% -> '% -> 1",
                "&lt;script&gt;&apos;&quot; -> <script>'\" -> 1",
                "java&Tab;script&colon;alert&lpar;1&rpar; -> java script:alert(1) -> 1",
                "&amp;lt;script&amp;gt; -> <script> -> 2",
                "&#38;#38;lt; -> < -> 3",
                "%c0%ae%c0%AE%c0%af -> ../ -> 1",
                "%e0%80%af%f0%80%80%af%f8%80%80%80%af%fc%80%80%80%80%af -> //// -> 1",
                "%25c0%25af -> / -> 2",
                "%ef%bc%9cscript%ef%bc%9e -> <script> -> 1",
                "%EF%BC%85%EF%BC%92%EF%BC%97 -> ' -> 2",
                "%e2%80%98x%ca%bc -> 'x' -> 1",
                "un%e2%80%8bion -> union -> 1",
                "%c5%bfcript%e2%84%aa -> scriptk -> 1",
                "se%00lect -> select -> 1",
                "union%0a%09%0d%0bselect -> union select -> 1",
                "un/**/ion -> un/**/ion -> 0",
            })
    void evasionsOfOneTextHaveOneCanonicalText(String value, String text, int rounds) {
        Canonical canonical = Canonical.of(Place.QUERY, value);
        assertThat(canonical.text()).isEqualTo(text);
        assertThat(canonical.rounds()).isEqualTo(rounds);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiterString = " -> ",
            value = {
                "a&b=c&copy=1&notanentity; -> a&b=c&copy=1&notanentity;",
                "100%&x=%zz+%4 -> 100%&x=%zz %4",
                "C:\\new\\users\\temp\\2024 -> c:\\new\\users\\temp\\2024",
                "&#xg;&#;&#1114112;\\u{110000}\\u{} -> &#xg;&#;&#1114112;\\u{110000}\\u{}",
                "\\u00g1%u00 -> \\u00g1%u00",
            })
    void whatIsNoEscapeStays(String value, String text) {
        assertThat(Canonical.of(Place.QUERY, value).text()).isEqualTo(text);
    }

    @Test
    void lettersBeyondAsciiStayAsTheyAre() {
        String value = "Ünïcödé 漢字 😀 %C3%A9 &eacute; \\u00e9 \\ud83d\\ude00";
        Canonical canonical = Canonical.of(Place.TEXT, new String(value.getBytes(UTF_8), ISO_8859_1));
        assertThat(new String(canonical.text().getBytes(ISO_8859_1), UTF_8)).startsWith("Ünïcödé 漢字 😀 é &eacute; é ");
        assertThat(canonical.anomalies()).isEmpty();
    }

    @Test
    void aPlusSignIsASpaceInQueriesAndFormsOnly() {
        for (Place place : Place.values()) {
            String text = Canonical.of(place, "1+1%2B\\u002b").text();
            assertThat(text).isEqualTo(place == Place.QUERY || place == Place.FORM ? "1 1++" : "1+1++");
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiterString = " -> ",
            value = {
                "PATH -> /50%-off -> INVALID_ESCAPE",
                "QUERY -> %zz -> INVALID_ESCAPE",
                "QUERY -> %4 -> INVALID_ESCAPE",
                "QUERY -> %u004 -> INVALID_ESCAPE",
                "QUERY -> a%00 -> NUL",
                "QUERY -> %c0%80 -> NUL,OVERLONG",
                "QUERY -> &#1; -> CONTROL",
                "QUERY -> a%7f -> CONTROL",
                "QUERY -> ..%c0%af -> OVERLONG",
                "QUERY -> \\ud83d -> LONE_SURROGATE",
                "QUERY -> \\ude00 -> LONE_SURROGATE",
                "QUERY -> \\ud83d-\\ude00 -> LONE_SURROGATE",
                "QUERY -> %2525252527 -> DEEP",
                "QUERY -> &#37;27 -> MIXED",
                "QUERY -> %2526lt; -> MIXED",
                "QUERY -> \\x26lt; -> MIXED",
                "PATH -> /a/../../b -> ABOVE_ROOT",
                "PATH -> /%2e%2e/ -> ABOVE_ROOT",
                "PATH -> /..;x=y/ -> ABOVE_ROOT",
                "PATH -> /..%5c -> ABOVE_ROOT",
                "PATH -> /a/.. /.. -> ~~",
            })
    void anomaliesAreNamed(Place place, String value, String names) {
        List<Anomaly> expected = names.isEmpty()
                ? List.of()
                : List.of(names.split(",")).stream().map(Anomaly::valueOf).toList();
        assertThat(Canonical.of(place, value).anomalies()).containsExactlyInAnyOrderElementsOf(expected);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiterString = " -> ",
            value = {
                "PATH -> /a/../b/./c//../d..e/...",
                "HEADER -> 50% off & more",
                "JSON -> 100% &c.",
                "FORM -> %26lt%3Bb%26gt%3B bold",
                "QUERY -> %7B%22a%22%3A%22%5Cu00e9%22%7D",
                "TEXT -> \\ud83d\\ude00",
            })
    void whatHonestClientsSendIsNoAnomaly(Place place, String value) {
        assertThat(Canonical.of(place, value).anomalies()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiterString = " -> ",
            value = {
                "un/**/ion select/*foo*/1 -> union select 1",
                "union/*%20*/select -> union select",
                "x/*!50000union*/ /*!select*/1 -> x union select 1",
                "/*un/**/ion -> /*union",
                "'/*' un/**/ion /* -> '/*' union /*",
                "/* sel'%2B'ect password from users */ un'||'ion -> /* select password from users */ union",
                "<scr<!---->ipt> -> <script>",
                "sel'+'ect -> select",
                "sel'%2B'ect \"a\".\"b\" 'un'||'ion' \"x\"%26\"y\" 'ad' 'min' -> select \"ab\" 'union' \"xy\" 'admin'",
                "c''at c'a't O'Brien w\"h\"o c\\at wh^oami ca$@t ca$()t w`h`o -> cat cat o'brien who cat whoami cat cat who",
                "cat${IFS}/etc cat$IFS$9/etc cat${IFS%25??}/etc -> cat /etc cat /etc cat /etc",
                "java%0ascript:x vb%09scri%0apt:x j+a+v+a+s+c+r+i+p+t: -> javascript:x vbscript:x javascript:",
                "1%23PTTmJopx%0AAND--xy%0A9=9 -> 1 and 9=9",
                "PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg%3D%3D -> <script>alert(1)</script>==",
            })
    void theSecondReadingIsWithoutWhatSplitsWords(String value, String second) {
        assertThat(Canonical.of(Place.QUERY, value).second()).isEqualTo(second);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36",
                "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
                "\"Chromium\";v=\"129\", \"Not=A?Brand\";v=\"8\"",
                "https://app.example.com/articles/2024/how-to-prune-roses?page=2",
                "5f4dcc3b5aa765d61d8327deb882cf99",
                "GA1.2.1234567890.1700000000",
                "it's the quick brown fox, and 'a quoted' word; $5 or 5 * 3!",
                "line one\r\nline two - and three",
            })
    void honestValuesHaveNoSecondReading(String value) {
        assertThat(Canonical.of(Place.HEADER, value).second()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "' or 1=1 -- admin",
                "<script>alert(document.cookie)</script>",
                "%27%20union%20select%201,2,3",
                "powershell -NoProfile -Command whoami",
            })
    void base64IsReadInEachOfItsForms(String attack) {
        String text = Canonical.of(Place.TEXT, attack).text();
        byte[] bytes = attack.getBytes(UTF_8);
        byte[] wide = attack.getBytes(UTF_16LE);
        List<String> forms = List.of(
                Base64.getEncoder().encodeToString(bytes),
                Base64.getEncoder().encodeToString(wide),
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
                "Basic " + Base64.getEncoder().encodeToString(bytes),
                "data:text/html;base64," + Base64.getEncoder().encodeToString(bytes),
                "eyJhbGciOiJub25lIn0." + Base64.getUrlEncoder().encodeToString(bytes) + ".x");
        for (String form : forms) {
            for (Place place : List.of(Place.QUERY, Place.COOKIE, Place.JSON)) {
                assertThat(Canonical.of(place, form).second()).as(form).contains(text.strip());
            }
        }
    }

    @Test
    void junkBeforeTextInBase64HidesNothing() {
        String attack = "\u0001\u0080\u0002\u0081\u0003\u0082\u0004\u0083\u0005\u0084\u0006\u0085' or 1=1 -- x";
        String form = Base64.getEncoder().encodeToString(attack.getBytes(ISO_8859_1));
        assertThat(Canonical.of(Place.QUERY, form).second()).contains("' or 1=1 -- x");
    }

    @Test
    void aLongValueIsReadAcrossItsPieces() {
        for (int padding = Canonicaliser.CHUNK - 60; padding <= Canonicaliser.CHUNK + 2; padding++) {
            String value = Canonical.times(padding, "x") + " %2527 un/**/ion &lt;scr''ipt&gt;";
            Canonical canonical = Canonical.of(Place.FORM, value);
            assertThat(canonical.text()).endsWith("x ' un/**/ion <scr''ipt>");
            assertThat(canonical.second()).endsWith(" union <script>");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1#PTTmJopx\nAND--xy\n9=9 -> 1 and 9=9", "java\n \tscri\n\npt:x -> javascript:x"})
    void whatALineEndSplitsIsReadAcrossPieces(String both) {
        String[] split = both.split(" -> ", 2);
        for (int padding = Canonicaliser.CHUNK - 60; padding <= Canonicaliser.CHUNK + 2; padding++) {
            String value = Canonical.times(padding / 2, "x ") + " ".repeat(1 + padding % 2) + split[0] + " .";
            assertThat(Canonical.of(Place.JSON, value).second())
                    .as("behind %d bytes", padding)
                    .endsWith(split[1] + " .");
        }
    }

    @Test
    void aCommentLongerThanAPieceIsNotHeld() {
        String content = Canonical.times(3 * Canonicaliser.CHUNK, "x");
        Canonical canonical = Canonical.of(Place.FORM, "a/*" + content + "*/b sel''ect c/*d*/e");
        assertThat(canonical.text()).isEqualTo("a/*" + content + "*/b sel''ect c/*d*/e");
        assertThat(canonical.second()).endsWith("*/b select c e");
    }

    @Test
    void canonicalisingAllocatesNothing() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        var canonicaliser = new Canonicaliser();
        byte[] value =
                "%2527 un/**/ion &lt;scr''ipt PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg== %ef%bc%9c".getBytes(ISO_8859_1);
        long allocated = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 20 && allocated > 0; attempt++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 1_000; i++) {
                canonicaliser.begin(Place.QUERY);
                canonicaliser.canonicalise(value, 0, value.length, true);
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(allocated).isZero();
        assertThat(canonicaliser.squeeze()).isTrue();
    }
}
