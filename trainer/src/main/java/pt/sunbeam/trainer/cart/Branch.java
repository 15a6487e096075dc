package pt.sunbeam.trainer.cart;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import pt.sunbeam.codegen.Model;
import pt.sunbeam.codegen.Node;
import pt.sunbeam.codegen.Verdict;

/** A grown tree. */
public sealed interface Branch {
    /** Low where {@code levels[feature] <= threshold}. */
    record Split(int feature, int threshold, Branch low, Branch high) implements Branch {}

    /** The weight of training rows that end here, by class. */
    record Leaf(Verdict verdict, double attack, double benign) implements Branch {
        Leaf as(Verdict other) {
            return new Leaf(other, attack, benign);
        }
    }

    default Leaf leaf(byte[] levels) {
        Branch at = this;
        while (at instanceof Split(int feature, int threshold, Branch low, Branch high)) {
            at = levels[feature] <= threshold ? low : high;
        }
        return (Leaf) at;
    }

    default List<Leaf> leaves() {
        return switch (this) {
            case Leaf leaf -> List.of(leaf);
            case Split(int _, int _, Branch low, Branch high) -> {
                var leaves = new ArrayList<>(low.leaves());
                leaves.addAll(high.leaves());
                yield leaves;
            }
        };
    }

    /** The tree with each leaf changed, and splits dropped whose two leaves say the same. */
    default Branch map(UnaryOperator<Leaf> change) {
        return switch (this) {
            case Leaf leaf -> change.apply(leaf);
            case Split(int feature, int threshold, Branch low, Branch high) ->
                merged(feature, threshold, low.map(change), high.map(change));
        };
    }

    /**
     * The tree in which raising one of the features never lowers the verdict: wherever a leaf on the low side of a split on such a feature ranks
     * above one on its high side, blocking and allowing leaves leave the matter to the perceptron.
     */
    default Branch monotoneIn(Set<Integer> features) {
        Branch before = this;
        Branch after = before.yielding(features);
        while (!after.equals(before)) {
            before = after;
            after = before.yielding(features);
        }
        return after;
    }

    private Branch yielding(Set<Integer> features) {
        if (!(this instanceof Split(int feature, int threshold, Branch low, Branch high))) {
            return this;
        }
        low = low.yielding(features);
        high = high.yielding(features);
        if (features.contains(feature)) {
            if (low.has(Verdict.BLOCK) && (high.has(Verdict.ALLOW) || high.has(Verdict.DEFER))) {
                low = low.map(leaf -> leaf.verdict() == Verdict.BLOCK ? leaf.as(Verdict.DEFER) : leaf);
            }
            if (high.has(Verdict.ALLOW) && (low.has(Verdict.BLOCK) || low.has(Verdict.DEFER))) {
                high = high.map(leaf -> leaf.verdict() == Verdict.ALLOW ? leaf.as(Verdict.DEFER) : leaf);
            }
        }
        return merged(feature, threshold, low, high);
    }

    private boolean has(Verdict verdict) {
        return leaves().stream().anyMatch(leaf -> leaf.verdict() == verdict);
    }

    private static Branch merged(int feature, int threshold, Branch low, Branch high) {
        return low instanceof Leaf(Verdict a, double attack, double benign)
                        && high instanceof Leaf(Verdict b, double otherAttack, double otherBenign)
                        && a == b
                ? new Leaf(a, attack + otherAttack, benign + otherBenign)
                : new Split(feature, threshold, low, high);
    }

    /** As a table in pre-order. */
    default Model.Tree table() {
        var nodes = new ArrayList<Node>();
        append(nodes);
        return new Model.Tree(nodes);
    }

    private void append(List<Node> nodes) {
        switch (this) {
            case Leaf leaf -> nodes.add(new Node.Leaf(leaf.verdict()));
            case Split(int feature, int threshold, Branch low, Branch high) -> {
                int at = nodes.size();
                nodes.add(new Node.Split(feature, threshold, 0, 0));
                int left = nodes.size();
                low.append(nodes);
                int right = nodes.size();
                high.append(nodes);
                nodes.set(at, new Node.Split(feature, threshold, left, right));
            }
        }
    }
}
