package pt.sunbeam.proxy.replay;

import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.audit.AuditRecord;
import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.detector.http.RequestHead;

/** Makes the head of a request again from its audit line, as far as the line has it. */
final class LoggedRequest {
    private static final String ABSENT = "-";
    private static final String UNKNOWN = "*"; // there was a value, the log does not say which

    private LoggedRequest() {}

    /** Whether the line tells of a request: the wire refuses what is none, and logs it with a line that has no method. */
    static boolean isRequest(AuditRecord record) {
        return !record.method().equals(ABSENT);
    }

    /** Throws IllegalArgumentException where the line has what no request can have, such as a line feed in a field. */
    static RequestHead head(AuditRecord record) {
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

    private static String target(AuditRecord record) {
        if (record.method().equals("CONNECT")) {
            return record.host();
        }
        return record.query().isEmpty() ? record.path() : record.path() + "?" + record.query();
    }

    private static void field(RequestHead.Builder head, HeaderName name, @Nullable String value) {
        if (value != null) {
            head.field(name.toString(), value);
        }
    }
}
