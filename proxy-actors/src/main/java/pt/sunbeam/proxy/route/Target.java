package pt.sunbeam.proxy.route;

import pt.sunbeam.config.Pool;

/**
 * Where a request goes.
 *
 * @param route the configured {@code host_prefix}, with the path prefix behind it where one matched: a name for logs
 * @param target the request target for the upstream, in origin form
 * @param websocket whether it may switch to another protocol
 */
public record Target(String route, Pool pool, String target, boolean websocket) {}
