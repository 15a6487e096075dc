package pt.sunbeam.proxy.replay;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.audit.AuditLines;
import pt.sunbeam.detector.audit.AuditRecord;
import pt.sunbeam.detector.audit.LogLines;
import pt.sunbeam.detector.audit.LoggedHeads;
import pt.sunbeam.detector.audit.LoggedRequest;
import pt.sunbeam.detector.audit.Reasons;

/** The requests of an audit log. */
final class AuditRequests implements RequestLog {
    private static final long LAST_SECOND =
            Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

    private final AuditLines lines;
    private final Reasons noRequest = new Reasons();
    private final LoggedHeads heads = new LoggedHeads();

    AuditRequests(InputStream in) {
        lines = new AuditLines(in);
    }

    @Override
    public @Nullable Entry next() throws IOException {
        for (AuditRecord record = lines.next(); record != null; record = lines.next()) {
            Entry entry = entry(record);
            if (entry != null) {
                return entry;
            }
        }
        return null;
    }

    private @Nullable Entry entry(AuditRecord record) {
        if (!LoggedRequest.isRequest(record)) {
            return none("refused before it could be read");
        }
        long second = record.timestamp().getEpochSecond();
        if (second < 0 || second > LAST_SECOND) {
            return none("timestamp: found a year that is not in 1970 to 9999");
        }
        try {
            return new Entry(
                    new Report.Sample(
                            lines.lines(), record.requestId(), record.clientIp(), record.path(), record.status()),
                    heads.head(record),
                    LoggedRequest.arrivalMillis(record),
                    LoggedRequest.durationMillis(record),
                    ddos(record),
                    LoggedRequest.isRefusedByScanner(record),
                    true);
        } catch (IllegalArgumentException impossible) {
            return none(String.valueOf(impossible.getMessage()));
        }
    }

    private static DdosLogged ddos(AuditRecord record) {
        AuditRecord.Extension sunbeam = record.sunbeam();
        AuditRecord.Layer layer = sunbeam == null ? null : sunbeam.ddos();
        if (layer == null) {
            return DdosLogged.NOTHING;
        }
        if (LoggedRequest.isRefusedByDdos(record)) {
            return layer.decision().equals("block") ? DdosLogged.BLOCKED : DdosLogged.THROTTLED;
        }
        if (!layer.decision().equals("allow")) {
            return DdosLogged.NOTHING;
        }
        return layer.path().equals("verdict") ? DdosLogged.NO_VERDICT : DdosLogged.ADMITTED;
    }

    private @Nullable Entry none(String why) {
        noRequest.add("no request: " + why, lines.lines());
        return null;
    }

    @Override
    public LogFormat format() {
        return LogFormat.AUDIT;
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
