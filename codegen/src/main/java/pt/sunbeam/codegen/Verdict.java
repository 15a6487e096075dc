package pt.sunbeam.codegen;

/** What a decision tree's leaf, or a whole model, says of an input; in the order of suspicion. */
public enum Verdict {
    ALLOW,
    DEFER,
    BLOCK
}
