package pt.sunbeam.detector.window;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.hash.SipHash;
import pt.sunbeam.detector.http.Ascii;
import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.detector.http.RequestHead;

/**
 * Turns a request head into an event; hashes are seeded, so that nobody outside can choose collisions. Immutable and thread-safe; allocates the event alone.
 */
public final class EventReader {
    /** Parts of lower-cased paths that scanners ask for, by their first byte. */
    private static final byte[] @Nullable [][] SUSPICIOUS = new byte[128][][];

    static {
        List<String> parts = List.of(
                ".env",
                ".git/",
                ".git\\",
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
                ".php",
                "cgi-bin",
                "shell",
                "eval-stdin",
                "/vendor/",
                "/telescope/",
                "/actuator/",
                "/.htaccess",
                "/.htpasswd",
                "/debug/",
                "/config.",
                "/admin/",
                "yarn.lock",
                "yarn-debug",
                "package.json",
                "composer.json");
        for (String part : parts) {
            char first = part.charAt(0);
            SUSPICIOUS[first] = parts.stream()
                    .filter(other -> other.charAt(0) == first)
                    .map(Ascii::pattern)
                    .toArray(byte[][]::new);
        }
    }

    private static final Set<String> ASSETS = Set.of(
            "css", "js", "mjs", "map", "png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "ico", "woff", "woff2",
            "ttf", "eot", "otf", "mp4", "webm", "mp3", "wasm");

    private static final int LONGEST_EXTENSION = 5;
    private static final long[] ASSETS_PACKED =
            ASSETS.stream().mapToLong(EventReader::packed).sorted().toArray();

    private final SipHash hash;

    /** @param seed secret; the same on all nodes whose events meet in one window, for distinct hashes are counted there */
    public EventReader(long seed) {
        hash = SipHash.forTables(seed, Long.reverse(seed) ^ 0x9e3779b97f4a7c15L);
    }

    public Event read(RequestHead head, long id, long timeMillis) {
        byte[] bytes = head.bytes();
        long agent = hash(head, HeaderName.USER_AGENT);
        long identity =
                31 * (31 * agent + hash(head, HeaderName.ACCEPT_LANGUAGE)) + hash(head, HeaderName.ACCEPT_ENCODING);
        return new Event(
                id,
                timeMillis,
                hash(bytes, head.pathStart(), head.pathEnd()),
                hash(bytes, head.hostStart(), head.hostEnd()),
                (int) agent,
                (int) (identity >>> 32),
                Math.clamp(head.contentLength(), 0, Integer.MAX_VALUE),
                flags(head),
                0);
    }

    /** Of the first field of the name; 0 where there is none. */
    private long hash(RequestHead head, HeaderName name) {
        int field = head.find(name, 0);
        return field < 0 ? 0 : hash.hash(head.bytes(), head.valueStart(field), head.valueEnd(field));
    }

    private int hash(byte[] bytes, int from, int to) {
        return (int) hash.hash(bytes, from, to);
    }

    private static int flags(RequestHead head) {
        int flags = switch (head.method()) {
            case "GET" -> 0;
            case "POST" -> 1;
            case "PUT" -> 2;
            case "DELETE" -> 3;
            case "HEAD" -> 4;
            case "PATCH" -> 5;
            case "OPTIONS" -> 6;
            default -> 7;
        };
        flags |= head.find(HeaderName.COOKIE, 0) >= 0 ? Event.COOKIES : 0;
        flags |= head.find(HeaderName.REFERER, 0) >= 0 ? Event.REFERER : 0;
        flags |= head.find(HeaderName.ACCEPT_LANGUAGE, 0) >= 0 ? Event.ACCEPT_LANGUAGE : 0;
        flags |= isSuspicious(head.bytes(), head.pathStart(), head.pathEnd()) ? Event.SUSPICIOUS_PATH : 0;
        return flags | (isAsset(head.bytes(), head.pathStart(), head.pathEnd()) ? Event.ASSET : 0);
    }

    /** Whether what follows the last dot is the ending of an image, style, script, font or the like. */
    private static boolean isAsset(byte[] bytes, int from, int to) {
        long extension = 0;
        for (int i = to - 1; i >= Math.max(from, to - 1 - LONGEST_EXTENSION); i--) {
            if (bytes[i] == '.') {
                return Arrays.binarySearch(ASSETS_PACKED, extension) >= 0;
            }
            extension = (extension << 8) | (Ascii.lower(bytes[i]) & 0xff);
        }
        return false;
    }

    /** An extension as a number, its first letter lowest. */
    private static long packed(String extension) {
        long packed = 0;
        for (int i = extension.length() - 1; i >= 0; i--) {
            packed = (packed << 8) | extension.charAt(i);
        }
        return packed;
    }

    private static boolean isSuspicious(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte first = Ascii.lower(bytes[i]);
            byte[][] parts = first < 0 ? null : SUSPICIOUS[first];
            if (parts == null) {
                continue;
            }
            for (byte[] part : parts) {
                if (Ascii.startsWith(bytes, i, to, part)) {
                    return true;
                }
            }
        }
        return false;
    }
}
