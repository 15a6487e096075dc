package pt.sunbeam.trainer.export;

import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import pt.sunbeam.codegen.Evaluator;
import pt.sunbeam.codegen.Feature;
import pt.sunbeam.codegen.Model;
import pt.sunbeam.codegen.Model.Ensemble;
import pt.sunbeam.codegen.Verdict;
import pt.sunbeam.trainer.cart.Branch;
import pt.sunbeam.trainer.dataset.Row;

/**
 * Sets the point at which a fitted model blocks, on rows that it was not fitted on.
 *
 * <p>First the tree: blocking leaves are kept, those with the fewest false positives first, as long as they stay within half of what is allowed;
 * the others leave the matter to the perceptron. Then the perceptron: the lowest logit at which both together stay within what is allowed. The
 * slope of the probabilities is that of a logistic regression on the logit (Platt 1999); their middle is the blocking point, not the
 * regression's own.
 */
public final class Calibration {
    /** The point is never below this, however few benign rows there are: the logit of even odds on balanced classes. */
    private static final int EVEN_ODDS = 0;

    private static final double STEEPEST = 4;
    private static final double FLATTEST = 0.25;

    /** What calibration found; {@code falsePositives} on the calibration rows. */
    public record Result(Ensemble model, Branch tree, double falsePositives) {}

    private final byte[][] levels;
    private final int[] logits;
    private final FalsePositives falsePositives;
    private final boolean bySite;
    private final double allowed;

    private Calibration(List<Row> benign, int unjudged, boolean bySite, double allowed, Evaluator evaluator) {
        this.bySite = bySite;
        this.allowed = allowed;
        levels = benign.stream().map(row -> evaluator.quantise(row.raw())).toArray(byte[][]::new);
        logits = Arrays.stream(levels).mapToInt(evaluator::logit).toArray();
        falsePositives = new FalsePositives(benign, unjudged);
    }

    /**
     * Calibrates on rows of both classes.
     *
     * @param natsPerStep what a step of the logit was worth in the fit
     * @param unjudged benign units without rows
     * @param evidence features in which the tree stays monotone
     * @param treeAllows whether leaves that allow stay; else they leave the matter to the perceptron
     * @param allowed share of benign units that may be blocked, in [0, 1]; of own traffic's alone, too, however little of it there is
     * @param bySite whether the mean over sites must stay within that as well
     */
    public static Result calibrate(
            String name,
            List<Feature> features,
            Branch grown,
            Model.Mlp mlp,
            double natsPerStep,
            List<Row> rows,
            int unjudged,
            Set<Integer> evidence,
            boolean treeAllows,
            double allowed,
            boolean bySite) {
        var raw = new Ensemble(name, features, grown.table(), mlp, 0, 1);
        var evaluator = new Evaluator(raw);
        var benign = rows.stream().filter(row -> !row.attack()).toList();
        var calibration = new Calibration(benign, unjudged, bySite, allowed, evaluator);
        // A leaf that yields may turn its neighbours, so the tree is made monotone last; that only ever yields more.
        var affordable = calibration.affordable(grown);
        var tree = (treeAllows ? affordable : withoutAllow(affordable)).monotoneIn(evidence);
        int blockAt = calibration.blockAt(tree);
        int stepsPerNat = stepsPerNat(evaluator, rows, natsPerStep);
        var model = new Ensemble(name, features, tree.table(), mlp, blockAt, stepsPerNat);
        return new Result(model, tree, calibration.rate(tree, blockAt));
    }

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Hit(Branch.Leaf leaf, boolean[] blocked, double rate) {}

