package pt.sunbeam.proxy.message;

import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.http.RequestHead;

/**
 * A request as an engine hands it over.
 *
 * @param ends of its connection; who the client is, {@code access} decides
 */
public record Request(RequestHead head, Ends ends, Body body, ClientGone gone) {
    public IpAddress peer() {
        return ends.peer();
    }
}
