package pt.sunbeam.detector.model;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The perceptron with the Vector API. Only C2 makes machine instructions of it; the interpreter and C1 run it hundreds of
 * times slower and allocate, hence {@link Kernels#warmUp}. Loaded only where the module jdk.incubator.vector is.
 */
final class VectorKernel {
    private static final VectorSpecies<Integer> SPECIES = IntVector.SPECIES_PREFERRED.length() <= Perceptron.BLOCK / 2
            ? IntVector.SPECIES_PREFERRED
            : IntVector.SPECIES_512;
    private static final int LANES = SPECIES.length();

    static int logit(Perceptron p, byte[] quantised) {
        var outputs = IntVector.zero(SPECIES);
        for (int j = 0; j < p.hidden; j += 2 * LANES) {
            var left = IntVector.fromArray(SPECIES, p.biases, j);
            var right = IntVector.fromArray(SPECIES, p.biases, j + LANES);
            int at = j;
            for (int i = 0; i < p.inputs; i++) {
                var q = IntVector.broadcast(SPECIES, quantised[i]);
                left = left.add(IntVector.fromArray(SPECIES, p.weights, at).mul(q));
                right = right.add(
                        IntVector.fromArray(SPECIES, p.weights, at + LANES).mul(q));
                at += p.hidden;
            }
            outputs = outputs.add(activation(left, p.shift).mul(IntVector.fromArray(SPECIES, p.outputWeights, j)))
                    .add(activation(right, p.shift).mul(IntVector.fromArray(SPECIES, p.outputWeights, j + LANES)));
        }
        return p.outputBias + outputs.reduceLanes(VectorOperators.ADD);
    }

    private static IntVector activation(IntVector sums, int shift) {
        return sums.max(0).lanewise(VectorOperators.ASHR, shift).min(127);
    }

    private VectorKernel() {}
}
