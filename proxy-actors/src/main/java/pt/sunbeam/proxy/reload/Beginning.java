package pt.sunbeam.proxy.reload;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pt.sunbeam.config.ConfigReader;
import pt.sunbeam.config.ConfigReader.Examination;
import pt.sunbeam.config.ConfigReader.Loaded;
import pt.sunbeam.config.ConfigReader.Rejected;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.proxy.reload.Report.Result;

/**
 * What a proxy starts with: its file, or where that has faults what is known of a better time.
 *
 * @param file where it can be read again, or null
 */
public record Beginning(
        SunbeamConfig config, Report report, @Nullable Source file) {
    private static final Logger log = LoggerFactory.getLogger(Beginning.class);

    /** A file that can be read again, and how it was. */
    public record Source(
            Path path,
            Map<String, String> environment,
            Examination first,
            @Nullable LastGood lastGood) {}

    public sealed interface Outcome {}

    public record Ready(Beginning beginning) implements Outcome {}

    /** There is nothing to start with; the faults of the file. */
    public record Refused(List<String> faults) implements Outcome {}

    /** A configuration that was made in memory, and cannot be read again. */
    public static Beginning of(SunbeamConfig config) {
        return new Beginning(config, report(Result.APPLIED, "", List.of(), Set.of()), null);
    }

    /** Where things are kept over restarts, or null. */
    public @Nullable Path stateDirectory() {
        var lastGood = file == null ? null : file.lastGood();
        return lastGood == null ? config.stateDir() : lastGood.directory();
    }

    /** Reads a file; where it has faults and a last good configuration is known, says so in the log and begins with that. */
    public static Outcome read(Path file, Map<String, String> environment) {
        var examined = ConfigReader.examine(file, environment);
        var source = new Source(file, environment, examined, LastGood.of(file, examined, environment));
        return switch (examined.outcome()) {
            case Loaded(var config) ->
                new Ready(
                        new Beginning(config, report(Result.APPLIED, examined.sha256(), List.of(), Set.of()), source));
            case Rejected(var faults) -> fallBack(source, faults);
        };
    }

    private static Outcome fallBack(Source source, List<String> faults) {
        var lastGood = source.lastGood();
        var kept = lastGood == null ? null : lastGood.read();
        if (lastGood == null || kept == null) {
            return new Refused(faults);
        }
        return switch (ConfigReader.readText(lastGood.path().toString(), kept)) {
            case Rejected(var keptFaults) -> {
                var all = new ArrayList<>(faults);
                all.addAll(keptFaults);
                yield new Refused(all);
            }
            case Loaded(var good) -> {
                faults.forEach(log::error);
                var salvage = source.first().salvage();
                if (salvage == null) {
                    log.error(
                            "{} has faults: starting with the LAST GOOD configuration, {}",
                            source.path(),
                            lastGood.path());
                    yield new Ready(new Beginning(good, report(Result.REJECTED, "", faults, Set.of()), source));
                }
                log.error(
                        "{} has faults in single routes: starting without them, or with the last good ones",
                        source.path());
                yield new Ready(new Beginning(
                        salvage.over(good),
                        report(Result.PARTIAL, source.first().sha256(), faults, salvage.lost(good)),
                        source));
            }
        };
    }

    private static Report report(Result result, String sha256, List<String> faults, Set<String> brokenRoutes) {
        return new Report(Instant.now(), "start", result, sha256, faults, List.of(), brokenRoutes);
    }
}
