package pt.sunbeam.detector.http;

import java.util.List;

/**
 * A block of addresses (RFC 4632); {@code prefix} counts bits of the 128-bit form, so an IPv4 /8 has 104.
 *
 * <p>A block of IPv6 addresses holds no IPv4 address, though IPv4 is kept in mapped form: "::/0" means IPv6 alone.
 */
public record Cidr(IpAddress network, int prefix) {
    private static final int IPV4_PREFIX = 96;

    public Cidr {
        if (prefix < 0 || prefix > 128) {
            throw new IllegalArgumentException("prefix length " + prefix + " is not in 0..128");
        }
        IpAddress first = masked(network, prefix);
        if (!first.equals(network)) {
            throw new IllegalArgumentException("%s has bits beyond its prefix (expected: %s)"
                    .formatted(text(network, prefix), text(first, prefix)));
        }
    }

    /**
     * Parses "10.0.0.0/8", "fd00::/8" or a bare address. Throws IllegalArgumentException that says what is wrong; an
     * address with bits beyond the prefix ("10.0.0.1/8") is refused, for it is mostly a slip.
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        IpAddress network = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
        if (slash < 0) {
            return new Cidr(network, 128);
        }
        boolean dotted = text.indexOf(':') < 0;
        int longest = dotted ? 32 : 128;
        String digits = text.substring(slash + 1);
        int prefix = digits.matches("0|[1-9][0-9]{0,2}") ? Integer.parseInt(digits) : -1;
        if (prefix < 0 || prefix > longest) {
            throw new IllegalArgumentException(
                    "\"%s\" has the prefix length \"%s\" (expected: 0..%d)".formatted(text, digits, longest));
        }
        return new Cidr(network, dotted ? prefix + IPV4_PREFIX : prefix);
    }

    public boolean contains(IpAddress address) {
        if (prefix < IPV4_PREFIX && address.isIpv4()) {
            return false;
        }
        return (address.high() & mask(prefix)) == network.high()
                && (address.low() & mask(prefix - 64)) == network.low();
    }

    /** Whether one of the blocks contains the address. */
    public static boolean anyContains(List<Cidr> blocks, IpAddress address) {
        for (int i = 0; i < blocks.size(); i++) { // no iterator: this runs for each request
            if (blocks.get(i).contains(address)) {
                return true;
            }
        }
        return false;
    }

    /** "10.0.0.0/8", "fd00::/8"; a block of one address too has its prefix. */
    @Override
    public String toString() {
        return text(network, prefix);
    }

    private static String text(IpAddress network, int prefix) {
        return network + "/" + (network.isIpv4() && prefix >= IPV4_PREFIX ? prefix - IPV4_PREFIX : prefix);
    }

    private static IpAddress masked(IpAddress address, int prefix) {
        return new IpAddress(address.high() & mask(prefix), address.low() & mask(prefix - 64));
    }

    /** The first {@code bits} of 64 bits, none for a negative count. */
    private static long mask(int bits) {
        return bits <= 0 ? 0 : bits >= 64 ? -1 : -1L << (64 - bits);
    }
}
