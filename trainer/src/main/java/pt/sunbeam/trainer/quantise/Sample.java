package pt.sunbeam.trainer.quantise;

import java.util.List;
import java.util.random.RandomGenerator;
import pt.sunbeam.trainer.dataset.Row;

/** Quantised rows by column kind: levels, labels, weights. Immutable by agreement. */
public final class Sample {
    private final byte[][] levels;
    private final boolean[] attack;
    private final double[] weights;

    public Sample(byte[][] levels, boolean[] attack, double[] weights) {
        if (levels.length != attack.length || levels.length != weights.length) {
            throw new IllegalArgumentException("columns of different length");
        }
        this.levels = levels;
        this.attack = attack;
        this.weights = weights;
    }

    public static Sample of(List<Row> rows, Quantiser quantiser) {
        var levels = new byte[rows.size()][];
        var attack = new boolean[rows.size()];
        var weights = new double[rows.size()];
        for (int i = 0; i < levels.length; i++) {
            var row = rows.get(i);
            levels[i] = quantiser.quantise(row.raw());
            attack[i] = row.attack();
            weights[i] = row.weight();
        }
        return new Sample(levels, attack, weights);
    }

    /** A copy in which, in a share of the rows, one feature is that of another row drawn at random: it keeps its values and says less. */
    public Sample shuffled(int feature, double share, RandomGenerator random) {
        if (share == 0) {
            return this;
        }
        var changed = new byte[levels.length][];
        for (int row = 0; row < levels.length; row++) {
            changed[row] = levels[row].clone();
            if (random.nextDouble() < share) {
                changed[row][feature] = levels[random.nextInt(levels.length)][feature];
            }
        }
        return new Sample(changed, attack, weights);
    }

    public int size() {
        return levels.length;
    }

    public byte[] levels(int row) {
        return levels[row];
    }

    public boolean attack(int row) {
        return attack[row];
    }

    public double weight(int row) {
        return weights[row];
    }
}
