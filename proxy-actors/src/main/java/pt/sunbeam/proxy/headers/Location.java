package pt.sunbeam.proxy.headers;

import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.Action.Redirect;

/**
 * The field Location of a redirect (RFC 9110 section 10.2.2).
 *
 * <p>Where host, scheme and port stay, it is a path alone, so that a forged Host leads nobody away; and a path never begins with two slashes or a
 * backslash, which browsers take for another host.
 */
public final class Location {
    private Location() {}

    /**
     * Writes the reference.
     *
     * @param path of the target, as the redirect makes it
     * @param query with its "?", or empty
     * @param scheme of the request
     * @param host of the request, without a port
     * @param port that the request names, or -1
     */
    public static String of(Redirect redirect, String path, String query, String scheme, String host, int port) {
        String target = safe(path) + query;
        if (redirect.scheme() == null && redirect.hostname() == null && redirect.port() < 0) {
            return target;
        }
        String newScheme = redirect.scheme() == null ? scheme : redirect.scheme();
        int newPort = redirect.port() >= 0 ? redirect.port() : redirect.scheme() == null ? port : -1;
        boolean usual = newPort < 0 || newPort == (newScheme.equals("https") ? 443 : 80);
        String newHost = redirect.hostname() == null ? host : redirect.hostname();
        return newScheme + "://" + newHost + (usual ? "" : ":" + newPort) + target;
    }

    private static String safe(String path) {
        int start = 0;
        while (start < path.length() && (path.charAt(start) == '/' || path.charAt(start) == '\\')) {
            start++;
        }
        return "/" + path.substring(start).replace("\\", "%5C");
    }

    /** The port that an authority names, or -1. */
    public static int port(@Nullable String authority) {
        int colon = authority == null ? -1 : authority.lastIndexOf(':');
        if (authority == null || colon < 0 || colon < authority.lastIndexOf(']')) {
            return -1;
        }
        try {
            int port = Integer.parseInt(authority, colon + 1, authority.length(), 10);
            return port > 0 && port <= 65_535 ? port : -1;
        } catch (NumberFormatException malformed) {
            return -1;
        }
    }
}
