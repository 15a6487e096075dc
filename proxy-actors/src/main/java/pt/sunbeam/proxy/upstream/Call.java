package pt.sunbeam.proxy.upstream;

import pt.sunbeam.config.Backend;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.proxy.message.Body;
import pt.sunbeam.proxy.message.Ends;
import pt.sunbeam.proxy.message.UpstreamOutcome;

/**
 * A request for one of a pool's upstreams.
 *
 * @param head as it came: by its fields it is told who gets the request
 * @param upgrade whether it asks to switch protocols; it has no content then
 */
public record Call(RequestHead head, Body body, Ends ends, IpAddress client, boolean upgrade, Tries tries) {
    /** Follows a request from one backend to the next, until one answers or no other is asked. One at a time. */
    public interface Tries {
        /** Of a request that goes as it is. */
        static Tries of(RequestHead head) {
            return new Tries() {
                @Override
                public RequestHead begin(Backend backend) {
                    return head;
                }

                @Override
                public void ended(UpstreamOutcome outcome) {}
            };
        }

        /** Returns the head as it shall arrive at this backend, which is about to be asked. */
        RequestHead begin(Backend backend);

        void ended(UpstreamOutcome outcome);
    }

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
