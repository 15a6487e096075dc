package pt.sunbeam.detector.feature;

import java.util.List;
import java.util.Set;
import pt.sunbeam.detector.http.Ascii;
import pt.sunbeam.detector.http.ByteStrings;
import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.detector.http.RequestHead;

/**
 * The 12 features of one request that the baseline scanner detector sees; whole numbers, units below. They are those of the original Rust proxy,
 * but for one: a chunked body is no mismatch of the content length. Immutable and thread-safe.
 */
public final class ScannerFeatures {
    public static final int SUSPICIOUS_PATH_SCORE = 0; // 1/1000
    public static final int PATH_DEPTH = 1; // slashes, at most 20
    public static final int HAS_SUSPICIOUS_EXTENSION = 2; // 0 or 1
    public static final int HAS_COOKIES = 3; // 0 or 1
    public static final int HAS_REFERER = 4; // 0 or 1
    public static final int HAS_ACCEPT_LANGUAGE = 5; // 0 or 1
    public static final int ACCEPT_QUALITY = 6; // 0 or 1
    public static final int UA_CATEGORY = 7; // 1/4: 0, 1, 2, 4
    public static final int METHOD_IS_UNUSUAL = 8; // 0 or 1
    public static final int HOST_IS_CONFIGURED = 9; // 0 or 1
    public static final int CONTENT_LENGTH_MISMATCH = 10; // 0 or 1
    public static final int PATH_HAS_TRAVERSAL = 11; // 0 or 1
    public static final int COUNT = 12;

    /** Values of {@link #UA_CATEGORY}. */
    public static final int UA_NONE = 0, UA_TOOL = 1, UA_OTHER = 2, UA_BROWSER = 4;

    /** By position. */
    public static final List<String> NAMES = List.of(
            "suspicious_path_score",
            "path_depth",
            "has_suspicious_extension",
            "has_cookies",
            "has_referer",
            "has_accept_language",
            "accept_quality",
            "ua_category",
            "method_is_unusual",
            "host_is_configured",
            "content_length_mismatch",
            "path_has_traversal");

    public static final List<String> UNITS = List.of(
            "1/1000", "slashes", "0 or 1", "0 or 1", "0 or 1", "0 or 1", "0 or 1", "1/4", "0 or 1", "0 or 1", "0 or 1",
            "0 or 1");

    private static final int DEEPEST = 20;

    /** Whole path segments that scanners ask for. */
    private static final ByteStrings FRAGMENTS = new ByteStrings(List.of(
            ".env",
            ".git",
            ".bak",
            ".sql",
            ".tar",
            ".zip",
            "wp-admin",
            "wp-login",
            "wp-includes",
            "wp-content",
            "xmlrpc",
            "phpinfo",
            "phpmyadmin",
            "php-info",
            "cgi-bin",
            "shell",
            "eval-stdin",
            ".htaccess",
            ".htpasswd",
            "config.",
            "admin",
            "yarn.lock",
            "package.json",
            "composer.json",
            "telescope",
            "actuator",
            "debug"));

    private static final byte[][] TOOLS = patterns("curl/", "wget/", "python", "go-http", "libwww");
    private static final byte[][] BROWSERS = patterns("mozilla/", "chrome/", "safari/");
    private static final byte[][] RICH_TYPES = patterns("text/html", "application/json");
    private static final byte[] ANYTHING = Ascii.pattern("*/*");
    private static final byte[] ABSENT = Ascii.pattern("-");

    private final ByteStrings hostPrefixes;

    /** @param hostPrefixes first labels of the hosts that routes are configured for, in any case */
    public ScannerFeatures(Set<String> hostPrefixes) {
        this.hostPrefixes = new ByteStrings(hostPrefixes);
    }

    private static byte[][] patterns(String... words) {
        return List.of(words).stream().map(Ascii::pattern).toArray(byte[][]::new);
    }

    /** Writes {@code out[0..COUNT)}; allocates nothing, never throws. */
    public void extract(RequestHead head, int[] out) {
        byte[] bytes = head.bytes();
        path(bytes, head.pathStart(), head.pathEnd(), out);
        out[HAS_SUSPICIOUS_EXTENSION] = bit(hasSuspiciousExtension(bytes, head.pathStart(), head.pathEnd()));
        out[HAS_COOKIES] = bit(head.find(HeaderName.COOKIE, 0) >= 0);
        out[HAS_REFERER] = bit(head.find(HeaderName.REFERER, 0) >= 0);
        out[HAS_ACCEPT_LANGUAGE] = bit(head.find(HeaderName.ACCEPT_LANGUAGE, 0) >= 0);
        out[ACCEPT_QUALITY] = acceptQuality(head);
        out[UA_CATEGORY] = agentCategory(head);
        out[METHOD_IS_UNUSUAL] = switch (head.method()) {
            case "GET", "HEAD", "POST", "OPTIONS" -> 0;
            default -> 1;
        };
        out[HOST_IS_CONFIGURED] = bit(hostPrefixes.contains(bytes, head.hostStart(), head.hostPrefixEnd()));
        out[CONTENT_LENGTH_MISMATCH] = bit(hasLengthMismatch(head));
    }

