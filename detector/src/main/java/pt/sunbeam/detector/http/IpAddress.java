package pt.sunbeam.detector.http;

import java.net.InetAddress;

/**
 * An IP address as 128 bits; IPv4 as its IPv4-mapped form ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2).
 *
 * @param high the first 64 bits
 * @param low the last 64 bits
 */
public record IpAddress(long high, long low) {
    /** Parses a literal, never a name; an IPv6 zone is dropped. Throws IllegalArgumentException for anything else. */
    public static IpAddress parse(String literal) {
        throw new UnsupportedOperationException("stub");
    }

    public static IpAddress of(InetAddress address) {
        throw new UnsupportedOperationException("stub");
    }

    public boolean isIpv4() {
        throw new UnsupportedOperationException("stub");
    }

    /** What the DDoS detector counts by: the address itself for IPv4, its /64 for IPv6. */
    public IpAddress detectorKey() {
        throw new UnsupportedOperationException("stub");
    }
}
