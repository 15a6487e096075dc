package pt.sunbeam.config;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.SunbeamConfig.HostPort;

/**
 * An HTTP/1.1 upstream: a name, which may stand for several addresses, or an address.
 *
 * @param url the text that was configured; names it in metrics and logs
 * @param weight its share of the requests, in [1, 1000], beside those of the others
 * @param proxyProtocol how it is told whose connection it is, or null where it is not
 * @param tls null for plain HTTP
 */
public record Backend(
        String url,
        String host,
        int port,
        int weight,
        @Nullable ProxyProtocol proxyProtocol,
        @Nullable UpstreamTls tls) {
    private static final String EXPECTED = "http://host, https://host or either with :port, and nothing after it";

    public Backend(String url, String host, int port) {
        this(url, host, port, 1, null, null);
    }

    /** @param tls how it is spoken where the URL says so */
    static Backend read(Section section, int weight, @Nullable ProxyProtocol proxyProtocol, UpstreamTls tls) {
        var read = section.required("backend", new Backend("", "", 0), EXPECTED, Backend::parse);
        return new Backend(read.url, read.host, read.port, weight, proxyProtocol, read.tls).over(tls);
    }

    /** This one, spoken to so where it is spoken to over TLS. */
    Backend over(UpstreamTls other) {
        return tls == null ? this : new Backend(url, host, port, weight, proxyProtocol, other);
    }

    static ProxyProtocol version(String text) {
        return switch (text) {
            case "v1" -> ProxyProtocol.V1;
            case "v2" -> ProxyProtocol.V2;
            default -> throw new IllegalArgumentException("v1 or v2");
        };
    }

    static Backend parse(String url) {
        try {
            var uri = new URI(url);
            boolean secure = "https".equalsIgnoreCase(uri.getScheme());
            boolean known = secure || "http".equalsIgnoreCase(uri.getScheme());
            boolean bare = "".equals(uri.getRawPath()) && uri.getRawQuery() == null && uri.getRawFragment() == null;
            if (known && bare && uri.getRawAuthority() != null) {
                var at = HostPort.parse(uri.getRawAuthority(), secure ? 443 : 80, EXPECTED);
                if (at.port() > 0) {
                    return new Backend(url, at.host(), at.port(), 1, null, secure ? UpstreamTls.DEFAULT : null);
                }
            }
        } catch (URISyntaxException malformed) {
            // reported like any other text that is no such URL
        }
        throw new IllegalArgumentException(EXPECTED);
    }
}
