package pt.sunbeam.detector.model;

/** The perceptron in plain Java: correct everywhere, and fast enough before and without {@link VectorKernel}. */
final class ScalarKernel {
    /** So many units are summed at a time, so that the sums do not wait for each other. */
    static final int UNITS = 4;

    static int logit(Perceptron p, byte[] quantised) {
        int[] weights = p.scalarWeights;
        int inputs = p.inputs;
        int logit = p.outputBias;
        for (int j = 0; j < p.hidden; j += UNITS) {
            int a = p.biases[j];
            int b = p.biases[j + 1];
            int c = p.biases[j + 2];
            int d = p.biases[j + 3];
            int start = j * inputs;
            for (int i = 0; i < inputs; i++) {
                int q = quantised[i];
                a += weights[start + UNITS * i] * q;
                b += weights[start + UNITS * i + 1] * q;
                c += weights[start + UNITS * i + 2] * q;
                d += weights[start + UNITS * i + 3] * q;
            }
            logit += p.outputWeights[j] * activation(a, p.shift)
                    + p.outputWeights[j + 1] * activation(b, p.shift)
                    + p.outputWeights[j + 2] * activation(c, p.shift)
                    + p.outputWeights[j + 3] * activation(d, p.shift);
        }
        return logit;
    }

    private static int activation(int sum, int shift) {
        return Math.min(127, Math.max(0, sum) >> shift);
    }

    private ScalarKernel() {}
}
