package pt.sunbeam.detector.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * An IP address as 128 bits; IPv4 as its IPv4-mapped form ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2).
 *
 * @param high the first 64 bits
 * @param low the last 64 bits
 */
public record IpAddress(long high, long low) {
    private static final long MAPPED = 0xffff_0000_0000L;
    private static final long IPV4_BITS = 0xffff_ffffL;
    private static final long MIXER = 0x9e3779b97f4a7c15L; // 2^64 over the golden ratio

    /**
     * Parses a literal, never a name: four decimal numbers without leading zeros, or IPv6 text without brackets, whose
     * zone is dropped. Throws IllegalArgumentException for anything else.
     */
    public static IpAddress parse(String literal) {
        try {
            if (literal.indexOf(':') < 0) {
                return new IpAddress(0, MAPPED | ipv4(literal));
            } else if (literal.charAt(0) != '[') {
                int zone = literal.indexOf('%');
                return of(InetAddress.ofLiteral(zone < 0 ? literal : literal.substring(0, zone)));
            }
        } catch (IllegalArgumentException notALiteral) {
            // reported below like the literals that are refused
        }
        throw new IllegalArgumentException("\"" + literal + "\" is no IP address");
    }

    /** The JDK's own reader takes "127.1" and "010.0.0.1" too, which mean different addresses to different programs. */
    private static long ipv4(String literal) {
        long bits = 0;
        int at = 0;
        for (int octets = 1; octets <= 4; octets++) {
            int start = at;
            int octet = 0;
            while (at < literal.length() && at < start + 3 && isDigit(literal.charAt(at))) {
                octet = 10 * octet + literal.charAt(at++) - '0';
            }
            boolean isOctet = at == start + 1 || (at > start && octet <= 255 && literal.charAt(start) != '0');
            boolean goesOn = at < literal.length() && literal.charAt(at) == '.';
            if (!isOctet || (octets < 4 ? !goesOn : at < literal.length())) {
                throw new IllegalArgumentException("no IPv4 address");
            }
            bits = bits << 8 | octet;
            at++;
        }
        return bits;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** The address without its zone. */
    public static IpAddress of(InetAddress address) {
        byte[] octets = address.getAddress();
        return address instanceof Inet6Address
                ? new IpAddress(bits(octets, 0, 8), bits(octets, 8, 16))
                : new IpAddress(0, MAPPED | bits(octets, 0, 4));
    }

    private static long bits(byte[] octets, int from, int to) {
        long bits = 0;
        for (int i = from; i < to; i++) {
            bits = (bits << 8) | (octets[i] & 0xff);
        }
        return bits;
    }

    /** What the record would do by itself, ten times as slowly until it is compiled. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof IpAddress(long otherHigh, long otherLow) && high == otherHigh && low == otherLow;
    }

    /** Mixes all bits (a multiplicative hash, Knuth, TAOCP 3, section 6.4): addresses of neighbouring networks differ in few. */
    @Override
    public int hashCode() {
        return (int) (((low ^ (high * MIXER)) * MIXER) >>> 32);
    }

    public boolean isIpv4() {
        return high == 0 && low >>> 32 == 0xffff;
    }

    /** What the DDoS detector counts by: the address itself for IPv4, its /64 for IPv6. */
    public IpAddress detectorKey() {
        return isIpv4() || low == 0 ? this : new IpAddress(high, 0);
    }

    /** The first address of its /24, or of its /48 for IPv6. */
    public IpAddress network() {
        return isIpv4() ? new IpAddress(high, low & ~0xffL) : new IpAddress(high & ~0xffffL, 0);
    }

    /** Dotted decimal for IPv4, the text of RFC 5952 for IPv6. */
    @Override
    public String toString() {
        if (isIpv4()) {
            long ipv4 = low & IPV4_BITS;
            return (ipv4 >>> 24) + "." + (ipv4 >>> 16 & 0xff) + "." + (ipv4 >>> 8 & 0xff) + "." + (ipv4 & 0xff);
        }
        int gap = 8;
        int gapLength = 1; // a single zero group is written out (section 4.2.2)
        for (int i = 0; i < 8; i++) {
            int zeros = 0;
            while (i + zeros < 8 && group(i + zeros) == 0) {
                zeros++;
            }
            if (zeros > gapLength) {
                gap = i;
                gapLength = zeros;
            }
            i += zeros;
        }
        var text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == gap) {
                text.append("::");
                i += gapLength - 1;
            } else {
                if (i > 0 && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(group(i)));
            }
        }
        return text.toString();
    }

    private int group(int index) {
        long half = index < 4 ? high : low;
        return (int) (half >>> (48 - 16 * (index & 3))) & 0xffff;
    }
}
