package pt.sunbeam.config;

import java.util.ArrayList;
import pt.sunbeam.config.SunbeamConfig.HostPort;

/** A socket that the configuration opens, with the key that asks for it. */
record Listener(Section section, String key, HostPort at) {
    /** Two listeners on one port would make the second fail at start: said here, with their keys. */
    static void reportClashes(Section root, SunbeamConfig config) {
        var listeners = new ArrayList<Listener>();
        listeners.add(
                new Listener(root.section("listen"), "http", config.listen().http()));
        listeners.add(
                new Listener(root.section("admin"), "listen", config.admin().listen()));
        var telemetry = new HostPort("0.0.0.0", config.telemetry().metricsPort());
        listeners.add(new Listener(root.section("telemetry"), "metrics_port", telemetry));
        if (config.cluster().enabled()) {
            var section = root.section("cluster");
            var cluster = config.cluster();
            listeners.add(new Listener(section, "port", new HostPort(cluster.host(), cluster.port())));
            listeners.add(
                    new Listener(section, "management_port", new HostPort(cluster.host(), cluster.managementPort())));
        }
        for (int i = 0; i < listeners.size(); i++) {
            for (int j = 0; j < i; j++) {
                listeners.get(i).reportClash(listeners.get(j));
            }
        }
    }

    private void reportClash(Listener other) {
        if (!clashes(other.at)) {
            return;
        }
        // a default is never to blame
        if (section.has(key)) {
            blame(other);
        } else {
            other.blame(this);
        }
    }

    private void blame(Listener other) {
        section.fault(key, "a port that %s (%s) leaves free".formatted(other.section.full(other.key), other.at));
    }

    private boolean clashes(HostPort other) {
        boolean sameAddress = at.host().equals(other.host()) || at.isEveryAddress() || other.isEveryAddress();
        return at.port() != 0 && at.port() == other.port() && sameAddress;
    }
}
