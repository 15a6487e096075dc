package pt.sunbeam.trainer.waf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A request as it goes onto the wire, and what is known of it.
 *
 * @param set the data set
 * @param kind class of an attack, or the site whose traffic a benign request is
 * @param place where a listed value stands ("query" or "form"), or "recorded"
 * @param line for people: method and target
 * @param bytes the whole message; do not write
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record WireRequest(String set, String kind, String place, boolean attack, String line, byte[] bytes) {
    /** One host for all rows, so that it says nothing about the label. */
    static final String HOST = "www.example.com";

    /** What concerns one hop, or is written anew here. */
    private static final Set<String> NOT_AS_RECORDED = Set.of(
            "host",
            "content-length",
            "connection",
            "keep-alive",
            "proxy-connection",
            "transfer-encoding",
            "te",
            "trailer",
            "upgrade",
            "http2-settings",
            "expect");

    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

    /** A browser's fields, around values that were listed without any. */
    static final List<String> BROWSER = List.of(
            "User-Agent",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/127.0.0.0 Safari/537.36",
            "Accept",
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
            "Accept-Encoding",
            "gzip, deflate, br",
            "Accept-Language",
            "en-GB,en;q=0.9");

    /** What set and kind a request is of. */
    record Label(String set, String kind, boolean attack) {}

    /**
     * A recorded request with valid Host, Connection and Content-Length. Fields that no parser would take as fields (pseudo-headers, line breaks in
     * values) are left out; blanks and control characters of the target are percent-encoded.
     *
     * @param fields name, value, name, value
     */
    static WireRequest recorded(Label label, String method, String target, List<String> fields, String body) {
        return of(label, "recorded", method, printable(target), fields, body);
    }

    /** A listed value as the only parameter of a browser's request, in the query or in a form. */
    static WireRequest ofValue(Label label, String value, boolean form) {
        var parameter = "p=" + escaped(value);
        if (!form) {
            return of(label, "query", "GET", "/?" + parameter, BROWSER, "");
        }
        var fields = new ArrayList<>(BROWSER);
        fields.add("Content-Type");
        fields.add("application/x-www-form-urlencoded");
        return of(label, "form", "POST", "/", fields, parameter);
    }

    private static WireRequest of(
            Label label, String place, String method, String target, List<String> fields, String body) {
        var text = new StringBuilder(512 + body.length());
        text.append(method)
                .append(' ')
                .append(target)
                .append(" HTTP/1.1\r\nHost: ")
                .append(HOST);
        for (int i = 0; i + 1 < fields.size(); i += 2) {
            var name = fields.get(i);
            var value = fields.get(i + 1).strip();
            if (isToken(name) && isValue(value) && !NOT_AS_RECORDED.contains(name.toLowerCase(Locale.ROOT))) {
                text.append("\r\n").append(name).append(": ").append(value);
            }
        }
        text.append("\r\nConnection: keep-alive");
        if (!body.isEmpty() || WITH_BODY.contains(method)) {
            text.append("\r\nContent-Length: ").append(body.length());
        }
        text.append("\r\n\r\n").append(body);
        return new WireRequest(
                label.set,
                label.kind,
                place,
                label.attack,
                method + " " + target + (body.isEmpty() ? "" : "  " + body),
                text.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Percent-encoded as a form's value is; escapes that are there stay, for the lists hold values as they were sent. */
    static String escaped(String value) {
        var out = new ByteArrayOutputStream();
        var bytes = value.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            boolean escape = b == '%'
                    && i + 2 < bytes.length
                    && Character.digit(bytes[i + 1], 16) >= 0
                    && Character.digit(bytes[i + 2], 16) >= 0;
            if (escape || isUnreserved(b)) {
                out.write(b);
            } else {
                out.write('%');
                out.write(Character.toUpperCase(Character.forDigit(b >> 4 & 15, 16)));
                out.write(Character.toUpperCase(Character.forDigit(b & 15, 16)));
            }
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private static String printable(String target) {
        var text = new StringBuilder(target.length() + 16);
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c == 0x7f) {
                text.append('%').append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    private static boolean isUnreserved(byte b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '-'
                || b == '.'
                || b == '_'
                || b == '*';
    }

    private static boolean isToken(String name) {
        return !name.isEmpty()
                && name.chars().allMatch(c -> c > ' ' && c < 0x7f && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0);
    }

    private static boolean isValue(String value) {
        return value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7f));
    }
}
