package pt.sunbeam.proxy.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.http.scaladsl.model.IllegalResponseException;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.proxy.message.Field;

/** The bytes of a response's head: status line, fields, empty line (RFC 9112 section 4). */
final class ResponseHead {
    private static final int LONGEST = 64 * 1024;
    private static final int MOST_INTERIM = 8;

    private ResponseHead() {}

    /**
     * Cuts a stream of bytes behind the head of the response that counts, so that this head is the first element. Interim responses before it are dropped, all but
     * 101, which is the last word on this connection as HTTP. A stream that ends before that gives nothing.
     */
    static final class Splitter {
        private @Nullable ByteString held = ByteString.emptyByteString();
        private int interim;

        Iterable<ByteString> split(ByteString bytes) {
            if (held == null) {
                return List.of(bytes);
            }
            var all = held.concat(bytes);
            for (int end = end(all); end >= 0; end = end(all)) {
                ByteString head = all.take(end);
                ByteString rest = all.drop(end);
                if (!isInterim(status(head))) {
                    held = null;
                    return rest.isEmpty() ? List.of(head) : List.of(head, rest);
                }
                if (++interim > MOST_INTERIM) {
                    throw malformed("more than " + MOST_INTERIM + " interim responses");
                }
                all = rest;
            }
            if (all.size() > LONGEST) {
                throw malformed("response head longer than " + LONGEST + " bytes");
            }
            held = all.compact();
            return List.of();
        }
    }

    private static boolean isInterim(int status) {
        return status / 100 == 1 && status != 101;
    }

    /** Behind the empty line, or -1. Lines may end in LF alone (RFC 9112 section 2.2). */
    private static int end(ByteString bytes) {
        for (int at = bytes.indexOf((byte) '\n', 0); at >= 0; at = bytes.indexOf((byte) '\n', at + 1)) {
            int next = at + 1 < bytes.size() && bytes.apply(at + 1) == '\r' ? at + 2 : at + 1;
            if (next < bytes.size() && bytes.apply(next) == '\n') {
                return next + 1;
            }
        }
        return -1;
    }

    /** Three digits; 0 where there is no such status line. */
    static int status(ByteString head) {
        String line = head.take(13).decodeString(StandardCharsets.ISO_8859_1);
        return line.matches("HTTP/1\\.1 [1-9]\\d\\d[ \r\n]") ? Integer.parseInt(line.substring(9, 12)) : 0;
    }

    /** Throws IllegalResponseException where a line is no field. */
    static List<Field> fields(ByteString head) {
        String[] lines = head.decodeString(StandardCharsets.ISO_8859_1).split("\r?\n", -1);
        var fields = new ArrayList<Field>();
        for (int line = 1; line < lines.length - 2; line++) {
            fields.add(field(lines[line]));
        }
        return fields;
    }

    private static Field field(String line) {
        int colon = line.indexOf(':');
        if (colon <= 0) {
            throw malformed("a line that is no field");
        }
        String name = line.substring(0, colon);
        String value = line.substring(colon + 1).strip();
        try {
            HeaderName.of(name);
        } catch (IllegalArgumentException notAToken) {
            throw malformed(String.valueOf(notAToken.getMessage()));
        }
        if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
            throw malformed("field " + name + " has a control character");
        }
        return new Field(name, value);
    }

    private static IllegalResponseException malformed(String reason) {
        return IllegalResponseException.apply(reason, "");
    }
}
