package pt.sunbeam.detector.audit;

import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.audit.AccessReader.Foreign;
import pt.sunbeam.detector.audit.AccessReader.Malformed;
import pt.sunbeam.detector.audit.AccessReader.Parsed;

/**
 * Reads an access log in common or combined format (Apache httpd, nginx; a virtual host may stand before the client). Bytes may be anything; a line may have
 * 1 MiB. Lines that hold no HTTP request (TLS bytes, empty requests) count as foreign. Not thread-safe.
 */
public final class AccessLogLines extends LogLines<AccessLine> {
    private final AccessReader reader = new AccessReader();

    /** @param in not closed here; it needs no buffer of its own */
    public AccessLogLines(InputStream in) {
        super(in, AccessReader.LONGEST_LINE);
    }

    @Override
    @Nullable
    AccessLine read(byte[] bytes, int from, int to) {
        return switch (reader.read(bytes, from, to)) {
            case Parsed(var line) -> line;
            case Foreign(var reason) -> foreign(reason);
            case Malformed(var reason) -> malformed(reason);
        };
    }
}
