package pt.sunbeam.trainer.evaluate;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * What a model does with some rows: a fold, a data set, or all of them.
 *
 * @param attacks rows
 * @param benign rows
 * @param ranking of its rows; where it holds one class alone, with the other class of all data sets
 * @param borrowed whether the ranking has a class from other data sets
 * @param at recall at {@link #BUDGETS}, on that ranking
 * @param deferShare share of rows that the tree leaves to the perceptron, in [0, 1]
 * @param sites empty where nothing is benign
 * @param fitted whether the model was fitted on some of the rows: then no figure says anything of others
 */
public record Slice(
        int attacks,
        int benign,
        int blockedAttacks,
        int blockedBenign,
        Ranking ranking,
        boolean borrowed,
        List<Ranking.AtBudget> at,
        double deferShare,
        Reliability reliability,
        Optional<Sites> sites,
        Intervals intervals,
        boolean fitted) {
    /** Shares of benign rows that may be blocked. */
    public static final List<Double> BUDGETS = List.of(0.001, 0.005, 0.01);

    public Slice {
        at = List.copyOf(at);
    }

    /** Rows of all data sets, of which there is at least one. */
    static Slice of(List<Scored> rows, long seed) {
        return of(rows, rows, Intervals.of(rows, BUDGETS, seed));
    }

    /**
     * Rows of one data set, of which there is at least one.
     *
     * @param all rows of all data sets, to rank with
     */
    static Slice of(List<Scored> rows, Collection<Scored> all, long seed) {
        boolean attacks = rows.stream().anyMatch(Scored::attack);
        boolean benign = rows.stream().anyMatch(row -> !row.attack());
        var ranked = attacks && benign
                ? rows
                : Stream.concat(rows.stream(), all.stream().filter(row -> row.attack() ? !attacks : !benign))
                        .toList();
        return of(rows, ranked, Intervals.ofDecisions(rows, seed));
    }

    private static Slice of(List<Scored> rows, List<Scored> ranked, Intervals intervals) {
        var ranking = Ranking.of(ranked);
        int attacks = (int) rows.stream().filter(Scored::attack).count();
        int blocked = (int) rows.stream().filter(Scored::block).count();
        int blockedAttacks =
                (int) rows.stream().filter(row -> row.attack() && row.block()).count();
        return new Slice(
                attacks,
                rows.size() - attacks,
                blockedAttacks,
                blocked - blockedAttacks,
                ranking,
                ranked.size() > rows.size(),
                ranking.at(BUDGETS),
                (double) rows.stream().filter(Scored::deferred).count() / rows.size(),
                Reliability.of(rows),
                Sites.of(rows),
                intervals,
                rows.stream().anyMatch(Scored::fitted));
    }

    /** Share of attacks blocked at the model's own point. */
    public OptionalDouble recall() {
        return share(blockedAttacks, attacks);
    }

    /** Share of benign rows blocked at the model's own point. */
    public OptionalDouble falsePositives() {
        return share(blockedBenign, benign);
    }

    /** The recall of the benign class: the share of benign rows let through. */
    public OptionalDouble benignRecall() {
        return share(benign - blockedBenign, benign);
    }

    /** The mean of the recalls of both classes. */
    public OptionalDouble macroRecall() {
        return attacks == 0 || benign == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of((recall().getAsDouble() + benignRecall().getAsDouble()) / 2);
    }

    private static OptionalDouble share(int some, int all) {
        return all == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) some / all);
    }
}
