package pt.sunbeam.trainer.lexicon;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import pt.sunbeam.detector.lexicon.Lexicon;
import pt.sunbeam.detector.lexicon.Symbols;

/**
 * Fits the weights of one table: logistic loss of a text's score, the highest sum over its segments. The segment is latent: for each text, each time
 * it comes by, the best one under the weights of the moment is taken and its trigrams are moved (as in Felzenszwalb et al. 2010, latent SVM).
 *
 * <p>A step is scaled down by the squares of the trigrams' counts in the segment (normalised least mean squares), for else a text of one repeated trigram
 * would move its score by the square of its length. Far outliers among the attacks lose their pull once the fit has taken shape: public lists hold
 * entries that are none. In the last quarter, scores are those of the rounded weights, and gradients go through the rounding unchanged (the
 * straight-through estimator). The result is the mean over the second half of the epochs, rounded; and of several fits that take the examples in
 * different orders the mean again (bagging without the bootstrap): which of many trigrams carries a verdict is chance in one fit.
 */
final class SegmentFit {
    /**
     * How a fit goes; scores and weights in nats.
     *
     * @param block the score at which the odds are even
     * @param attackMargin how far above that attacks should come
     * @param benignMargin how far below other texts should stay
     * @param benignPull weight of benign texts beside attacks
     * @param unseen weight of a trigram that no example has, and what rare ones shrink to
     * @param highest weight, so low that it takes at least four to block
     * @param lowest weight
     * @param shrink share of the way to {@code unseen} that weights go back in each epoch
     * @param firstStep size of steps in the first epoch
     * @param lastStep the same in the last one
     * @param stepsPerNat of the int8 weights
     */
    record Settings(
            int epochs,
            double block,
            double attackMargin,
            double benignMargin,
            double benignPull,
            double unseen,
            double highest,
            double lowest,
            double shrink,
            double firstStep,
            double lastStep,
            double stepsPerNat,
            long seed) {
        static final Settings STANDARD = new Settings(16, 8, 3, 3, 1, -1, 2.2, -3.1, 0.003, 0.5, 0.05, 40, 1);

        Settings withEpochs(int number) {
            return with(number, seed);
        }

        private Settings withSeed(long number) {
            return with(epochs, number);
        }

        private Settings with(int epochs, long seed) {
            return new Settings(
                    epochs,
                    block,
                    attackMargin,
                    benignMargin,
                    benignPull,
                    unseen,
                    highest,
                    lowest,
                    shrink,
                    firstStep,
                    lastStep,
                    stepsPerNat,
                    seed);
        }

        /** {@link #block} as a score of int8 weights. */
        int blockSteps() {
            return (int) Math.round(block * stepsPerNat);
        }
    }

    /** Counts of a segment's trigrams up to which steps are hardly scaled down. */
    private static final double FREE_NORM = 8;

    /** What a round of two characters in turn takes off a sum, in nats. */
    private static final float LEAST_LOSS = 0.5f;

    private static final double FAR = 4;
    private static final int SETTLED = 6;

    private final Texts texts;
    private final Examples examples;
    private final Settings settings;
    private final int coarser;
    private final float[] weights;
    private final float[] scoring;
    private final int[] counts;
    private boolean rounding;
    private float best;
    private int from;
    private int to;

    private SegmentFit(Texts texts, Examples examples, Settings settings, int bits) {
        this.texts = texts;
        this.examples = examples;
        this.settings = settings;
        coarser = Lexicon.HASH_BITS - bits;
        weights = new float[1 << bits];
        scoring = new float[weights.length];
        counts = new int[weights.length];
    }

    /**
     * Fits a table of int8 weights.
     *
     * @param bits of a slot, at most those of the texts, whose highest it takes
     */
    static byte[] fit(Texts texts, Examples examples, Settings settings, int bits) {
        return new SegmentFit(texts, examples, settings, bits).fit();
    }

    /** The mean of several tables, whose fits differ in their seeds alone; they run side by side. */
    static byte[] mean(Texts texts, Examples examples, Settings settings, int bits, int fits) {
        var tables = IntStream.range(0, fits)
                .parallel()
                .mapToObj(i -> fit(texts, examples, settings.withSeed(settings.seed() + i), bits))
                .toList();
        var mean = new byte[1 << bits];
        for (int slot = 0; slot < mean.length; slot++) {
            int at = slot;
            mean[slot] = (byte)
                    Math.round(tables.stream().mapToInt(table -> table[at]).sum() / (double) fits);
        }
        return mean;
    }

