package pt.sunbeam.proxy.message;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import pt.sunbeam.detector.http.RequestHead;

/** An engine's client side: sends a request one hop, once. */
public interface Connector {
    /** How what was begun on a hop is over: by both sides' will, by the upstream's failing, or by ours alone. */
    enum Ending {
        CLEAN,
        BROKEN,
        ABANDONED
    }

    /** No bound on the whole. */
    long UNBOUNDED = Long.MAX_VALUE;

    /**
     * Never fails: what goes wrong before a response is an outcome.
     *
     * @param ends whose connection it is, for a backend that is told
     * @param leftNanos within which the response has to be there to its last byte, or {@link #UNBOUNDED}
     * @param over hears once, perhaps before the outcome is known, that nothing of this is going on any more; not where there is no response
     */
    CompletionStage<UpstreamOutcome> send(
            Hop hop, RequestHead head, Body body, Ends ends, long leftNanos, Consumer<Ending> over);

    /**
     * Asks to switch protocols. Never fails either; a 101 response has a {@link Body.Tunnel}.
     *
     * @param head with its Connection and Upgrade, of a request without content
     */
    CompletionStage<UpstreamOutcome> upgrade(
            Hop hop, RequestHead head, Ends ends, long leftNanos, Consumer<Ending> over);

    /** Closes what is kept for a hop, and keeps no more. */
    void forget(Hop hop);
}
