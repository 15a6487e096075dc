package pt.sunbeam.proxy.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import pt.sunbeam.proxy.explain.CurlRequest;
import pt.sunbeam.proxy.explain.Explainer;
import pt.sunbeam.proxy.explain.Explanation;
import pt.sunbeam.proxy.explain.ExplanationText;
import pt.sunbeam.proxy.replay.Replay;
import pt.sunbeam.proxy.replay.ReportText;
import pt.sunbeam.proxy.replay.RequestLog.Entry;

@Command(
        name = "explain",
        description = {
            "Says what each detector makes of one request, and why.",
            "The request is a line of a log (--input with --line or --request-id), or what curl would send for its arguments."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class)
final class ExplainCommand implements Callable<Integer> {
    private final InputStream standardInput;

    @Option(names = "--input", paramLabel = "FILE", description = "The log; - is standard input.")
    private @Nullable String input;

    @Option(names = "--line", paramLabel = "N", description = "The request of this line, from 1.")
    private @Nullable Long line;

    @Option(names = "--request-id", paramLabel = "ID", description = "The first request of this id.")
    private @Nullable String requestId;

    @Parameters(arity = "0..1", paramLabel = "URL", description = "As for curl; the path goes out as it stands.")
    private @Nullable String url;

    @Option(
            names = {"-X", "--request"},
            paramLabel = "METHOD",
            description = "As curl's.")
    private @Nullable String method;

    @Option(
            names = {"-H", "--header"},
            paramLabel = "'NAME: VALUE'",
            description = "As curl's: \"Name:\" leaves out a header of curl's own.")
    private List<String> headers = new ArrayList<>();

    @Option(
            names = {"-d", "--data", "--data-raw", "--data-binary", "--data-ascii"},
            paramLabel = "DATA",
            description = "As curl's, but no files.")
    private List<String> data = new ArrayList<>();

    @Option(
            names = {"-A", "--user-agent"},
            paramLabel = "NAME",
            description = "As curl's; so are -e and -b.")
    private @Nullable String agent;

    @Option(
            names = {"-e", "--referer"},
            paramLabel = "URL",
            hidden = true)
    private @Nullable String referer;

    @Option(
            names = {"-b", "--cookie"},
            paramLabel = "COOKIES",
            hidden = true)
    private @Nullable String cookie;

    @Option(
            names = {"-I", "--head"},
            hidden = true)
    private boolean head;

    @Option(names = "--compressed", hidden = true)
    private boolean compressed;

    /** What a pasted command line has besides, and what changes nothing here. */
    @Option(
            names = {
                "-k",
                "--insecure",
                "-s",
                "--silent",
                "-S",
                "-v",
                "--verbose",
                "-i",
                "--include",
                "-L",
                "--location"
            },
            hidden = true)
    private boolean[] ignored = {};

    @Mixin
    private LogOptions log = new LogOptions();

    @Mixin
    private DetectorOptions detectors = new DetectorOptions();

    @Option(names = "--json", description = "Prints the explanation as one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ExplainCommand(InputStream standardInput) {
        this.standardInput = standardInput;
    }

    @Override
    public Integer call() {
        boolean fromLog = input != null;
        if (fromLog == (url != null)
                || fromLog == (line == null && requestId == null)
                || (line != null && requestId != null)) {
            throw new ParameterException(
                    spec.commandLine(), "Either a URL, or --input with one of --line and --request-id");
        }
        Entry single = url == null ? null : single(url);
        Replay.Settings settings = detectors.settings(Map.of());
        if (settings == null) {
            return ExitCode.USAGE;
        }
        if (single != null) {
            return print(Explainer.single(single, String.join("&", data).getBytes(UTF_8), settings));
        }
        String file = String.valueOf(input);
        try {
            return log.read(file, standardInput, requests -> Explainer.find(requests, settings, wanted(), lastLine()))
                    .map(this::print)
                    .orElseGet(() -> fail(
                            file,
                            line != null
                                    ? "line %d tells of no request that can be read".formatted(line)
                                    : "no line with request id %s".formatted(requestId)));
        } catch (IOException e) {
            return fail(file, Failures.why(e));
        }
    }

    private Predicate<Entry> wanted() {
        Long number = line;
        return number != null
                ? entry -> entry.sample().line() == number
                : entry -> entry.sample().requestId().equals(requestId);
    }

    private long lastLine() {
        return line == null ? Long.MAX_VALUE : line;
    }

    private Entry single(String address) {
        List<String> all = new ArrayList<>();
        header(all, "User-Agent", agent);
        header(all, "Referer", referer);
        header(all, "Cookie", cookie);
        header(all, "Accept-Encoding", compressed ? "deflate, gzip, br, zstd" : null);
        all.addAll(headers);
        try {
            return CurlRequest.of(
                    address,
                    method == null && head ? "HEAD" : method,
                    all,
                    data.isEmpty() ? null : String.join("&", data));
        } catch (IllegalArgumentException noRequest) {
            throw new ParameterException(spec.commandLine(), "No HTTP request: " + noRequest.getMessage(), noRequest);
        }
    }

    private static void header(List<String> all, String name, @Nullable String value) {
        if (value != null) {
            all.add(value.isEmpty() ? name + ":" : name + ": " + value);
        }
    }

    private int print(Explanation explanation) {
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(ReportText.json(explanation));
        } else {
            out.print(ExplanationText.of(explanation));
        }
        out.flush();
        return ExitCode.OK;
    }

    private int fail(String file, String why) {
        spec.commandLine().getErr().printf("sunbeam: %s: %s%n", LogOptions.name(file), why);
        return ExitCode.SOFTWARE;
    }
}
