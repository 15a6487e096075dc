package pt.sunbeam.proxy.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.ConfigReader;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.proxy.Proxy;
import pt.sunbeam.proxy.startup.StartFailure;

/** A proxy with the built-in site behind it, on loopback ports. */
public final class Demo implements AutoCloseable {
    /** Clients that the commands pose as (RFC 5737: addresses that belong to nobody). */
    static final String ATTACKER = "198.51.100.7";

    static final String CROWD = "203.0.113.9";

    /** Requests in the burst that the guide prints: several times what the detector waits for. */
    static final int BURST = 400;

    private final Site site;
    private final Proxy proxy;
    private final @Nullable Path audit;

    /**
     * What a person may choose.
     *
     * @param port of the proxy, 0 for a free one; {@code metricsPort} likewise
     * @param audit where the audit log goes, null for standard output
     */
    public record Options(
            int port, int metricsPort, @Nullable Path audit) {}

    /** Throws {@link StartFailure} where a port is taken. */
    public static Demo start(Options options) {
        int metricsPort = options.metricsPort == 0 ? freePort() : options.metricsPort;
        var site = Site.start("http://127.0.0.1:" + metricsPort + "/metrics");
        try {
            return new Demo(site, Proxy.start(config(options, metricsPort, site.port())), options.audit);
        } catch (RuntimeException e) {
            site.close();
            throw e;
        }
    }

    private Demo(Site site, Proxy proxy, @Nullable Path audit) {
        this.site = site;
        this.proxy = proxy;
        this.audit = audit;
    }

    public Proxy proxy() {
        return proxy;
    }

    URI url(String pathAndQuery) {
        return URI.create("http://127.0.0.1:" + proxy.httpPort() + pathAndQuery);
    }

    URI metrics() {
        return URI.create("http://127.0.0.1:" + proxy.metricsPort() + "/metrics");
    }

    /** What to look at and what to type. */
    public String guide() {
        return """

                Sunbeam is running in front of a small built-in site.

                  Site       %1$s
                  Metrics    %2$s
                  Audit log  %3$s

                Open the site in a browser, or paste these four commands into another terminal.

                A page: 200
                  curl -s -o /dev/null -D - '%1$s'

                An attack: 403
                  curl -i -H 'X-Forwarded-For: %4$s' '%1$ssearch?q=%%3Cscript%%3Ealert(1)%%3C/script%%3E'

                A burst: 200 until the proxy has seen enough, then 429
                  curl -s -o /dev/null -w '%%{http_code}\\n' -H 'X-Forwarded-For: %5$s' '%1$sapi/items?n=[1-%6$d]' | sort | uniq -c

                The metrics: what was decided
                  curl -s '%2$s' | grep -E '^sunbeam_(requests|ddos|scanner).* [1-9]'

                The demo trusts loopback as a proxy (trusted_proxy_cidrs), so that X-Forwarded-For lets one machine pose as
                several clients. Ctrl-C stops it.

                """.formatted(url("/"), metrics(), audit == null ? "standard output" : audit, ATTACKER, CROWD, BURST);
    }

    @Override
    public void close() {
        proxy.close();
        site.close();
    }

    private static SunbeamConfig config(Options options, int metricsPort, int sitePort) {
        String text = resource("demo.conf")
                .replace("@port@", Integer.toString(options.port))
                .replace("@metrics_port@", Integer.toString(metricsPort))
                .replace("@site_port@", Integer.toString(sitePort));
        if (options.audit != null) {
            text += "audit.path = " + quoted(options.audit.toString()) + "\n";
        }
        return switch (ConfigReader.readText("demo.conf", text)) {
            case ConfigReader.Loaded(var config) -> config;
            case ConfigReader.Rejected(var faults) -> throw new StartFailure(String.join("\n", faults));
        };
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String resource(String name) {
        try (var in = Demo.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A port that was free a moment ago: for the metrics, 0 means "none" and not "any". */
    private static int freePort() {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new StartFailure("no free loopback port: " + e.getMessage(), e);
        }
    }
}
