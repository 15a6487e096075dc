package pt.sunbeam.proxy.headers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.http.RequestHead;

class UpstreamRequestTest {
    private static final String ID = "0f8fad5b-d9cb-469f-a165-70867728950e";
    private static final IpAddress CLIENT = IpAddress.parse("203.0.113.9");

    @Test
    void fieldsOfOneConnectionAreNotForwarded() {
        var out = fromUntrusted(
                "Host", "shop.example",
                "Connection", "keep-alive, X-Hop",
                "Connection", "other",
                "Keep-Alive", "timeout=5",
                "X-Hop", "1",
                "Other", "2",
                "TE", "trailers",
                "Upgrade", "h2c",
                "Proxy-Authorization", "Basic x",
                "Proxy-Connection", "close",
                "X-End", "stays");
        assertThat(names(out))
                .doesNotContain(
                        "Connection",
                        "Keep-Alive",
                        "X-Hop",
                        "Other",
                        "TE",
                        "Upgrade",
                        "Proxy-Authorization",
                        "Proxy-Connection")
                .contains("Host", "X-End");
    }

    @Test
    void connectionCannotTakeAwayWhatMakesTheMessage() {
        var out = fromUntrusted("Host", "shop.example", "Cookie", "a=b", "Connection", "host, cookie, x-forwarded-for");
        assertThat(names(out)).contains("Host", "Cookie", "X-Forwarded-For");
    }

    @Test
    void whatAnUntrustedPeerSaysOfTheClientIsReplaced() {
        var out = fromUntrusted(
                "Host", "shop.example",
                "X-Forwarded-For", "1.1.1.1",
                "X-Forwarded-Proto", "https",
                "X-Forwarded-Host", "evil.example",
                "Forwarded", "for=1.1.1.1",
                "X-Request-Id", "chosen");
        assertThat(values(out, "X-Forwarded-For")).containsExactly("203.0.113.9");
        assertThat(values(out, "X-Forwarded-Proto")).containsExactly("http");
        assertThat(values(out, "X-Forwarded-Host")).containsExactly("shop.example");
        assertThat(values(out, "Forwarded")).containsExactly("for=203.0.113.9;host=\"shop.example\";proto=http");
        assertThat(values(out, "X-Request-Id")).containsExactly(ID);
    }

    @Test
    void aTrustedPeersWordOnSchemeAndHostCounts() {
        var received = RequestHead.of(
                "GET", "/", "Host", "inner", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "shop.example");
        var out = new UpstreamRequest(true).head(received, "/", CLIENT, true, ID);
        assertThat(values(out, "X-Forwarded-Proto")).containsExactly("https");
        assertThat(values(out, "X-Forwarded-Host")).containsExactly("shop.example");
        assertThat(values(out, "Host")).containsExactly("inner");
    }

    @Test
    void ipv6IsQuotedInForwarded() {
        var out = new UpstreamRequest(true)
                .head(RequestHead.of("GET", "/", "Host", "a"), "/", IpAddress.parse("2001:db8::1"), false, ID);
        assertThat(values(out, "Forwarded")).containsExactly("for=\"[2001:db8::1]\";host=\"a\";proto=http");
    }

    @Test
    void theClientsAddressIsLeftOutWhereToldSo() {
        var out = new UpstreamRequest(false)
                .head(RequestHead.of("GET", "/", "Host", "a", "X-Forwarded-For", "1.1.1.1"), "/", CLIENT, false, ID);
        assertThat(names(out)).doesNotContain("X-Forwarded-For", "Forwarded");
    }

    @Test
    void viaIsOneListWithThisProxyLast() {
        var received = RequestHead.of("GET", "/", "Host", "a", "Via", "1.0 one", "Via", "1.1 two");
        var out = new UpstreamRequest(true).head(received, "/", CLIENT, false, ID);
        assertThat(values(out, "Via")).containsExactly("1.0 one, 1.1 two, 1.1 sunbeam");
    }

    @Test
    void aTraceGoesOnOrBeginsWithTheRequestsId() {
        String sent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assertThat(values(fromUntrusted("Host", "a", "traceparent", sent), "traceparent"))
                .containsExactly(sent);
        for (String broken : List.of("00-0-0-0", sent + "-x", "00-" + "0".repeat(32) + "-00f067aa0ba902b7-01")) {
            assertThat(values(fromUntrusted("Host", "a", "traceparent", broken), "traceparent"))
                    .singleElement()
                    .asString()
                    .matches("00-0f8fad5bd9cb469fa16570867728950e-[0-9a-f]{16}-00");
        }
    }

    @Test
    void whatIsSaidOfATraceGoesOnWithItAlone() {
        String sent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assertThat(values(fromUntrusted("Host", "a", "tracestate", "a=1", "traceparent", sent), "tracestate"))
                .containsExactly("a=1");
        assertThat(values(fromUntrusted("Host", "a", "tracestate", "a=1", "traceparent", "00-0-0-0"), "tracestate"))
                .isEmpty();
        assertThat(values(fromUntrusted("Host", "a", "Tracestate", "a=1"), "tracestate"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "req-1_2.3", ID})
    void anIdOfPlainCharactersIsAcceptable(String id) {
        assertThat(UpstreamRequest.acceptableId(id)).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\"b", "é", "a\u0000", "<x>"})
    void anIdThatCouldHurtALogIsNot(String id) {
        assertThat(UpstreamRequest.acceptableId(id)).isNull();
        assertThat(UpstreamRequest.acceptableId("a".repeat(129))).isNull();
        assertThat(UpstreamRequest.acceptableId(null)).isNull();
    }

    private static RequestHead fromUntrusted(String... fields) {
        return new UpstreamRequest(true).head(RequestHead.of("GET", "/", fields), "/", CLIENT, false, ID);
    }

    private static List<String> names(RequestHead head) {
        var names = new ArrayList<String>();
        for (int i = 0; i < head.fieldCount(); i++) {
            names.add(head.name(i));
        }
        return names;
    }

    private static List<String> values(RequestHead head, String name) {
        var values = new ArrayList<String>();
        var wanted = HeaderName.of(name);
        for (int i = head.find(wanted, 0); i >= 0; i = head.find(wanted, i + 1)) {
            values.add(head.value(i));
        }
        return values;
    }
}
