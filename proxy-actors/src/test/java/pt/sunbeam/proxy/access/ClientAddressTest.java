package pt.sunbeam.proxy.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pt.sunbeam.detector.http.Cidr;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.http.RequestHead;

class ClientAddressTest {
    private static final IpAddress PROXY = IpAddress.parse("10.0.0.1");
    private final ClientAddress clients = new ClientAddress(
            Stream.of("10.0.0.0/8", "fd00::/8").map(Cidr::parse).toList());

    @Test
    void anUntrustedPeerIsTheClientWhateverItClaims() {
        var peer = IpAddress.parse("198.51.100.7");
        assertThat(clients.of(peer, forwarded("203.0.113.9"))).isEqualTo(peer);
    }

    @ParameterizedTest(name = "{0} is from {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.9                       | 203.0.113.9",
                "1.1.1.1, 203.0.113.9              | 203.0.113.9", // the leftmost is the client's own claim
                "1.1.1.1, 203.0.113.9, 10.1.2.3    | 203.0.113.9",
                "203.0.113.9:4711                  | 203.0.113.9",
                "[2001:db8::1]:4711                | 2001:db8::1",
                "2001:db8::1                       | 2001:db8::1",
                "2001:db8::1, fd00::2              | 2001:db8::1",
                "10.7.7.7, 10.1.2.3                | 10.7.7.7", // all trusted: the farthest of them
                "203.0.113.9, unknown, 10.1.2.3    | 10.1.2.3", // nobody vouches for what stands left of nonsense
                "203.0.113.9,                      | 10.0.0.1",
                "''                                | 10.0.0.1",
            })
    void theRightmostUntrustedAddressIsTheClient(String field, String client) {
        assertThat(clients.of(PROXY, forwarded(field))).isEqualTo(IpAddress.parse(client));
    }

    @Test
    void severalFieldsAreOneList() {
        var head = RequestHead.of(
                "GET", "/", "X-Forwarded-For", "1.1.1.1", "Host", "a", "X-Forwarded-For", "203.0.113.9, 10.1.1.1");
        assertThat(clients.of(PROXY, head)).isEqualTo(IpAddress.parse("203.0.113.9"));
        var spread = RequestHead.of("GET", "/", "X-Forwarded-For", "203.0.113.9", "X-Forwarded-For", "10.1.1.1");
        assertThat(clients.of(PROXY, spread)).isEqualTo(IpAddress.parse("203.0.113.9"));
    }

    @Test
    void withoutTrustedProxiesNobodyIsBelieved() {
        assertThat(new ClientAddress(List.of()).of(PROXY, forwarded("203.0.113.9")))
                .isEqualTo(PROXY);
    }

    private static RequestHead forwarded(String value) {
        return RequestHead.of("GET", "/", "Host", "a", "X-Forwarded-For", value);
    }
}
