package pt.sunbeam.detector.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import pt.sunbeam.detector.hash.SipHash;
import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.http.RequestHead;

/**
 * Keeps secrets out of the log: values only for allow-listed names, token-like path segments masked, addresses pseudonymised where asked. Immutable and
 * thread-safe.
 *
 * <p><b>What looks like a token.</b> A segment or name is cut into runs of letters, digits, "-" and "_" (a percent escape ends a run). It looks like a token
 * if any run does: 12 digits or more and nothing else; or hexadecimal, hyphens aside, with 16 digits or more of which one is decimal (so each UUID); or 16
 * characters or more, where a letter stands beside a digit, or an upper-case letter behind a lower-case one, at least once in eight characters (once in five
 * where there is no digit). Random base64url and base36 do so about every third character; words, versions and most camel case less often. By simulation a
 * random token of 22 base64url characters passes unseen once in a thousand, one of 16 base36 characters once in eighty; one of a single case without digits
 * always does.
 *
 * <p><b>Hashes.</b> SipHash-2-4 under keys drawn from the secret key by HMAC-SHA256: a pseudorandom function, so without the key the log tells nothing but
 * equality, and cheap enough for each value of each request. The 32 bits of a {@link AuditRecord.Place} are meant to collide now and then.
 */
public final class Redaction {
    private static final String MASK = "*";
    private static final int MOST_PLACES = 64;
    private static final int FEWEST_KEY_BYTES = 16;

    private static final int FEWEST_DIGITS = 12;
    private static final int FEWEST_TOKEN_CHARACTERS = 16;
    private static final int CHARACTERS_PER_CHANGE = 5;
    private static final int CHARACTERS_PER_CHANGE_WITH_DIGITS = 8;

    private static final int DIGIT = 1,
            LOWER = 2,
            UPPER = 4,
            SPACE = 8,
            DOT = 16,
            PRINTABLE = 32,
            ESCAPE = 64,
            OTHER = 128;

    private final Set<String> keepValues;
    private final boolean pseudonymise;
    private final SipHash valueHash;
    private final SipHash networkHash;
    private final SipHash addressHash;

