package pt.sunbeam.detector.model;

/**
 * A multilayer perceptron with one hidden layer on integers: {@code outputBias + sum of v_j * min(127, max(0, b_j + w_j . q) >> shift)}.
 *
 * <p>Weights lie in columns, those of all hidden units for one input side by side, so that neighbouring units fill a
 * vector register. Units without effect pad them to a multiple of {@link #BLOCK}. A second copy lies as the scalar kernel
 * reads it.
 */
public final class Perceptron {
    /** Two registers of 512 bits. */
    static final int BLOCK = 32;

    final int inputs;
    final int hidden;
    final int[] weights;

    /** The weights of {@link ScalarKernel#UNITS} units for the first input, for the second, ..., then of the next units. */
    final int[] scalarWeights;

    final int[] biases;
    final int[] outputWeights;
    final int shift;
    final int outputBias;

    /**
     * @param weights {@code weights[input * hidden + unit]}, int8
     * @param biases one for each hidden unit
     * @param outputWeights one for each hidden unit, int8
     * @param shift in [0, 24]
     */
    public Perceptron(int[] weights, int[] biases, int[] outputWeights, int shift, int outputBias) {
        int units = biases.length;
        inputs = weights.length / units;
        hidden = (units + BLOCK - 1) / BLOCK * BLOCK;
        this.weights = new int[inputs * hidden];
        for (int i = 0; i < inputs; i++) {
            System.arraycopy(weights, i * units, this.weights, i * hidden, units);
        }
        scalarWeights = new int[this.weights.length];
        for (int i = 0; i < inputs; i++) {
            for (int j = 0; j < hidden; j++) {
                int group = j / ScalarKernel.UNITS;
                scalarWeights[(group * inputs + i) * ScalarKernel.UNITS + j % ScalarKernel.UNITS] =
                        this.weights[i * hidden + j];
            }
        }
        this.biases = new int[hidden];
        System.arraycopy(biases, 0, this.biases, 0, units);
        this.outputWeights = new int[hidden];
        System.arraycopy(outputWeights, 0, this.outputWeights, 0, units);
        this.shift = shift;
        this.outputBias = outputBias;
    }

    int logit(byte[] quantised) {
        return Kernels.vectorised() ? VectorKernel.logit(this, quantised) : ScalarKernel.logit(this, quantised);
    }
}
