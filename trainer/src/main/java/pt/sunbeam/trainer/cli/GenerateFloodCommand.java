package pt.sunbeam.trainer.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import pt.sunbeam.trainer.traffic.Flood;
import pt.sunbeam.trainer.traffic.Habit;

/** {@code generate-flood}: a flood from many addresses, to be recorded. */
@Command(
        name = "generate-flood",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = {
            "Floods a server on this machine from many loopback addresses, each at a rate of its own.",
            "Of options given several times, each request takes one at random; in their texts, {} is a new random word."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:no request was answered", "2:bad options, or a server on another machine"})
public final class GenerateFloodCommand implements Callable<Integer> {
    private static final Pattern RATE = Pattern.compile("([0-9.]+)\\.\\.([0-9.]+)");
    private static final double FASTEST = 10_000;

    private enum Method {
        GET,
        POST
    }

    @Mixin
    private final TrafficOptions traffic = new TrafficOptions();

    @Option(
            names = "--rate",
            defaultValue = "0.2..2",
            paramLabel = "LOW..HIGH",
            description = "requests a second and address; each address draws its own")
    private String rate;

    @Option(names = "--regular", description = "at even spaces; else at random ones (Poisson)")
    private boolean regular;

    @Option(names = "--method", defaultValue = "GET", paramLabel = "GET|POST", description = "GET or POST")
    private Method method;

    @Option(
            names = "--path",
            paramLabel = "PATH",
            description = "path and query, instead of the URL's; repeatable; /?q={} gets past caches")
    private List<String> paths = List.of();

    @Option(names = "--paths-from", paramLabel = "FILE", description = "more of them, one a line")
    private @Nullable Path pathFile;

    @Option(names = "--user-agent", paramLabel = "TEXT", description = "field User-Agent; repeatable")
    private List<String> agents = List.of();

    @Option(names = "--user-agents-from", paramLabel = "FILE", description = "more of them, one a line")
    private @Nullable Path agentFile;

    @Option(names = "--cookie", paramLabel = "TEXT", description = "field Cookie; repeatable")
    private List<String> cookies = List.of();

    @Option(names = "--referer", paramLabel = "TEXT", description = "field Referer; repeatable")
    private List<String> referers = List.of();

    @Option(names = "--header", paramLabel = "'NAME: VALUE'", description = "a field of all requests; repeatable")
    private List<String> fields = List.of();

    @Option(names = "--body", defaultValue = "", paramLabel = "TEXT", description = "of a form, with POST")
    private String body;

    @Option(names = "--steady", description = "an address keeps its first user agent, cookie and referer")
    private boolean steady;

    @Option(
            names = "--connections",
            defaultValue = "2000",
            paramLabel = "N",
            description = "open at a time, at most; with more addresses than that none is kept alive")
    private int connections;

    @SuppressWarnings("NullAway.Init") // picocli fills options in
    public GenerateFloodCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        var bounds = RATE.matcher(rate);
        traffic.require(bounds.matches(), "--rate", rate, "two numbers, such as 0.2..2");
        double slowest = Double.parseDouble(bounds.group(1));
        double fastest = Double.parseDouble(bounds.group(2));
        traffic.require(
                slowest > 0 && slowest <= fastest && fastest <= FASTEST, "--rate", rate, "0 < LOW <= HIGH <= 10000");
        traffic.require(connections >= 1, "--connections", connections, "1 or more");
        traffic.require(body.isEmpty() || method == Method.POST, "--body", "method GET", "--method POST");
        var target = traffic.target();
        var asked = with(paths, pathFile);
        var habit = new Habit(
                method.name(),
                asked.isEmpty() ? List.of(target.path()) : asked,
                with(agents, agentFile),
                cookies,
                referers,
                fields,
                body,
                steady);
        return traffic.report(new Flood(
                        target,
                        traffic.sources(),
                        traffic.host(),
                        habit,
                        slowest,
                        fastest,
                        regular,
                        traffic.length(),
                        connections,
                        traffic.seed())
                .run());
    }

    private static List<String> with(List<String> values, @Nullable Path more) throws IOException {
        var all = new ArrayList<>(values);
        if (more != null) {
            Files.readAllLines(more).stream().filter(line -> !line.isBlank()).forEach(all::add);
        }
        return all;
    }
}
