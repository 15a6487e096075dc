package pt.sunbeam.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import pt.sunbeam.config.Audit;
import pt.sunbeam.config.DdosEscalation;
import pt.sunbeam.config.DdosMode;
import pt.sunbeam.config.RateLimit;
import pt.sunbeam.config.ScannerMode;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.config.Telemetry;

/** Whole configurations of which the tests here look at two parts. */
final class Configurations {
    private static final DdosEscalation AT_ONCE = new DdosEscalation(
            Duration.ZERO,
            Duration.ZERO,
            new RateLimit.Bucket(5, 1),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            Duration.ofMinutes(10));

    static SunbeamConfig alone() {
        return alone(SunbeamConfig.Ddos.TRACKED);
    }

    static SunbeamConfig alone(int maxTracked) {
        return with(new SunbeamConfig.Cluster(false, null, "127.0.0.1", 0, 0), maxTracked);
    }

    static SunbeamConfig member(String tenant, int port, int managementPort) {
        return with(
                new SunbeamConfig.Cluster(true, tenant, "127.0.0.1", port, managementPort), SunbeamConfig.Ddos.TRACKED);
    }

    private static SunbeamConfig with(SunbeamConfig.Cluster cluster, int maxTracked) {
        var anyPort = new SunbeamConfig.HostPort("127.0.0.1", 0);
        return new SunbeamConfig(
                new SunbeamConfig.Listen(anyPort, false),
                new Telemetry(0, null),
                List.of(),
                false,
                true,
                List.of(),
                new SunbeamConfig.Ddos(
                        true, DdosMode.BASELINE, 0.5, Duration.ofSeconds(10), 1_000, 10, maxTracked, false, AT_ONCE),
                new SunbeamConfig.Scanner(
                        false,
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
                        16, 16, 32_768, 128, 16_384, Long.MAX_VALUE, Duration.ofSeconds(60), 16, Duration.ofMinutes(5)),
                SunbeamConfig.Upstream.DEFAULTS,
                new SunbeamConfig.Shutdown(Duration.ofSeconds(20), Duration.ofSeconds(5)),
                cluster,
                new Audit(null, Set.of(), 0, false, Audit.Rotation.NEVER),
                new SunbeamConfig.Admin(anyPort, null),
                null);
    }

    private Configurations() {}
}
