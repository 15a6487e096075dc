package pt.sunbeam.proxy.reload;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What came of reading the configuration.
 *
 * @param trigger what asked for it: "start", "SIGHUP", "file change", "admin"
 * @param sha256 of the configuration that was read, lower-case hex; empty where it could not be made out
 * @param faults as {@code check-config} reports them
 * @param waiting keys of changes that wait for a restart
 * @param brokenRoutes host prefixes that are answered 503, for their routes have faults and never were good
 */
public record Report(
        Instant at,
        String trigger,
        Result result,
        String sha256,
        List<String> faults,
        List<String> waiting,
        Set<String> brokenRoutes) {
    public enum Result {
        /** It is in effect, but for what waits for a restart. */
        APPLIED,
        /** It means the same as what was in effect. */
        UNCHANGED,
        /** It is in effect without the routes that have faults. */
        PARTIAL,
        /** It has faults; what was in effect still is. */
        REJECTED;

        /** As metrics and JSON call it: "applied". */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Report {
        faults = List.copyOf(faults);
        waiting = List.copyOf(waiting);
        brokenRoutes = Set.copyOf(brokenRoutes);
    }
}
