package pt.sunbeam.detector.model;

/** The perceptron in plain Java: correct everywhere, and fast enough before and without {@link VectorKernel}. */
final class ScalarKernel {
    static int logit(Perceptron p, byte[] quantised) {
        int logit = p.outputBias;
        // Four units at a time, so that their sums do not wait for each other.
        for (int j = 0; j < p.hidden; j += 4) {
            int a = p.biases[j];
            int b = p.biases[j + 1];
            int c = p.biases[j + 2];
            int d = p.biases[j + 3];
            int at = j;
            for (int i = 0; i < p.inputs; i++) {
                int q = quantised[i];
                a += p.weights[at] * q;
                b += p.weights[at + 1] * q;
                c += p.weights[at + 2] * q;
                d += p.weights[at + 3] * q;
                at += p.hidden;
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
