package pt.sunbeam.proxy.replay;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.audit.AccessLine;
import pt.sunbeam.detector.audit.AccessLogLines;
import pt.sunbeam.detector.audit.LogLines;
import pt.sunbeam.detector.audit.Reasons;
import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.detector.http.RequestHead;

/**
 * The requests of an access log. It has no durations, no lengths of request bodies, and no times finer than a second.
 *
 * <p>All requests of a second happen at once, at its beginning: a burst of n requests in one second counts as n a second, never as more. A body has an
 * unknown length, as if it were chunked, for a length of 0 would be a fault of the client's.
 */
final class AccessRequests implements RequestLog {
    private static final String UNKNOWN = "*";

    private final AccessLogLines lines;
    private final Unseen unseen;
    private final Reasons noRequest = new Reasons();

    AccessRequests(InputStream in, Unseen unseen) {
        this.lines = new AccessLogLines(in);
        this.unseen = unseen;
    }

    @Override
    public @Nullable Entry next() throws IOException {
        for (AccessLine line = lines.next(); line != null; line = lines.next()) {
            try {
                RequestHead head = head(line);
                return new Entry(
                        new Report.Sample(lines.lines(), "-", line.client(), line.target(), line.status()),
                        head,
                        line.second() * 1_000,
                        0,
                        DdosLogged.NOTHING,
                        false,
                        !line.host().isEmpty());
            } catch (IllegalArgumentException impossible) {
                noRequest.add("no request: " + impossible.getMessage(), lines.lines());
            }
        }
        return null;
    }

    private RequestHead head(AccessLine line) {
        var head = RequestHead.builder(
                line.method(), line.target(), line.version().isEmpty() ? "HTTP/1.0" : line.version());
        field(head, HeaderName.HOST, line.host());
        field(head, HeaderName.USER_AGENT, line.agent());
        field(head, HeaderName.REFERER, line.referer());
        if (unseen == Unseen.BROWSER) {
            field(head, HeaderName.COOKIE, UNKNOWN);
            field(head, HeaderName.ACCEPT_LANGUAGE, UNKNOWN);
            field(head, HeaderName.ACCEPT, "text/html");
        }
        switch (line.method()) {
            case "POST", "PUT", "PATCH" -> field(head, HeaderName.TRANSFER_ENCODING, "chunked");
            default -> {}
        }
        return head.build();
    }

    private static void field(RequestHead.Builder head, HeaderName name, String value) {
        if (!value.isEmpty()) {
            head.field(name.toString(), value);
        }
    }

    @Override
    public LogFormat format() {
        return LogFormat.ACCESS;
    }

    @Override
    public LogLines<?> account() {
        return lines;
    }

    @Override
    public Reasons noRequest() {
        return noRequest;
    }
}
