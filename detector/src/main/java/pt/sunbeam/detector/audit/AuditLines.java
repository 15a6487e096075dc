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
    private final ByteLines lines;
    private long parsed;
    private final Reasons foreign = new Reasons();
    private final Reasons malformed = new Reasons();

    /** @param in not closed here; it needs no buffer of its own */
    public AuditLines(InputStream in) {
        lines = new ByteLines(in, AuditReader.LONGEST_LINE);
    }

    /** The next record, whatever stands between it and the last one; null at the end. */
    public @Nullable AuditRecord next() throws IOException {
        for (Outcome outcome = nextLine(); outcome != null; outcome = nextLine()) {
            switch (outcome) {
                case Parsed(var record) -> {
                    parsed++;
                    return record;
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

    /** Lines that are no audit lines. */
    public Reasons foreign() {
        return foreign;
    }

    /** Audit lines that are broken, and lines that are too long to tell. */
    public Reasons malformed() {
        return malformed;
    }

    private @Nullable Outcome nextLine() throws IOException {
        if (!lines.next()) {
            return null;
        }
        return lines.isCut()
                ? new Malformed(TOO_LONG)
                : reader.read(lines.bytes(), lines.start(), lines.end() - lines.start());
    }
}
