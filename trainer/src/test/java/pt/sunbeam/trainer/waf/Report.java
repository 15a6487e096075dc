package pt.sunbeam.trainer.waf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The figures of all servers side by side, as Markdown tables and as JSON. */
final class Report {
    private static final JsonMapper JSON = new JsonMapper();

    /** By set, then by server in the order in which they were named. */
    private final Map<String, Map<String, Figures>> sets;

    private final List<String> servers;

    Report(Map<String, Map<String, Figures>> sets, List<String> servers) {
        this.sets = new TreeMap<>(sets);
        this.servers = List.copyOf(servers);
    }

    String text() {
        var out = new StringBuilder();
        out.append("\nBy set\n\n");
        row(
                out,
                "set",
                "server",
                "attacks",
                "recall",
                "macro recall",
                "benign",
                "false positives",
                "worst site",
                "balanced accuracy");
        out.append("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
        sets.forEach((set, figures) -> figures.forEach((server, f) -> {
            row(
                    out,
                    set,
                    server,
                    "%,d".formatted(Figures.sent(f.attacks())),
                    withInterval(f.recall(), f.attacks()),
                    percent(f.macroRecall()),
                    "%,d".formatted(Figures.sent(f.benign())),
                    withInterval(f.falsePositives(), f.benign()),
                    percent(f.worstSite()),
                    percent(f.balancedAccuracy()));
        }));
        out.append("\nRecall by set and class\n\n");
        classes(out);
        out.append("\nRefusals other than 403 (0: connection closed without an answer)\n\n");
        row(out, "set", "server", "by status");
        out.append("| --- | --- | --- |\n");
        sets.forEach((set, figures) -> figures.forEach((server, f) -> {
            var other = new TreeMap<>(f.refusals());
            other.remove(403);
            int strange = f.strange();
            if (!other.isEmpty() || strange > 0) {
                row(
                        out,
                        set,
                        server,
                        other + (strange > 0 ? ", neither refused nor from the upstream: " + strange : ""));
            }
        }));
        out.append("\nCost\n\n");
        row(out, "set", "server", "median ms", "CPU µs a request");
        out.append("| --- | --- | ---: | ---: |\n");
        sets.forEach((set, figures) -> figures.forEach((server, f) -> {
            row(out, set, server, number(f.medianMillis()), "%,.0f".formatted(f.cpuMicrosPerRequest()));
        }));
        return out.toString();
    }

    private void classes(StringBuilder out) {
        var head = new ArrayList<>(List.of("set", "class", "attacks"));
        head.addAll(servers);
        row(out, head.toArray(String[]::new));
        out.append("| --- | --- | ---: |")
                .append(" ---: |".repeat(servers.size()))
                .append('\n');
        sets.forEach((set, figures) -> {
            var kinds = new TreeSet<String>();
            figures.values().forEach(f -> kinds.addAll(f.attacks().keySet()));
            for (var kind : kinds) {
                var cells = new ArrayList<>(List.of(set, kind, ""));
                for (var f : figures.values()) {
                    var stratum = f.attacks().getOrDefault(kind, new Figures.Stratum(0, 0, 0));
                    cells.set(2, "%,d".formatted(stratum.sent()));
                    cells.add(percent(stratum.share()));
                }
                row(out, cells.toArray(String[]::new));
            }
        });
    }

    /** @param run what is to be known of the run: seed, fold, dataset */
    String json(Map<String, String> run) throws JsonProcessingException {
        var root = JSON.createObjectNode();
        var about = root.putObject("run");
        run.forEach(about::put);
        sets.forEach((set, figures) -> {
            var bySet = root.withObjectProperty("sets").putObject(set);
            figures.forEach((server, f) -> fill(bySet.putObject(server), f));
        });
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
    }

    private static void fill(ObjectNode out, Figures f) {
        out.put("recall", f.recall());
        out.put("macro_recall", f.macroRecall());
        out.put("false_positives", f.falsePositives());
        out.put("worst_site", f.worstSite());
        out.put("balanced_accuracy", f.balancedAccuracy());
        out.put("median_ms", f.medianMillis());
        out.put("cpu_us_per_request", f.cpuMicrosPerRequest());
        out.put("neither_refused_nor_from_upstream", f.strange());
        f.refusals()
                .forEach((status, count) -> out.withObjectProperty("refusals").put(Integer.toString(status), count));
        fill(out.putObject("attacks"), f.attacks());
        fill(out.putObject("benign"), f.benign());
    }

    private static void fill(ObjectNode out, Map<String, Figures.Stratum> strata) {
        strata.forEach((kind, stratum) -> out.putObject(kind)
                .put("held_out", stratum.size())
                .put("sent", stratum.sent())
                .put("blocked", stratum.blocked()));
    }

    private static String withInterval(double share, Map<String, Figures.Stratum> strata) {
        if (strata.isEmpty()) {
            return "";
        }
        var interval = Figures.interval(Figures.blocked(strata), Figures.sent(strata));
        return Figures.sent(strata) == Figures.size(strata)
                ? "%s (%s to %s)".formatted(percent(share), digits(interval[0]), digits(interval[1]))
                : percent(share) + " (sampled)";
    }

    private static String percent(double share) {
        return Double.isNaN(share) ? "" : digits(share) + " %";
    }

    private static String digits(double share) {
        return String.format(Locale.ROOT, "%.2f", 100 * share);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static void row(StringBuilder out, String... cells) {
        out.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
}
