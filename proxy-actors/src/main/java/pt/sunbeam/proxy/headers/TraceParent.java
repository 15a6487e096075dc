package pt.sunbeam.proxy.headers;

import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.HeaderName;

/** The field {@code traceparent} of W3C Trace Context: passed on where it is well-formed, started where it is not. */
public final class TraceParent {
    public static final HeaderName NAME = HeaderName.of("traceparent");

    private static final Pattern VERSION_00 =
            Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    private TraceParent() {}

    /** Whether it is one of version 00: 55 characters, the trace's id at 3, its sender's at 36, the flags at 53. */
    public static boolean isWellFormed(@Nullable String received) {
        return received != null && VERSION_00.matcher(received).matches();
    }

    /** That of a new trace, which is not recorded. */
    static String begun(String requestId) {
        return of(newTrace(requestId), newParent(), false);
    }

    /** The field's value, for ids in lower-case hex. */
    public static String of(String trace, String parent, boolean sampled) {
        return "00-" + trace + "-" + parent + (sampled ? "-01" : "-00");
    }

    /** A new trace takes its id from the request id where that is a UUID, so that logs and traces meet. */
    public static String newTrace(String requestId) {
        try {
            UUID uuid = UUID.fromString(requestId);
            long high = uuid.getMostSignificantBits();
            long low = uuid.getLeastSignificantBits();
            if ((high | low) != 0) {
                return hex(high) + hex(low);
            }
        } catch (IllegalArgumentException another) {
            // an id of its own
        }
        var random = ThreadLocalRandom.current();
        return hex(random.nextLong()) + hex(random.nextLong() | 1);
    }

    public static String newParent() {
        return hex(ThreadLocalRandom.current().nextLong() | 1);
    }

    private static String hex(long bits) {
        return HexFormat.of().toHexDigits(bits);
    }
}
