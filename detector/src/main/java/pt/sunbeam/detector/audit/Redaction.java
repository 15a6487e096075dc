package pt.sunbeam.detector.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.hash.SipHash;
import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.detector.http.RequestHead;

/**
 * Keeps secrets out of the log: values only for allow-listed names, token-like path segments masked, addresses pseudonymised where asked. Immutable and
 * thread-safe.
 *
 * <p><b>Hashes.</b> SipHash-2-4 under keys drawn from the secret key by HMAC-SHA256: a pseudorandom function, so without the key the log tells nothing but
 * equality, and cheap enough for each value of each request. The 32 bits of a {@link AuditRecord.Place} are meant to collide now and then.
 */
public final class Redaction {
    private static final int MOST_PLACES = 64;
    private static final int FEWEST_KEY_BYTES = 16;

    /** So many bytes of a value are hashed at most. */
    static final int HASHED_BYTES = 1024;

    /** Fields whose values have a place of their own in the line, and those of framing. */
    private static final HeaderName[] ELSEWHERE = {
        HeaderName.HOST,
        HeaderName.USER_AGENT,
        HeaderName.REFERER,
        HeaderName.ACCEPT,
        HeaderName.ACCEPT_LANGUAGE,
        HeaderName.ACCEPT_ENCODING,
        HeaderName.COOKIE,
        HeaderName.CONNECTION,
        HeaderName.CF_IPCOUNTRY,
        HeaderName.CONTENT_LENGTH,
        HeaderName.TRANSFER_ENCODING,
        HeaderName.TE,
        HeaderName.KEEP_ALIVE,
        HeaderName.PROXY_CONNECTION
    };

    /** Bit n: one of them has n characters. */
    private static final long THEIR_LENGTHS = Arrays.stream(ELSEWHERE)
            .mapToLong(name -> 1L << name.toString().length())
            .reduce(0, (a, b) -> a | b);

    private final Set<String> keepValues;
    private final @Nullable Pseudonyms pseudonyms;
    private final SipHash valueHash;

    /** @param key secret key for hashes and pseudonyms, 16 bytes or more; the same key gives the same ones */
    public Redaction(Set<String> keepValues, boolean pseudonymise, byte[] key) {
        if (key.length < FEWEST_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "a key of %d bytes (expected: at least %d)".formatted(key.length, FEWEST_KEY_BYTES));
        }
        this.keepValues = Set.copyOf(keepValues);
        this.pseudonyms = pseudonymise ? new Pseudonyms(keyed(key, "network"), keyed(key, "address")) : null;
        this.valueHash = keyed(key, "value");
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
                String segment = path.substring(start, i);
                redacted.append(isSecret(segment) ? Tokens.MASK : segment);
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
                redacted.append(keep ? addressless(query.substring(equals + 1, end)) : Tokens.MASK);
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
                + text(url.substring(userinfo >= authority ? userinfo + 1 : authority, path))
                + path(url.substring(path, query))
                + (query < end ? "?" + query(url.substring(query + 1, end)) : "");
    }

    /** A field's value, or other text of a client: words that have a token replaced by "*", addresses by their pseudonyms where asked. */
    public String text(String text) {
        return addressless(Tokens.masked(text));
    }

    /** The same for a piece of a value, such as a detector gives as its reason: it may begin or end within a token, so that a shorter one counts. */
    public String piece(String piece) {
        return addressless(Tokens.maskedPiece(piece));
    }

    /**
     * The address, or where asked its pseudonym: an address of its own that stands for it as long as the key does, and shows of it nothing but whether it is
     * IPv4 (fc00::/8) or IPv6 (fd00::/8).
     */
    public String address(String literal) {
        return pseudonyms == null ? literal : pseudonyms.of(literal);
    }

    private String addressless(String text) {
        return pseudonyms == null ? text : pseudonyms.in(text);
    }

    private boolean isSecret(String text) {
        return Tokens.areIn(text) || (pseudonyms != null && pseudonyms.areIn(text));
    }

    /** Shapes of query parameters, cookies and those header fields that have no other place in the line, at most 64. */
    public List<AuditRecord.Place> shape(RequestHead head) {
        List<AuditRecord.Place> places = new ArrayList<>();
        var classes = new CharacterClasses();
        places(Place.QUERY, head.bytes(), head.queryStart(), head.queryEnd(), classes, places);
        for (int i = head.find(HeaderName.COOKIE, 0); i >= 0; i = head.find(HeaderName.COOKIE, i + 1)) {
            places(Place.COOKIE, head.bytes(), head.valueStart(i), head.valueEnd(i), classes, places);
        }
        for (int i = 0; i < head.fieldCount() && places.size() < MOST_PLACES; i++) {
            if (!isElsewhere(head, i)) {
                String name = name(head.name(i)).toLowerCase(Locale.ROOT);
                places.add(place(Place.HEADER, name, head.bytes(), head.valueStart(i), head.valueEnd(i), classes));
            }
        }
        return List.copyOf(places);
    }

    /** Takes the shapes of a body. */
    public BodyShape bodyShape() {
        return new BodyShape(this);
    }

    private static boolean isElsewhere(RequestHead head, int field) {
        int from = head.nameStart(field);
        int to = head.nameEnd(field);
        if (to - from >= Long.SIZE || (THEIR_LENGTHS >>> (to - from) & 1) == 0) {
            return false;
        }
        for (HeaderName name : ELSEWHERE) {
            if (name.matches(head.bytes(), from, to)) {
                return true;
            }
        }
        return false;
    }

    private void places(
            Place place, byte[] bytes, int from, int to, CharacterClasses classes, List<AuditRecord.Place> places) {
        boolean cookie = place == Place.COOKIE;
        char separator = cookie ? ';' : '&';
        for (int start = from; start < to && places.size() < MOST_PLACES; ) {
            int end = indexOf(bytes, separator, start, to);
            while (cookie && start < end && bytes[start] == ' ') {
                start++;
            }
            int equals = indexOf(bytes, '=', start, end);
            if (start < end) {
                String name = name(new String(bytes, start, equals - start, ISO_8859_1));
                places.add(place(place, name, bytes, Math.min(equals + 1, end), end, classes));
            }
            start = end + 1;
        }
    }

    private AuditRecord.Place place(
            Place place, String name, byte[] bytes, int from, int to, CharacterClasses classes) {
        classes.begin(place == Place.QUERY);
        classes.add(bytes, from, to);
        return place(place.word(), name, classes.end(), to - from, bytes, from, Math.min(to, from + HASHED_BYTES));
    }

    /** Of a value whose first bytes are {@code bytes[from, to)}. */
    AuditRecord.Place place(String place, String name, int classes, long length, byte[] bytes, int from, int to) {
        return new AuditRecord.Place(place, name, classes, Long.SIZE - Long.numberOfLeadingZeros(length), (int)
                valueHash.hash(bytes, from, to));
    }

    /** A name that looks like a token becomes "*". */
    String name(String name) {
        return isSecret(name) ? Tokens.MASK : name;
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
