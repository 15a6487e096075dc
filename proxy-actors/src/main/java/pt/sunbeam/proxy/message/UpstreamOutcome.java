package pt.sunbeam.proxy.message;

/** What came of a request to an upstream. */
public sealed interface UpstreamOutcome {
    record Answered(Response response) implements UpstreamOutcome {}

    /** No response; {@code detail} is for logs, never for the client. */
    record Failed(Fault fault, String detail) implements UpstreamOutcome {}

    /** Whose fault, and with which status the client learns of it (RFC 9110 sections 15.5.9, 15.5.14, 15.6.3 to 15.6.5). */
    enum Fault {
        /** Nobody listens, no route to it, or its name does not resolve. */
        UNREACHABLE(502, "upstream unreachable"),
        /** It did not accept the connection in time; 504, as nginx answers it. */
        CONNECT_TIMED_OUT(504, "upstream did not accept the connection in time"),
        /** The handshake failed, or the certificate is not to be believed. */
        UNTRUSTED(502, "upstream's TLS failed"),
        /** None is fit to be asked, or the circuit breaker is open. */
        UNAVAILABLE(503, "no upstream available"),
        /** The connection ended before an answer. */
        RESET(502, "upstream closed the connection"),
        /** The answer is not HTTP. */
        MALFORMED(502, "upstream response malformed"),
        /** Connections and queue to the upstream are used up. */
        OVERLOADED(503, "upstream overloaded"),
        TIMED_OUT(504, "upstream timed out"),
        /** The client was still sending its request when the time for the whole was over. */
        BODY_TIMED_OUT(408, "request body too slow"),
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

        /** Whether the upstream has seen nothing of the request, and nothing of its body was read. */
        public boolean neverSent() {
            return this == UNREACHABLE || this == CONNECT_TIMED_OUT;
        }

        /** Whether it speaks against the upstream; what the client or this proxy did wrong does not. */
        public boolean isUpstreams() {
            return switch (this) {
                case UNREACHABLE, CONNECT_TIMED_OUT, UNTRUSTED, RESET, MALFORMED, TIMED_OUT -> true;
                case UNAVAILABLE, OVERLOADED, BODY_TIMED_OUT, BODY_TOO_LARGE, BODY_BROKEN -> false;
            };
        }

        public int status() {
            return status;
        }

        public String words() {
            return words;
        }
    }
}
