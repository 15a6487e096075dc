package pt.sunbeam.proxy.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.config.ProxyProtocol;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.proxy.message.Ends;
import pt.sunbeam.proxy.wire.ProxyHeader.Complete;
import pt.sunbeam.proxy.wire.ProxyHeader.Incomplete;
import pt.sunbeam.proxy.wire.ProxyHeader.Malformed;

class ProxyHeaderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    private static Ends ends(String peer, int peerPort, String local, int localPort) {
        return new Ends(IpAddress.parse(peer), peerPort, IpAddress.parse(local), localPort);
    }

    private static ProxyHeader.Outcome line(String text) {
        return ProxyHeader.parse(text.getBytes(ISO_8859_1));
    }

    private static ProxyHeader.Outcome binary(String hex) {
        return ProxyHeader.parse(HexFormat.of().parseHex((SIGNATURE + hex).replace(" ", "")));
    }

    static Stream<Ends> samples() {
        return Stream.of(
                ends("203.0.113.9", 40_000, "192.0.2.1", 443),
                ends("2001:db8::9", 65_535, "2001:db8::1", 0),
                ends("203.0.113.9", 0, "2001:db8::1", 80),
                ends("2001:db8::9", 1, "192.0.2.1", 80));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void whatIsWrittenReadsBackInBothVersionsHoweverItIsCut(Ends ends) {
        for (var version : ProxyProtocol.values()) {
            byte[] header = ProxyHeader.write(version, ends);
            for (int cut = 0; cut < header.length; cut++) {
                assertThat(ProxyHeader.parse(Arrays.copyOf(header, cut))).isInstanceOf(Incomplete.class);
            }
            byte[] more = Arrays.copyOf(header, header.length + 3);
            assertThat(ProxyHeader.parse(more)).isEqualTo(new Complete(ends, header.length));
        }
    }

    @Test
    void theFormsAreThoseOfTheSpecification() {
        var four = ends("203.0.113.9", 40_000, "192.0.2.1", 443);
        assertThat(ProxyHeader.write(ProxyProtocol.V1, four))
                .asString(ISO_8859_1)
                .isEqualTo("PROXY TCP4 203.0.113.9 192.0.2.1 40000 443\r\n");
        assertThat(ProxyHeader.write(ProxyProtocol.V1, ends("203.0.113.9", 0, "2001:db8::1", 80)))
                .asString(ISO_8859_1)
                .isEqualTo("PROXY TCP6 ::ffff:203.0.113.9 2001:db8::1 0 80\r\n");
        assertThat(ProxyHeader.write(ProxyProtocol.V2, four))
                .isEqualTo(HexFormat.of().parseHex(SIGNATURE + "2111000ccb007109c00002019c4001bb"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY UNKNOWN\r\n",
                "PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n",
            })
    void aLineThatNamesNobodyIsAHeaderToo(String text) {
        assertThat(line(text + "GET")).isEqualTo(new Complete(null, text.length()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "PROXX",
                "proxy TCP4 1.1.1.1 2.2.2.2 1 2\r\n",
                "PROXY TCP4 1.1.1.1 2.2.2.2 1 2\n",
                "PROXY TCP4 1.1.1.1 2.2.2.2 1\r\n",
                "PROXY TCP4 1.1.1.1 2.2.2.2 1 2 3\r\n",
                "PROXY TCP4  1.1.1.1 2.2.2.2 1 2\r\n",
                "PROXY TCP4 1.1.1.1 2.2.2.2 1 65536\r\n",
                "PROXY TCP4 1.1.1.1 2.2.2.2 01 2\r\n",
                "PROXY TCP4 1.1.1.1 2.2.2.2 -1 2\r\n",
                "PROXY TCP4 1.1.1 2.2.2.2 1 2\r\n",
                "PROXY TCP4 ::1 ::2 1 2\r\n",
                "PROXY TCP6 1.1.1.1 2.2.2.2 1 2\r\n",
                "PROXY TCP6 fe80::1%eth0 ::2 1 2\r\n",
                "PROXY UDP4 1.1.1.1 2.2.2.2 1 2\r\n",
                "PROXY \r\n",
                "PROXY TCP4 localhost 2.2.2.2 1 2\r\n",
            })
    void aLineThatIsNoneOfTheFormsIsRefused(String text) {
        assertThat(line(text)).isInstanceOf(Malformed.class);
    }

    @Test
    void aLineEndsWithin107Bytes() {
        assertThat(line("PROXY UNKNOWN " + "x".repeat(91) + "\r\n")).isEqualTo(new Complete(null, 107));
        assertThat(line("PROXY UNKNOWN " + "x".repeat(92) + "\r\n")).isInstanceOf(Malformed.class);
        assertThat(line("PROXY UNKNOWN " + "x".repeat(93))).isInstanceOf(Malformed.class);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource({
        "20 00 0000, LOCAL",
        "20 11 000c cb007109c00002019c4001bb, LOCAL with addresses",
        "21 00 0000, unspecified family",
        "21 12 000c cb007109c00002019c4001bb, UDP",
        "21 31 0003 616263, unix",
    })
    void whatIsNoTcpConnectionOfAClientNamesNobody(String hex, String what) {
        assertThat(binary(hex))
                .as(what)
                .isInstanceOfSatisfying(
                        Complete.class, header -> assertThat(header.ends()).isNull());
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource({
        "11 11 000c cb007109c00002019c4001bb, version 1 in binary",
        "22 11 000c cb007109c00002019c4001bb, unknown command",
        "21 11 0008 cb007109c0000201, too short for IPv4",
        "21 21 000c cb007109c00002019c4001bb, too short for IPv6",
        "21 11 000e cb007109c00002019c4001bb 0400, an extension without a length",
        "21 11 0010 cb007109c00002019c4001bb 04000200, an extension longer than the header",
        "21 11 0013 cb007109c00002019c4001bb 03000400000000, a wrong checksum",
        "21 11 0010 cb007109c00002019c4001bb 03000100, a checksum of one byte",
    })
    void aBinaryHeaderThatDoesNotAddUpIsRefused(String hex, String what) {
        assertThat(binary(hex)).as(what).isInstanceOf(Malformed.class);
    }

    @Test
    void extensionsArePassedOverAndAChecksumIsChecked() {
        var expected = ends("203.0.113.9", 40_000, "192.0.2.1", 443);
        assertThat(binary("21 11 0014 cb007109c00002019c4001bb 0400010002000161"))
                .isEqualTo(new Complete(expected, 36));
        byte[] header = HexFormat.of().parseHex(SIGNATURE + "21110013cb007109c00002019c4001bb03000400000000");
        var checksum = new CRC32C();
        checksum.update(header);
        for (int i = 0; i < 4; i++) {
            header[31 + i] = (byte) (checksum.getValue() >>> (24 - 8 * i));
        }
        assertThat(ProxyHeader.parse(header)).isEqualTo(new Complete(expected, header.length));
    }

    @Test
    void noiseIsNeverMoreThanRefused() {
        var random = new SplittableRandom(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            byte[] beginning = random.nextBoolean()
                    ? HexFormat.of().parseHex(SIGNATURE)
                    : "PROXY TCP4 1.1.1.1 ".getBytes(ISO_8859_1);
            System.arraycopy(beginning, 0, bytes, 0, Math.min(bytes.length, beginning.length));
            assertThat(ProxyHeader.parse(bytes)).isNotNull();
        }
    }
}
