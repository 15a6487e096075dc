package pt.sunbeam.proxy.observe;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.audit.AuditLines;
import pt.sunbeam.detector.audit.AuditRecord;
import pt.sunbeam.detector.audit.AuditRecord.Extension;

/** Records of these tests, and how they are read back. */
public final class AuditRecords {
    private AuditRecords() {}

    public static AuditRecord of(String requestId) {
        return of(requestId, 200, "/", "192.0.2.1", null, null);
    }

    public static AuditRecord of(
            String requestId,
            int status,
            String path,
            String client,
            @Nullable String error,
            @Nullable Extension extension) {
        return new AuditRecord(
                Instant.parse("2026-01-02T03:04:05Z"),
                requestId,
                "GET",
                "shop.example",
                path,
                "",
                client,
                status,
                3,
                0,
                512,
                "agent",
                null,
                "en",
                "*/*",
                null,
                false,
                null,
                null,
                "http://127.0.0.1:8080",
                error,
                "HTTP/1.1",
                4,
                null,
                extension);
    }

    /** The ids of all lines of a log, those of the files that were put aside first. Fails where a line is none. */
    static List<String> idsOfAll(Path log) {
        var ids = new ArrayList<String>();
        eachOfAll(log, record -> ids.add(record.requestId()));
        return ids;
    }

    static void eachOfAll(Path log, Consumer<AuditRecord> sink) {
        try {
            for (var rotated : new RotatedFiles(log).list()) {
                each(rotated.path(), sink);
            }
            each(log, sink);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> ids(Path file) {
        var ids = new ArrayList<String>();
        try {
            each(file, record -> ids.add(record.requestId()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ids;
    }

    private static void each(Path file, Consumer<AuditRecord> sink) throws IOException {
        try (var stored = Files.newInputStream(file);
                InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(stored, 1 << 16) : stored) {
            var lines = new AuditLines(in);
            for (var record = lines.next(); record != null; record = lines.next()) {
                sink.accept(record);
            }
            if (lines.parsed() != lines.lines()) {
                throw new AssertionError(file + ": " + (lines.lines() - lines.parsed()) + " lines are none");
            }
        }
    }
}
