package pt.sunbeam.detector.audit;

import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.audit.AuditReader.Foreign;
import pt.sunbeam.detector.audit.AuditReader.Malformed;
import pt.sunbeam.detector.audit.AuditReader.Parsed;

/** Reads an audit log. A line may have {@link AuditReader#LONGEST_LINE} bytes. Not thread-safe. */
public final class AuditLines extends LogLines<AuditRecord> {
    private final AuditReader reader = new AuditReader();

    /** @param in not closed here; it needs no buffer of its own */
    public AuditLines(InputStream in) {
        super(in, AuditReader.LONGEST_LINE);
    }

    @Override
    @Nullable
    AuditRecord read(byte[] bytes, int from, int to) {
        return switch (reader.read(bytes, from, to - from)) {
            case Parsed(var record) -> record;
            case Foreign(var reason) -> foreign(reason);
            case Malformed(var reason) -> malformed(reason);
        };
    }
}
