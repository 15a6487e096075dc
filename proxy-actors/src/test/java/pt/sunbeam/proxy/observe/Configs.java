package pt.sunbeam.proxy.observe;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import pt.sunbeam.config.Audit;
import pt.sunbeam.config.Backend;
import pt.sunbeam.config.DdosEscalation;
import pt.sunbeam.config.DdosMode;
import pt.sunbeam.config.Handling;
import pt.sunbeam.config.Pool;
import pt.sunbeam.config.RateLimit;
import pt.sunbeam.config.Route;
import pt.sunbeam.config.ScannerMode;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.config.SunbeamConfig.HostPort;
import pt.sunbeam.config.Telemetry;

/** Configurations of these tests: what they do not look at is as the defaults are. */
final class Configs {
    private Configs() {}

    static SunbeamConfig of(int metricsPort, HostPort admin, String... hostPrefixes) {
        return new SunbeamConfig(
                new SunbeamConfig.Listen(new HostPort("127.0.0.1", 0), false),
                new Telemetry(metricsPort, null),
                List.of(),
                false,
                true,
                Arrays.stream(hostPrefixes)
                        .map(host -> new Route(host, Handling.forward(Pool.of(backend(host))), List.of()))
                        .toList(),
                new SunbeamConfig.Ddos(
                        true,
                        DdosMode.BASELINE,
                        0.5,
                        Duration.ofSeconds(60),
                        1_000,
                        10,
                        SunbeamConfig.Ddos.TRACKED,
                        false,
                        DdosEscalation.STANDARD),
                new SunbeamConfig.Scanner(
                        true,
                        ScannerMode.BASELINE,
                        0.5,
                        false,
                        false,
                        false,
                        List.of(),
                        Duration.ofDays(1),
                        SunbeamConfig.Bodies.DEFAULTS,
                        List.of()),
                RateLimit.OFF,
                new SunbeamConfig.Limits(
                        16,
                        16,
                        32_768,
                        128,
                        16_384,
                        Long.MAX_VALUE,
                        Duration.ofSeconds(60),
                        16,
                        Duration.ofSeconds(60)),
                SunbeamConfig.Upstream.DEFAULTS,
                new SunbeamConfig.Shutdown(Duration.ofSeconds(20), Duration.ofSeconds(5)),
                new SunbeamConfig.Cluster(false, null, "127.0.0.1", 11_204, 8_558),
                new Audit(null, Set.of(), 0.01, false, Audit.Rotation.NEVER),
                new SunbeamConfig.Admin(admin, null),
                null);
    }

    static Backend backend(String host) {
        return new Backend("http://127.0.0.1:80/" + host, "127.0.0.1", 80);
    }
}
