package pt.sunbeam.proxy.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import pt.sunbeam.detector.http.Cidr;
import pt.sunbeam.proxy.replay.Replay;
import pt.sunbeam.proxy.replay.Report;
import pt.sunbeam.proxy.replay.ReportText;

@Command(
        name = "replay",
        description = {
            "Says what the detectors would have made of a log.",
            "Query values that the log masks cannot be judged; user agents and other headers it has are read in full."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class)
final class ReplayCommand implements Callable<Integer> {
    private final InputStream standardInput;

    @Option(names = "--input", paramLabel = "FILE", required = true, description = "The log; - is standard input.")
    private String input = "-";

    @Mixin
    private LogOptions log = new LogOptions();

    @Mixin
    private DetectorOptions detectors = new DetectorOptions();

    @Option(
            names = "--group",
            paramLabel = "NAME=ADDRESS[/BITS]",
            description = {
                "Counts the requests of these addresses apart, such as office=192.0.2.0/24.",
                "Repeatable; a name may have several blocks."
            })
    private List<String> groups = new ArrayList<>();

    @Option(names = "--json", description = "Prints the report as one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ReplayCommand(InputStream standardInput) {
        this.standardInput = standardInput;
    }

    @Override
    public Integer call() {
        Replay.Settings settings = detectors.settings(blocks());
        if (settings == null) {
            return ExitCode.USAGE;
        }
        Report report;
        try {
            report = log.read(input, standardInput, requests -> Replay.run(requests, settings));
        } catch (IOException e) {
            return fail(Failures.why(e));
        }
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(ReportText.json(report));
        } else {
            out.print(ReportText.table(report));
        }
        out.flush();
        return report.parsed() > 0
                ? ExitCode.OK
                : fail("no line can be read as a line of an %s log"
                        .formatted(report.settings().format()));
    }

    private Map<String, List<Cidr>> blocks() {
        Map<String, List<Cidr>> blocks = new LinkedHashMap<>();
        for (String group : groups) {
            int equals = group.indexOf('=');
            try {
                if (equals < 1) {
                    throw new IllegalArgumentException("\"" + group + "\" names no group");
                }
                blocks.computeIfAbsent(group.substring(0, equals), _ -> new ArrayList<>())
                        .add(Cidr.parse(group.substring(equals + 1)));
            } catch (IllegalArgumentException malformed) {
                throw new ParameterException(
                        spec.commandLine(),
                        "Invalid value for option '--group': %s (expected: NAME=ADDRESS or NAME=ADDRESS/BITS)"
                                .formatted(malformed.getMessage()),
                        malformed);
            }
        }
        return blocks;
    }

    private int fail(String why) {
        spec.commandLine().getErr().printf("sunbeam: %s: %s%n", LogOptions.name(input), why);
        return ExitCode.SOFTWARE;
    }
}
