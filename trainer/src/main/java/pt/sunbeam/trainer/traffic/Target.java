package pt.sunbeam.trainer.traffic;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;

/**
 * What is asked. No name is looked up, so that nothing but this machine can be meant.
 *
 * @param server an IPv4 loopback address, for traffic comes from others of them
 * @param path path and query, as on a request line
 */
public record Target(InetSocketAddress server, String path) {
    private static final int HTTP_PORT = 80;

    /**
     * Reads a URL.
     *
     * @throws IllegalArgumentException if it is not one of http at {@code localhost} or an address in 127.0.0.0/8
     */
    public static Target of(String url) {
        var read = URI.create(url);
        if (!"http".equals(read.getScheme()) || read.getHost() == null) {
            throw new IllegalArgumentException("found " + url + " (expected: a URL such as http://127.0.0.1:8080/)");
        }
        var path = read.getRawPath().isEmpty() ? "/" : read.getRawPath();
        return new Target(
                new InetSocketAddress(loopback(read.getHost()), read.getPort() < 0 ? HTTP_PORT : read.getPort()),
                read.getRawQuery() == null ? path : path + "?" + read.getRawQuery());
    }

    /**
     * Reads an address.
     *
     * @throws IllegalArgumentException if it is neither {@code localhost} nor an address in 127.0.0.0/8
     */
    static Inet4Address loopback(String host) {
        try {
            if (InetAddress.ofLiteral(host.equals("localhost") ? "127.0.0.1" : host) instanceof Inet4Address address
                    && address.isLoopbackAddress()) {
                return address;
            }
        } catch (IllegalArgumentException name) {
            // refused like an address of another machine
        }
        throw new IllegalArgumentException(
                "found " + host + " (expected: a loopback address, 127.0.0.0/8: other machines are not asked)");
    }

    /** What the field Host says where nothing else is wanted. */
    public String host() {
        return server.getHostString() + ":" + server.getPort();
    }
}
