package pt.sunbeam.trainer.evaluate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** An evaluation as one page that needs nothing else: no script, no file, no network. */
public final class HtmlReport {
    private static final List<Figure> TILES = List.of(
            Figure.RECALL_AT.get(0),
            Figure.RECALL_AT.get(2),
            Figure.ROC_AUC,
            Figure.RECALL,
            Figure.FALSE_POSITIVES,
            Figure.DEFER_SHARE);

    /** All but what one other of them says as well. */
    private static final List<Figure> FIGURES = Figure.ALL.stream()
            .filter(figure -> !figure.equals(Figure.BENIGN_RECALL))
            .toList();

    private static final int LONGEST_NAME = 60;

    private final List<String> parts = new ArrayList<>();
    private final Subject subject;
    private final Evaluation evaluation;

    private HtmlReport(Subject subject, Evaluation evaluation) {
        this.subject = subject;
        this.evaluation = evaluation;
    }

    public static String of(Subject subject, Evaluation evaluation) {
        var report = new HtmlReport(subject, evaluation);
        report.head();
        report.tiles();
        report.curves();
        report.folds();
        report.sources();
        report.sites();
        report.reliability();
        report.reading();
        return template()
                .replace("{{title}}", Html.escaped("Evaluation of " + subject.detector()))
                .replace("{{body}}", String.join("\n", report.parts));
    }

