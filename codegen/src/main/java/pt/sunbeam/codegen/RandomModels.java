package pt.sunbeam.codegen;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import pt.sunbeam.codegen.Model.Bar;
import pt.sunbeam.codegen.Model.Ensemble;
import pt.sunbeam.codegen.Model.HiddenUnit;
import pt.sunbeam.codegen.Model.Lexicon;
import pt.sunbeam.codegen.Model.Mlp;
import pt.sunbeam.codegen.Model.Tree;

/** Meaningless but well-formed models of any size, to compare whatever computes a model with {@link Evaluator}. */
public final class RandomModels {
    private static final List<Verdict> VERDICTS = List.of(Verdict.values());

    /**
     * The same arguments always give the same model. All its leaves can be reached.
     *
     * @param leaves at most; fewer where a path has no room left to split
     */
    public static Ensemble ensemble(long seed, int features, int leaves, int hidden) {
        return ensemble(seed, features, leaves, hidden, Set.of());
    }

    /** As above, and monotone in these features. */
    public static Ensemble ensemble(long seed, int features, int leaves, int hidden, Set<Integer> evidence) {
        var random = new SplittableRandom(seed);
        var inputs = IntStream.range(0, features)
                .mapToObj(i -> new Feature("feature_" + i, "1", evidence.contains(i), cuts(random)))
                .toList();
        var nodes = new ArrayList<Node>();
        new RandomTree(nodes, evidence, random)
                .grow(
                        leaves,
                        new int[features],
                        inputs.stream().mapToInt(f -> f.cuts().size()).toArray(),
                        0,
                        VERDICTS.size() - 1);
        var units = IntStream.range(0, hidden)
                .mapToObj(_ -> unit(features, evidence, random))
                .toList();
        var mlp = new Mlp(units, random.nextInt(12), random.nextInt(-5_000, 5_000));
        return new Ensemble("random-" + seed, inputs, new Tree(nodes), mlp, random.nextInt(-9_000, 9_000), 700);
    }

    /** A lexicon for an ensemble, likewise; one slot in three has weights. */
    public static Lexicon lexicon(
            long seed,
            String name,
            String ensembleSha256,
            List<String> channels,
            List<Bar> bars,
            int hashBits,
            int familyBits) {
        var random = new SplittableRandom(seed);
        var any = new ArrayList<Integer>();
        var families = new ArrayList<Integer>();
        for (int slot = 0; slot < 1 << hashBits; slot++) {
            any.add(random.nextInt(3) == 0 ? int8(random) : 0);
        }
        for (int slot = 0; slot < 1 << familyBits; slot++) {
            boolean used = random.nextInt(3) == 0;
            channels.forEach(_ -> families.add(used ? int8(random) : 0));
        }
        return new Lexicon(name, ensembleSha256, channels, 1 + random.nextInt(200), bars, any, families);
    }

    private static HiddenUnit unit(int features, Set<Integer> evidence, SplittableRandom random) {
        int output = int8(random);
        var weights = IntStream.range(0, features)
                .mapToObj(i -> {
                    int weight = int8(random);
                    return evidence.contains(i) ? Math.min(127, Math.abs(weight)) * (output < 0 ? -1 : 1) : weight;
                })
                .toList();
        return new HiddenUnit(random.nextInt(-20_000, 20_000), weights, output);
    }

    private static int int8(SplittableRandom random) {
        return random.nextInt(Byte.MIN_VALUE, Byte.MAX_VALUE + 1);
    }

    private static List<Integer> cuts(SplittableRandom random) {
        int count = random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(ModelChecks.MAX_CUTS + 1);
        int bound = random.nextBoolean() ? 2_000 : Integer.MAX_VALUE;
        var cuts = new TreeSet<Integer>();
        while (cuts.size() < count) {
            cuts.add(random.nextInt(-bound, bound));
        }
        return List.copyOf(cuts);
    }

    private record RandomTree(List<Node> nodes, Set<Integer> evidence, SplittableRandom random) {

        /** Grows a tree below the box [low, high]; its leaves rank from {@code least} to {@code most}. */
        void grow(int leaves, int[] low, int[] high, int least, int most) {
            var open =
                    IntStream.range(0, low.length).filter(f -> low[f] < high[f]).toArray();
            if (leaves == 1 || open.length == 0) {
                nodes.add(new Node.Leaf(VERDICTS.get(random.nextInt(least, most + 1))));
                return;
            }
            int at = nodes.size();
            nodes.add(new Node.Leaf(Verdict.DEFER)); // holds the place until both children are known
            int feature = open[random.nextInt(open.length)];
            int threshold = random.nextInt(low[feature], high[feature]);
            int onTheLeft = leaves / 2 + (leaves % 2 == 0 ? 0 : random.nextInt(2));
            boolean ordered = evidence.contains(feature);
            int between = random.nextInt(least, most + 1);
            var leftHigh = high.clone();
            leftHigh[feature] = threshold;
            grow(onTheLeft, low, leftHigh, least, ordered ? between : most);
            int right = nodes.size();
            var rightLow = low.clone();
            rightLow[feature] = threshold + 1;
            grow(leaves - onTheLeft, rightLow, high, ordered ? between : least, most);
            nodes.set(at, new Node.Split(feature, threshold, at + 1, right));
        }
    }

    private RandomModels() {}
}
