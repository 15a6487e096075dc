package pt.sunbeam.detector.model;

/** Memory of one caller for judging, so that judging allocates nothing. Not thread-safe. */
public final class Scratch {
    final byte[] quantised;
    int logit;

    public Scratch(int features) {
        quantised = new byte[features];
    }

    /** The logit of the last judgement, where the perceptron was asked ({@code MLP_*}). */
    public int logit() {
        return logit;
    }
}