    private byte[] fit() {
        begin();
        int n = examples.size();
        var random = new SplittableRandom(settings.seed());
        var order = new int[n];
        Arrays.setAll(order, i -> i);
        var rests = new byte[n];
        var mean = new double[weights.length];
        int summed = 0;
        for (int epoch = 0; epoch < settings.epochs(); epoch++) {
            if (!rounding && epoch >= settings.epochs() * 3 / 4) {
                rounding = true;
                for (int slot = 0; slot < weights.length; slot++) {
                    set(slot, weights[slot]);
                }
            }
            shuffle(order, random);
            double step = settings.firstStep()
                    * Math.pow(settings.lastStep() / settings.firstStep(), epoch / (double) settings.epochs());
            for (int example : order) {
                if (rests[example] > 0) {
                    rests[example]--;
                } else if (!learn(example, step, epoch > settings.epochs() / 3)) {
                    rests[example] = 2;
                }
            }
            for (int slot = 0; slot < weights.length; slot++) {
                set(slot, weights[slot] + (float) (settings.shrink() * (settings.unseen() - weights[slot])));
            }
            capCycles();
            if (epoch >= settings.epochs() / 2) {
                summed++;
                for (int slot = 0; slot < weights.length; slot++) {
                    mean[slot] += weights[slot];
                }
            }
        }
        var table = new byte[weights.length];
        for (int slot = 0; slot < table.length; slot++) {
            table[slot] = (byte) steps(mean[slot] / summed);
        }
        return table;
    }

    /** Half the log odds of a trigram's being in a text of each class. */
    private void begin() {
        var seen = new int[weights.length];
        var attacks = new double[weights.length];
        var benign = new double[weights.length];
        double[] all = new double[2];
        for (int example = 0; example < examples.size(); example++) {
            boolean attack = examples.attack(example);
            var sums = attack ? attacks : benign;
            all[attack ? 1 : 0] += examples.weight(example);
            int text = examples.text(example);
            for (int i = texts.from(text); i < texts.to(text); i++) {
                int slot = texts.slots()[i] >>> coarser;
                if (seen[slot] != example + 1) {
                    seen[slot] = example + 1;
                    sums[slot] += examples.weight(example);
                }
            }
        }
        double rare = 2e-5;
        for (int slot = 0; slot < weights.length; slot++) {
            double odds = Math.log((attacks[slot] / all[1] + rare) / (benign[slot] / all[0] + rare));
            set(slot, (float) Math.min(1.5, odds / 2 + settings.unseen()));
        }
        capCycles();
    }

    /** Takes one step; false where the example is right by far. */
    private boolean learn(int example, double step, boolean settled) {
        boolean attack = examples.attack(example);
        int text = examples.text(example);
        score(text);
        if (examples.other(example) != text) {
            float first = best;
            score(examples.other(example));
            if (best >= first) {
                text = examples.other(example);
            } else {
                score(text);
            }
        }
        double margin = attack
                ? best - settings.block() - settings.attackMargin()
                : settings.block() - settings.benignMargin() - best;
        if (margin > SETTLED) {
            return false;
        }
        double pull = examples.weight(example) / (1 + Math.exp(margin));
        if (!attack) {
            pull *= settings.benignPull();
        } else if (settled && margin < -FAR) {
            pull *= Math.exp((margin + FAR) / FAR);
        }
        if (attack && from == to) {
            from = texts.from(text);
            to = texts.to(text);
        }
        move((attack ? step : -step) * pull);
        return true;
    }

    private void move(double pull) {
        char[] slots = texts.slots();
        long norm = 0;
        for (int i = from; i < to; i++) {
            norm += 2L * counts[slots[i] >>> coarser]++ + 1;
        }
        float step = (float) (pull * FREE_NORM / (FREE_NORM + norm));
        for (int i = from; i < to; i++) {
            int slot = slots[i] >>> coarser;
            counts[slot] = 0;
            set(slot, weights[slot] + step);
        }
    }

    private void score(int text) {
        char[] slots = texts.slots();
        best = 0;
        from = texts.from(text);
        to = from;
        int begin = from;
        float sum = 0;
        int end = texts.to(text);
        for (int i = from; i < end; i++) {
            sum += scoring[slots[i] >>> coarser];
            if (sum <= 0) {
                sum = 0;
                begin = i + 1;
            } else if (sum > best) {
                best = sum;
                from = begin;
                to = i + 1;
            }
        }
    }

    private void set(int slot, float weight) {
        float bounded = (float) Math.clamp(weight, settings.lowest(), settings.highest());
        weights[slot] = bounded;
        scoring[slot] = rounding ? (float) (steps(bounded) / settings.stepsPerNat()) : bounded;
    }

    private int steps(double weight) {
        return Math.clamp(Math.round(weight * settings.stepsPerNat()), -127, 127);
    }

    /**
     * One character repeated, or two in turn as in a list of digits, are no evidence: their run could be of any length, so what it adds in each round
     * must be negative.
     */
    private void capCycles() {
        for (int one = 0; one < Symbols.COUNT; one++) {
            int slot = slot(one, one, one);
            set(slot, (float) Math.min(weights[slot], settings.unseen()));
            for (int two = 0; two < one; two++) {
                int first = slot(one, two, one);
                int second = slot(two, one, two);
                float over = weights[first] + weights[second] + LEAST_LOSS;
                if (over > 0) {
                    set(first, weights[first] - over / 2);
                    set(second, weights[second] - over / 2);
                }
            }
        }
    }

    private int slot(int first, int second, int third) {
        return Lexicon.slot(first, second, third) >>> coarser;
    }

    private static void shuffle(int[] order, SplittableRandom random) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
    }
}
