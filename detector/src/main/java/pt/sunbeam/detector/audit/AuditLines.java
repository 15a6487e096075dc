package pt.sunbeam.detector.audit;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.audit.AuditReader.Foreign;
import pt.sunbeam.detector.audit.AuditReader.Malformed;
import pt.sunbeam.detector.audit.AuditReader.Outcome;
import pt.sunbeam.detector.audit.AuditReader.Parsed;

/**
 * Reads a log of any length, one line in memory at a time, and keeps account of every line. Not thread-safe.
 *
 * <p>A line ends with a line feed or with the input. One of more than {@link AuditReader#LONGEST_LINE} bytes is malformed and passed over.
 */
public final class AuditLines {
    private static final String TOO_LONG =
            "more than %d bytes (expected: at most that)".formatted(AuditReader.LONGEST_LINE);

    private final AuditReader reader = new AuditReader();
    private final InputStream in;
    private final byte[] buffer = new byte[AuditReader.LONGEST_LINE + 1]; // the longest line and its line feed
    private int from; // what was read and not yet taken: buffer[from, to)
    private int to;
    private long lines;
    private long parsed;
    private final Reasons foreign = new Reasons();
    private final Reasons malformed = new Reasons();

    /** @param in not closed here; it needs no buffer of its own */
    public AuditLines(InputStream in) {
        this.in = in;
    }

    /** The next record, whatever stands between it and the last one; null at the end. */
    public @Nullable AuditRecord next() throws IOException {
        for (Outcome outcome = nextLine(); outcome != null; outcome = nextLine()) {
            lines++;
            switch (outcome) {
                case Parsed(var record) -> {
                    parsed++;
                    return record;
                }
                case Foreign(var reason) -> foreign.add(reason, lines);
                case Malformed(var reason) -> malformed.add(reason, lines);
            }
        }
        return null;
    }

    /** Lines read so far, which is the number of the last one. */
    public long lines() {
        return lines;
    }

    public long parsed() {
        return parsed;
    }

    /** Lines that are no audit lines. */
    public Reasons foreign() {
        return foreign;
    }

    /** Audit lines that are broken, and lines that are too long to tell. */
    public Reasons malformed() {
        return malformed;
    }

    private @Nullable Outcome nextLine() throws IOException {
        int scanned = from;
        while (true) {
            int end = lineFeed(scanned);
            if (end < to) {
                Outcome outcome = reader.read(buffer, from, end - from);
                from = end + 1;
                return outcome;
            }
            if (to - from == buffer.length) {
                skipLine();
                return new Malformed(TOO_LONG);
            }
            if (to == buffer.length) {
                System.arraycopy(buffer, from, buffer, 0, to - from);
                to -= from;
                from = 0;
            }
            scanned = to;
            if (!fill()) {
                return lastLine();
            }
        }
    }

    private @Nullable Outcome lastLine() {
        if (from == to) {
            return null;
        }
        Outcome outcome = reader.read(buffer, from, to - from);
        from = to;
        return outcome;
    }

    private void skipLine() throws IOException {
        do {
            from = 0;
            to = 0;
        } while (fill() && lineFeed(0) == to);
        from = Math.min(lineFeed(0) + 1, to);
    }

    private boolean fill() throws IOException {
        int read = in.read(buffer, to, buffer.length - to);
        to += Math.max(read, 0);
        return read >= 0;
    }

    private int lineFeed(int start) {
        int i = start;
        while (i < to && buffer[i] != '\n') {
            i++;
        }
        return i;
    }
}
