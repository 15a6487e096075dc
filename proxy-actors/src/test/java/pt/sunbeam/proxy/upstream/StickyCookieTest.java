package pt.sunbeam.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static pt.sunbeam.proxy.upstream.EndpointsOfTests.same;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.config.Sticky;

class StickyCookieTest {
    private final StickyCookie cookie = new StickyCookie(new Sticky("s", "0123456789abcdef", Duration.ofSeconds(60)));
    private final Endpoint[] endpoints = same(2);

    private static String value(String field) {
        return field.substring(field.indexOf('=') + 1, field.indexOf(';'));
    }

    private String bound() {
        return value(cookie.bind(cookie.tag(endpoints[0]), 1_000).value());
    }

    @Test
    void itNamesTheEndpointUntilItExpires() {
        assertThat(cookie.tag(endpoints[0])).isNotEqualTo(cookie.tag(endpoints[1]));
        assertThat(cookie.read(bound(), 1_059)).isEqualTo(cookie.tag(endpoints[0]));
        assertThat(cookie.read(bound(), 1_060)).isNull();
    }

    @Test
    void withoutATimeItLastsAsLongAsTheBrowser() {
        var session = new StickyCookie(new Sticky("s", "0123456789abcdef", null));
        var field = session.bind("tag", 1_000).value();
        assertThat(field).doesNotContain("Max-Age");
        assertThat(session.read(value(field), Long.MAX_VALUE)).isEqualTo("tag");
    }

    @Test
    void noByteOfItCanBeChanged() {
        String bound = bound();
        for (int i = 0; i < bound.length(); i++) {
            for (char other : new char[] {'A', '1', '.', '_'}) {
                var forged = bound.substring(0, i) + other + bound.substring(i + 1);
                if (!forged.equals(bound)) {
                    assertThat(cookie.read(forged, 1_000)).as(forged).isNull();
                }
            }
        }
    }

    @Test
    void anotherSecretReadsNothing() {
        var other = new StickyCookie(new Sticky("s", "0123456789abcdeX", Duration.ofSeconds(60)));
        assertThat(other.read(bound(), 1_000)).isNull();
        assertThat(other.tag(endpoints[0])).isNotEqualTo(cookie.tag(endpoints[0]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "...", "a", "a.b", "a.b.c", ".0.x", "a.99999999999999999999999.x", "é.1.é"})
    void whatIsNoneIsPassedOver(String value) {
        assertThat(cookie.read(value, 0)).isNull();
    }

    @Test
    void itSaysNothingOfTheAddress() {
        assertThat(cookie.bind(cookie.tag(endpoints[1]), 1_000).value()).doesNotContain("b1", "10.0.0");
    }
}
