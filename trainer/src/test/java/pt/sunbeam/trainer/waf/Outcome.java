package pt.sunbeam.trainer.waf;

/**
 * What came of a request.
 *
 * @param status of the answer, {@value #CLOSED} where the connection ended without one
 * @param fromUpstream whether the upstream gave the answer, which it marks with a field
 * @param nanos from the first byte sent to the last byte read
 */
record Outcome(int status, boolean fromUpstream, long nanos) {
    static final int CLOSED = 0;

    /** In lower case, with its colon. */
    static final String UPSTREAM_FIELD = "x-upstream:";

    /** Whether somebody on the way refused it. */
    boolean blocked() {
        return !fromUpstream && (status == CLOSED || status >= 400);
    }

    /** Neither the upstream's answer nor a refusal: something is set up wrongly. */
    boolean strange() {
        return !fromUpstream && !blocked();
    }
}
