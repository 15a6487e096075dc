package pt.sunbeam.detector.model;

/** A decision and the path that led to it, as metrics and audit lines name it. */
public enum Judgement {
    TREE_ALLOW(false, "tree_allow"),
    TREE_BLOCK(true, "tree_block"),
    MLP_ALLOW(false, "mlp"),
    MLP_BLOCK(true, "mlp");

    private final boolean block;
    private final String path;

    Judgement(boolean block, String path) {
        this.block = block;
        this.path = path;
    }

    public boolean block() {
        return block;
    }

    /** The closed label set of {@code sunbeam_*_ensemble_path_total}. */
    public String path() {
        return path;
    }
}
