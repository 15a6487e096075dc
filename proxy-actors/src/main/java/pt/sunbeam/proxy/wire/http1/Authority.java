package pt.sunbeam.proxy.wire.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import pt.sunbeam.detector.http.Ascii;
import pt.sunbeam.detector.http.IpAddress;

/**
 * {@code host [":" port]} of Host and of absolute targets, as a range of bytes (RFC 9110 section 7.2).
 *
 * <p>Narrower than a URI's: names have letters, digits, "-", "_" and single dots. What the RFC lets a registered name have besides (escapes, and
 * {@code !$&'()*+,;=}) names no host that anybody serves, and servers read it in different ways.
 */
final class Authority {
    private static final int NO_PORT = -1;

    private Authority() {}

    static boolean isValid(byte[] bytes, int from, int to) {
        int end = hostEnd(bytes, from, to);
        boolean host = from < end && (bytes[from] == '[' ? isLiteral(bytes, from, end) : isName(bytes, from, end));
        return host && (end == to || (bytes[end] == ':' && isPort(bytes, end + 1, to)));
    }

    /** Whether two valid ones name the same host and port; where none is given, the default counts. */
    static boolean same(byte[] bytes, int from, int to, int otherFrom, int otherTo, int defaultPort) {
        int end = hostEnd(bytes, from, to);
        int otherEnd = hostEnd(bytes, otherFrom, otherTo);
        if (end - from != otherEnd - otherFrom
                || port(bytes, end, to, defaultPort) != port(bytes, otherEnd, otherTo, defaultPort)) {
            return false;
        }
        for (int i = 0; i < end - from; i++) {
            if (Ascii.lower(bytes[from + i]) != Ascii.lower(bytes[otherFrom + i])) {
                return false;
            }
        }
        return true;
    }

    private static int hostEnd(byte[] bytes, int from, int to) {
        boolean literal = from < to && bytes[from] == '[';
        for (int i = from; i < to; i++) {
            if (bytes[i] == (literal ? ']' : ':')) {
                return literal ? i + 1 : i;
            }
        }
        return to;
    }

    private static boolean isName(byte[] bytes, int from, int to) {
        boolean labelBegins = true;
        for (int i = from; i < to; i++) {
            byte c = Ascii.lower(bytes[i]);
            if (c == '.' ? labelBegins : (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_') {
                return false;
            }
            labelBegins = c == '.';
        }
        return true;
    }

    private static boolean isLiteral(byte[] bytes, int from, int to) {
        String literal = new String(bytes, from + 1, Math.max(0, to - from - 2), ISO_8859_1);
        if (bytes[to - 1] != ']' || literal.indexOf(':') < 0 || literal.indexOf('%') >= 0) {
            return false;
        }
        try {
            IpAddress.parse(literal);
            return true;
        } catch (IllegalArgumentException noAddress) {
            return false;
        }
    }

    /** Empty, as RFC 3986 section 3.2.3 has it, or 0 to 65535. */
    private static boolean isPort(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return false;
            }
        }
        return to - from <= 5 && number(bytes, from, to) <= 65_535;
    }

    private static int port(byte[] bytes, int hostEnd, int to, int defaultPort) {
        int number = hostEnd + 1 < to ? number(bytes, hostEnd + 1, to) : NO_PORT;
        return number == NO_PORT ? defaultPort : number;
    }

    private static int number(byte[] bytes, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            number = 10 * number + bytes[i] - '0';
        }
        return number;
    }
}
