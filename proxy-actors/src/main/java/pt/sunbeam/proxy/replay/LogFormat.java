package pt.sunbeam.proxy.replay;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/** What the lines of a log look like. */
public enum LogFormat {
    /** Audit lines, one JSON object each: ours and the original's. */
    AUDIT,
    /** Access logs of Apache httpd and nginx, common or combined. */
    ACCESS;

    private static final int LOOKED_AT = 1 << 16;

    /**
     * By the beginning of the log (64 KiB): with a line that begins with a brace it is an audit log.
     *
     * @param in marked and reset: nothing is taken from it
     */
    static LogFormat of(BufferedInputStream in) throws IOException {
        in.mark(LOOKED_AT);
        byte[] beginning = in.readNBytes(LOOKED_AT);
        in.reset();
        boolean lineBegins = true;
        for (byte b : beginning) {
            if (lineBegins && b == '{') {
                return AUDIT;
            }
            lineBegins = b == '\n' || (lineBegins && b == ' ');
        }
        return ACCESS;
    }

    /** Reads the log from its beginning; {@code in} is not closed. */
    public RequestLog read(InputStream in, Unseen unseen) {
        return switch (this) {
            case AUDIT -> new AuditRequests(in);
            case ACCESS -> new AccessRequests(in, unseen);
        };
    }

    /** Reads a log of a format that shows in its beginning. */
    public static RequestLog readAny(InputStream in, Unseen unseen) throws IOException {
        var buffered = new BufferedInputStream(in, LOOKED_AT);
        return of(buffered).read(buffered, unseen);
    }
}
