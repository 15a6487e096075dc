package pt.sunbeam.proxy.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A report for people and for programs. Both forms are printable ASCII: what a client sent moves no terminal's cursor. */
public final class ReportText {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    private final Formatter text = new Formatter(Locale.ROOT);

    private ReportText() {}

    /** One JSON object on one line, without a line feed; records as objects with names in snake_case. */
    public static String json(Record report) {
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
        table.layer("scanner", report.scanner().paths(), report.scanner().reasons());
        table.layer("ddos", report.ddos().paths(), report.ddos().reasons());
        table.counts("ddos, judgements of windows", report.ddos().judgements());
        table.groups(report.groups());
        table.examples(report);
        table.falsePositives("scanner", report.scanner().decisions());
        table.falsePositives("ddos", report.ddos().decisions());
        table.bans(report.ddos());
        table.addresses(report.addresses());
        return table.text.toString();
    }

    private void lines(Report report) {
        text.format(
                "%-10s %10d  (%s log)%n",
                "lines", report.lines(), report.settings().format());
        text.format("%-10s %10d%n", "parsed", report.parsed());
        setAside("foreign", report.foreign());
        setAside("malformed", report.malformed());
        setAside("no request", report.noRequest());
        setAside("uncounted", report.uncounted());
    }

    private void setAside(String what, Report.SetAside lines) {
        text.format("%-10s %10d%n", what, lines.count());
        for (var reason : lines.reasons()) {
            text.format(
                    "  %10d  %s (first: line %d)%n", reason.count(), Printable.of(reason.reason()), reason.firstLine());
        }
    }

    private void decisions(Report report) {
        text.format("%n");
        text.format("%-10s %10s %10s %8s %22s%n", "detector", "judged", "blocked", "share", "blocked, yet 2xx or 3xx");
        decisions("ddos", report.ddos().decisions());
        decisions("scanner", report.scanner().decisions());
        decisions("any", report.together());
    }

    private void decisions(String detector, Report.Decisions decisions) {
        text.format(
                "%-10s %10d %10d %7.2f%% %22d%n",
                detector,
                decisions.judged(),
                decisions.blocked(),
                100 * decisions.share(),
                decisions.potentialFalsePositives().count());
    }

    private void layer(String detector, Map<String, Long> paths, List<Report.Reason> reasons) {
        counts(detector + ", requests by what decided", paths);
        if (!reasons.isEmpty()) {
            text.format("%n");
            text.format("%s, reasons of blocks (strongest / among the three strongest)%n", detector);
            for (var reason : reasons) {
                text.format("  %10d / %10d  %s%n", reason.strongest(), reason.blocks(), reason.feature());
            }
        }
    }

    private void counts(String title, Map<String, Long> counts) {
        text.format("%n");
        text.format("%s%n", title);
        counts.forEach((what, count) -> text.format("  %10d  %s%n", count, what));
    }

    private void groups(List<Report.Group> groups) {
        if (groups.isEmpty()) {
            return;
        }
        text.format("%n");
        blocksHeading("group");
        groups.forEach(group -> blocks(group.name(), group.blocks()));
    }

    private void blocksHeading(String what) {
        text.format("%-40s %10s %10s %10s %10s %8s%n", what, "requests", "ddos", "scanner", "any", "share");
    }

    private void blocks(String name, Report.Blocks blocks) {
        text.format(
                "%-40s %10d %10d %10d %10d %7.2f%%%n",
                Printable.of(name),
                blocks.requests(),
                blocks.ddos(),
                blocks.scanner(),
                blocks.any(),
                100 * blocks.share());
    }

    private void examples(Report report) {
        if (report.examples().isEmpty()) {
            return;
        }
        text.format("%n");
        text.format("blocked requests%n");
        for (var example : report.examples()) {
            sample(example.request());
            text.format(
                    "    %s: %s  %s%n",
                    String.join("+", example.layers()), example.path(), String.join(", ", example.reasons()));
        }
        more(report.together().blocked(), report.examples());
    }

    private void falsePositives(String detector, Report.Decisions decisions) {
        Report.FalsePositives found = decisions.potentialFalsePositives();
        text.format("%n");
        text.format(
                "%s, potential false positives (blocked now, answered with 2xx or 3xx then): %d%n",
                detector, found.count());
        found.first().forEach(this::sample);
        more(found.count(), found.first());
    }

    private void sample(Report.Sample sample) {
        text.format(
                "  line %d  %s  %s  %d  %s%n",
                sample.line(),
                Printable.of(sample.requestId()),
                Printable.of(sample.client()),
                sample.status(),
                Printable.of(sample.path()));
    }

    private void bans(Report.Ddos ddos) {
        text.format("%n");
        text.format(
                "ddos, banned addresses: %d (bans: %d), throttled addresses: %d%n",
                ddos.bannedAddresses(), ddos.bans(), ddos.throttledAddresses());
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

    private void addresses(Report.Addresses addresses) {
        text.format("%n");
        blocksHeading("blocked addresses: " + addresses.withBlocks() + " of " + addresses.distinct());
        addresses.blocked().forEach(address -> blocks(address.address(), address.blocks()));
        more(addresses.withBlocks(), addresses.blocked());
        text.format("%n");
        blocksHeading("busiest addresses");
        addresses.busiest().forEach(address -> blocks(address.address(), address.blocks()));
        more(addresses.distinct(), addresses.busiest());
        if (addresses.beyond() > 0) {
            text.format("  %d requests of addresses for which there was no room%n", addresses.beyond());
        }
    }

    private void more(long count, List<?> shown) {
        if (count > shown.size()) {
            text.format("  and %d more%n", count - shown.size());
        }
    }
}
