package pt.sunbeam.proxy.orders;

import pt.sunbeam.detector.http.Cidr;

/**
 * What an operator said of a block of addresses.
 *
 * @param untilMillis wall clock, milliseconds since the epoch; exclusive
 * @param note the operator's words, for other operators; may be empty
 */
public record Order(Cidr block, Kind kind, long untilMillis, String note) {
    /** What audit lines say of a request that an order refused. */
    public static final String REFUSED = "banned by an operator";

    public enum Kind {
        /** Its requests are refused. */
        BAN,
        /** Neither bans nor detectors nor limits look at its requests. */
        ALLOW
    }
}
