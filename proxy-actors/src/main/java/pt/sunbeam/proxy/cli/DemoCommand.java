package pt.sunbeam.proxy.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import pt.sunbeam.proxy.demo.Demo;
import pt.sunbeam.proxy.demo.DemoCheck;

@Command(
        name = "demo",
        description =
                "Runs the proxy in front of a small built-in site, on free loopback ports and without configuration.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class)
final class DemoCommand implements Callable<Integer> {
    @Option(names = "--check", description = "Makes the four requests itself, says what came, and exits with 0 or 1.")
    private boolean check;

    @Option(names = "--port", paramLabel = "PORT", description = "The proxy's port (default: a free one).")
    private int port;

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            description = "The port of the metrics (default: a free one).")
    private int metricsPort;

    @Option(
            names = "--audit",
            paramLabel = "FILE",
            description = "Where the audit log goes; - is standard output (default: a new temporary file).")
    private @Nullable String audit;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        var options = new Demo.Options(port("--port", port), port("--metrics-port", metricsPort), auditPath());
        try (var demo = Demo.start(options)) {
            if (check) {
                return DemoCheck.run(demo, out()) ? ExitCode.OK : ExitCode.SOFTWARE;
            }
            var out = out();
            out.print(demo.guide());
            out.flush();
            UntilStopped.await(demo.proxy());
            return ExitCode.OK;
        }
    }

    /** Standard output, unless it belongs to the audit log. */
    private PrintWriter out() {
        return "-".equals(audit)
                ? spec.commandLine().getErr()
                : spec.commandLine().getOut();
    }

    private @Nullable Path auditPath() throws IOException {
        if ("-".equals(audit)) {
            return null;
        }
        return audit == null
                ? Files.createTempDirectory("sunbeam-demo-").resolve("audit.log")
                : Path.of(audit).toAbsolutePath();
    }

    private int port(String option, int value) {
        if (value < 0 || value > 65_535) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Invalid value for option '%s': found %d (expected: 0 to 65535)".formatted(option, value));
        }
        return value;
    }
}
