package pt.sunbeam.proxy.cli;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import pt.sunbeam.config.ConfigPaths;
import pt.sunbeam.config.ConfigReader;
import pt.sunbeam.detector.http.Cidr;
import pt.sunbeam.proxy.logs.FollowedLog;
import pt.sunbeam.proxy.logs.LogFilter;
import pt.sunbeam.proxy.logs.LogReader;
import pt.sunbeam.proxy.logs.LogText;
import pt.sunbeam.proxy.replay.Printable;

@Command(
        name = "logs",
        description = "Shows audit lines for people, and follows them.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class)
final class LogsCommand implements Callable<Integer> {
    private static final int MOST_LINES = 1_000_000;
    private static final int LAST_WHEN_FOLLOWING = 10;
    private static final int CHECK_EVERY = 256;

    private final Map<String, String> environment;
    private final InputStream standardInput;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            description = {
                "The audit log, packed with gzip or not; - is standard input.",
                "Default: audit.path of the configuration."
            })
    private @Nullable String input;

    @Option(
            names = "--config",
            paramLabel = "PATH",
            description = "The configuration. Else $SUNBEAM_CONFIG, else the usual places.")
    private @Nullable Path config;

    @Option(
            names = {"-f", "--follow"},
            description = "Goes on with what is written, also in the files that come after this one.")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "LINES",
            description = "Of what is there only so many, the last ones (default: all; with --follow 10).")
    private @Nullable Integer last;

    @Option(names = "--json", description = "Prints the lines as they are.")
    private boolean json;

    @Option(names = "--blocked", description = "Only what a detector, a rate limit or an operator refused.")
    private boolean blocked;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            split = ",",
            description = "Only answers of this status, such as 404 or 5xx. Repeatable.")
    private List<String> statuses = new ArrayList<>();

    @Option(names = "--client", paramLabel = "ADDRESS[/BITS]", description = "Only requests of this address or block.")
    private @Nullable String client;

    @Option(names = "--route", paramLabel = "ROUTE", description = "Only requests on this route, such as shop/api.")
    private @Nullable String route;

    private boolean live; // each line is shown when it comes
    private long printed;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    LogsCommand(Map<String, String> environment, InputStream standardInput) {
        this.environment = environment;
        this.standardInput = standardInput;
    }

    /** Who reads what is printed has gone. */
    private static final class NobodyReads extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @Override
    public Integer call() {
        LogFilter filter = filter();
        int shown = shown();
        String file = input == null ? configured() : input;
        if (file == null) {
            return ExitCode.USAGE;
        }
        var text = new LogText(wantsColours());
        var reader = new LogReader(
                filter,
                json ? (_, line) -> Printable.of(line) : (record, _) -> text.of(record),
                shown,
                this::print,
                complaint -> err().println("sunbeam: " + complaint));
        try {
            read(file, reader);
        } catch (IOException e) {
            return fail(file, Failures.why(e));
        } catch (NobodyReads gone) {
            return ExitCode.OK;
        } finally {
            out().flush();
        }
        return reader.parsed() == 0 && reader.bad() > 0
                ? fail(file, "no line can be read as an audit line")
                : ExitCode.OK;
    }

    private void read(String file, LogReader reader) throws IOException {
        live = follow || file.equals("-");
        if (!follow || file.equals("-") || file.endsWith(".gz")) { // a packed file does not grow
            InputFile.read(file, standardInput, in -> {
                reader.read(in);
                return reader;
            });
            return;
        }
        try (var in = new FollowedLog(InputFile.path(file), () -> {
            reader.caughtUp();
            out().flush();
        })) {
            reader.read(in);
        }
    }

    private void print(String line) {
        PrintWriter out = out();
        out.println(line);
        printed++;
        if ((live || printed % CHECK_EVERY == 0) && out.checkError()) { // which flushes
            throw new NobodyReads();
        }
    }

    private LogFilter filter() {
        Cidr from;
        try {
            from = client == null ? null : Cidr.parse(client);
        } catch (IllegalArgumentException malformed) {
            throw invalid("--client", String.valueOf(malformed.getMessage()), "ADDRESS or ADDRESS/BITS");
        }
        try {
            return new LogFilter(blocked, statuses, from, route);
        } catch (IllegalArgumentException none) {
            throw invalid("--status", "\"" + none.getMessage() + "\"", "such as 404 or 5xx");
        }
    }

    private int shown() {
        if (last == null) {
            return follow && !"-".equals(input) ? LAST_WHEN_FOLLOWING : Integer.MAX_VALUE;
        }
        if (last < 0 || last > MOST_LINES) {
            throw invalid("--lines", last.toString(), "a whole number from 0 to " + MOST_LINES);
        }
        return last;
    }

    private ParameterException invalid(String option, String found, String expected) {
        return new ParameterException(
                spec.commandLine(),
                "Invalid value for option '%s': found %s (expected: %s)".formatted(option, found, expected));
    }

    /** The file that the configuration names, or null after it was said why there is none. */
    private @Nullable String configured() {
        return switch (ConfigPaths.find(config, environment, Files::exists)) {
            case ConfigPaths.Missing missing -> refuse(missing.message() + "; or name the log with --input");
            case ConfigPaths.Found(var found) ->
                switch (ConfigReader.read(found, environment)) {
                    case ConfigReader.Rejected(var faults) -> {
                        ConfigFile.report(found, faults, err());
                        yield refuse("the configuration says of no audit log; name it with --input");
                    }
                    case ConfigReader.Loaded(var loaded) -> {
                        Path path = loaded.audit().path();
                        yield path == null
                                ? refuse(found
                                        + ": audit.path is stdout; pass the lines on: sunbeam serve | sunbeam logs"
                                        + " --input -")
                                : path.toString();
                    }
                };
        };
    }

    private @Nullable String refuse(String why) {
        err().println("sunbeam: " + why);
        return null;
    }

    @SuppressWarnings("SystemConsoleNull") // null on JDK 25 where there is no terminal
    private boolean wantsColours() {
        Console console = System.console();
        return environment.getOrDefault("NO_COLOR", "").isEmpty() && console != null && console.isTerminal();
    }

    private int fail(String file, String why) {
        err().printf("sunbeam: %s: %s%n", LogOptions.name(file), why);
        return ExitCode.SOFTWARE;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
