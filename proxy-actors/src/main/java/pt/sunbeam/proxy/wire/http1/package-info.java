/**
 * HTTP/1.1 on the wire (RFC 9112), for a server's side and a client's: what the bytes of a connection mean, and the bytes of a message. No sockets, no clock, no
 * thread: each reader belongs to one direction of one connection.
 *
 * <p>A reader takes the bytes as they come and says what they are by ranges of the array it was given. What it refuses, it refuses however the bytes were cut.
 */
@NullMarked
package pt.sunbeam.proxy.wire.http1;

import org.jspecify.annotations.NullMarked;
