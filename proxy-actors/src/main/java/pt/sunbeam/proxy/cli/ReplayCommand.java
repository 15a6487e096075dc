package pt.sunbeam.proxy.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.detector.audit.AuditLines;
import pt.sunbeam.detector.model.Models;
import pt.sunbeam.proxy.replay.Replay;
import pt.sunbeam.proxy.replay.Report;
import pt.sunbeam.proxy.replay.ReportText;

@Command(
        name = "replay",
        description = {
            "Says what the detectors would have made of an audit log.",
            "Query values that the log masks cannot be judged; user agents and other headers it has are read in full."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class)
final class ReplayCommand implements Callable<Integer> {
    private static final int WINDOW_CAPACITY = 1_000;
    private static final int MOST_SECONDS = 3_600;

    private final InputStream standardInput;

    @Option(names = "--input", paramLabel = "FILE", required = true, description = "The log; - is standard input.")
    private String input = "-";

    @Option(
            names = "--config",
            paramLabel = "PATH",
            description = {
                "Thresholds, window and routes (default: thresholds 0.5, and every host of the log counts as configured).",
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

    @Option(names = "--json", description = "Prints the report as one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ReplayCommand(InputStream standardInput) {
        this.standardInput = standardInput;
    }

    @Override
    public Integer call() {
        Replay.Settings settings = settings();
        if (settings == null) {
            return ExitCode.USAGE;
        }
        Report report;
        try {
            report = read(settings);
        } catch (IOException | InvalidPathException e) {
            return fail(why(e));
        }
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(ReportText.json(report));
        } else {
            out.print(ReportText.table(report));
        }
        out.flush();
        return report.parsed() > 0 ? ExitCode.OK : fail("no line is an audit line that can be read");
    }

    private Report read(Replay.Settings settings) throws IOException {
        if (input.equals("-")) {
            return Replay.run(new AuditLines(standardInput), settings);
        }
        try (InputStream file = Files.newInputStream(Path.of(input))) {
            return Replay.run(new AuditLines(file), settings);
        }
    }

    private int fail(String why) {
        spec.commandLine().getErr().printf("sunbeam: %s: %s%n", input.equals("-") ? "standard input" : input, why);
        return ExitCode.SOFTWARE;
    }

    private static String why(Exception e) {
        return switch (e) {
            case NoSuchFileException _ -> "no such file";
            case AccessDeniedException _ -> "permission denied";
            default -> String.valueOf(e.getMessage());
        };
    }

    /** Null after the configuration's faults were written. */
    private Replay.@Nullable Settings settings() {
        var scanner = new SunbeamConfig.Scanner(true, 0.5, false, false, false);
        var ddos = new SunbeamConfig.Ddos(true, 0.5, Duration.ofSeconds(60), WINDOW_CAPACITY, 5, false);
        if (config == null) {
            return new Replay.Settings(scanner, adjusted(ddos), null, Models.scannerBaseline(), Models.ddosBaseline());
        }
        var read = ConfigFile.read(config, spec.commandLine().getErr());
        return read == null
                ? null
                : new Replay.Settings(
                        read.scanner(),
                        adjusted(read.ddos()),
                        read.routes(),
                        Models.scannerBaseline(),
                        Models.ddosBaseline());
    }

    private SunbeamConfig.Ddos adjusted(SunbeamConfig.Ddos ddos) {
        return new SunbeamConfig.Ddos(
                ddos.enabled(),
                ddos.threshold(),
                windowSecs == null
                        ? ddos.window()
                        : Duration.ofSeconds(inRange("--window-secs", windowSecs, MOST_SECONDS)),
                ddos.windowCapacity(),
                minEvents == null ? ddos.minEvents() : inRange("--min-events", minEvents, ddos.windowCapacity()),
                ddos.observeOnly());
    }

    private int inRange(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Invalid value for option '%s': found %d (expected: 1 to %d)".formatted(option, value, most));
        }
        return value;
    }
}
