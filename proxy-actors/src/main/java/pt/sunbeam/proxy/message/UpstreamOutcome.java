package pt.sunbeam.proxy.message;

/** What came of a request to an upstream. */
public sealed interface UpstreamOutcome {
    record Answered(Response response) implements UpstreamOutcome {}

    /** No response; {@code detail} is for logs, never for the client. */
    record Failed(Fault fault, String detail) implements UpstreamOutcome {}

    /** Whose fault, and with which status the client learns of it (RFC 9110 sections 15.5.14, 15.6.3 to 15.6.5). */
    enum Fault {
        /** Nobody listens, no route to it, or its name does not resolve. */
        UNREACHABLE(502, "upstream unreachable"),
        /** The connection ended before an answer. */
        RESET(502, "upstream closed the connection"),
        /** The answer is not HTTP. */
        MALFORMED(502, "upstream response malformed"),
        /** Connections and queue to the upstream are used up. */
        OVERLOADED(503, "upstream overloaded"),
        TIMED_OUT(504, "upstream timed out"),
        /** The client's body grew beyond the limit while it was forwarded. */
        BODY_TOO_LARGE(413, "request body too large"),
        /** The client's body broke off or was malformed. */
        BODY_BROKEN(400, "request body broken");

        private final int status;
        private final String words;

        Fault(int status, String words) {
            this.status = status;
            this.words = words;
        }

        public int status() {
            return status;
        }

        public String words() {
            return words;
        }
    }
}