    /** The features of all bytes of the path, in one pass. */
    private static void path(byte[] bytes, int from, int to, int[] out) {
        int slashes = 0;
        int segments = 0;
        int suspicious = 0;
        boolean traversal = false;
        int segment = from;
        for (int i = from; i <= to; i++) {
            if (i == to || bytes[i] == '/') {
                slashes += i == to ? 0 : 1;
                if (i > segment) {
                    segments++;
                    suspicious += FRAGMENTS.contains(bytes, segment, i) ? 1 : 0;
                }
                segment = i + 1;
            } else if (bytes[i] == '.') {
                traversal |= i + 1 < to && bytes[i + 1] == '.';
            } else if (bytes[i] == '%') {
                traversal |= i + 2 < to && isTraversalEscape(bytes[i + 1], Ascii.lower(bytes[i + 2]));
            }
        }
        out[SUSPICIOUS_PATH_SCORE] = segments == 0 ? 0 : (2000 * suspicious + segments) / (2 * segments);
        out[PATH_DEPTH] = Math.min(slashes, DEEPEST);
        out[PATH_HAS_TRAVERSAL] = bit(traversal);
    }

    /** NUL, line feed, quote and angle bracket. */
    private static boolean isTraversalEscape(byte high, byte low) {
        return (high == '0' && (low == '0' || low == 'a'))
                || (high == '2' && low == '7')
                || (high == '3' && low == 'c');
    }

    /** The case counts, as in the original. */
    private static boolean hasSuspiciousExtension(byte[] bytes, int from, int to) {
        if (to - from < 4 || bytes[to - 4] != '.') {
            return false;
        }
        return switch (bytes[to - 3] << 16 | bytes[to - 2] << 8 | bytes[to - 1]) {
            case 'p' << 16 | 'h' << 8 | 'p',
                    'e' << 16 | 'n' << 8 | 'v',
                    's' << 16 | 'q' << 8 | 'l',
                    'b' << 16 | 'a' << 8 | 'k',
                    'a' << 16 | 's' << 8 | 'p',
                    'j' << 16 | 's' << 8 | 'p',
                    'c' << 16 | 'g' << 8 | 'i',
                    't' << 16 | 'a' << 8 | 'r',
                    'z' << 16 | 'i' << 8 | 'p',
                    'g' << 16 | 'i' << 8 | 't' -> true;
            default -> false;
        };
    }

    private static int acceptQuality(RequestHead head) {
        int field = head.find(HeaderName.ACCEPT, 0);
        if (field < 0) {
            return 0;
        }
        int from = head.valueStart(field);
        int to = head.valueEnd(field);
        return bit(!Ascii.equals(head.bytes(), from, to, ANYTHING) && containsAny(head.bytes(), from, to, RICH_TYPES));
    }

    private static int agentCategory(RequestHead head) {
        int field = head.find(HeaderName.USER_AGENT, 0);
        if (field < 0) {
            return UA_NONE;
        }
        int from = head.valueStart(field);
        int to = head.valueEnd(field);
        if (from == to || Ascii.equals(head.bytes(), from, to, ABSENT)) {
            return UA_NONE;
        }
        for (byte[] tool : TOOLS) {
            if (Ascii.startsWith(head.bytes(), from, to, tool)) {
                return UA_TOOL;
            }
        }
        return containsAny(head.bytes(), from, to, BROWSERS) ? UA_BROWSER : UA_OTHER;
    }

    private static boolean containsAny(byte[] bytes, int from, int to, byte[][] patterns) {
        for (byte[] pattern : patterns) {
            if (Ascii.contains(bytes, from, to, pattern)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasLengthMismatch(RequestHead head) {
        long length = head.contentLength();
        return switch (head.method()) {
            case "GET", "HEAD" -> length > 0;
            case "POST", "PUT", "PATCH" -> length <= 0 && head.find(HeaderName.TRANSFER_ENCODING, 0) < 0;
            default -> false;
        };
    }

    private static int bit(boolean condition) {
        return condition ? 1 : 0;
    }
}
