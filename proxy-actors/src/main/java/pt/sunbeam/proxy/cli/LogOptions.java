package pt.sunbeam.proxy.cli;

import java.io.IOException;
import java.io.InputStream;
import picocli.CommandLine.Option;
import pt.sunbeam.proxy.replay.LogFormat;
import pt.sunbeam.proxy.replay.RequestLog;
import pt.sunbeam.proxy.replay.Unseen;

/** How to read a log. */
final class LogOptions {
    /** Does something with an open log. */
    @FunctionalInterface
    interface Reading<T> {
        T read(RequestLog log) throws IOException;
    }

    private enum Format {
        auto,
        audit,
        access
    }

    private enum Assumed {
        absent,
        browser
    }

    @Option(
            names = "--format",
            paramLabel = "auto|audit|access",
            description = {
                "Audit lines (ours and the original's), or an access log in common or combined format",
                "(default: auto, by the log's beginning)."
            })
    private Format format = Format.auto;

    @Option(
            names = "--unseen",
            paramLabel = "absent|browser",
            description = {
                "What access logs do not have, Cookie, Accept-Language and Accept, counts as",
                "absent (default) or as sent the way a browser does."
            })
    private Assumed unseen = Assumed.absent;

    /** What to call an input in messages; "-" is standard input. */
    static String name(String input) {
        return input.equals("-") ? "standard input" : input;
    }

    /** Opens the input, "-" for standard input, which is not closed. Throws IOException, also where the name is no path. */
    <T> T read(String input, InputStream standardInput, Reading<T> reading) throws IOException {
        return InputFile.read(input, standardInput, in -> reading.read(log(in)));
    }

    private RequestLog log(InputStream in) throws IOException {
        Unseen assumed = unseen == Assumed.absent ? Unseen.ABSENT : Unseen.BROWSER;
        return switch (format) {
            case auto -> LogFormat.readAny(in, assumed);
            case audit -> LogFormat.AUDIT.read(in, assumed);
            case access -> LogFormat.ACCESS.read(in, assumed);
        };
    }
}
