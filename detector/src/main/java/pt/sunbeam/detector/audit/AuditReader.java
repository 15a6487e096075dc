package pt.sunbeam.detector.audit;

/** Reads audit lines: ours, the original's nested form, and its README's flat form. Never throws on input. */
public final class AuditReader {
    public sealed interface Outcome {}

    public record Parsed(AuditRecord record) implements Outcome {}

    /** A line that is no audit line (another target, another program's JSON, no JSON at all). */
    public record Foreign(String reason) implements Outcome {}

    /** An audit line that is broken: a field of the wrong type, missing, or truncated JSON; {@code reason} names field or byte. */
    public record Malformed(String reason) implements Outcome {}

    public Outcome read(byte[] line, int offset, int length) {
        throw new UnsupportedOperationException("stub");
    }
}
