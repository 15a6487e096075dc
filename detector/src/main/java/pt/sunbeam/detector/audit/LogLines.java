package pt.sunbeam.detector.audit;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log of any length, one line in memory at a time, and keeps account of every line. Not thread-safe.
 *
 * <p>A line ends with a line feed or with the input. One that is too long is malformed and passed over.
 *
 * @param <T> what a line of the format holds
 */
public abstract sealed class LogLines<T> permits AuditLines, AccessLogLines {
    private final int longest;
    private final ByteLines lines;
    private long parsed;
    private final Reasons foreign = new Reasons();
    private final Reasons malformed = new Reasons();

    /**
     * @param in not closed here; it needs no buffer of its own
     * @param longest of a line, in bytes
     */
    LogLines(InputStream in, int longest) {
        this.longest = longest;
        lines = new ByteLines(in, longest);
    }

    /** What bytes[from, to) holds; null after it was set aside. */
    abstract @Nullable T read(byte[] bytes, int from, int to);

    /** What the next line of the format holds, whatever stands between it and the last one; null at the end. */
    public final @Nullable T next() throws IOException {
        while (lines.next()) {
            T read = lines.isCut()
                    ? malformed("more than %d bytes (expected: at most that)".formatted(longest))
                    : read(lines.bytes(), lines.start(), lines.end());
            if (read != null) {
                parsed++;
                return read;
            }
        }
        return null;
    }

    /** Lines read so far, which is the number of the last one. */
    public final long lines() {
        return lines.number();
    }

    /** Lines handed on. */
    public final long parsed() {
        return parsed;
    }

    /** Lines of another kind. */
    public final Reasons foreign() {
        return foreign;
    }

    /** Lines of the format that are broken, and lines that are too long to tell. */
    public final Reasons malformed() {
        return malformed;
    }

    final @Nullable T foreign(String reason) {
        foreign.add(reason, lines.number());
        return null;
    }

    final @Nullable T malformed(String reason) {
        malformed.add(reason, lines.number());
        return null;
    }
}
