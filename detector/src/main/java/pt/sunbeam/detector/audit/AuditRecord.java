package pt.sunbeam.detector.audit;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request as the audit log keeps it. Absent header: null (written as "-"). No query: empty.
 *
 * @param durationMs from the head read to the last byte written, milliseconds
 * @param contentLength the request's Content-Length, 0 where none
 * @param status 0 where nothing was written
 * @param error what failed, or null
 * @param label for training only, or null
 * @param sunbeam what the proxy adds; null in lines of the original
 */
public record AuditRecord(
        Instant timestamp,
        String requestId,
        String method,
        String host,
        String path,
        String query,
        String clientIp,
        int status,
        long durationMs,
        long contentLength,
        long responseBytes,
        @Nullable String userAgent,
        @Nullable String referer,
        @Nullable String acceptLanguage,
        @Nullable String accept,
        @Nullable String acceptEncoding,
        boolean hasCookies,
        @Nullable String connection,
        @Nullable String cfCountry,
        @Nullable String backend,
        @Nullable String error,
        String httpVersion,
        int headerCount,
        @Nullable String label,
        @Nullable Extension sunbeam) {

    /**
     * The object "sunbeam" of a line; {@code v} is the schema's version, now 1.
     *
     * @param scannerFeatures in the order of {@code ScannerFeatures}, for a sample of the lines; not to be written to, compared by identity
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Extension(
            int v,
            String node,
            @Nullable String route,
            @Nullable Layer ddos,
            @Nullable Layer scanner,
            @Nullable Layer rateLimit,
            @Nullable String model,
            long upstreamMs,
            List<Place> shape,
            int @Nullable [] scannerFeatures) {
        /** Without the word of the rate limits. */
        public Extension(
                int v,
                String node,
                @Nullable String route,
                @Nullable Layer ddos,
                @Nullable Layer scanner,
                @Nullable String model,
                long upstreamMs,
                List<Place> shape,
                int @Nullable [] scannerFeatures) {
            this(v, node, route, ddos, scanner, null, model, upstreamMs, shape, scannerFeatures);
        }
    }

    /**
     * What one layer decided.
     *
     * @param decision "allow", "throttle", "block", or "observe" (would have refused)
     * @param score calibrated probability in [0, 1]; of the rate limits 0 or 1
     * @param path "tree_allow", "tree_block", "mlp", "verdict", "short_circuit:..."; of the rate limits the limit's name
     * @param reasons for a block, at most three, strongest first
     */
    public record Layer(String decision, double score, String path, List<String> reasons) {
        /** Whether it refused the request. */
        public boolean refuses() {
            return decision.equals("block") || decision.equals("throttle");
        }
    }

    /**
     * The shape of an inspected value, never the value.
     *
     * @param place the {@link pt.sunbeam.detector.canon.Place#word}: "query", "cookie", "header", and of an inspected body "form", "json", "xml", "multipart" or "text"
     * @param name the parameter's, cookie's, field's (in lower case) or member's name, of a body's at most 128 bytes; empty where it has none, "*" where it looks like a token
     * @param classes bit mask of character classes met: 1 digit, 2 lower, 4 upper, 8 space, 16 "._-", 32 other printable ASCII, 64 percent escape, 128 other
     * @param lengthBucket number of bits of the length (0 for empty, 1 for 1, 2 for 2..3, ...)
     * @param hash keyed 32-bit hash of the value's first 1,024 bytes
     */
    public record Place(String place, String name, int classes, int lengthBucket, int hash) {}
}
