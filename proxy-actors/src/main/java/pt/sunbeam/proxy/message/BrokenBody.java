package pt.sunbeam.proxy.message;

/** Fails the stream of a request's body where the client's side of it is at fault: it broke off, was malformed, or grew beyond its limit. */
public final class BrokenBody extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final UpstreamOutcome.Fault fault;

    public BrokenBody(UpstreamOutcome.Fault fault, Throwable cause) {
        super(cause);
        this.fault = fault;
    }

    public UpstreamOutcome.Fault fault() {
        return fault;
    }
}
