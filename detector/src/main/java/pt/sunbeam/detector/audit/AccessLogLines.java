package pt.sunbeam.detector.audit;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.audit.AccessReader.Foreign;
import pt.sunbeam.detector.audit.AccessReader.Malformed;
import pt.sunbeam.detector.audit.AccessReader.Outcome;
import pt.sunbeam.detector.audit.AccessReader.Parsed;

/**
 * Reads an access log of any length in common or combined format (Apache httpd, nginx; a virtual host may stand before the client), one line in memory at a
 * time, and keeps account of every line. Bytes may be anything. Not thread-safe.
 *
 * <p>A line of more than 1 MiB is malformed and passed over.
 */
public final class AccessLogLines {
    private static final String TOO_LONG =
            "more than %d bytes (expected: at most that)".formatted(AccessReader.LONGEST_LINE);

    private final AccessReader reader = new AccessReader();
    private final ByteLines lines;
    private long parsed;
    private final Reasons foreign = new Reasons();
    private final Reasons malformed = new Reasons();

    /** @param in not closed here; it needs no buffer of its own */
    public AccessLogLines(InputStream in) {
        lines = new ByteLines(in, AccessReader.LONGEST_LINE);
    }

    /** The next line that holds an HTTP request, whatever stands between it and the last one; null at the end. */
    public @Nullable AccessLine next() throws IOException {
        while (lines.next()) {
            Outcome outcome =
                    lines.isCut() ? new Malformed(TOO_LONG) : reader.read(lines.bytes(), lines.start(), lines.end());
            switch (outcome) {
                case Parsed(var line) -> {
                    parsed++;
                    return line;
                }
                case Foreign(var reason) -> foreign.add(reason, lines.number());
                case Malformed(var reason) -> malformed.add(reason, lines.number());
            }
        }
        return null;
    }

    /** Lines read so far, which is the number of the last one. */
    public long lines() {
        return lines.number();
    }

    public long parsed() {
        return parsed;
    }

    /** Lines of another kind, and those that hold no HTTP request: TLS bytes, empty requests. */
    public Reasons foreign() {
        return foreign;
    }

    /** Lines of an access log that are broken, and lines that are too long to tell. */
    public Reasons malformed() {
        return malformed;
    }
}