    private Branch affordable(Branch grown) {
        var blocked = new boolean[levels.length];
        Set<Branch.Leaf> yielding = Collections.newSetFromMap(new IdentityHashMap<>());
        grown.leaves().stream()
                .filter(leaf -> leaf.verdict() == Verdict.BLOCK)
                .map(leaf -> hit(grown, leaf))
                .sorted(Comparator.comparingDouble(Hit::rate)) // stable: equal rates in the order of the tree
                .forEach(hit -> {
                    var more = blocked.clone();
                    IntStream.range(0, more.length).forEach(i -> more[i] |= hit.blocked()[i]);
                    if (rate(more) <= allowed / 2) {
                        System.arraycopy(more, 0, blocked, 0, more.length);
                    } else {
                        yielding.add(hit.leaf());
                    }
                });
        return grown.map(
                leaf -> yielding.contains(leaf) ? new Branch.Leaf(Verdict.DEFER, leaf.attack(), leaf.benign()) : leaf);
    }

    private static Branch withoutAllow(Branch tree) {
        return tree.map(leaf ->
                leaf.verdict() == Verdict.ALLOW ? new Branch.Leaf(Verdict.DEFER, leaf.attack(), leaf.benign()) : leaf);
    }

    @SuppressWarnings("ReferenceEquality") // two leaves may hold the same numbers
    private Hit hit(Branch grown, Branch.Leaf leaf) {
        var blocked = new boolean[levels.length];
        for (int i = 0; i < blocked.length; i++) {
            blocked[i] = grown.leaf(levels[i]) == leaf;
        }
        return new Hit(leaf, blocked, rate(blocked));
    }

    /** The rate falls as the point rises: bisection over the logits that occur. */
    private int blockAt(Branch tree) {
        var deferred = new HashSet<Integer>();
        for (int i = 0; i < levels.length; i++) {
            if (tree.leaf(levels[i]).verdict() == Verdict.DEFER) {
                deferred.add(logits[i]);
            }
        }
        var candidates = IntStream.concat(
                        IntStream.of(EVEN_ODDS), deferred.stream().mapToInt(z -> z + 1))
                .filter(z -> z >= EVEN_ODDS)
                .sorted()
                .distinct()
                .toArray();
        int low = 0;
        int high = candidates.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (rate(tree, candidates[middle]) <= allowed) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return candidates[low];
    }

    private double rate(Branch tree, int blockAt) {
        var blocked = new boolean[levels.length];
        for (int i = 0; i < blocked.length; i++) {
            var verdict = tree.leaf(levels[i]).verdict();
            blocked[i] = verdict == Verdict.BLOCK || (verdict == Verdict.DEFER && logits[i] >= blockAt);
        }
        return rate(blocked);
    }

    private double rate(boolean[] blocked) {
        double rate = Math.max(falsePositives.rate(blocked), falsePositives.ownRate(blocked));
        return bySite ? Math.max(rate, falsePositives.siteRate(blocked)) : rate;
    }

    /** Newton's method for slope and offset of a weighted logistic regression on the logit in nats. */
    private static int stepsPerNat(Evaluator evaluator, List<Row> rows, double natsPerStep) {
        var logits = rows.stream()
                .mapToDouble(row -> evaluator.logit(evaluator.quantise(row.raw())) * natsPerStep)
                .toArray();
        double slope = 1;
        double offset = 0;
        for (int step = 0; step < 25; step++) {
            double g0 = 0;
            double g1 = 0;
            double h00 = 1e-6;
            double h01 = 0;
            double h11 = 1e-6;
            for (int i = 0; i < logits.length; i++) {
                var row = rows.get(i);
                double p = 1 / (1 + Math.exp(-slope * logits[i] - offset));
                double error = row.weight() * (p - (row.attack() ? 1 : 0));
                double curvature = row.weight() * p * (1 - p);
                g0 += error;
                g1 += error * logits[i];
                h00 += curvature;
                h01 += curvature * logits[i];
                h11 += curvature * logits[i] * logits[i];
            }
            double determinant = h00 * h11 - h01 * h01;
            if (!(determinant > 1e-9)) {
                break;
            }
            slope = Math.clamp(slope - (h00 * g1 - h01 * g0) / determinant, FLATTEST, STEEPEST);
            offset = Math.clamp(offset - (h11 * g0 - h01 * g1) / determinant, -50, 50);
        }
        return (int) Math.max(1, Math.round(1 / (natsPerStep * slope)));
    }
}
