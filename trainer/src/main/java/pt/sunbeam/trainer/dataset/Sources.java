package pt.sunbeam.trainer.dataset;

/** Names of sources that are treated in a way of their own, and what a source's rows weigh: the original Rust proxy's table. */
final class Sources {
    /** What came through the operator's own proxy or server. */
    static final String OWN = "own traffic";

    static final String CSIC = "csic2010";
    static final String SIMULATED = "simulated";

    static final double OWN_WEIGHT = 1.0;
    static final double RECORDED_WEIGHT = 0.8;
    static final double SYNTHETIC_WEIGHT = 0.5;

    private Sources() {}

    static boolean isOwn(Row row) {
        return row.source().contains(OWN);
    }
}
