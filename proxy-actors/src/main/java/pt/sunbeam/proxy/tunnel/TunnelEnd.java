package pt.sunbeam.proxy.tunnel;

/**
 * How a tunnel ended.
 *
 * @param toUpstream bytes that passed to the upstream
 * @param toClient bytes that passed to the client
 */
public record TunnelEnd(Cause cause, long toUpstream, long toClient) {
    /** What ended it first. */
    public enum Cause {
        CLIENT_CLOSED("client_closed", false),
        UPSTREAM_CLOSED("upstream_closed", false),
        /** Reset, or another failure of its connection. */
        CLIENT_FAILED("client_failed", true),
        UPSTREAM_FAILED("upstream_failed", true),
        /** No byte moved for too long. */
        IDLE("idle", true),
        /** The proxy stops. */
        DRAINED("drained", false),
        /** The client had gone before it began. */
        NOT_TAKEN("not_taken", true);

        private final String label;
        private final boolean error;

        Cause(String label, boolean error) {
            this.label = label;
            this.error = error;
        }

        /** As metrics name it. */
        public String label() {
            return label;
        }

        public boolean isError() {
            return error;
        }
    }
}
