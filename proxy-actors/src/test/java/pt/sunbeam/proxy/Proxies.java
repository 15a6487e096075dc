package pt.sunbeam.proxy;

import java.nio.file.Path;
import pt.sunbeam.config.ConfigReader;
import pt.sunbeam.config.SunbeamConfig;

/** Proxies for tests: on ports of the system's choice, in front of one origin. */
final class Proxies {
    private Proxies() {}

    /** @param more HOCON text that comes last, so it can set any key again */
    static Proxy start(int originPort, Path audit, String more) {
        return Proxy.start(config("""
                listen.http = "127.0.0.1:0"
                telemetry.metrics_port = 0
                admin.listen = "127.0.0.1:0"
                trusted_proxy_cidrs = ["127.0.0.1/32"]
                audit.path = "%s"
                ddos.enabled = true
                scanner.enabled = true
                shutdown.drain = 1 s
                routes = [{ host_prefix = "shop", backend = "http://127.0.0.1:%d" }]
                """.formatted(audit, originPort) + more));
    }

    static SunbeamConfig config(String text) {
        return switch (ConfigReader.readText("test.conf", text)) {
            case ConfigReader.Loaded(var config) -> config;
            case ConfigReader.Rejected(var faults) -> throw new AssertionError(String.join("\n", faults));
        };
    }
}
