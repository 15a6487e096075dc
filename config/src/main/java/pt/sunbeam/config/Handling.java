package pt.sunbeam.config;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.SunbeamConfig.HostPort;

/**
 * What becomes of the requests that a route or a path takes.
 *
 * @param websocket whether they may switch to another protocol
 * @param hostname what backends are told as Host instead of what the client asked for, or null
 * @param mirrors each gets a copy of the request, whose answer nobody waits for
 * @param mirrorShare part of the requests that is copied, in [0, 1]
 * @param bodyBytes largest request body, Long.MAX_VALUE for unlimited; null leaves it to the limits
 */
public record Handling(
        Action action,
        boolean websocket,
        @Nullable String hostname,
        HeaderRules requestHeaders,
        HeaderRules responseHeaders,
        @Nullable Cors cors,
        List<Pool> mirrors,
        double mirrorShare,
        @Nullable Long bodyBytes) {
    private static final String HOSTNAME = "a host name or address, with a port or without";

    public Handling {
        mirrors = List.copyOf(mirrors);
    }

    /** Of requests that go to that pool, and nothing else. */
    public static Handling forward(Pool pool) {
        return new Handling(
                new Action.Forward(List.of(new Action.Share(pool, 1))),
                false,
                null,
                HeaderRules.NONE,
                HeaderRules.NONE,
                null,
                List.of(),
                1,
                null);
    }

    static Handling read(Section section) {
        var own = Action.ofItsOwn(section);
        var pools = Pools.read(section, own == null);
        return new Handling(
                own == null ? new Action.Forward(pools.shares()) : own,
                section.flag("websocket", false),
                section.has("hostname_rewrite") ? section.parsed("hostname_rewrite", "", Handling::host) : null,
                HeaderRules.ofRequest(section),
                HeaderRules.ofResponse(section),
                section.has("cors") ? Cors.read(section.section("cors")) : null,
                pools.mirrors(),
                section.share("mirror_share", 1),
                section.has("body_bytes") ? (Long) section.bytesOrUnlimited("body_bytes") : null);
    }

    private static String host(String text) {
        boolean bare = text.indexOf(':') < 0 || text.endsWith("]");
        return bare
                ? HostPort.bare(text, HOSTNAME)
                : HostPort.parse(text, 80, HOSTNAME).toString();
    }

    /** These requests are of that route too: what it says of headers, other origins and sizes holds for them where they say nothing else. */
    Handling under(Handling route) {
        return new Handling(
                action,
                websocket,
                hostname,
                route.requestHeaders.then(requestHeaders),
                route.responseHeaders.then(responseHeaders),
                cors == null ? route.cors : cors,
                mirrors,
                mirrorShare,
                bodyBytes == null ? route.bodyBytes : bodyBytes);
    }

    /** Those that answer; mirrors do not. */
    public Stream<Pool> pools() {
        return action instanceof Action.Forward(var shares) ? shares.stream().map(Action.Share::pool) : Stream.empty();
    }
}
