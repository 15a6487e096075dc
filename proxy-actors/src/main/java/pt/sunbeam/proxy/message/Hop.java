package pt.sunbeam.proxy.message;

import java.net.InetAddress;
import java.time.Duration;
import pt.sunbeam.config.Backend;

/**
 * The way to one address of a backend. Connections are kept for each; two are never equal.
 *
 * <p>{@code connect} bounds the making of a connection, {@code firstByte} the wait for a response from the last byte of the request on, {@code idle} the
 * wait for each further piece of it.
 */
public final class Hop {
    private final Backend backend;
    private final InetAddress address;
    private final Duration connect;
    private final Duration firstByte;
    private final Duration idle;
    private volatile boolean retired;

    public Hop(Backend backend, InetAddress address, Duration connect, Duration firstByte, Duration idle) {
        this.backend = backend;
        this.address = address;
        this.connect = connect;
        this.firstByte = firstByte;
        this.idle = idle;
    }

    public Backend backend() {
        return backend;
    }

    public InetAddress address() {
        return address;
    }

    public Duration connect() {
        return connect;
    }

    public Duration firstByte() {
        return firstByte;
    }

    public Duration idle() {
        return idle;
    }

    /** Connections are not kept for it any more. */
    public void retire() {
        retired = true;
    }

    public boolean isRetired() {
        return retired;
    }

    /** "address:port", IPv6 in brackets. */
    @Override
    public String toString() {
        String literal = address.getHostAddress();
        return (literal.indexOf(':') < 0 ? literal : "[" + literal + "]") + ":" + backend.port();
    }
}
