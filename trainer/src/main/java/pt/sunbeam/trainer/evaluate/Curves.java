package pt.sunbeam.trainer.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The three curves of an evaluation: all rows thick, each fold thin. */
final class Curves {
    /** The left end of the ROC curve's logarithmic axis: one benign row in ten thousand. */
    private static final double SMALLEST_SHARE = 1e-4;

    private static final int STEPS_A_DECADE = 16;
    private static final List<Chart.Tick> PERCENT = IntStream.rangeClosed(0, 5)
            .mapToObj(i -> new Chart.Tick(i / 5.0, 20 * i + "%"))
            .toList();
    private static final List<Chart.Tick> SHARE = IntStream.rangeClosed(0, 5)
            .mapToObj(i -> new Chart.Tick(i / 5.0, Texts.fixed(i / 5.0, 1)))
            .toList();
    private static final List<Chart.Tick> DECADES = Stream.of(0.0001, 0.001, 0.01, 0.1, 1.0)
            .map(share -> new Chart.Tick(logarithmic(share), Texts.budget(share) + "%"))
            .toList();

    private Curves() {}

    static String roc(Evaluation evaluation) {
        var pooled = evaluation.pooled();
        var chart = new Chart(
                        "roc",
                        "ROC curve",
                        "Share of attacks blocked against share of benign rows blocked, on a logarithmic axis. Area under the curve: "
                                + Texts.value(Figure.ROC_AUC, pooled) + "; "
                                + String.join(
                                        ", ",
                                        Figure.RECALL_AT.stream()
                                                .map(figure -> figure.title() + " " + Texts.value(figure, pooled))
                                                .toList())
                                + ".")
                .axes("benign rows blocked (%, logarithmic)", DECADES, "attacks blocked (%)", PERCENT)
                .curve("chance", between(0, 0, 1, 1));
        folds(evaluation).forEach(fold -> chart.curve("fold", rocSpots(fold.ranking())));
        chart.curve("pooled", rocSpots(pooled.ranking()));
        if (pooled.recall().isPresent() && pooled.falsePositives().isPresent()) {
            chart.dot(
                    "own",
                    new Chart.Spot(
                            logarithmic(pooled.falsePositives().getAsDouble()),
                            pooled.recall().getAsDouble()),
                    5);
        }
        return chart.svg();
    }

    static String precisionRecall(Evaluation evaluation) {
        var pooled = evaluation.pooled();
        var chart = new Chart(
                        "pr",
                        "Precision-recall curve",
                        "Share of attacks among the rows blocked against share of attacks blocked. Average precision: "
                                + Texts.value(Figure.PR_AUC, pooled) + ".")
                .axes("attacks blocked (recall, %)", PERCENT, "attacks among rows blocked (%)", PERCENT);
        double chance = (double) pooled.ranking().attacks()
                / (pooled.ranking().attacks() + pooled.ranking().benign());
        chart.curve("chance", List.of(new Chart.Spot(0, chance), new Chart.Spot(1, chance)));
        folds(evaluation).forEach(fold -> chart.curve("fold", precisionSpots(fold.ranking())));
        chart.curve("pooled", precisionSpots(pooled.ranking()));
        long blocked = (long) pooled.blockedAttacks() + pooled.blockedBenign();
        if (pooled.recall().isPresent() && blocked > 0) {
            chart.dot(
                    "own",
                    new Chart.Spot(pooled.recall().getAsDouble(), (double) pooled.blockedAttacks() / blocked),
                    5);
        }
        return chart.svg();
    }

    static String reliability(Evaluation evaluation) {
        var pooled = evaluation.pooled();
        var chart = new Chart(
                        "reliability",
                        "Reliability",
                        "Share of attacks against the model's probability, in ten bins. Expected calibration error: "
                                + Texts.value(Figure.CALIBRATION_ERROR, pooled) + ".")
                .axes("mean probability of a bin", SHARE, "share of attacks in it", SHARE)
                .curve("chance", List.of(new Chart.Spot(0, 0), new Chart.Spot(1, 1)));
        folds(evaluation).forEach(fold -> chart.curve("fold", reliabilitySpots(fold)));
        var spots = reliabilitySpots(pooled);
        chart.curve("pooled", spots);
        spots.forEach(spot -> chart.dot("dot", spot, 3.5));
        return chart.svg();
    }

    private static List<Slice> folds(Evaluation evaluation) {
        return evaluation.folds().size() > 1 ? List.copyOf(evaluation.folds().values()) : List.of();
    }

    private static List<Chart.Spot> rocSpots(Ranking ranking) {
        var spots = new ArrayList<Chart.Spot>();
        double x = 0;
        double y = 0;
        for (var point : ranking.points()) {
            double nextX = (double) point.benign() / ranking.benign();
            double nextY = (double) point.attacks() / ranking.attacks();
            spots.addAll(between(x, y, nextX, nextY));
            x = nextX;
            y = nextY;
        }
        return spots;
    }

    /** A straight line, which is none on a logarithmic axis. */
    private static List<Chart.Spot> between(double x1, double y1, double x2, double y2) {
        var spots = new ArrayList<Chart.Spot>();
        spots.add(new Chart.Spot(logarithmic(x1), y1));
        if (x2 > x1) {
            int steps = (int) Math.ceil(STEPS_A_DECADE * Math.log10(x2 / Math.max(SMALLEST_SHARE, x1)));
            for (int i = 1; i < steps; i++) {
                double x = x2 * Math.pow(10, -(double) (steps - i) / STEPS_A_DECADE);
                if (x > x1) {
                    spots.add(new Chart.Spot(logarithmic(x), y1 + (y2 - y1) * (x - x1) / (x2 - x1)));
                }
            }
        }
        spots.add(new Chart.Spot(logarithmic(x2), y2));
        return spots;
    }

    /** Steps: see {@link Ranking#averagePrecision}. */
    private static List<Chart.Spot> precisionSpots(Ranking ranking) {
        var spots = new ArrayList<Chart.Spot>();
        double recall = 0;
        for (var point : ranking.points()) {
            long blocked = point.attacks() + point.benign();
            if (blocked > 0) {
                double precision = (double) point.attacks() / blocked;
                spots.add(new Chart.Spot(recall, precision));
                recall = (double) point.attacks() / ranking.attacks();
                spots.add(new Chart.Spot(recall, precision));
            }
        }
        return spots;
    }

    private static List<Chart.Spot> reliabilitySpots(Slice slice) {
        return slice.reliability().bins().stream()
                .map(bin -> new Chart.Spot(bin.probability(), bin.attacks()))
                .toList();
    }

    /** Where a share stands on the logarithmic axis; smaller ones at its left end. */
    private static double logarithmic(double share) {
        return 1 - Math.log10(Math.max(SMALLEST_SHARE, share)) / Math.log10(SMALLEST_SHARE);
    }
}
