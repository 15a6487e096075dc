package pt.sunbeam.trainer.lexicon;

import java.util.Arrays;

/** Texts to fit on, each with a label and a weight. */
final class Examples {
    private int[] texts = new int[1 << 12];
    private int[] others = new int[1 << 12];
    private boolean[] attacks = new boolean[1 << 12];
    private float[] weights = new float[1 << 12];
    private int size;

    /**
     * Adds a text.
     *
     * @param other a second reading of the same value, of which the one with the higher score counts; the text itself where there is none
     * @param weight positive
     */
    void add(int text, int other, boolean attack, double weight) {
        if (size == texts.length) {
            texts = Arrays.copyOf(texts, 2 * size);
            others = Arrays.copyOf(others, 2 * size);
            attacks = Arrays.copyOf(attacks, 2 * size);
            weights = Arrays.copyOf(weights, 2 * size);
        }
        texts[size] = text;
        others[size] = other;
        attacks[size] = attack;
        weights[size++] = (float) weight;
    }

    int size() {
        return size;
    }

    int text(int example) {
        return texts[example];
    }

    int other(int example) {
        return others[example];
    }

    boolean attack(int example) {
        return attacks[example];
    }

    float weight(int example) {
        return weights[example];
    }

    /** Scales the weights of each class to a mean of 1, none above {@code most}. */
    Examples balanced(double most) {
        double[] sum = new double[2];
        int[] count = new int[2];
        for (int i = 0; i < size; i++) {
            sum[attacks[i] ? 1 : 0] += weights[i];
            count[attacks[i] ? 1 : 0]++;
        }
        for (int i = 0; i < size; i++) {
            int side = attacks[i] ? 1 : 0;
            weights[i] = (float) Math.min(most, weights[i] * count[side] / sum[side]);
        }
        return this;
    }
}
