package pt.sunbeam.trainer.evaluate;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A figure of a slice, the same in table, JSON and page.
 *
 * @param key in JSON
 * @param title for people, short
 * @param moreIsBetter which way is worse
 * @param percent whether it is a share, shown in percent
 * @param value empty where a class it needs is
 * @param interval empty where there is none
 */
record Figure(
        String key,
        String title,
        boolean moreIsBetter,
        boolean percent,
        Function<Slice, OptionalDouble> value,
        Function<Slice, Optional<Interval>> interval) {

    static final Figure ROC_AUC = new Figure(
            "roc_auc",
            "ROC AUC",
            true,
            false,
            slice -> slice.ranking().rocAuc(),
            slice -> slice.intervals().rocAuc());
    static final Figure PR_AUC =
            plain("pr_auc", "PR AUC", true, false, slice -> slice.ranking().averagePrecision());
    static final Figure RECALL = new Figure(
            "recall",
            "recall",
            true,
            true,
            Slice::recall,
            slice -> slice.intervals().recall());
    static final Figure FALSE_POSITIVES = new Figure(
            "false_positive_rate",
            "benign blocked",
            false,
            true,
            Slice::falsePositives,
            slice -> slice.intervals().falsePositives());
    static final Figure BENIGN_RECALL = plain("benign_recall", "benign recall", true, true, Slice::benignRecall);
    static final Figure MACRO_RECALL = plain("macro_recall", "macro recall", true, true, Slice::macroRecall);
    static final Figure DEFER_SHARE =
            plain("defer_share", "tree defers", true, true, slice -> OptionalDouble.of(slice.deferShare()));
    static final Figure CALIBRATION_ERROR = plain(
            "expected_calibration_error", "calibration error", false, false, reliability(Reliability::expectedError));
    static final Figure BRIER = plain("brier_score", "Brier score", false, false, reliability(Reliability::brier));
    static final Figure SITE_MEDIAN = plain(
            "site_false_positive_rate_median",
            "median site",
            false,
            true,
            slice -> slice.sites().stream().mapToDouble(Sites::median).findFirst());
    static final Figure SITE_WORST = plain(
            "site_false_positive_rate_worst",
            "worst site",
            false,
            true,
            slice -> slice.sites().stream()
                    .mapToDouble(sites -> sites.worst().share())
                    .findFirst());

    /** Recall at each of {@link Slice#BUDGETS}. */
    static final List<Figure> RECALL_AT =
            IntStream.range(0, Slice.BUDGETS.size()).mapToObj(Figure::recallAt).toList();

    static final List<Figure> ALL = Stream.concat(
                    RECALL_AT.stream(),
                    Stream.of(
                            ROC_AUC,
                            PR_AUC,
                            RECALL,
                            FALSE_POSITIVES,
                            BENIGN_RECALL,
                            MACRO_RECALL,
                            SITE_MEDIAN,
                            SITE_WORST,
                            DEFER_SHARE,
                            CALIBRATION_ERROR,
                            BRIER))
            .toList();

    /** The value of the fold that does worst; the first of several. */
    record Worst(int fold, double value) {}

    Optional<Worst> worst(Map<Integer, Slice> folds) {
        return folds.entrySet().stream()
                .flatMap(fold ->
                        value.apply(fold.getValue()).stream().mapToObj(found -> new Worst(fold.getKey(), found)))
                .reduce((a, b) -> (moreIsBetter ? b.value() < a.value() : b.value() > a.value()) ? b : a);
    }

    private static Figure recallAt(int i) {
        var budget = Texts.budget(Slice.BUDGETS.get(i));
        return new Figure(
                "recall_at_" + budget.replace('.', '_') + "_percent_fp",
                "recall at " + budget + "% FP",
                true,
                true,
                slice -> slice.at().stream()
                        .skip(i)
                        .mapToDouble(Ranking.AtBudget::recall)
                        .findFirst(),
                slice -> slice.intervals().recallAt().stream().skip(i).findFirst());
    }

    /** Of one class alone, a probability cannot be held against anything. */
    private static Function<Slice, OptionalDouble> reliability(ToDoubleFunction<Reliability> figure) {
        return slice -> slice.attacks() == 0 || slice.benign() == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(figure.applyAsDouble(slice.reliability()));
    }

    private static Figure plain(
            String key, String title, boolean moreIsBetter, boolean percent, Function<Slice, OptionalDouble> value) {
        return new Figure(key, title, moreIsBetter, percent, value, _ -> Optional.empty());
    }
}
