package pt.sunbeam.proxy.upstream;

import java.util.function.Consumer;
import pt.sunbeam.config.Backend;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.proxy.message.Body;
import pt.sunbeam.proxy.message.Ends;

/**
 * A request for one of a pool's upstreams.
 *
 * @param head as it shall arrive there
 * @param upgrade whether it asks to switch protocols; it has no content then
 * @param asked hears of each backend before it is asked
 */
public record Call(RequestHead head, Body body, Ends ends, IpAddress client, boolean upgrade, Consumer<Backend> asked) {
    /** Whether to send it twice does no harm (RFC 9110 section 9.2.2). */
    boolean isIdempotent() {
        return switch (head.method()) {
            case "GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE" -> true;
            default -> false;
        };
    }

    /** Whether its body can be sent again. */
    boolean isRepeatable() {
        return body instanceof Body.Whole;
    }
}
