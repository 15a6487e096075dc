package pt.sunbeam.trainer.report;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import pt.sunbeam.codegen.Evaluator;
import pt.sunbeam.codegen.Model.Ensemble;
import pt.sunbeam.codegen.Verdict;
import pt.sunbeam.trainer.dataset.Dataset;
import pt.sunbeam.trainer.dataset.Role;
import pt.sunbeam.trainer.dataset.Row;
import pt.sunbeam.trainer.export.FalsePositives;
import pt.sunbeam.trainer.mlp.LatentMlp;

/**
 * What a finished model does on the test rows.
 *
 * @param bySource attacks and benign rows by source
 * @param falsePositives share of benign units blocked at least once
 * @param falsePositivesBySite the same as a mean over sites
 * @param benignUnits how many there are
 * @param judgedFalsePositives as falsePositives, of the units that come to be judged: clients of few requests never do
 * @param recall mean over attack sources of the share of rows blocked, rows outside the fit included
 * @param visibleRecall the same, of rows that the features can see
 * @param deferShare share of test rows on which the tree defers
 * @param meanRounding mean distance of integer and float logit, nats; {@code maxRounding} the largest
 * @param disagreement share of deferred rows on which rounding turns the verdict
 */
public record Figures(
        Map<String, Source> bySource,
        double falsePositives,
        double falsePositivesBySite,
        int benignUnits,
        double judgedFalsePositives,
        int judgedUnits,
        double recall,
        double visibleRecall,
        double deferShare,
        double meanRounding,
        double maxRounding,
        double disagreement) {

    /** {@code blockedUnits} counts units with at least one blocked row. */
    public record Source(
            boolean attack, int rows, int visible, int blocked, int visibleBlocked, int units, int blockedUnits) {
        double share() {
            return (double) blocked / rows;
        }

        double visibleShare() {
            return (double) visibleBlocked / visible;
        }
    }

    public static Figures of(Ensemble model, LatentMlp latent, Dataset dataset) {
        var evaluator = new Evaluator(model);
        var test = dataset.of(Role.TEST);
        var sources = new TreeMap<String, List<Row>>();
        var blocked = new IdentityHashMap<Row, Boolean>();
        int deferred = 0;
        int turned = 0;
        double sum = 0;
        double max = 0;
        for (var row : test) {
            var levels = evaluator.quantise(row.raw());
            boolean block = evaluator.verdict(levels, model.blockAt()) == Verdict.BLOCK;
            blocked.put(row, block);
            sources.computeIfAbsent(row.source(), _ -> new ArrayList<>()).add(row);
            int logit = evaluator.logit(levels);
            double exact = latent.logit(levels);
            double distance = Math.abs(exact - logit) / model.stepsPerNat();
            sum += distance;
            max = Math.max(max, distance);
            if (evaluator.tree(levels) == Verdict.DEFER) {
                deferred++;
                turned += (exact >= model.blockAt()) == (logit >= model.blockAt()) ? 0 : 1;
            }
        }
        var bySource = new LinkedHashMap<String, Source>();
        sources.forEach((name, rows) -> bySource.put(name, source(rows, blocked)));
        var benign = test.stream().filter(row -> !row.attack()).toList();
        var hits = new boolean[benign.size()];
        for (int i = 0; i < hits.length; i++) {
            hits[i] = blocked.getOrDefault(benign.get(i), false);
        }
        int unjudged = dataset.unjudged().getOrDefault(Role.TEST, 0);
        var units = new FalsePositives(benign, unjudged);
        return new Figures(
                bySource,
                units.rate(hits),
                units.siteRate(hits),
                units.judged() + unjudged,
                new FalsePositives(benign, 0).rate(hits),
                units.judged(),
                bySource.values().stream()
                        .filter(Source::attack)
                        .mapToDouble(Source::share)
                        .average()
                        .orElse(Double.NaN),
                bySource.values().stream()
                        .filter(source -> source.attack() && source.visible() > 0)
                        .mapToDouble(Source::visibleShare)
                        .average()
                        .orElse(Double.NaN),
                test.isEmpty() ? 0 : (double) deferred / test.size(),
                test.isEmpty() ? 0 : sum / test.size(),
                max,
                deferred == 0 ? 0 : (double) turned / deferred);
    }

    private static Source source(List<Row> rows, Map<Row, Boolean> blocked) {
        var hit = rows.stream().filter(row -> blocked.getOrDefault(row, false)).toList();
        return new Source(
                rows.getFirst().attack(),
                rows.size(),
                (int) rows.stream().filter(Row::fitted).count(),
                hit.size(),
                (int) hit.stream().filter(Row::fitted).count(),
                (int) rows.stream().map(Row::unit).distinct().count(),
                (int) hit.stream().map(Row::unit).distinct().count());
    }

    /** A table for people: one line for each source. */
    public String table(String unit) {
        var lines = new ArrayList<String>();
        lines.add(
                "| source | label | rows | blocked | of those the features can see | blocked | %s | blocked at least once |"
                        .formatted(unit));
        lines.add("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        bySource.forEach((name, source) -> lines.add("| %s | %s | %,d | %s | %,d | %s | %,d | %s |"
                .formatted(
                        name,
                        source.attack() ? "attack" : "benign",
                        source.rows(),
                        percent(source.share()),
                        source.visible(),
                        percent(source.visibleShare()),
                        source.units(),
                        percent((double) source.blockedUnits() / source.units()))));
        return String.join("\n", lines);
    }

    static String percent(double share) {
        return Double.isNaN(share) ? "-" : "%.2f%%".formatted(100 * share);
    }
}
