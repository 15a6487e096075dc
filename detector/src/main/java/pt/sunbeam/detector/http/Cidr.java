package pt.sunbeam.detector.http;

/** A block of addresses (RFC 4632); {@code prefix} counts bits of the 128-bit form, so an IPv4 /8 has 104. */
public record Cidr(IpAddress network, int prefix) {
    /** Parses "10.0.0.0/8", "fd00::/8" or a bare address. Throws IllegalArgumentException that says what is wrong. */
    public static Cidr parse(String text) {
        throw new UnsupportedOperationException("stub");
    }

    public boolean contains(IpAddress address) {
        throw new UnsupportedOperationException("stub");
    }
}
