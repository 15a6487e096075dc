package pt.sunbeam.config;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.SunbeamConfig.HostPort;

/**
 * A plain HTTP/1.1 upstream.
 *
 * @param url the text that was configured; names it in metrics and logs
 * @param proxyProtocol how it is told whose connection it is, or null where it is not
 */
public record Backend(
        String url, String host, int port, @Nullable ProxyProtocol proxyProtocol) {
    private static final String EXPECTED = "http://host or http://host:port, and nothing after it";

    public Backend(String url, String host, int port) {
        this(url, host, port, null);
    }

    static Backend read(Section section) {
        var backend = section.required("backend", new Backend("", "", 0), EXPECTED, Backend::parse);
        if (!section.has("send_proxy_protocol")) {
            return backend;
        }
        var version = section.parsed("send_proxy_protocol", ProxyProtocol.V2, Backend::version);
        return new Backend(backend.url, backend.host, backend.port, version);
    }

    private static ProxyProtocol version(String text) {
        return switch (text) {
            case "v1" -> ProxyProtocol.V1;
            case "v2" -> ProxyProtocol.V2;
            default -> throw new IllegalArgumentException("v1 or v2");
        };
    }

    static Backend parse(String url) {
        try {
            var uri = new URI(url);
            if ("https".equalsIgnoreCase(uri.getScheme())) {
                throw new IllegalArgumentException(EXPECTED + "; https is not available yet");
            }
            boolean bare = "".equals(uri.getRawPath()) && uri.getRawQuery() == null && uri.getRawFragment() == null;
            if ("http".equalsIgnoreCase(uri.getScheme()) && bare && uri.getRawAuthority() != null) {
                var at = HostPort.parse(uri.getRawAuthority(), 80, EXPECTED);
                if (at.port() > 0) {
                    return new Backend(url, at.host(), at.port());
                }
            }
        } catch (URISyntaxException malformed) {
            // reported like any other text that is no such URL
        }
        throw new IllegalArgumentException(EXPECTED);
    }
}
