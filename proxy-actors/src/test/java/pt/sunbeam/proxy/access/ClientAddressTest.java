package pt.sunbeam.proxy.access;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
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
                "1.1.1.1, 203.0.113.9:             | 10.0.0.1", // a port without digits, or with others
                "1.1.1.1, 203.0.113.9:80x          | 10.0.0.1",
                "1.1.1.1, 203.0.113.9:123456       | 10.0.0.1",
                "1.1.1.1, [2001:db8::1]80          | 10.0.0.1",
                "1.1.1.1, [2001:db8::1             | 10.0.0.1",
                "1.1.1.1, 203.0.113.256            | 10.0.0.1",
                "1.1.1.1, 0x7f.1                   | 10.0.0.1",
                "1.1.1.1, '<script>'               | 10.0.0.1",
                "fe80::1%eth0                      | fe80::1",
                "[fe80::1%25eth0]:80               | fe80::1",
                "::ffff:203.0.113.9                | 203.0.113.9",
                "::ffff:10.1.2.3                   | 10.1.2.3", // trusted in its other form too
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
    void twoHundredHopsAreWalked() {
        String hops = IntStream.range(0, 200).mapToObj(i -> "10.0.1." + i).collect(Collectors.joining(", "));
        assertThat(clients.of(PROXY, forwarded(hops))).isEqualTo(IpAddress.parse("10.0.1.0"));
        assertThat(clients.of(PROXY, forwarded("1.1.1.1, 203.0.113.9, " + hops)))
                .isEqualTo(IpAddress.parse("203.0.113.9"));
        assertThat(clients.of(PROXY, forwarded("203.0.113.9," + ",".repeat(200))))
                .isEqualTo(PROXY);
    }

    /** Whatever stands left of an entry, the address found right of it stays: clients choose nothing. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {1, 2, 3, 4})
    void whatAClientWritesItselfChangesNothing(int seed) {
        var random = new SplittableRandom(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] noise = new byte[random.nextInt(60)];
            random.nextBytes(noise);
            for (int at = 0; at < noise.length; at++) {
                noise[at] = (byte) "0123456789.:[]%,; fe\"".charAt((noise[at] & 0xff) % 21);
            }
            String written = new String(noise, ISO_8859_1);
            assertThat(clients.of(PROXY, forwarded(written + ", 203.0.113.9, 10.1.2.3")))
                    .isEqualTo(IpAddress.parse("203.0.113.9"));
        }
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
