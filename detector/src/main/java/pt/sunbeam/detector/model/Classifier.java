package pt.sunbeam.detector.model;

/** A tree and a perceptron over quantised features, ready to judge. Immutable and thread-safe. */
public final class Classifier {
    public String name() {
        throw new UnsupportedOperationException("stub");
    }

    /** SHA-256 of the model file, lower-case hex: the model's version. */
    public String sha256() {
        throw new UnsupportedOperationException("stub");
    }

    public int features() {
        throw new UnsupportedOperationException("stub");
    }

    /** Judges raw features ({@code raw[0..features)}); {@code blockAt} comes from {@link #logitOf}. Allocates nothing. */
    public Judgement judge(int[] raw, Scratch scratch, int blockAt) {
        throw new UnsupportedOperationException("stub");
    }

    /** The integer logit of a calibrated probability in [0, 1]; 0.5 is the model's own point; 1 is above, 0 below every logit. */
    public int logitOf(double probability) {
        throw new UnsupportedOperationException("stub");
    }

    /** For logs: 1 and 0 for the tree's verdicts, else the calibrated probability of the scratch's logit. */
    public double score(Judgement judgement, Scratch scratch) {
        throw new UnsupportedOperationException("stub");
    }
}
