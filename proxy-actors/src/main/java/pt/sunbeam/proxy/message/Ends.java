package pt.sunbeam.proxy.message;

import pt.sunbeam.detector.http.IpAddress;

/**
 * The two ends of a connection from a client: as the system knows them, or as a proxy in front has told by the PROXY protocol.
 *
 * @param peer where it comes from
 * @param peerPort 0 where it is not known
 * @param local what the peer connected to
 */
public record Ends(IpAddress peer, int peerPort, IpAddress local, int localPort) {}
