package pt.sunbeam.trainer.dataset;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import pt.sunbeam.detector.http.RequestHead;

/**
 * A request as the proxy would get it: head and body.
 *
 * @param body as it came, no coding undone; do not write
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record WireRequest(RequestHead head, byte[] body) {
    private static final Set<String> ENVELOPE_KEPT = Set.of("host", "content-type");

    /** A row as it was recorded. */
    public static WireRequest of(RequestRow row) {
        return of(row.method(), row.target(), row.fields(), row.body());
    }

    /** A row without its header fields but for the host and the type of its body. */
    public static WireRequest withoutEnvelope(RequestRow row) {
        var fields = new ArrayList<String>();
        for (int i = 0; i + 1 < row.fields().size(); i += 2) {
            if (ENVELOPE_KEPT.contains(row.fields().get(i).toLowerCase(Locale.ROOT))) {
                fields.add(row.fields().get(i));
                fields.add(row.fields().get(i + 1));
            }
        }
        return of(row.method(), row.target(), fields, row.body());
    }

    static WireRequest of(String method, String target, List<String> fields, String body) {
        var head = RequestHead.builder(
                isToken(method) && method.length() <= 32 ? method : "GET", printable(target), "HTTP/1.1");
        for (int i = 0; i + 1 < fields.size(); i += 2) {
            if (isToken(fields.get(i)) && isFieldValue(fields.get(i + 1))) {
                head.field(fields.get(i), fields.get(i + 1));
            }
        }
        return new WireRequest(head.build(), body.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Bytes that no request line can hold are percent-encoded. */
    private static String printable(String target) {
        if (target.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            return target;
        }
        var text = new StringBuilder(target.length() + 16);
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c > ' ' && c < 0x7f) {
                text.append(c);
            } else {
                text.append('%').append(Character.forDigit(c >> 4 & 15, 16)).append(Character.forDigit(c & 15, 16));
            }
        }
        return text.toString();
    }

    private static boolean isToken(String name) {
        return !name.isEmpty()
                && name.chars().allMatch(c -> c > ' ' && c < 0x7f && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0);
    }

    private static boolean isFieldValue(String value) {
        return value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7f));
    }
}
