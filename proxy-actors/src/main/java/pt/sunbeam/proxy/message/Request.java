package pt.sunbeam.proxy.message;

import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.http.RequestHead;

/**
 * A request as an engine hands it over.
 *
 * @param peer the other end of the connection; who the client is, {@code access} decides
 */
public record Request(RequestHead head, IpAddress peer, Body body, ClientGone gone) {}
