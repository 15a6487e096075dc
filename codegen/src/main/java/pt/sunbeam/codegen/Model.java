package pt.sunbeam.codegen;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A model of integers alone: trainer, Java runtime and Lean compute the same numbers from it.
 *
 * <p>Inputs are quantised features, bytes in [0, 127]; weights are int8; accumulators are 32 bits and never overflow.
 */
public sealed interface Model {

    /** A decision tree (CART) as a flat table in pre-order, root first. */
    record Tree(List<Node> nodes) implements Model {
        public Tree {
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * A multilayer perceptron with one hidden layer: {@code logit = outputBias + sum of v_j * min(127, max(0, b_j + w_j . q) >> shift)}.
     *
     * @param shift in [0, 24]
     */
    record Mlp(List<HiddenUnit> hidden, int shift, int outputBias) implements Model {
        public Mlp {
            hidden = List.copyOf(hidden);
        }
    }

    /** A hidden unit: bias {@code b} (int32), input weights {@code w} (int8) and output weight {@code v} (int8). */
    record HiddenUnit(int bias, List<Integer> weights, int outputWeight) {
        public HiddenUnit {
            weights = List.copyOf(weights);
        }
    }

    /**
     * The tree decides; where it defers, the perceptron's logit does: {@code BLOCK} iff {@code logit >= blockAt}.
     *
     * @param name "scanner-baseline", "ddos-baseline"
     * @param blockAt the logit of the calibrated probability 0.5
     * @param stepsPerNat how many steps of the integer logit make one nat (unit of the natural log-odds), positive;
     *     the calibrated probability of a logit z is {@code 1 / (1 + exp(-(z - blockAt) / stepsPerNat))}
     */
    record Ensemble(String name, List<Feature> features, Tree tree, Mlp mlp, int blockAt, int stepsPerNat)
            implements Model {
        public Ensemble {
            features = List.copyOf(features);
        }

        /** The indices of the features that are evidence. */
        public Set<Integer> evidence() {
            return IntStream.range(0, features.size())
                    .filter(i -> features.get(i).evidence())
                    .boxed()
                    .collect(Collectors.toUnmodifiableSet());
        }

        /** The same model with exactly these features as evidence. */
        public Ensemble withEvidence(Set<Integer> evidence) {
            var marked = IntStream.range(0, features.size())
                    .mapToObj(i -> {
                        var feature = features.get(i);
                        return new Feature(feature.name(), feature.unit(), evidence.contains(i), feature.cuts());
                    })
                    .toList();
            return new Ensemble(name, marked, tree, mlp, blockAt, stepsPerNat);
        }
    }
}
