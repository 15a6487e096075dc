package pt.sunbeam.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.SunbeamConfig.Admin;
import pt.sunbeam.config.SunbeamConfig.Ddos;
import pt.sunbeam.config.SunbeamConfig.Limits;

/**
 * From the configuration that a proxy runs with to the one that it shall run with, without a restart.
 *
 * @param effective the new configuration, but for what only a restart can change: that stays as it runs
 * @param waiting the keys of what stays though the new configuration says otherwise, in the order of the manual
 */
public record Transition(SunbeamConfig effective, List<String> waiting) {
    public static Transition of(SunbeamConfig running, SunbeamConfig wanted) {
        var waiting = new Waiting();
        var effective = new SunbeamConfig(
                waiting.keep("listen", running.listen(), wanted.listen()),
                waiting.keep("telemetry", running.telemetry(), wanted.telemetry()),
                wanted.trustedProxies(),
                waiting.keep("proxy_protocol", running.proxyProtocol(), wanted.proxyProtocol()),
                wanted.xForwardedFor(),
                wanted.routes(),
                ddos(running.ddos(), wanted.ddos(), waiting),
                wanted.scanner(),
                wanted.rateLimit(),
                limits(running.limits(), wanted.limits(), waiting),
                wanted.upstream(),
                wanted.shutdown(),
                waiting.keep("cluster", running.cluster(), wanted.cluster()),
                audit(running.audit(), wanted.audit(), waiting),
                admin(running.admin(), wanted.admin(), waiting),
                waiting.keep("state_dir", running.stateDir(), wanted.stateDir()));
        return new Transition(effective, List.copyOf(waiting.keys));
    }

    /** The detectors outlive a reload, with the windows that they have filled. */
    private static Ddos ddos(Ddos running, Ddos wanted, Waiting waiting) {
        return new Ddos(
                wanted.enabled(),
                waiting.keep("ddos.mode", running.mode(), wanted.mode()),
                waiting.keep("ddos.threshold", running.threshold(), wanted.threshold()),
                waiting.keep("ddos.window_secs", running.window(), wanted.window()),
                waiting.keep("ddos.window_capacity", running.windowCapacity(), wanted.windowCapacity()),
                waiting.keep("ddos.min_events", running.minEvents(), wanted.minEvents()),
                waiting.keep("ddos.max_tracked", running.maxTracked(), wanted.maxTracked()),
                wanted.observeOnly(),
                waiting.keep("ddos.escalation", running.escalation(), wanted.escalation()));
    }

    /** All but those of bodies and tunnels belong to the listener. */
    private static Limits limits(Limits running, Limits wanted, Waiting waiting) {
        return new Limits(
                waiting.keep("limits.max_connections", running.maxConnections(), wanted.maxConnections()),
                waiting.keep(
                        "limits.max_connections_per_ip", running.maxConnectionsPerIp(), wanted.maxConnectionsPerIp()),
                waiting.keep("limits.header_bytes", running.headerBytes(), wanted.headerBytes()),
                waiting.keep("limits.header_count", running.headerCount(), wanted.headerCount()),
                waiting.keep("limits.uri_bytes", running.uriBytes(), wanted.uriBytes()),
                wanted.bodyBytes(),
                waiting.keep("limits.idle_timeout", running.idleTimeout(), wanted.idleTimeout()),
                wanted.maxTunnels(),
                wanted.tunnelIdleTimeout());
    }

    private static Audit audit(Audit running, Audit wanted, Waiting waiting) {
        return new Audit(
                waiting.keep("audit.path", running.path(), wanted.path()),
                wanted.keepValues(),
                wanted.featureSample(),
                wanted.pseudonymise(),
                rotation(running.rotation(), wanted.rotation(), waiting));
    }

    /** The file outlives a reload. */
    private static Audit.Rotation rotation(Audit.Rotation running, Audit.Rotation wanted, Waiting waiting) {
        return new Audit.Rotation(
                waiting.keep("audit.rotate_bytes", running.bytes(), wanted.bytes()),
                waiting.keep("audit.rotate_every", running.every(), wanted.every()),
                waiting.keep("audit.keep_files", running.keepFiles(), wanted.keepFiles()),
                waiting.keep("audit.keep_for", running.keepFor(), wanted.keepFor()),
                waiting.keep("audit.compress", running.compress(), wanted.compress()));
    }

    /** A token may be one that only the new address can do without: it goes with the address. */
    private static Admin admin(Admin running, Admin wanted, Waiting waiting) {
        return running.listen().equals(wanted.listen()) ? wanted : waiting.keep("admin", running, wanted);
    }

    private static final class Waiting {
        private final List<String> keys = new ArrayList<>();

        private <T extends @Nullable Object> T keep(String key, T running, T wanted) {
            if (!Objects.equals(running, wanted)) {
                keys.add(key);
            }
            return running;
        }
    }
}
