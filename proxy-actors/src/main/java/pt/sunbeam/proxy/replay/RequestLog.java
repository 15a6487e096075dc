package pt.sunbeam.proxy.replay;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.audit.LogLines;
import pt.sunbeam.detector.audit.Reasons;
import pt.sunbeam.detector.http.RequestHead;

/** The requests of a log, one in memory at a time, and an account of every line. Not thread-safe. */
public sealed interface RequestLog permits AuditRequests, AccessRequests {
    /**
     * A request as its line tells it.
     *
     * @param arrivalMillis when the head had been read, milliseconds since 1970
     * @param durationMillis until the response was out
     * @param ddos what the log says that the DDoS detector did
     * @param refusedByScanner whether it was one of the scanner detector, on the head or the body
     * @param hostLogged false where the log does not say which host was asked for
     */
    record Entry(
            Report.Sample sample,
            RequestHead head,
            long arrivalMillis,
            int durationMillis,
            DdosLogged ddos,
            boolean refusedByScanner,
            boolean hostLogged) {}

    /** What a line says of the DDoS detector that was there when the request came. */
    enum DdosLogged {
        /** There was none, or it did not enforce what it said. */
        NOTHING,
        /** It had no verdict on the address. */
        NO_VERDICT,
        /** The address was throttled, and the request passed. */
        ADMITTED,
        THROTTLED,
        BLOCKED;

        /** Whether the response is not the site's. */
        boolean refused() {
            return this == THROTTLED || this == BLOCKED;
        }
    }

    /** The next request, whatever stands between it and the last one; null at the end. */
    @Nullable
    Entry next() throws IOException;

    LogFormat format();

    /** What became of the lines so far; not all that are parsed tell of a request. */
    LogLines<?> account();

    /** Parsed lines that tell of no request. */
    Reasons noRequest();
}
