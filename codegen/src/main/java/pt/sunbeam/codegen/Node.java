package pt.sunbeam.codegen;

/** A node of a decision tree in a flat table. */
public sealed interface Node {
    /** Goes to {@code left} where {@code q[feature] <= threshold}, else to {@code right}; children stand after their parent. */
    record Split(int feature, int threshold, int left, int right) implements Node {}

    /** Ends the walk. */
    record Leaf(Verdict verdict) implements Node {}
}