    private static String template() {
        try (var in = HtmlReport.class.getResourceAsStream("report.html")) {
            if (in == null) {
                throw new IllegalStateException("report.html is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private void head() {
        parts.add("<h1>Evaluation of %s</h1>".formatted(Html.escaped(subject.detector())));
        parts.add("<p class=\"quiet\">%s. %s attack rows, %s benign rows, %s data sets.</p>"
                .formatted(
                        Html.escaped(subject.data()),
                        Texts.count(evaluation.pooled().attacks()),
                        Texts.count(evaluation.pooled().benign()),
                        evaluation.sources().size()));
        if (evaluation.pooled().fitted()) {
            parts.add("<p class=\"warning\" role=\"note\">Models were fitted on rows scored here."
                    + " Such figures say nothing of new traffic; they are marked in every line.</p>");
        }
        parts.add("<details><summary>Models</summary><ul>");
        subject.models()
                .forEach(model -> parts.add("<li>%s: %s, SHA-256 <code>%s</code></li>"
                        .formatted(model.fit(), Html.escaped(model.name()), Html.escaped(model.sha256()))));
        parts.add("</ul></details>");
    }

    private void tiles() {
        parts.add("<dl class=\"tiles\">");
        for (var figure : TILES) {
            var more = new ArrayList<String>();
            var interval = interval(figure);
            if (!interval.equals(Texts.NONE)) {
                more.add("95%: " + interval);
            }
            if (evaluation.folds().size() > 1) {
                figure.worst(evaluation.folds())
                        .ifPresent(worst -> more.add("worst: %s (%s)"
                                .formatted(Texts.value(figure, worst.value()), Texts.fold(worst.fold()))));
            }
            parts.add("<div><dt>%s%s</dt><dd class=\"value\">%s</dd><dd class=\"more\">%s</dd></div>"
                    .formatted(
                            Html.escaped(figure.title()),
                            mark(evaluation.pooled()),
                            Texts.value(figure, evaluation.pooled()),
                            String.join("<br>", more)));
        }
        parts.add("</dl>");
    }

    private void curves() {
        parts.add("<h2>Curves</h2>");
        if (evaluation.pooled().ranking().rocAuc().isEmpty()) {
            parts.add("<p>There is one class of rows only, so there are no curves.</p>");
            return;
        }
        var folds = evaluation.folds().size() > 1 ? "<span class=\"key\"></span>each fold " : "";
        var key = mark(evaluation.pooled()) + " <span class=\"key pooled\"></span>all rows " + folds;
        parts.add("<div class=\"charts\">");
        chart(
                "ROC",
                Curves.roc(evaluation),
                key
                        + "<span class=\"key chance\"></span>chance <span class=\"key own\"></span>the model's own point. Up and to the left is better.");
        chart(
                "Precision and recall",
                Curves.precisionRecall(evaluation),
                key
                        + "<span class=\"key chance\"></span>chance, the share of attacks among these rows <span class=\"key own\"></span>the model's own point.");
        chart(
                "Reliability",
                Curves.reliability(evaluation),
                key
                        + "<span class=\"key chance\"></span>perfect. Above the line, attacks are more frequent than the model says.");
        parts.add("</div>");
    }

    private void chart(String title, String svg, String caption) {
        parts.add("<figure><h3>%s</h3>%s<figcaption>%s</figcaption></figure>".formatted(title, svg, caption));
    }

    private void folds() {
        parts.add("<h2>By fold</h2>");
        open(
                evaluation.pooled().fitted()
                        ? "Folds marked so hold rows of their model's fit."
                        : "Each fold is scored by the model that was fitted without it.",
                "fold",
                List.of("attacks", "benign"));
        slice("pooled", "all rows", evaluation.pooled());
        if (!evaluation.pooled().fitted()) {
            row("range", "95%", List.of("", ""), this::interval);
        }
        if (evaluation.folds().size() > 1) {
            row(
                    "",
                    "worst fold" + mark(evaluation.pooled()),
                    List.of("", ""),
                    figure -> worst(figure, evaluation.folds()));
        }
        evaluation.folds().forEach((number, slice) -> slice("", Texts.fold(number), slice));
        close();
    }

    private void sources() {
        parts.add("<h2>By data set</h2>");
        open(
                "All folds together. * A data set of one class is ranked with the other class of all data sets.",
                "data set",
                List.of("attacks", "benign"));
        evaluation.sources().forEach((name, source) -> slice("", name, source.pooled()));
        close();
        if (evaluation.folds().size() < 2) {
            return;
        }
        parts.add("<details><summary>Each data set by fold</summary>");
        open("Each data set by fold.", "data set", List.of("fold", "attacks", "benign"));
        evaluation
                .sources()
                .forEach((name, source) -> source.folds()
                        .forEach((number, slice) -> row(
                                "",
                                named(name, slice),
                                List.of(Texts.fold(number), Texts.count(slice.attacks()), Texts.count(slice.benign())),
                                figure -> Texts.value(figure, slice))));
        close();
        parts.add("</details>");
    }

    private void sites() {
        parts.add("<h2>False positives by site</h2>");
        table(
                "Benign %s blocked at least once.".formatted(subject.units()),
                List.of(
                        "fold",
                        "sites",
                        subject.units(),
                        "blocked",
                        "median site",
                        "worst site",
                        "blocked there",
                        "of"));
        evaluation
                .folds()
                .forEach((number, slice) -> slice.sites()
                        .ifPresent(sites -> cells(
                                "",
                                Html.escaped(Texts.fold(number)) + mark(slice),
                                List.of(
                                        Texts.count(sites.count()),
                                        Texts.count(sites.units()),
                                        Texts.count(sites.blocked()),
                                        Texts.percent(sites.median()),
                                        Texts.plain(sites.worst().name(), LONGEST_NAME),
                                        Texts.count(sites.worst().blocked()),
                                        Texts.count(sites.worst().units())))));
        close();
    }

    private void reliability() {
        parts.add("<h2>Calibration</h2>");
        var reliability = evaluation.pooled().reliability();
        table(
                "All rows: expected calibration error %s, Brier score %s."
                        .formatted(Texts.fixed(reliability.expectedError(), 4), Texts.fixed(reliability.brier(), 4)),
                List.of("probability", "rows", "mean probability", "share of attacks"));
        reliability
                .bins()
                .forEach(bin -> cells(
                        "",
                        "%s to %s%s"
                                .formatted(
                                        Texts.fixed(bin.low(), 1),
                                        Texts.fixed(bin.high(), 1),
                                        mark(evaluation.pooled())),
                        List.of(
                                Texts.count(bin.rows()),
                                Texts.fixed(bin.probability(), 4),
                                Texts.fixed(bin.attacks(), 4))));
        close();
    }

    private void reading() {
        parts.add("""
                <h2>How to read this</h2>
                <ul>
                <li>Rows are ranked by the model's calibrated log-odds. What the tree allows ranks below, and what it blocks above, all that the perceptron scores.
                Rows of one score are one step: no figure depends on their order.</li>
                <li>Recall at x% FP: the share of attacks blocked by the threshold that blocks at most x% of the benign rows; nothing is interpolated.</li>
                <li>ROC AUC: how often an attack ranks above a benign row, ties counting half (Fawcett 2006). PR AUC: average precision (Davis and Goadrich 2006);
                it depends on the share of attacks among the rows.</li>
                <li>Recall, benign blocked, macro recall and sites: at the model's own blocking point.</li>
                <li>95%: percentile bootstrap of whole benign sites and attack families (Efron and Tibshirani 1993); "-" where there are fewer than two.</li>
                <li>Calibration error and Brier score hold probabilities against the share of attacks among these rows, which is far higher than in traffic.</li>
                </ul>""");
        if (!subject.notes().isEmpty()) {
            parts.add("<h2>Notes</h2><ul>");
            subject.notes().forEach(note -> parts.add("<li>%s</li>".formatted(Html.escaped(note))));
            parts.add("</ul>");
        }
    }

    private void slice(String style, String name, Slice slice) {
        row(
                style,
                named(name, slice),
                List.of(Texts.count(slice.attacks()), Texts.count(slice.benign())),
                figure -> Texts.value(figure, slice));
    }

    private static String named(String name, Slice slice) {
        return Html.escaped(name) + (slice.borrowed() ? " *" : "") + mark(slice);
    }

    private static String mark(Slice slice) {
        return slice.fitted() ? " <strong>(rows of the fit)</strong>" : "";
    }

    private void open(String caption, String first, List<String> counts) {
        var heads = new ArrayList<String>();
        heads.add(first);
        heads.addAll(counts);
        FIGURES.forEach(figure -> heads.add(figure.title()));
        table(caption, heads);
    }

    private void table(String caption, List<String> heads) {
        parts.add(
                "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\"><table%s><caption>%s</caption><thead><tr>"
                        .formatted(
                                Html.escaped(caption),
                                heads.getFirst().equals("data set") ? " class=\"named\"" : "",
                                Html.escaped(caption)));
        heads.forEach(head -> parts.add("<th scope=\"col\">%s</th>".formatted(Html.escaped(head))));
        parts.add("</tr></thead><tbody>");
    }

    private void close() {
        parts.add("</tbody></table></div>");
    }

    /** @param name escaped */
    private void row(String style, String name, List<String> counts, Function<Figure, String> cell) {
        var texts = new ArrayList<>(counts);
        FIGURES.forEach(figure -> texts.add(cell.apply(figure)));
        cells(style, name, texts);
    }

    /** @param name escaped */
    private void cells(String style, String name, List<String> texts) {
        var row = new StringBuilder("<tr class=\"%s\"><th scope=\"row\">%s</th>".formatted(style, name));
        texts.forEach(text -> row.append("<td>").append(Html.escaped(text)).append("</td>"));
        parts.add(row.append("</tr>").toString());
    }

    private String interval(Figure figure) {
        return evaluation.pooled().fitted() ? Texts.NONE : Texts.interval(figure, evaluation.pooled());
    }

    private static String worst(Figure figure, Map<Integer, Slice> folds) {
        return figure.worst(folds)
                .map(worst -> Texts.value(figure, worst.value()))
                .orElse(Texts.NONE);
    }
}
