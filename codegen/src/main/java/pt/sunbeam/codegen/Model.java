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

    /**
     * Weights of hashed trigrams of text, for the scanner detector: {@code any} tells attacks of any kind from other text, {@code families} one
     * kind each. Its scores are features of an ensemble, so the two belong together.
     *
     * @param name that of the ensemble
     * @param ensembleSha256 the version of the ensemble
     * @param channels the words for the families, in the order of their weights
     * @param gate the score from which on the families are weighed, positive
     * @param bars what is taken off the score of a text for its place
     * @param any int8, one for each slot; a power of two of them
     * @param families int8, {@code families[slot * channels.size() + channel]}; a power of two of slots, at most as many as in {@code any}: those
     *     that share their highest bits share one here
     */
    record Lexicon(
            String name,
            String ensembleSha256,
            List<String> channels,
            int gate,
            List<Bar> bars,
            List<Integer> any,
            List<Integer> families)
            implements Model {
        public Lexicon {
            channels = List.copyOf(channels);
            bars = List.copyOf(bars);
            any = List.copyOf(any);
            families = List.copyOf(families);
        }

        /** So many slots have the families. */
        public int familySlots() {
            return families.size() / Math.max(1, channels.size());
        }
    }

    /** A place of text in a request, by its word, and its bar, not negative. */
    record Bar(String place, int steps) {}
}