    /** @param key secret key for hashes and pseudonyms, 16 bytes or more; the same key gives the same ones */
    public Redaction(Set<String> keepValues, boolean pseudonymise, byte[] key) {
        if (key.length < FEWEST_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "a key of %d bytes (expected: at least %d)".formatted(key.length, FEWEST_KEY_BYTES));
        }
        this.keepValues = Set.copyOf(keepValues);
        this.pseudonymise = pseudonymise;
        this.valueHash = keyed(key, "value");
        this.networkHash = keyed(key, "network");
        this.addressHash = keyed(key, "address");
    }

    private static SipHash keyed(byte[] key, String purpose) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            ByteBuffer derived = ByteBuffer.wrap(mac.doFinal(purpose.getBytes(UTF_8)));
            return SipHash.forOutput(derived.getLong(), derived.getLong());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 belongs to every Java platform", e);
        }
    }

    /** The path with segments that look like tokens replaced by "*". */
    public String path(String path) {
        var redacted = new StringBuilder(path.length());
        int start = 0;
        for (int i = 0; i <= path.length(); i++) {
            if (i == path.length() || path.charAt(i) == '/') {
                redacted.append(looksLikeToken(path, start, i) ? MASK : path.substring(start, i));
                redacted.append(i == path.length() ? "" : "/");
                start = i + 1;
            }
        }
        return redacted.toString();
    }

    /**
     * The query with each value replaced by "*", but for allow-listed names: "page=2&amp;token=*". An empty value stays empty, a name that looks like a token
     * becomes "*" too.
     */
    public String query(String query) {
        var redacted = new StringBuilder(query.length());
        for (int start = 0; start <= query.length(); ) {
            int end = indexOf(query, '&', start, query.length());
            int equals = indexOf(query, '=', start, end);
            String name = query.substring(start, equals);
            redacted.append(start == 0 ? "" : "&").append(name(name));
            if (equals < end) {
                redacted.append('=');
                boolean keep = equals + 1 == end || keepValues.contains(name);
                redacted.append(keep ? query.substring(equals + 1, end) : MASK);
            }
            start = end + 1;
        }
        return redacted.toString();
    }

    /** A URL, such as that of the field Referer: userinfo and fragment left out, path and query as above. */
    public String url(String url) {
        int end = indexOf(url, '#', 0, url.length());
        int query = indexOf(url, '?', 0, end);
        int scheme = url.indexOf("://");
        int authority = scheme >= 0 && scheme < query ? scheme + 3 : 0;
        int path = authority == 0 ? 0 : indexOf(url, '/', authority, query);
        int userinfo = url.lastIndexOf('@', path - 1);
        return url.substring(0, authority)
                + url.substring(userinfo >= authority ? userinfo + 1 : authority, path)
                + path(url.substring(path, query))
                + (query < end ? "?" + query(url.substring(query + 1, end)) : "");
    }

    /**
     * The address, or where asked its pseudonym: an address of its own that stands for it as long as the key does. Pseudonyms of IPv4 addresses lie in
     * fc00::/8, those of IPv6 in fd00::/8 (RFC 4193, not routed); their first 64 bits stand for what the DDoS detector counts by, so that a
     * replay groups them alike, and nothing else of the address shows. What is no address gets a pseudonym in fc00::/8 too.
     */
    public String address(String literal) {
        if (!pseudonymise) {
            return literal;
        }
        byte[] network;
        byte[] whole;
        boolean ipv6 = false;
        try {
            IpAddress address = IpAddress.parse(literal);
            ipv6 = !address.isIpv4();
            network = octets(address.detectorKey());
            whole = octets(address);
        } catch (IllegalArgumentException noAddress) {
            network = literal.getBytes(UTF_8);
            whole = network;
        }
        long high = networkHash.hash(network, 0, network.length) >>> 8 | (ipv6 ? 0xfdL : 0xfcL) << 56;
        return new IpAddress(high, addressHash.hash(whole, 0, whole.length)).toString();
    }

    private static byte[] octets(IpAddress address) {
        return ByteBuffer.allocate(16)
                .putLong(address.high())
                .putLong(address.low())
                .array();
    }

    /** Shapes of query parameters and cookies, at most 64 places. */
    public List<AuditRecord.Place> shape(RequestHead head) {
        List<AuditRecord.Place> places = new ArrayList<>();
        places("query", head.bytes(), head.queryStart(), head.queryEnd(), '&', places);
        for (int i = head.find(HeaderName.COOKIE, 0); i >= 0; i = head.find(HeaderName.COOKIE, i + 1)) {
            places("cookie", head.bytes(), head.valueStart(i), head.valueEnd(i), ';', places);
        }
        return List.copyOf(places);
    }

    private void places(String place, byte[] bytes, int from, int to, char separator, List<AuditRecord.Place> places) {
        boolean cookie = separator == ';';
        for (int start = from; start < to && places.size() < MOST_PLACES; ) {
            int end = indexOf(bytes, separator, start, to);
            while (cookie && start < end && bytes[start] == ' ') {
                start++;
            }
            int equals = indexOf(bytes, '=', start, end);
            if (start < end) {
                String name = new String(bytes, start, equals - start, ISO_8859_1);
                int value = Math.min(equals + 1, end);
                places.add(new AuditRecord.Place(
                        place,
                        name(name),
                        classes(bytes, value, end, cookie),
                        Integer.SIZE - Integer.numberOfLeadingZeros(end - value),
                        (int) valueHash.hash(bytes, value, end)));
            }
            start = end + 1;
        }
    }

    /** The mask of {@link AuditRecord.Place#classes}; "+" is a space in a query. */
    private static int classes(byte[] bytes, int from, int to, boolean cookie) {
        int classes = 0;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b >= '0' && b <= '9') {
                classes |= DIGIT;
            } else if (b >= 'a' && b <= 'z') {
                classes |= LOWER;
            } else if (b >= 'A' && b <= 'Z') {
                classes |= UPPER;
            } else if (b == ' ' || (b == '+' && !cookie)) {
                classes |= SPACE;
            } else if (b == '.' || b == '_' || b == '-') {
                classes |= DOT;
            } else if (b == '%' && i + 2 < to && isHex((char) bytes[i + 1]) && isHex((char) bytes[i + 2])) {
                classes |= ESCAPE;
                i += 2;
            } else {
                classes |= b > ' ' && b < 127 ? PRINTABLE : OTHER;
            }
        }
        return classes;
    }

    private static String name(String name) {
        return looksLikeToken(name, 0, name.length()) ? MASK : name;
    }

    private static boolean looksLikeToken(String text, int from, int to) {
        int start = from;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (!isLetter(c) && !isDigit(c) && c != '-' && c != '_') {
                if (isTokenRun(text, start, i)) {
                    return true;
                }
                boolean escape = c == '%' && i + 2 < to && isHex(text.charAt(i + 1)) && isHex(text.charAt(i + 2));
                start = i + (escape ? 3 : 1);
                i = start - 1;
            }
        }
        return isTokenRun(text, start, to);
    }

    private static boolean isTokenRun(String text, int from, int to) {
        if (to - from < FEWEST_DIGITS) {
            return false;
        }
        int digits = 0;
        int hex = 0;
        int hyphens = 0;
        int changes = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            char before = i == from ? '-' : text.charAt(i - 1);
            digits += isDigit(c) ? 1 : 0;
            hex += isHex(c) ? 1 : 0;
            hyphens += c == '-' ? 1 : 0;
            boolean lettersAndDigits = (isDigit(c) && isLetter(before)) || (isLetter(c) && isDigit(before));
            changes += lettersAndDigits || (isUpper(c) && isLetter(before) && !isUpper(before)) ? 1 : 0;
        }
        int length = to - from;
        int charactersPerChange = digits > 0 ? CHARACTERS_PER_CHANGE_WITH_DIGITS : CHARACTERS_PER_CHANGE;
        return digits == length
                || (hex + hyphens == length && hex >= FEWEST_TOKEN_CHARACTERS && digits > 0)
                || (length >= FEWEST_TOKEN_CHARACTERS && changes * charactersPerChange >= length);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    private static boolean isLetter(char c) {
        return isUpper(c) || (c >= 'a' && c <= 'z');
    }

    private static boolean isHex(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    private static int indexOf(String text, char character, int from, int to) {
        int index = text.indexOf(character, from, to);
        return index < 0 ? to : index;
    }

    private static int indexOf(byte[] bytes, char character, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == character) {
                return i;
            }
        }
        return to;
    }
}
