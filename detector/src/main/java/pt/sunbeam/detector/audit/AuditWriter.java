package pt.sunbeam.detector.audit;

import java.io.IOException;
import java.io.OutputStream;

/** Writes audit lines, one JSON object and a line feed each. Not thread-safe. */
public final class AuditWriter {
    public void write(AuditRecord record, OutputStream out) throws IOException {
        throw new UnsupportedOperationException("stub");
    }
}
