package pt.sunbeam.proxy.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * An exchange that a {@link Recorder} wrote down.
 *
 * @param status of the answer
 * @param fromUpstream whether the upstream gave it
 * @param text the request, ISO-8859-1
 */
record Recorded(int status, boolean fromUpstream, String text) {
    static List<Recorded> read(Path log) throws IOException {
        var exchanges = new ArrayList<Recorded>();
        for (var line : Files.readAllLines(log)) {
            var cells = line.split("\t", -1);
            exchanges.add(new Recorded(
                    Integer.parseInt(cells[0]),
                    cells[1].equals("upstream"),
                    new String(Base64.getDecoder().decode(cells[2]), ISO_8859_1)));
        }
        return exchanges;
    }

    /** Whether the proxy refused it; that it could not reach the upstream (5xx) is no refusal. */
    boolean blocked() {
        return !fromUpstream && status >= 400 && status < 500;
    }

    /** Method and target. */
    String firstLine() {
        var line = text.substring(0, text.indexOf('\n')).strip();
        int version = line.lastIndexOf(" HTTP/");
        return version < 0 ? line : line.substring(0, version);
    }

    /** In origin form, whichever form was sent. */
    String target() {
        var line = firstLine();
        return line.substring(line.indexOf(' ') + 1).replaceFirst("^https?://[^/]*", "");
    }

    /** The value of a field, or empty. */
    String field(String name) {
        var head = text.substring(0, bodyAt());
        int at = head.toLowerCase(Locale.ROOT).indexOf("\n" + name.toLowerCase(Locale.ROOT) + ":");
        return at < 0
                ? ""
                : head.substring(at + name.length() + 2, head.indexOf('\n', at + 1))
                        .strip();
    }

    String body() {
        return text.substring(bodyAt());
    }

    private int bodyAt() {
        int blank = text.indexOf("\r\n\r\n");
        return blank < 0 ? text.length() : blank + 4;
    }
}
