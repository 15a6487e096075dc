package pt.sunbeam.detector.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.hash.SipHash;
import pt.sunbeam.detector.http.IpAddress;

/**
 * Addresses that stand for others as long as their key does. Those of IPv4 addresses lie in fc00::/8, those of IPv6 in fd00::/8 (RFC 4193, not routed); their
 * first 64 bits stand for what the DDoS detector counts by, so that a replay groups them alike, and nothing else of the address shows. Immutable.
 */
final class Pseudonyms {
    /** IPv4 also where a letter or a fifth number is next to it; IPv6 not, for the sake of "LWP::Simple". */
    private static final Pattern CANDIDATE = Pattern.compile("(?<!\\d)(?<!\\d\\.)\\d{1,3}(?:\\.\\d{1,3}){3}(?!\\d)"
            + "|(?<![0-9A-Za-z.])[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]*[0-9A-Fa-f:](?![0-9A-Za-z])");

    private final SipHash networks;
    private final SipHash addresses;

    Pseudonyms(SipHash networks, SipHash addresses) {
        this.networks = networks;
        this.addresses = addresses;
    }

    /** The pseudonym of a literal; what is no address gets one in fc00::/8 too. */
    String of(String literal) {
        IpAddress address = parse(literal);
        return address == null ? hashed(literal.getBytes(UTF_8), literal.getBytes(UTF_8), false) : of(address);
    }

    private String of(IpAddress address) {
        return hashed(octets(address.detectorKey()), octets(address), !address.isIpv4());
    }

    private String hashed(byte[] network, byte[] whole, boolean ipv6) {
        long high = networks.hash(network, 0, network.length) >>> 8 | (ipv6 ? 0xfdL : 0xfcL) << 56;
        return new IpAddress(high, addresses.hash(whole, 0, whole.length)).toString();
    }

    /** The text with each address in it replaced by its pseudonym, "*" where percent escapes hide one; the same text where there is none. */
    String in(String text) {
        boolean hidden = text.indexOf('%') >= 0
                && Tokens.isInAnyDecoding(text, decoded -> !replacedIn(decoded).equals(decoded));
        return hidden ? Tokens.MASK : replacedIn(text);
    }

    private String replacedIn(String text) {
        StringBuilder replaced = null;
        Matcher candidates = null;
        int copied = 0;
        for (int start = nextRun(text, 0); start < text.length(); ) {
            int end = start;
            int dots = 0;
            int colons = 0;
            for (; end < text.length() && isOfAddress(text.charAt(end)); end++) {
                dots += text.charAt(end) == '.' ? 1 : 0;
                colons += text.charAt(end) == ':' ? 1 : 0;
            }
            if (dots >= 3 || colons >= 2) {
                candidates = candidates == null ? CANDIDATE.matcher(text).useTransparentBounds(true) : candidates;
                candidates.region(start, end);
                while (candidates.find()) {
                    String literal = candidates.group();
                    IpAddress address = isVersion(text, candidates.start(), literal) ? null : parse(literal);
                    if (address != null) {
                        replaced = replaced == null ? new StringBuilder(text.length() + 64) : replaced;
                        replaced.append(text, copied, candidates.start()).append(of(address));
                        copied = candidates.end();
                    }
                }
            }
            start = nextRun(text, end);
        }
        return replaced == null
                ? text
                : replaced.append(text, copied, text.length()).toString();
    }

    private static int nextRun(String text, int from) {
        int start = from;
        while (start < text.length() && !isOfAddress(text.charAt(start))) {
            start++;
        }
        return start;
    }

    private static boolean isOfAddress(char c) {
        return c == '.' || c == ':' || Tokens.isHex(c);
    }

    boolean areIn(String text) {
        return !in(text).equals(text); // no address is its own pseudonym
    }

    /** "Chrome/126.0.0.0": browsers write nothing else behind the first number. */
    private static boolean isVersion(String text, int at, String number) {
        return number.endsWith(".0.0")
                && at >= 2
                && text.charAt(at - 1) == '/'
                && Character.isLetterOrDigit(text.charAt(at - 2));
    }

    private static @Nullable IpAddress parse(String literal) {
        try {
            return IpAddress.parse(literal);
        } catch (IllegalArgumentException noAddress) {
            return null;
        }
    }

    private static byte[] octets(IpAddress address) {
        return ByteBuffer.allocate(16)
                .putLong(address.high())
                .putLong(address.low())
                .array();
    }
}
