package pt.sunbeam.detector.audit;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.RequestHead;

/**
 * The heads of one logged request after the other, as {@link LoggedRequest#head} makes them. A client sends the same fields again and again: they are
 * taken from the head that had them lately. Bounded: a new head takes the place of an old one. Not thread-safe.
 */
public final class LoggedHeads {
    private static final int SLOT_BITS = 10;

    private final @Nullable Known[] recent = new @Nullable Known[1 << SLOT_BITS];

    private record Known(AuditRecord record, RequestHead head) {}

    /** Throws as {@link LoggedRequest#head} does. */
    public RequestHead head(AuditRecord record) {
        int hash = 31 * Objects.hashCode(record.userAgent()) + Objects.hashCode(record.referer());
        int slot = (hash * 0x9e3779b9) >>> (Integer.SIZE - SLOT_BITS);
        Known known = recent[slot];
        if (known != null && haveSameFields(known.record, record)) {
            return known.head.with(record.method(), LoggedRequest.target(record));
        }
        RequestHead head = LoggedRequest.head(record);
        recent[slot] = new Known(record, head);
        return head;
    }

    private static boolean haveSameFields(AuditRecord a, AuditRecord b) {
        return Objects.equals(a.userAgent(), b.userAgent())
                && Objects.equals(a.referer(), b.referer())
                && a.host().equals(b.host())
                && Objects.equals(a.acceptLanguage(), b.acceptLanguage())
                && Objects.equals(a.accept(), b.accept())
                && Objects.equals(a.acceptEncoding(), b.acceptEncoding())
                && Objects.equals(a.connection(), b.connection())
                && Objects.equals(a.cfCountry(), b.cfCountry())
                && a.hasCookies() == b.hasCookies()
                && a.contentLength() == b.contentLength();
    }
}
