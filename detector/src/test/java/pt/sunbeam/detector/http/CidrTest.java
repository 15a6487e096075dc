package pt.sunbeam.detector.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/8, ::ffff:10.1.2.3, true",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "::/0, 2001:db8::1, true",
        "::/0, 203.0.113.9, false",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "192.0.2.1/32, 192.0.2.0, false",
        "fd00::/8, fdff::1, true",
        "fd00::/8, fe00::1, false",
        "2001:db8::/64, 2001:db8::ffff:0:0:1, true",
        "2001:db8::/65, 2001:db8::8000:0:0:1, false",
        "2001:db8::1/128, 2001:db8::1, true",
        "::ffff:10.0.0.0/104, 10.9.9.9, true"
    })
    void aBlockHoldsTheAddressesThatShareItsPrefix(String block, String address, boolean held) {
        assertThat(Cidr.parse(block).contains(IpAddress.parse(address))).isEqualTo(held);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.1/8 | expected: 10.0.0.0/8",
                "2001:db8::1/64 | expected: 2001:db8::/64",
                "10.0.0.0/33 | expected: 0..32",
                "fd00::/129 | expected: 0..128",
                "10.0.0.0/ | expected: 0..32",
                "10.0.0.0/08 | expected: 0..32",
                "10.0.0.0/-1 | expected: 0..32",
                "10.0.0.0/8/8 | expected: 0..32",
                "10.0.0.0/255.0.0.0 | expected: 0..32",
                "10.0.0/8 | \"10.0.0\" is no IP address",
                "example.com/8 | \"example.com\" is no IP address",
                "/8 | \"\" is no IP address"
            })
    void aFaultyBlockIsRefusedWithWhatWasExpected(String block, String reason) {
        assertThatIllegalArgumentException().isThrownBy(() -> Cidr.parse(block)).withMessageContaining(reason);
    }

    static IntStream prefixes() {
        return IntStream.rangeClosed(0, 128);
    }

    @ParameterizedTest(name = "prefix {0}")
    @MethodSource("prefixes")
    void membershipIsEqualityOfTheLeadingBits(int prefix) {
        var random = new SplittableRandom(prefix);
        BigInteger mask = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE.shiftLeft(128 - prefix));
        BigInteger network = bits(new IpAddress(random.nextLong() | 1L << 63, random.nextLong()))
                .and(mask);
        Cidr block = Cidr.parse(address(network) + "/" + prefix);
        assertThat(Cidr.parse(block.toString())).isEqualTo(block);
        for (int bit = 0; bit < 128; bit++) {
            IpAddress neighbour = address(network.flipBit(127 - bit));
            assertThat(block.contains(neighbour)).as("bit %d flipped", bit).isEqualTo(bit >= prefix);
        }
    }

    private static BigInteger bits(IpAddress address) {
        return new BigInteger(Long.toUnsignedString(address.high()))
                .shiftLeft(64)
                .or(new BigInteger(Long.toUnsignedString(address.low())));
    }

    private static IpAddress address(BigInteger bits) {
        return new IpAddress(bits.shiftRight(64).longValue(), bits.longValue());
    }
}
