package pt.sunbeam.proxy.wire.http1;

/**
 * A response's head, and what it says of its message.
 *
 * @param status 100 to 599; after an interim one (100 to 199, not 101) the next head belongs to the same request
 * @param persistent whether another request may be sent on the connection behind this response (RFC 9112 section 9.3)
 */
public record ReceivedResponse(int status, Fields fields, Framing framing, boolean persistent) {
    public boolean isInterim() {
        return status / 100 == 1 && status != 101;
    }
}
