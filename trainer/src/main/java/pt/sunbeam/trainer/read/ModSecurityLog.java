package pt.sunbeam.trainer.read;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.audit.ByteLines;

/**
 * Reads audit logs of ModSecurity: the serial native format of versions 2 and 3, and the JSON of version 3, one entry a line.
 *
 * <p>A native entry has sections between boundaries that carry its id: A (time and client), B (request line and fields), C (body), F (response), H (rules), Z (end).
 * What stands in C and in other sections that a client fills may look like a boundary; only one with the entry's own id, which no client knows, ends them.
 * An entry is an attack if a rule matched it.
 */
public final class ModSecurityLog {
    /** Of a body, in bytes: so much is kept. */
    static final int LONGEST_BODY = 1 << 16;

    /** Of a section, in bytes. ModSecurity takes bodies of 12.5 MiB; one that does not end in this has lost its end. */
    static final long LONGEST_SECTION = 16 << 20;

    private static final int MOST_RULES = 100;
    private static final Pattern BOUNDARY = Pattern.compile("-{2,3}([0-9A-Za-z]{6,40})-{1,3}([A-Z])--");
    private static final Pattern HEADER = Pattern.compile("\\[([^]]{20,40})] (\\S+) (\\S+) \\d+ \\S+ \\d+.*");
    private static final Pattern STATUS = Pattern.compile("HTTP/\\d(?:\\.\\d)? (\\d{3})(?: .*)?");
    private static final Pattern RULE = Pattern.compile("\\[id \"(\\d+)\"]");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("dd/MMM/uuuu:HH:mm:ss[.SSSSSS][.SSS] xx", Locale.ENGLISH);
    private static final DateTimeFormatter JSON_TIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ENGLISH);

    /**
     * An entry.
     *
     * @param request its group is the host that was asked, or empty; its body is cut at 64 KiB
     * @param rules numbers of the rules that matched, at most 100
     * @param time in JSON without a zone, and taken for UTC
     * @param status of the response, 0 where none is logged
     */
    public record Entry(
            RecordedRequest request, boolean attack, List<String> rules, Instant time, String client, int status) {}

    private final Consumer<Entry> sink;
    private final Account account = new Account();
    private @Nullable Draft draft;
    private boolean lost; // an entry was given up: what follows belongs to it, up to the next one

    private ModSecurityLog(Consumer<Entry> sink) {
        this.sink = sink;
    }

    /** Hands on each entry in file order; records of the account are entries, and lines that belong to none. */
    public static Account read(DataFile file, Consumer<Entry> sink) throws IOException {
        var log = new ModSecurityLog(sink);
        try (var in = file.open()) {
            var lines = new ByteLines(in, Lines.LONGEST);
            while (lines.next()) {
                log.line(lines);
            }
        }
        log.giveUp("section Z: found the end of the file");
        return log.account.orNothingRead(file);
    }

    private void line(ByteLines lines) {
        var boundary = boundary(lines);
        if (boundary != null && draft != null && draft.id.equals(boundary.group(1))) {
            enter(boundary.group(2).charAt(0), draft);
        } else if (boundary != null && boundary.group(2).equals("A") && (draft == null || !draft.isClientsText())) {
            giveUp("section Z: found another entry");
            draft = new Draft(boundary.group(1), lines.number());
            lost = false;
        } else if (draft != null) {
            add(lines, draft);
        } else if (!lost) {
            stray(lines);
        }
    }

    private static @Nullable Matcher boundary(ByteLines lines) {
        int start = lines.start();
        boolean likely = lines.end() - start >= 10
                && lines.end() - start < 64
                && lines.bytes()[start] == '-'
                && lines.bytes()[start + 1] == '-';
        if (!likely) {
            return null;
        }
        var matcher = BOUNDARY.matcher(Lines.text(lines));
        return matcher.matches() ? matcher : null;
    }

    private void enter(char section, Draft entry) {
        if (section != 'Z') {
            entry.section = section;
            entry.size = 0;
            return;
        }
        draft = null;
        try {
            hand(entry.entry());
        } catch (SetAside reason) {
            account.add(reason, entry.line);
        }
    }

    private void add(ByteLines lines, Draft entry) {
        try {
            entry.add(lines);
        } catch (SetAside reason) {
            account.add(reason, entry.line);
            draft = null;
            lost = true;
        }
    }

    private void giveUp(String found) {
        if (draft != null) {
            account.add(SetAside.malformed(found + " (expected: the entry's end)"), draft.line);
            draft = null;
        }
    }

    private void stray(ByteLines lines) {
        if (Lines.text(lines).isBlank()) {
            return; // stands between entries
        }
        try {
            if (lines.isCut()) {
                throw Lines.tooLong();
            }
            if (lines.bytes()[lines.start()] != '{') {
                throw SetAside.foreign("a line outside of entries");
            }
            hand(json(JsonRow.of(lines), lines.number()));
        } catch (SetAside reason) {
            account.add(reason, lines.number());
        }
    }

    private void hand(Entry entry) {
        sink.accept(entry);
        account.take();
    }

    private static Entry json(JsonRow row, long line) throws SetAside {
        var transaction = row.object("transaction");
        var asked = transaction.object("request");
        var fields = asked.fields("headers");
        var host = RequestText.value(fields, "Host");
        var body = asked.textOrEmpty("body");
        var request = new RecordedRequest(
                host == null ? "" : host,
                asked.text("method"),
                asked.text("uri"),
                fields,
                body.substring(0, Math.min(body.length(), LONGEST_BODY)),
                line);
        var rules = new ArrayList<String>();
        for (var message : transaction.objects("messages")) {
            var rule = message.has("details") ? message.object("details").textOrEmpty("ruleId") : "";
            if (!rule.isEmpty() && rules.size() < MOST_RULES) {
                rules.add(rule);
            }
        }
        int status = transaction.has("response")
                ? (int) transaction.object("response").number("http_code")
                : 0;
        return new Entry(
                request,
                !rules.isEmpty(),
                List.copyOf(rules),
                jsonTime(transaction.text("time_stamp")),
                transaction.text("client_ip"),
                status);
    }

    private static Instant jsonTime(String text) throws SetAside {
        try {
            return LocalDateTime.parse(text, JSON_TIME).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException none) {
            throw SetAside.malformed("time_stamp", SetAside.excerpt(text), "such as Tue Mar 10 12:00:00 2026");
        }
    }

    /** A native entry as far as it has been read. */
    private static final class Draft {
        private final String id;
        private final long line;
        private char section = 'A';
        private long size; // of the section so far, in bytes
        private String header = "";
        private RequestText.@Nullable Start start;
        private String startLine = "";
        private final List<String> fields = new ArrayList<>();
        private boolean fieldsEnded;
        private final StringBuilder body = new StringBuilder();
        private int status;
        private boolean matched;
        private final List<String> rules = new ArrayList<>();

        Draft(String id, long line) {
            this.id = id;
            this.line = line;
        }

        /** Whether the section's text is the client's (request body C and I, names of files J) or may repeat it (response body E). */
        boolean isClientsText() {
            return "CEIJ".indexOf(section) >= 0;
        }

        void add(ByteLines lines) throws SetAside {
            size += lines.isCut() ? Lines.LONGEST : lines.end() - lines.start() + 1;
            if (size > LONGEST_SECTION) {
                throw SetAside.malformed("section " + section, "no end", "at most %d bytes".formatted(LONGEST_SECTION));
            }
            switch (section) {
                case 'A' -> header = header.isEmpty() ? Lines.text(lines) : header;
                case 'B' -> addHead(lines);
                case 'C' -> addBody(lines);
                case 'F' -> addStatus(Lines.text(lines));
                case 'H' -> addRule(Lines.text(lines));
                default -> {
                    // of no use here
                }
            }
        }

        private void addHead(ByteLines lines) throws SetAside {
            if (lines.isCut()) {
                throw Lines.tooLong();
            }
            var text = Lines.text(lines);
            if (startLine.isEmpty()) {
                startLine = text;
                start = RequestText.start(text);
            } else if (text.isEmpty()) {
                fieldsEnded = true;
            } else if (!fieldsEnded) {
                RequestText.addField(text, fields);
            }
        }

        private void addBody(ByteLines lines) {
            int length = Math.min(lines.end() - lines.start(), LONGEST_BODY - body.length());
            if (length > 0) {
                body.append(new String(lines.bytes(), lines.start(), length, StandardCharsets.ISO_8859_1));
            }
            if (body.length() < LONGEST_BODY) {
                body.append('\n');
            }
        }

        private void addStatus(String text) {
            var matcher = STATUS.matcher(text);
            if (status == 0 && matcher.matches()) {
                status = Integer.parseInt(matcher.group(1));
            }
        }

        /** Rules say "Message:" in version 2 and "ModSecurity:" in 3; failures of rules and of the log itself say so as well. */
        private void addRule(String text) {
            boolean message = text.startsWith("Message:") || text.startsWith("ModSecurity:");
            if (!message || text.contains("Access allowed") || text.contains("xecution error")) {
                return;
            }
            var rule = RULE.matcher(text);
            if (rule.find()) {
                matched = true;
                if (rules.size() < MOST_RULES) {
                    rules.add(rule.group(1));
                }
            } else {
                matched |= text.contains("Warning.") || text.contains("Access denied");
            }
        }

        Entry entry() throws SetAside {
            var heading = HEADER.matcher(header);
            if (!heading.matches()) {
                throw SetAside.malformed("section A", SetAside.excerpt(header), "[time] id client port server port");
            }
            if (start == null) {
                throw SetAside.foreign(
                        startLine.isEmpty() ? "no request (no section B)" : "no HTTP request (section B)");
            }
            var host = RequestText.value(fields, "Host");
            var request = new RecordedRequest(
                    host == null ? "" : host, start.method(), start.target(), fields, bodyText(), line);
            return new Entry(request, matched, List.copyOf(rules), time(heading.group(1)), heading.group(3), status);
        }

        /** Without the line ends that the log puts after it. */
        private String bodyText() {
            int end = body.length();
            while (end > 0 && body.charAt(end - 1) == '\n') {
                end--;
            }
            return body.substring(0, end);
        }

        private static Instant time(String text) throws SetAside {
            try {
                return ZonedDateTime.parse(text, TIME).toInstant();
            } catch (DateTimeException none) {
                throw SetAside.malformed("section A: time", SetAside.excerpt(text), "dd/Mon/yyyy:HH:MM:SS +hhmm");
            }
        }
    }
}
