package pt.sunbeam.proxy.observe;

import java.util.Locale;

/** The parts of a request's life that are timed, in their order; one that a request does not go through is not. */
public enum Stage {
    /** Who the client is, what operators ordered for it, and the DDoS detector's verdict. */
    DDOS,
    /** The search for a route. */
    ROUTE,
    /** The scanner's judgement of the head. */
    SCANNER,
    RATE_LIMIT,
    /** Until so much of the request's body has come and been judged that the rest may follow as it comes. */
    REQUEST_BODY,
    /** Until the head of the upstream's response, or its failure. */
    UPSTREAM,
    /** From there to the last byte of the response. */
    RESPONSE_BODY;

    /** In metrics. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
