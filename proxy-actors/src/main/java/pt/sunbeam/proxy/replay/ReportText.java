package pt.sunbeam.proxy.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;

/** A report for people and for programs. Both forms are printable ASCII: what a client sent moves no terminal's cursor. */
public final class ReportText {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    private final Formatter text = new Formatter(Locale.ROOT);

    private ReportText() {}

    /** One JSON object on one line, without a line feed. */
    public static String json(Report report) {
        try {
            return JSON.writeValueAsString(report);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report of plain values", e);
        }
    }

    /** A table of several lines. */
    public static String table(Report report) {
        var table = new ReportText();
        table.lines(report);
        table.decisions(report);
        table.falsePositives("scanner", report.scanner().decisions());
        table.falsePositives("ddos", report.ddos().decisions());
        table.bans(report.ddos());
        return table.text.toString();
    }

    private void lines(Report report) {
        text.format("%-10s %10d%n", "lines", report.lines());
        text.format("%-10s %10d%n", "parsed", report.parsed());
        setAside("foreign", report.foreign());
        setAside("malformed", report.malformed());
        setAside("unjudged", report.unjudged());
    }

    private void setAside(String what, Report.SetAside lines) {
        text.format("%-10s %10d%n", what, lines.count());
        for (var reason : lines.reasons()) {
            text.format(
                    "  %10d  %s (first: line %d)%n", reason.count(), printable(reason.reason()), reason.firstLine());
        }
    }

    private void decisions(Report report) {
        text.format("%n");
        text.format("%-10s %10s %10s %8s%n", "detector", "judged", "blocked", "share");
        decisions("scanner", report.scanner().decisions());
        decisions("ddos", report.ddos().decisions());
        text.format("%n");
        text.format("scanner, by what decided%n");
        report.scanner().paths().forEach((path, count) -> text.format("  %10d  %s%n", count, path));
    }

    private void decisions(String detector, Report.Decisions decisions) {
        text.format(
                "%-10s %10d %10d %7.2f%%%n",
                detector, decisions.judged(), decisions.blocked(), 100 * decisions.share());
    }

    private void falsePositives(String detector, Report.Decisions decisions) {
        Report.FalsePositives found = decisions.potentialFalsePositives();
        text.format("%n");
        text.format(
                "%s, potential false positives (blocked now, answered with 2xx or 3xx then): %d%n",
                detector, found.count());
        for (var sample : found.first()) {
            text.format(
                    "  line %d  %s  %s  %d  %s%n",
                    sample.line(),
                    printable(sample.requestId()),
                    printable(sample.client()),
                    sample.status(),
                    printable(sample.path()));
        }
        more(found.count(), found.first());
    }

    private void bans(Report.Ddos ddos) {
        text.format("%n");
        text.format("ddos, banned addresses: %d (bans: %d)%n", ddos.bannedAddresses(), ddos.bans());
        for (var banned : ddos.banned()) {
            text.format(
                    "  %s  %s  %s  %s%n",
                    banned.address(), banned.since(), banned.path(), String.join(", ", banned.reasons()));
        }
        more(ddos.bannedAddresses(), ddos.banned());
        if (ddos.forgottenAddresses() > 0) {
            text.format(
                    "  %d windows were given up for lack of room: bans may be missing%n", ddos.forgottenAddresses());
        }
    }

    private void more(long count, List<?> shown) {
        if (count > shown.size()) {
            text.format("  and %d more%n", count - shown.size());
        }
    }

    private static String printable(String text) {
        var printable = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 127) {
                printable.append(c);
            } else {
                printable.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return printable.toString();
    }
}
