package pt.sunbeam.trainer.report;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import pt.sunbeam.codegen.Model.Ensemble;
import pt.sunbeam.codegen.Verdict;
import pt.sunbeam.trainer.Detector;
import pt.sunbeam.trainer.Training;
import pt.sunbeam.trainer.cart.Branch;
import pt.sunbeam.trainer.dataset.DatasetFile;
import pt.sunbeam.trainer.dataset.Role;
import pt.sunbeam.trainer.dataset.Split;
import pt.sunbeam.trainer.mlp.FittedMlp;

/** What a model is, what it was made from, and what it can and cannot do: Markdown (Mitchell et al. 2019). */
public final class ModelCard {
    private static final Map<String, String> TERMS = Map.ofEntries(
            entry(
                    "csic2010",
                    "research use; cite C. Torrano-Gimenez, A. Perez-Villegas, G. Alvarez, HTTP DATASET CSIC 2010"),
            entry("waf-comparison", "Apache-2.0 (open-appsec); attack payloads GPL-3.0 (mgm-sp web-attack-payloads)"),
            entry("nuclei-probes", "MIT (ProjectDiscovery)"),
            entry("crs-tests", "Apache-2.0 (OWASP Core Rule Set)"),
            entry("dirsearch", "GPL-2.0"),
            entry("seclists-quickhits", "MIT"),
            entry("fuzzdb", "BSD and CC BY 3.0"),
            entry("httpparams", "MIT"),
            entry("fwaf", "none stated"),
            entry("libinjection", "BSD-3-Clause"),
            entry("payloads-all-the-things", "MIT"),
            entry("sqlmap-payloads", "none stated"),
            entry(
                    "access-logs",
                    "none stated for most; scanner-*: cite Bas Seyyar, Catak, Gul 2018, doi 10.1016/j.aci.2017.04.002;"
                            + " elastic-apache-sample: Apache-2.0"));

    private ModelCard() {}

