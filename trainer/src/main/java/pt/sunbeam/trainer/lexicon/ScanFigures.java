package pt.sunbeam.trainer.lexicon;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import pt.sunbeam.codegen.Evaluator;
import pt.sunbeam.codegen.Verdict;
import pt.sunbeam.trainer.Training;
import pt.sunbeam.trainer.dataset.Role;
import pt.sunbeam.trainer.dataset.ScanDataset;

/** What models that each had another fold held out do on it: counts by kind of row and fold, all folds together, and the worst sites. */
final class ScanFigures {
    private static final String APPSEC = "open-appsec ";
    private static final String ALL = "open-appsec, all classes";
    private static final int REPLICATES = 999;

    /** Rows blocked, of rows. */
    private static final class Count {
        private long blocked;
        private long rows;

        private void add(boolean hit) {
            rows++;
            blocked += hit ? 1 : 0;
        }

        private double share() {
            return rows == 0 ? 0 : (double) blocked / rows;
        }

        private String text() {
            return "%.3f %% of %,d".formatted(100 * share(), rows);
        }
    }

    private final Map<String, Map<Integer, Count>> kinds = new TreeMap<>();
    private final Map<String, Count> sites = new TreeMap<>();
    private final Map<String, Map<String, Count>> groups = new TreeMap<>(); // of the classes of open-appsec

    /** Adds the test rows of a fold. */
    void add(int fold, Training.Fitted fitted) {
        var evaluator = new Evaluator(fitted.calibrated().model());
        for (var row : fitted.dataset().of(Role.TEST)) {
            boolean hit = evaluator.verdict(row.raw()) == Verdict.BLOCK;
            count(row.source(), fold, hit);
            if (row.attack() && row.source().startsWith(APPSEC)) {
                int in = row.source().indexOf(ScanDataset.IN);
                count(in < 0 ? ALL : ALL + row.source().substring(in), fold, hit);
                if (in < 0) {
                    groups.computeIfAbsent(row.source(), _ -> new HashMap<>())
                            .computeIfAbsent(row.group(), _ -> new Count())
                            .add(hit);
                } else {
                    count(ALL + ", in any place", fold, hit);
                }
            } else if (!row.attack() && row.source().equals("benign " + APPSEC.strip())) {
                sites.computeIfAbsent("fold " + fold + " " + row.site(), _ -> new Count())
                        .add(hit);
            }
        }
    }

    private void count(String kind, int fold, boolean hit) {
        kinds.computeIfAbsent(kind, _ -> new TreeMap<>())
                .computeIfAbsent(fold, _ -> new Count())
                .add(hit);
    }

    private Count pooled(String kind) {
        var all = new Count();
        kinds.getOrDefault(kind, Map.of()).values().forEach(count -> {
            all.blocked += count.blocked;
            all.rows += count.rows;
        });
        return all;
    }

    /** A table in Markdown. */
    String text() {
        var lines = new ArrayList<String>();
        var recall = pooled(ALL);
        var benign = pooled("benign " + APPSEC.strip());
        lines.add("open-appsec, pooled: recall %.3f %%, benign blocked %.3f %%, balanced accuracy %.3f %%"
                .formatted(100 * recall.share(), 100 * benign.share(), 50 * (recall.share() + 1 - benign.share())));
        lines.add("macro-recall over %d classes: %s".formatted(groups.size(), macro()));
        lines.add("worst sites: "
                + String.join(
                        ", ",
                        sites.entrySet().stream()
                                .filter(site -> site.getValue().blocked > 0)
                                .sorted(Comparator.comparingDouble(
                                        site -> -site.getValue().share()))
                                .limit(10)
                                .map(site -> "%s %d of %d"
                                        .formatted(site.getKey(), site.getValue().blocked, site.getValue().rows))
                                .toList()));
        lines.add("");
        lines.add("| rows | blocked, all folds | by fold |");
        lines.add("| --- | ---: | --- |");
        for (var kind : kinds.keySet()) {
            lines.add("| %s | %s | %s |"
                    .formatted(
                            kind,
                            pooled(kind).text(),
                            String.join(
                                    ", ",
                                    kinds.get(kind).entrySet().stream()
                                            .map(fold -> "%d: %.2f %%"
                                                    .formatted(
                                                            fold.getKey(),
                                                            100
                                                                    * fold.getValue()
                                                                            .share()))
                                            .toList())));
        }
        return String.join("\n", lines) + "\n";
    }

    /** The mean recall over classes, with the middle 95 % of a bootstrap over templates. */
    private String macro() {
        var random = new SplittableRandom(1);
        var classes = groups.values().stream()
                .map(byGroup -> byGroup.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(Map.Entry::getValue)
                        .toList())
                .toList();
        double[] drawn = new double[REPLICATES];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = classes.stream()
                    .mapToDouble(counts -> share(IntStream.range(0, counts.size())
                            .mapToObj(_ -> counts.get(random.nextInt(counts.size())))
                            .toList()))
                    .average()
                    .orElse(0);
        }
        Arrays.sort(drawn);
        return "%.2f %% (%.2f to %.2f)"
                .formatted(
                        100
                                * classes.stream()
                                        .mapToDouble(ScanFigures::share)
                                        .average()
                                        .orElse(0),
                        100 * drawn[REPLICATES / 40],
                        100 * drawn[REPLICATES - 1 - REPLICATES / 40]);
    }

    private static double share(List<Count> counts) {
        long rows = counts.stream().mapToLong(count -> count.rows).sum();
        return rows == 0
                ? 0
                : (double) counts.stream().mapToLong(count -> count.blocked).sum() / rows;
    }
}
