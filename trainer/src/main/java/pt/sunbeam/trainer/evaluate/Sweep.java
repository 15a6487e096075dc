package pt.sunbeam.trainer.evaluate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import pt.sunbeam.codegen.Model.Ensemble;
import pt.sunbeam.trainer.dataset.Row;

/** Models fitted with different settings, side by side on the same held-out rows: for people to choose from. */
public final class Sweep {
    private static final List<Figure> FIGURES = Stream.concat(
                    Figure.RECALL_AT.stream(),
                    Stream.of(Figure.ROC_AUC, Figure.PR_AUC, Figure.RECALL, Figure.FALSE_POSITIVES, Figure.SITE_WORST))
            .toList();

    private final TextTable table = new TextTable();
    private final String flipped;

    /**
     * Begins a table.
     *
     * @param setting what differs, the heading of the first column
     * @param flipped what {@code turned} flips, for the heading of the last column
     */
    public Sweep(String setting, String flipped) {
        this.flipped = flipped;
        var heads = new ArrayList<>(List.of(setting));
        FIGURES.forEach(figure -> heads.add(figure.title()));
        heads.add("turned by " + flipped);
        table.heads(heads);
    }

    /**
     * Adds a model.
     *
     * @param rows held out of its fit; at least one
     * @param bit a feature of 0 or 1
     */
    public void add(String setting, Ensemble model, Collection<Row> rows, int bit, long seed) {
        var scorer = new Scorer(model);
        var slice = Slice.of(scorer.score(rows, Row::fold, _ -> false), seed);
        var cells = new ArrayList<>(List.of(setting));
        FIGURES.forEach(figure -> cells.add(Texts.value(figure, slice)));
        cells.add(Texts.percent(turned(scorer, rows, bit)));
        table.row("", cells);
    }

    /** The share of rows whose decision is another where the feature is flipped. */
    static double turned(Scorer scorer, Collection<Row> rows, int bit) {
        long turned = rows.stream()
                .filter(row -> {
                    var other = row.raw().clone();
                    other[bit] = 1 - other[bit];
                    return scorer.decide(row.raw()).block()
                            != scorer.decide(other).block();
                })
                .count();
        return (double) turned / rows.size();
    }

    /** The table, with a line that says what the last column is. */
    public String text() {
        return String.join("\n", table.lines(TextReport.WIDTH))
                + "\n\nturned by %s: share of rows whose decision is another with the feature flipped.\n"
                        .formatted(flipped);
    }
}
