package pt.sunbeam.trainer.cli;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import pt.sunbeam.trainer.traffic.Sources;
import pt.sunbeam.trainer.traffic.Tally;
import pt.sunbeam.trainer.traffic.Target;

/** Whom to ask, from where and for how long, for all commands that make traffic. */
final class TrafficOptions {
    private static final int UNANSWERED = 1;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--url",
            required = true,
            paramLabel = "URL",
            description = "what is asked; http, and a loopback address or localhost")
    private String url;

    @Option(names = "--host", paramLabel = "NAME", description = "field Host, instead of the URL's")
    private @Nullable String host;

    @Option(
            names = "--addresses",
            defaultValue = "1",
            paramLabel = "N",
            description = "client addresses; all of 127.0.0.0/8 can be had on Linux")
    private int addresses;

    @Option(
            names = "--first-address",
            defaultValue = "127.1.0.1",
            paramLabel = "ADDRESS",
            description = "the first of them; the others follow it")
    private String first;

    @Option(names = "--seconds", defaultValue = "60", paramLabel = "S", description = "how long, 1 to 3600")
    private int seconds;

    @Option(names = "--seed", defaultValue = "42", description = "of what is drawn: rates, texts, pauses")
    private long seed;

    @SuppressWarnings("NullAway.Init") // picocli fills options in
    TrafficOptions() {}

    Target target() {
        return read("--url", () -> Target.of(url));
    }

    Sources sources() {
        return read("--addresses, --first-address", () -> Sources.of(first, addresses));
    }

    String host() {
        return host == null ? target().host() : host;
    }

    Duration length() {
        require(seconds >= 1 && seconds <= 3_600, "--seconds", seconds, "1 to 3600");
        return Duration.ofSeconds(seconds);
    }

    long seed() {
        return seed;
    }

    /** Prints what came of it; the command's exit code. */
    int report(Tally tally) {
        var out = spec.commandLine().getOut();
        out.println(tally);
        out.flush();
        return tally.answers() == 0 ? UNANSWERED : 0;
    }

    void require(boolean valid, String option, Object found, String expected) {
        if (!valid) {
            throw fault(option + ": found " + found + " (expected: " + expected + ")");
        }
    }

    private <T> T read(String option, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException broken) {
            throw fault(option + ": " + broken.getMessage());
        }
    }

    private CommandLine.ParameterException fault(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}
