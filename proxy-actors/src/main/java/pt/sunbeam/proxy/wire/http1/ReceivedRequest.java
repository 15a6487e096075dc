package pt.sunbeam.proxy.wire.http1;

import pt.sunbeam.detector.http.RequestHead;

/**
 * A request's head, and what it says of its message.
 *
 * @param framing empty, a length or chunked
 * @param persistent whether another request may follow on the connection (RFC 9112 section 9.3)
 * @param expectsContinue whether the client waits for 100 before it sends the content (RFC 9110 section 10.1.1)
 */
public record ReceivedRequest(RequestHead head, Framing framing, boolean persistent, boolean expectsContinue) {}