    public static String text(
            Detector detector,
            Training.Settings settings,
            Training.Fitted run,
            DatasetFile file,
            Split split,
            String sha256) {
        var dataset = run.dataset();
        var grown = run.grown();
        var calibrated = run.calibrated();
        var fitted = run.mlp();
        var figures = run.figures();
        var model = calibrated.model();
        var lines = new ArrayList<String>();
        lines.add("# " + detector.model());
        lines.add("");
        lines.add("Written by the trainer; do not edit. No row of the data is in this repository.");
        lines.add("");
        lines.add("| | |");
        lines.add("| --- | --- |");
        lines.add("| model file | SHA-256 `" + sha256 + "` |");
        lines.add("| command | `" + settings.commandLine() + "` |");
        lines.add("| rows | dataset with SHA-256 `%s`, %s |".formatted(file.sha256(), words(split)));
        lines.add("| features | %d, of at most %d levels |"
                .formatted(model.features().size(), highest(model)));
        lines.add("| tree | %d nodes, depth at most %d, leaf purity %s; %s |"
                .formatted(
                        model.tree().nodes().size(),
                        settings.tree().maxDepth(),
                        settings.tree().minPurity(),
                        leaves(calibrated.tree())));
        lines.add(
                "| as grown | %s; leaves yielded to the perceptron to stay within the false positives allowed, and for monotonicity |"
                        .formatted(leaves(grown)));
        lines.add("| tree defers | %s of test rows |".formatted(Figures.percent(figures.deferShare())));
        lines.add("| perceptron | %d-%d-1, int8, shift %d; %s; %s |"
                .formatted(
                        model.features().size(),
                        model.mlp().hidden().size(),
                        model.mlp().shift(),
                        fitted.courses().stream().map(ModelCard::words).collect(Collectors.joining("; ")),
                        fitted.device()));
        lines.add(
                "| rounding | logit of integers against floats: mean %.3f, largest %.3f nats; %s of deferred verdicts turn |"
                        .formatted(
                                figures.meanRounding(),
                                figures.maxRounding(),
                                Figures.percent(figures.disagreement())));
        lines.add("| blocks at | integer logit %d; %d steps a nat |".formatted(model.blockAt(), model.stepsPerNat()));
        lines.add("| monotone in | %s |"
                .formatted(String.join(
                        ", ",
                        detector.evidence().stream()
                                .sorted()
                                .map(detector.featureNames()::get)
                                .toList())));
        lines.add("");
        lines.add("## Figures");
        lines.add("");
        lines.add(
                "Calibrated for at most %s of benign %s blocked on sites, networks and days that the fit never saw: %s on the calibration rows."
                        .formatted(
                                percent3(detector.allowedFalsePositives()),
                                detector.units(),
                                percent3(calibrated.falsePositives())));
        lines.add(
                "On the test rows: **%s of %,d benign %s blocked** (mean over sites %s); recall, mean over attack sources, **%s of all attack rows**, %s of those that the features can see."
                        .formatted(
                                percent3(figures.falsePositives()),
                                figures.benignUnits(),
                                detector.units(),
                                percent3(figures.falsePositivesBySite()),
                                Figures.percent(figures.recall()),
                                Figures.percent(figures.visibleRecall())));
        if (figures.judgedUnits() < figures.benignUnits()) {
            lines.add("Of those that send enough requests to be judged at all: %s of %,d."
                    .formatted(percent3(figures.judgedFalsePositives()), figures.judgedUnits()));
        }
        lines.add("");
        lines.add(figures.table(detector.units()));
        lines.add("");
        lines.add("## Rows");
        lines.add("");
        lines.add("| for | benign | attacks in the fit | attacks only reported |");
        lines.add("| --- | ---: | ---: | ---: |");
        for (var role : Role.values()) {
            var rows = dataset.of(role);
            lines.add("| %s | %,d | %,d | %,d |"
                    .formatted(
                            role,
                            rows.stream().filter(row -> !row.attack()).count(),
                            rows.stream()
                                    .filter(row -> row.attack() && row.fitted())
                                    .count(),
                            rows.stream().filter(row -> !row.fitted()).count()));
        }
        lines.add("");
        dataset.notes().forEach(note -> lines.add("- " + note));
        lines.add("");
        lines.add("## Data");
        lines.add("");
        lines.add("| set | file | SHA-256 as stored | terms |");
        lines.add("| --- | --- | --- | --- |");
        for (var source : dataset.files()) {
            if (!source.file().isEmpty()) {
                lines.add("| %s | %s | `%s` | %s |"
                        .formatted(
                                source.set(),
                                source.file(),
                                source.sha256(),
                                TERMS.getOrDefault(source.set(), "see its source")));
            }
        }
        lines.add("");
        return String.join("\n", lines);
    }

    private static String words(Split split) {
        return switch (split) {
            case Split.ByGroup(int heldOut) -> "fold %d held out for the test".formatted(heldOut);
            case Split.ByTime() -> "the last fifth of each source held out for the test";
        };
    }

    private static int highest(Ensemble model) {
        return model.features().stream()
                .mapToInt(f -> f.cuts().size() + 1)
                .max()
                .orElse(0);
    }

    private static String leaves(Branch tree) {
        var counts = new LinkedHashMap<Verdict, Integer>();
        List.of(Verdict.values()).forEach(verdict -> counts.put(verdict, 0));
        tree.leaves().forEach(leaf -> counts.merge(leaf.verdict(), 1, Integer::sum));
        return "leaves " + counts;
    }

    private static String percent3(double share) {
        return "%.3f%%".formatted(100 * share);
    }

    private static String words(FittedMlp.Course fit) {
        return "epoch %d of %d kept, cross entropy %.4f (train), %.4f (validation) nats"
                .formatted(
                        fit.bestEpoch(),
                        fit.trainLoss().size(),
                        fit.trainLoss().get(fit.bestEpoch() - 1),
                        fit.validationLoss().get(fit.bestEpoch() - 1));
    }
}
