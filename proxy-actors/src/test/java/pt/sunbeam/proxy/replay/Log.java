package pt.sunbeam.proxy.replay;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.audit.AuditRecord;
import pt.sunbeam.detector.audit.AuditWriter;

/** Audit lines as the proxy writes them. */
final class Log {
    static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    static final AuditRecord.Layer ALLOW = new AuditRecord.Layer("allow", 0, "verdict", List.of());
    static final AuditRecord.Layer BLOCK = new AuditRecord.Layer("block", 1, "tree_block", List.of());

    private Log() {}

    /** A browser's request, milliseconds after noon. */
    static AuditRecord visit(String id, String client, long millis, String path) {
        return record(id, client, millis, path, 200, "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", true, ALLOW);
    }

    /** A program's request without cookies, milliseconds after noon. */
    static AuditRecord probe(String id, String client, long millis, String path, int status) {
        return record(id, client, millis, path, status, "curl/8.5.0", false, ALLOW);
    }

    static AuditRecord record(
            String id,
            String client,
            long millis,
            String path,
            int status,
            String agent,
            boolean browser,
            AuditRecord.@Nullable Layer ddos) {
        return new AuditRecord(
                NOON.plusMillis(millis),
                id,
                "GET",
                "shop.example",
                path,
                "",
                client,
                status,
                12,
                0,
                345,
                agent,
                browser ? "http://shop.example/" : null,
                browser ? "pt-PT" : null,
                browser ? "text/html,*/*;q=0.8" : "*/*",
                "gzip",
                browser,
                null,
                null,
                "http://10.0.0.1:80",
                null,
                "HTTP/1.1",
                6,
                null,
                ddos == null ? null : new AuditRecord.Extension(1, "n1", "shop", ddos, null, null, 7, List.of(), null));
    }

    static Path write(Path file, List<AuditRecord> records) {
        var writer = new AuditWriter();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            for (AuditRecord record : records) {
                writer.write(record, out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }
}
