package pt.sunbeam.proxy.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import pt.sunbeam.detector.audit.AuditLines;
import pt.sunbeam.detector.audit.AuditRecord;
import pt.sunbeam.proxy.replay.Printable;
import pt.sunbeam.proxy.replay.ReportText;
import pt.sunbeam.proxy.suggest.Suggestion;
import pt.sunbeam.proxy.suggest.Suggestions;

@Command(
        name = "suggest-exceptions",
        description = {
            "Proposes scanner.exceptions for values that got harmless-looking requests blocked.",
            "Best on a log written with scanner.observe_only, which has the site's answers."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class)
final class SuggestExceptionsCommand implements Callable<Integer> {
    private final InputStream standardInput;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            required = true,
            description = "The audit log; - is standard input.")
    private String input = "-";

    @Option(
            names = "--min-clients",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many clients must have sent such a value (default: ${DEFAULT-VALUE}).")
    private int leastClients;

    @Option(names = "--json", description = "Prints the suggestions as one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** The JSON form. */
    private record Answer(
            int version, long lines, long parsed, long offences, long forgotten, List<Suggestion> suggestions) {}

    SuggestExceptionsCommand(InputStream standardInput) {
        this.standardInput = standardInput;
    }

    @Override
    public Integer call() {
        if (leastClients < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Invalid value for option '--min-clients': found %d (expected: 1 or more)".formatted(leastClients));
        }
        try {
            return InputFile.read(input, standardInput, this::suggest);
        } catch (IOException e) {
            return fail(Failures.why(e));
        }
    }

    private int suggest(InputStream in) throws IOException {
        var suggestions = new Suggestions();
        var lines = new AuditLines(in);
        for (AuditRecord line = lines.next(); line != null; line = lines.next()) {
            suggestions.add(line);
        }
        if (lines.parsed() == 0) {
            return fail("no line can be read as an audit line");
        }
        var answer = new Answer(
                1,
                lines.lines(),
                lines.parsed(),
                suggestions.offences(),
                suggestions.forgotten(),
                suggestions.of(leastClients));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(ReportText.json(answer));
        } else {
            print(answer, out);
        }
        out.flush();
        return ExitCode.OK;
    }

    private void print(Answer answer, PrintWriter out) {
        out.printf(
                "# %,d lines, %,d of them no audit lines; the scanner blocked, or would have blocked, %,d requests%n",
                answer.lines(), answer.lines() - answer.parsed(), answer.offences());
        if (answer.forgotten() > 0) {
            out.printf("# %,d of these came when the tables were full and are not counted%n", answer.forgotten());
        }
        if (answer.suggestions().isEmpty()) {
            out.printf(
                    "# no value that looks harmless: none was sent by %d clients that offend in few places%n",
                    leastClients);
            return;
        }
        out.printf("# Look at each before you take it over: an exception is a hole.%n");
        out.printf("scanner.exceptions = [%n");
        for (Suggestion suggestion : answer.suggestions()) {
            out.printf(
                    "  # %,d requests of %,d clients, %,d answered with 2xx or 3xx; such as %s%n  %s%n",
                    suggestion.requests(),
                    suggestion.clients(),
                    suggestion.answered(),
                    Printable.of(String.join("   ", suggestion.examples())),
                    suggestion.hocon());
        }
        out.printf("]%n");
    }

    private int fail(String why) {
        spec.commandLine().getErr().printf("sunbeam: %s: %s%n", LogOptions.name(input), why);
        return ExitCode.SOFTWARE;
    }
}
