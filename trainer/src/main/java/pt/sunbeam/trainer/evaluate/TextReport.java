package pt.sunbeam.trainer.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** An evaluation as text of at most {@value #WIDTH} columns. */
public final class TextReport {
    static final int WIDTH = 120;

    /** Stands before every line of figures on rows that the model was fitted on. */
    static final String FITTED = "FITTED ON THESE ROWS ";

    private static final List<Figure> RANKED = Stream.concat(
                    Figure.RECALL_AT.stream(), Stream.of(Figure.ROC_AUC, Figure.PR_AUC))
            .toList();
    private static final List<Figure> DECIDED =
            List.of(Figure.RECALL, Figure.FALSE_POSITIVES, Figure.MACRO_RECALL, Figure.DEFER_SHARE);
    private static final List<Figure> BY_SOURCE =
            Stream.concat(RANKED.stream(), DECIDED.stream().limit(2)).toList();

    /** Leaves room for names of data sets beside {@link #FITTED}. */
    private static final List<Figure> FEW = List.of(
            Figure.RECALL_AT.getFirst(),
            Figure.RECALL_AT.getLast(),
            Figure.ROC_AUC,
            Figure.RECALL,
            Figure.FALSE_POSITIVES);

    private static final List<Figure> RELIABLE =
            List.of(Figure.CALIBRATION_ERROR, Figure.BRIER, Figure.SITE_MEDIAN, Figure.SITE_WORST);

    private final List<String> lines = new ArrayList<>();
    private final Evaluation evaluation;

    private TextReport(Evaluation evaluation) {
        this.evaluation = evaluation;
    }

    public static String of(Subject subject, Evaluation evaluation) {
        var report = new TextReport(evaluation);
        report.head(subject);
        report.folds(Stream.concat(RANKED.stream(), DECIDED.stream()).toList());
        report.folds(RELIABLE);
        report.sites(subject);
        report.sources();
        report.legend();
        report.notes(subject);
        return String.join("\n", report.lines) + "\n";
    }

    private void head(Subject subject) {
        lines.add(subject.detector() + ": " + subject.data());
        for (var model : subject.models()) {
            lines.add("  %s: %s, SHA-256 %.16s".formatted(model.fit(), Texts.plain(model.name(), 70), model.sha256()));
        }
        lines.add("");
    }

    /** Together, with intervals; the worst fold of each column; and every fold. */
    private void folds(List<Figure> figures) {
        var table = new TextTable();
        heading(table, "fold", figures);
        var pooled = evaluation.pooled();
        slice(table, "pooled", pooled, figures);
        // On rows of the fit an interval would promise something of other sites.
        if (!pooled.fitted()
                && figures.stream().anyMatch(f -> f.interval().apply(pooled).isPresent())) {
            row(table, false, "  95%", "", "", figures, figure -> Texts.interval(figure, pooled));
        }
        if (evaluation.folds().size() > 1) {
            row(table, pooled.fitted(), "worst fold", "", "", figures, figure -> worst(figure, evaluation.folds()));
        }
        evaluation.folds().forEach((number, fold) -> slice(table, Texts.fold(number), fold, figures));
        end(table);
    }

    /** Each data set over all folds. */
    private void sources() {
        var figures = evaluation.pooled().fitted() ? FEW : BY_SOURCE;
        var table = new TextTable();
        heading(table, "data set", figures);
        evaluation.sources().forEach((name, source) -> slice(table, name, source.pooled(), figures));
        end(table);
        if (evaluation.folds().size() > 1) {
            var worst = new TextTable();
            heading(worst, "worst fold", figures);
            evaluation
                    .sources()
                    .forEach((name, source) -> row(
                            worst,
                            source.pooled().fitted(),
                            name,
                            Texts.count(source.pooled().attacks()),
                            Texts.count(source.pooled().benign()),
                            figures,
                            figure -> worst(figure, source.folds())));
            end(worst);
        }
    }

    private void sites(Subject subject) {
        evaluation
                .folds()
                .forEach((number, fold) -> fold.sites().ifPresent(sites -> {
                    var worst = sites.worst();
                    var before = "%s%s: %s of %s benign %s blocked at least once; of %s sites the worst: "
                            .formatted(
                                    fold.fitted() ? FITTED : "",
                                    Texts.fold(number),
                                    Texts.count(sites.blocked()),
                                    Texts.count(sites.units()),
                                    subject.units(),
                                    Texts.count(sites.count()));
                    var after = ", %s of %s".formatted(Texts.count(worst.blocked()), Texts.count(worst.units()));
                    int room = Math.max(1, WIDTH - before.length() - after.length());
                    lines.add(before + Texts.plain(worst.name(), room) + after);
                }));
        lines.add("");
    }

    private void legend() {
        lines.add(
                "recall at x% FP: share of attacks blocked by the threshold that blocks at most x% of the benign rows.");
        lines.add("*: a data set of one class is ranked with the other class of all data sets.");
        lines.add("recall, benign blocked, macro recall, sites: at the model's own blocking point.");
        lines.add(
                "95%: bootstrap over sites and attack families. Calibration: at the share of attacks among these rows.");
    }

    private void notes(Subject subject) {
        for (var note : subject.notes()) {
            var line = new StringBuilder("-");
            for (var word : Texts.plain(note, Integer.MAX_VALUE).split(" ", -1)) {
                if (line.length() + 1 + word.length() > WIDTH) {
                    lines.add(line.toString());
                    line = new StringBuilder(" ");
                }
                line.append(' ').append(Texts.plain(word, WIDTH - 3));
            }
            lines.add(line.toString());
        }
    }

    private void heading(TextTable table, String first, List<Figure> figures) {
        var heads = new ArrayList<>(List.of(first, "attacks", "benign"));
        figures.forEach(figure -> heads.add(figure.title()));
        table.heads(heads);
    }

    private void slice(TextTable table, String name, Slice slice, List<Figure> figures) {
        row(
                table,
                slice.fitted(),
                slice.borrowed() ? name + " *" : name,
                Texts.count(slice.attacks()),
                Texts.count(slice.benign()),
                figures,
                figure -> Texts.value(figure, slice));
    }

    private void row(
            TextTable table,
            boolean fitted,
            String name,
            String attacks,
            String benign,
            List<Figure> figures,
            Function<Figure, String> cell) {
        table.row(
                fitted ? FITTED : "",
                Stream.concat(Stream.of(name, attacks, benign), figures.stream().map(cell))
                        .toList());
    }

    private void end(TextTable table) {
        lines.addAll(table.lines(WIDTH));
        lines.add("");
    }

    private static String worst(Figure figure, Map<Integer, Slice> folds) {
        return figure.worst(folds)
                .map(worst -> Texts.value(figure, worst.value()))
                .orElse(Texts.NONE);
    }
}
