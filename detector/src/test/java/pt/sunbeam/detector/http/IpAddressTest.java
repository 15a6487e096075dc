package pt.sunbeam.detector.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
    /** The examples of RFC 5952 section 4, and the ends of the range. */
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "2001:0DB8:0000:0000:0000:0000:0002:0001, 2001:db8::2:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "0:1:2:3:4:5:6:7, 0:1:2:3:4:5:6:7",
        "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
        "::1.2.3.4, ::102:304",
        "::ffff:192.0.2.1, 192.0.2.1",
        "::ffff:c000:201, 192.0.2.1",
        "fe80::1%eth0, fe80::1",
        "fe80::1%25, fe80::1"
    })
    void aLiteralIsWrittenInItsShortestForm(String literal, String text) {
        assertThat(IpAddress.parse(literal)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "localhost",
                "example.com",
                "1.2.3",
                "127.1",
                "1",
                "1.2.3.4.5",
                "01.2.3.4",
                "0x7f.0.0.1",
                "256.0.0.1",
                "1.2.3.4 ",
                " 1.2.3.4",
                "1.2.3.4:80",
                "[::1]",
                "[::1]:80",
                ":::",
                "1::2::3",
                "12345::",
                "%eth0",
                "::1/64"
            })
    void whatIsNoLiteralIsRefusedByName(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IpAddress.parse(text))
                .withMessageContaining("\"" + text + "\"");
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyAddressSurvivesItsText(long seed) throws Exception {
        var random = new SplittableRandom(seed);
        // Whole groups of zeros are what the short form is about.
        long[] halves = IntStream.range(0, 2)
                .mapToLong(i ->
                        random.nextLong() & (random.nextBoolean() ? -1L : 0xffff_0000_0000_ffffL * random.nextInt(2)))
                .toArray();
        var address = new IpAddress(halves[0], halves[1]);
        assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
        assertThat(IpAddress.of(InetAddress.ofLiteral(address.toString()))).isEqualTo(address);
    }

    @Test
    void theDetectorCountsByAddressInIpv4AndByNetworkInIpv6() {
        assertThat(IpAddress.parse("192.0.2.7").detectorKey()).hasToString("192.0.2.7");
        assertThat(IpAddress.parse("2001:db8:1:2:3:4:5:6").detectorKey()).hasToString("2001:db8:1:2::");
        assertThat(IpAddress.parse("::2").detectorKey()).hasToString("::");
    }

    @Test
    void onlyMappedAddressesAreIpv4() {
        assertThat(IpAddress.parse("::ffff:1.2.3.4").isIpv4()).isTrue();
        assertThat(IpAddress.parse("::1.2.3.4").isIpv4()).isFalse();
        assertThat(IpAddress.parse("1::ffff:102:304").isIpv4()).isFalse();
        assertThat(IpAddress.parse("::1:ffff:102:304").isIpv4()).isFalse();
    }
}
