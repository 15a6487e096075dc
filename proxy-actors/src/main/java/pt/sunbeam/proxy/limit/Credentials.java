package pt.sunbeam.proxy.limit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import pt.sunbeam.detector.hash.SipHash;
import pt.sunbeam.detector.http.Ascii;
import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.detector.http.RequestHead;

/**
 * By what a request says who sent it: the session cookie (RFC 6265), else the bearer token (RFC 6750). Only its keyed hash is ever kept. Thread-safe;
 * nothing is allocated.
 */
final class Credentials {
    /** The request carries none. */
    static final long NONE = 0;

    private static final byte[] BEARER = Ascii.pattern("bearer ");

    private final byte[] cookie;
    private final SipHash cookies;
    private final SipHash tokens;

    /**
     * @param cookie name of the session cookie; case counts
     * @param keys the hash keys of cookies and tokens, two words each
     */
    Credentials(String cookie, long... keys) {
        this.cookie = cookie.getBytes(StandardCharsets.ISO_8859_1);
        cookies = SipHash.forOutput(keys[0], keys[1]);
        tokens = SipHash.forOutput(keys[2], keys[3]);
    }

    /** The hash of the value, or {@link #NONE}; of several cookies of that name the first that is not empty counts. */
    long of(RequestHead head) {
        for (int field = head.find(HeaderName.COOKIE, 0); field >= 0; field = head.find(HeaderName.COOKIE, field + 1)) {
            long found = cookie(head.bytes(), head.valueStart(field), head.valueEnd(field));
            if (found != NONE) {
                return found;
            }
        }
        int field = head.find(HeaderName.AUTHORIZATION, 0);
        return field < 0 ? NONE : token(head.bytes(), head.valueStart(field), head.valueEnd(field));
    }

    private long cookie(byte[] bytes, int from, int to) {
        for (int start = from; start < to; ) {
            int end = start;
            while (end < to && bytes[end] != ';') {
                end++;
            }
            int name = skip(bytes, start, end);
            int value = name + cookie.length + 1;
            if (value <= end
                    && bytes[value - 1] == '='
                    && Arrays.equals(bytes, name, value - 1, cookie, 0, cookie.length)) {
                long found = hash(cookies, bytes, value, end);
                if (found != NONE) {
                    return found;
                }
            }
            start = end + 1;
        }
        return NONE;
    }

    private long token(byte[] bytes, int from, int to) {
        return Ascii.startsWith(bytes, from, to, BEARER) ? hash(tokens, bytes, from + BEARER.length, to) : NONE;
    }

    private static long hash(SipHash hash, byte[] bytes, int from, int to) {
        int start = skip(bytes, from, to);
        int end = to;
        while (end > start && isSpace(bytes[end - 1])) {
            end--;
        }
        if (start == end) {
            return NONE;
        }
        long value = hash.hash(bytes, start, end);
        return value == NONE ? 1 : value;
    }

    private static int skip(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && isSpace(bytes[at])) {
            at++;
        }
        return at;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t';
    }
}
