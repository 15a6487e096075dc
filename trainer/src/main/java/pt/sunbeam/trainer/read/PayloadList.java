package pt.sunbeam.trainer.read;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.audit.ByteLines;

/**
 * Reads lists of attack strings. What the first line looks like decides how the file is read:
 *
 * <ul>
 *   <li>JSON objects: {@code {"class", "label", "payload"}} (libinjection; "benign" is text that looks like an attack and is none), {@code {"cat", "payload"}}
 *       (PayloadsAllTheThings), {@code {"file", "payload"}} (FuzzDB; left out are its lists of values that are no attacks);
 *   <li>CSV with a heading of which {@code payload} and {@code label} are columns (HttpParamsDataset: "norm" is benign), {@code attack_type} may be;
 *   <li>one string a line, all attacks; {@code #} begins no comment, for attacks begin so. A line {@code p=VALUE} is a form (sqlmap's records), and its value
 *       is decoded.
 * </ul>
 */
public final class PayloadList {
    static final String BENIGN = "benign";

    /** FuzzDB's values for fuzzing that attack nothing. */
    private static final Set<String> NO_ATTACKS =
            Set.of("mimetypes", "http-protocol", "email", "ip", "business-logic", "control-chars");

    /** One name for what the sets call differently. */
    private static final Map<String, String> FAMILIES = Map.ofEntries(
            Map.entry("sql injection", "sqli"),
            Map.entry("sql-injection", "sqli"),
            Map.entry("xss injection", "xss"),
            Map.entry("html_js_fuzz", "xss"),
            Map.entry("command injection", "cmdexe"),
            Map.entry("os-cmd-execution", "cmdexe"),
            Map.entry("cmdi", "cmdexe"),
            Map.entry("directory traversal", "traversal"),
            Map.entry("path-traversal", "traversal"),
            Map.entry("file inclusion", "lfi"),
            Map.entry("xxe injection", "xxe"),
            Map.entry("nosql injection", "nosqli"),
            Map.entry("no-sql-injection", "nosqli"),
            Map.entry("ldap injection", "ldap"),
            Map.entry("open redirect", "redirect"),
            Map.entry("server side template injection", "ssti"),
            Map.entry("server-side-include", "ssi"),
            Map.entry("all-attacks", "mixed"));

    private interface Form {
        Payload read(ByteLines line) throws SetAside;
    }

    private final String family;
    private @Nullable Form form; // known from the first line on

    private PayloadList(String family) {
        this.family = family;
    }

    /**
     * Hands on each payload in file order.
     *
     * @param family of the lines of a plain list, which do not say it
     */
    public static Account read(DataFile file, String family, Consumer<Payload> sink) throws IOException {
        var list = new PayloadList(family);
        return Lines.each(file, line -> sink.accept(list.payload(line)));
    }

    private Payload payload(ByteLines line) throws SetAside {
        if (form == null) {
            var first = Lines.text(line);
            if (first.startsWith("{\"")) {
                form = PayloadList::json;
            } else if (isHeading(first)) {
                form = new Csv(CsvLine.cells(first));
                throw SetAside.leftOut("heading");
            } else if (!first.isBlank()) {
                form = this::plain;
            }
        }
        if (form == null) {
            throw SetAside.leftOut("blank line");
        }
        var payload = form.read(line);
        if (payload.text().isBlank()) {
            throw SetAside.leftOut("blank line");
        }
        return payload;
    }

    private Payload plain(ByteLines line) {
        var text = Lines.text(line);
        return new Payload(text.startsWith("p=") ? decoded(text.substring(2)) : text, family, true, line.number());
    }

    /** A form's value, decoded; escapes that are none stay as they are, for attacks break them on purpose. */
    private static String decoded(String form) {
        var text = new StringBuilder(form.length());
        for (int i = 0; i < form.length(); i++) {
            char c = form.charAt(i);
            int value = c == '%' && i + 2 < form.length()
                    ? Character.digit(form.charAt(i + 1), 16) << 4 | Character.digit(form.charAt(i + 2), 16)
                    : -1;
            text.append(value >= 0 ? (char) value : c == '+' ? ' ' : c);
            i += value >= 0 ? 2 : 0;
        }
        return text.toString();
    }

    private static Payload json(ByteLines line) throws SetAside {
        var row = JsonRow.of(line);
        var text = row.text("payload");
        if (row.has("label")) {
            boolean attack = isAttack(row.text("label"), "benign", "attack");
            return new Payload(text, attack ? family(row.text("class")) : BENIGN, attack, line.number());
        }
        if (row.has("cat")) {
            return new Payload(text, family(row.text("cat")), true, line.number());
        }
        var file = row.text("file");
        var folder = file.substring(0, Math.max(0, file.indexOf('/')));
        if (NO_ATTACKS.contains(folder)) {
            throw SetAside.leftOut("values of " + folder + ", which are no attacks");
        }
        return new Payload(text, family(folder.isEmpty() ? file : folder), true, line.number());
    }

    private static boolean isHeading(String line) {
        try {
            return CsvLine.cells(line).containsAll(List.of("payload", "label"));
        } catch (SetAside noCsv) {
            return false;
        }
    }

    private static boolean isAttack(String label, String benign, String attack) throws SetAside {
        if (!label.equals(benign) && !label.equals(attack)) {
            throw SetAside.malformed("label", SetAside.excerpt(label), benign + " or " + attack);
        }
        return label.equals(attack);
    }

    static String family(String published) {
        var name = published.toLowerCase(Locale.ROOT);
        return FAMILIES.getOrDefault(name, name.replace(' ', '-'));
    }

    private record Csv(List<String> heading) implements Form {
        @Override
        public Payload read(ByteLines line) throws SetAside {
            var cells = CsvLine.cells(Lines.text(line));
            if (cells.size() != heading.size()) {
                throw SetAside.malformed("row", cells.size() + " columns", heading.size() + " as in the heading");
            }
            boolean attack = isAttack(cell(cells, "label"), "norm", "anom");
            int type = heading.indexOf("attack_type");
            return new Payload(
                    cell(cells, "payload"),
                    attack ? family(type < 0 ? "mixed" : cells.get(type)) : BENIGN,
                    attack,
                    line.number());
        }

        private String cell(List<String> cells, String column) {
            return cells.get(heading.indexOf(column));
        }
    }
}
