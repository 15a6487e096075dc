package pt.sunbeam.proxy.headers;

import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The field {@code traceparent} of W3C Trace Context: passed on where it is well-formed, started where it is not. */
final class TraceParent {
    private static final Pattern VERSION_00 =
            Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    private TraceParent() {}

    /** A new trace takes its id from the request id where that is a UUID, so that logs and traces meet. */
    static String continueOrStart(@Nullable String received, String requestId) {
        if (received != null && VERSION_00.matcher(received).matches()) {
            return received;
        }
        var random = ThreadLocalRandom.current();
        String trace = uuid(requestId);
        if (trace == null) {
            trace = hex(random.nextLong()) + hex(random.nextLong() | 1);
        }
        return "00-" + trace + "-" + hex(random.nextLong() | 1) + "-00";
    }

    private static @Nullable String uuid(String id) {
        try {
            UUID uuid = UUID.fromString(id);
            return hex(uuid.getMostSignificantBits()) + hex(uuid.getLeastSignificantBits());
        } catch (IllegalArgumentException another) {
            return null;
        }
    }

    private static String hex(long bits) {
        return HexFormat.of().toHexDigits(bits);
    }
}
