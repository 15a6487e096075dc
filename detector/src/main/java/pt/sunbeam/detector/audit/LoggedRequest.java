package pt.sunbeam.detector.audit;

import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.detector.http.RequestHead;

/**
 * Makes a request again from its audit line, as far as the line has it: replays and training see the same one.
 *
 * <p>What the line does not have stays unseen: values of the query that are masked, cookies' values, whether a body was chunked, and any field of a name
 * that no audit line has.
 */
public final class LoggedRequest {
    private static final String ABSENT = AuditWriter.ABSENT;
    private static final String UNKNOWN = "*"; // there was a value, the log does not say which

    private LoggedRequest() {}

    /** Whether the line tells of a request: the wire refuses what is none, and logs it with a line that has no method. */
    public static boolean isRequest(AuditRecord record) {
        return !record.method().equals(ABSENT);
    }

    /** The head; throws IllegalArgumentException where the line has what no request can have, such as a line feed in a field. */
    public static RequestHead head(AuditRecord record) {
        RequestHead.Builder head = RequestHead.builder(record.method(), target(record), "HTTP/1.1");
        if (!record.host().isEmpty()) {
            field(head, HeaderName.HOST, record.host().equals(ABSENT) ? null : record.host());
        }
        field(head, HeaderName.USER_AGENT, record.userAgent());
        field(head, HeaderName.REFERER, record.referer());
        field(head, HeaderName.ACCEPT_LANGUAGE, record.acceptLanguage());
        field(head, HeaderName.ACCEPT, record.accept());
        field(head, HeaderName.ACCEPT_ENCODING, record.acceptEncoding());
        field(head, HeaderName.CONNECTION, record.connection());
        field(head, HeaderName.CF_IPCOUNTRY, record.cfCountry());
        field(head, HeaderName.COOKIE, record.hasCookies() ? UNKNOWN : null);
        field(
                head,
                HeaderName.CONTENT_LENGTH,
                record.contentLength() > 0 ? Long.toString(record.contentLength()) : null);
        return head.build();
    }

    /**
     * When the head had been read, in milliseconds since 1970: our timestamp. The original's logger wrote when the response was out. Throws
     * ArithmeticException for years that 64 bits of milliseconds cannot hold.
     */
    public static long arrivalMillis(AuditRecord record) {
        return record.timestamp().toEpochMilli() - (record.sunbeam() == null ? durationMillis(record) : 0);
    }

    /** From the head read to the last byte written, at most Integer.MAX_VALUE. */
    public static int durationMillis(AuditRecord record) {
        return (int) Math.min(record.durationMs(), Integer.MAX_VALUE);
    }

    /** Whether the DDoS detector refused the request: its status and duration are then ours, not the site's. */
    public static boolean isRefusedByDdos(AuditRecord record) {
        AuditRecord.Extension sunbeam = record.sunbeam();
        return record.status() == 429
                && sunbeam != null
                && sunbeam.ddos() != null
                && sunbeam.ddos().refuses();
    }

    /** Whether the scanner detector refused the request, on its head or its body. */
    public static boolean isRefusedByScanner(AuditRecord record) {
        AuditRecord.Extension sunbeam = record.sunbeam();
        return record.status() == 403
                && sunbeam != null
                && sunbeam.scanner() != null
                && sunbeam.scanner().decision().equals("block");
    }

    static String target(AuditRecord record) {
        if (record.method().equals("CONNECT")) {
            return record.host();
        }
        return record.query().isEmpty() ? record.path() : record.path() + "?" + record.query();
    }

    private static void field(RequestHead.Builder head, HeaderName name, @Nullable String value) {
        if (value != null) {
            head.field(name, value);
        }
    }
}
