package pt.sunbeam.proxy.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import pt.sunbeam.config.DdosEscalation;
import pt.sunbeam.config.DdosMode;
import pt.sunbeam.config.Route;
import pt.sunbeam.config.ScannerMode;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.detector.http.Cidr;
import pt.sunbeam.proxy.replay.DetectorModels;
import pt.sunbeam.proxy.replay.Replay;

/** What the detectors are set to, where a log or a request is put before them. */
final class DetectorOptions {
    private static final int WINDOW_CAPACITY = 1_000;
    private static final int MOST_SECONDS = 3_600;

    @Option(
            names = "--config",
            paramLabel = "PATH",
            description = {
                "Thresholds, window and routes (default: thresholds 0.5, and every host counts as configured).",
                "Whether a detector is enabled or only observes does not count."
            })
    private @Nullable Path config;

    @Option(
            names = "--window-secs",
            paramLabel = "N",
            description = "Window of the DDoS detector in seconds, 1 to 3600 (default: the configuration's, else 60).")
    private @Nullable Integer windowSecs;

    @Option(
            names = "--min-events",
            paramLabel = "N",
            description =
                    "Requests in the window below which no address is judged (default: the configuration's, else 5).")
    private @Nullable Integer minEvents;

    @Option(
            names = "--threshold-scanner",
            paramLabel = "P",
            description =
                    "Calibrated probability from which a request is blocked, 0 to 1 (default: the configuration's, else 0.5).")
    private @Nullable Double scannerThreshold;

    @Option(
            names = "--threshold-ddos",
            paramLabel = "P",
            description =
                    "Calibrated probability from which an address is banned, 0 to 1 (default: the configuration's, else 0.5).")
    private @Nullable Double ddosThreshold;

    @Option(
            names = "--model",
            paramLabel = "FILE",
            description = {
                "A model file instead of the model compiled in; its features say for which detector it is.",
                "A lexicon is taken from beside it: FILE with the ending .lexicon. Repeatable."
            })
    private List<Path> models = new ArrayList<>();

    @Option(
            names = "--scanner-mode",
            paramLabel = "MODE",
            description = "lexicon or baseline (default: that of --model, else the configuration's, else lexicon).")
    private @Nullable String scannerMode;

    @Option(
            names = "--ddos-mode",
            paramLabel = "MODE",
            description = "evidence or baseline (default: that of --model, else the configuration's, else evidence).")
    private @Nullable String ddosMode;

    @Spec(Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    /** Null after the configuration's faults were written; throws ParameterException for values out of range and files that are no models. */
    Replay.@Nullable Settings settings(Map<String, List<Cidr>> groups) {
        DetectorModels read = models();
        var scanner = new SunbeamConfig.Scanner(
                true,
                ScannerMode.LEXICON,
                0.5,
                false,
                false,
                false,
                List.of(),
                Duration.ofDays(1),
                SunbeamConfig.Bodies.DEFAULTS,
                List.of());
        var ddos = new SunbeamConfig.Ddos(
                true,
                DdosMode.EVIDENCE,
                0.5,
                Duration.ofSeconds(60),
                WINDOW_CAPACITY,
                5,
                SunbeamConfig.Ddos.TRACKED,
                false,
                DdosEscalation.STANDARD);
        List<Route> routes = null;
        if (config != null) {
            var file = ConfigFile.read(config, spec.commandLine().getErr());
            if (file == null) {
                return null;
            }
            scanner = file.scanner();
            ddos = file.ddos();
            routes = file.routes();
        }
        return new Replay.Settings(adjusted(scanner), adjusted(ddos), routes, read, groups);
    }

    private DetectorModels models() {
        var read = DetectorModels.compiled();
        for (Path file : models) {
            try {
                read = read.with(file);
            } catch (IOException unreadable) {
                throw invalid("--model", "%s: %s".formatted(file, Failures.why(unreadable)));
            } catch (IllegalArgumentException noModel) {
                throw invalid("--model", "%s: %s".formatted(file, noModel.getMessage()));
            }
        }
        return read;
    }

    private SunbeamConfig.Scanner adjusted(SunbeamConfig.Scanner scanner) {
        return new SunbeamConfig.Scanner(
                scanner.enabled(),
                mode(scanner.mode()),
                scannerThreshold == null ? scanner.threshold() : probability("--threshold-scanner", scannerThreshold),
                scanner.observeOnly(),
                scanner.allowHostCookies(),
                scanner.allowHostBrowser(),
                scanner.allowlist(),
                scanner.botCacheTtl(),
                scanner.bodies(),
                scanner.exceptions());
    }

    private ScannerMode mode(ScannerMode configured) {
        if (scannerMode != null) {
            return Arrays.stream(ScannerMode.values())
                    .filter(mode -> mode.word().equals(scannerMode))
                    .findFirst()
                    .orElseThrow(() -> invalid(
                            "--scanner-mode", "found %s (expected: lexicon or baseline)".formatted(scannerMode)));
        }
        ScannerMode mode = configured;
        for (Path file : models) {
            mode = switch (kind(file)) {
                case LEXICON -> ScannerMode.LEXICON;
                case BASELINE -> ScannerMode.BASELINE;
                case DDOS, DDOS_BASELINE -> mode;
            };
        }
        return mode;
    }

    private DdosMode mode(DdosMode configured) {
        if (ddosMode != null) {
            return Arrays.stream(DdosMode.values())
                    .filter(mode -> mode.word().equals(ddosMode))
                    .findFirst()
                    .orElseThrow(() ->
                            invalid("--ddos-mode", "found %s (expected: evidence or baseline)".formatted(ddosMode)));
        }
        DdosMode mode = configured;
        for (Path file : models) {
            mode = switch (kind(file)) {
                case DDOS -> DdosMode.EVIDENCE;
                case DDOS_BASELINE -> DdosMode.BASELINE;
                case LEXICON, BASELINE -> mode;
            };
        }
        return mode;
    }

    private DetectorModels.Kind kind(Path file) {
        try {
            return DetectorModels.kind(file);
        } catch (IOException unreadable) {
            throw invalid("--model", "%s: %s".formatted(file, Failures.why(unreadable)));
        }
    }

    private SunbeamConfig.Ddos adjusted(SunbeamConfig.Ddos ddos) {
        return new SunbeamConfig.Ddos(
                ddos.enabled(),
                mode(ddos.mode()),
                ddosThreshold == null ? ddos.threshold() : probability("--threshold-ddos", ddosThreshold),
                windowSecs == null
                        ? ddos.window()
                        : Duration.ofSeconds(inRange("--window-secs", windowSecs, MOST_SECONDS)),
                ddos.windowCapacity(),
                minEvents == null ? ddos.minEvents() : inRange("--min-events", minEvents, ddos.windowCapacity()),
                ddos.maxTracked(),
                ddos.observeOnly(),
                ddos.escalation());
    }

    private int inRange(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw invalid(option, "found %d (expected: 1 to %d)".formatted(value, most));
        }
        return value;
    }

    private double probability(String option, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw invalid(option, "found %s (expected: 0 to 1)".formatted(value));
        }
        return value;
    }

    private ParameterException invalid(String option, String why) {
        return new ParameterException(spec.commandLine(), "Invalid value for option '%s': %s".formatted(option, why));
    }
}
