package pt.sunbeam.trainer.dataset;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.audit.AuditRecord;
import pt.sunbeam.detector.audit.AuditWriter;

/**
 * Writes an audit log of any length to measure with: {@code AuditLogGenerator FILE LINES}. Of a thousand requests a second, some come from browsers, which
 * load pages and their parts; some from programs that poll; some from a scanner; one address floods now and then.
 */
public final class AuditLogGenerator {
    private static final Instant START = Instant.parse("2026-01-05T08:00:00Z");
    private static final int CLIENTS = 2_000;

    private AuditLogGenerator() {}

    public static void main(String... args) throws IOException {
        try (var out = new BufferedOutputStream(Files.newOutputStream(Path.of(args[0])), 1 << 16)) {
            write(out, Long.parseLong(args[1]), new SplittableRandom(42));
        }
    }

    /** Writes lines in the order of time, each request a millisecond behind the one before. */
    public static void write(OutputStream out, long lines, SplittableRandom random) throws IOException {
        var writer = new AuditWriter();
        for (long line = 0; line < lines; line++) {
            writer.write(record(line, random), out);
        }
    }

    private static AuditRecord record(long line, SplittableRandom random) {
        int kind = random.nextInt(100);
        boolean flood = line / 50_000 % 4 == 3 && kind < 50;
        if (flood) {
            return request(line, "198.51.100.9", "GET", "/search", "q=*", 503, "ApacheBench/2.3", null, false, random);
        }
        if (kind < 2) {
            var path =
                    "/" + Long.toString(random.nextLong(1_000_000), 36) + (random.nextBoolean() ? "/.env" : "/phpinfo");
            return request(line, "203.0.113.7", "GET", path, "", 404, "Mozilla/5.0 zgrab/0.x", null, false, random);
        }
        if (kind < 10) {
            var client = "10.9." + random.nextInt(4) + ".1";
            return request(line, client, "POST", "/api/items", "", 200, "okhttp/4.12.0", null, false, random);
        }
        int visitor = random.nextInt(CLIENTS);
        var client = "10.%d.%d.%d".formatted(visitor % 7, visitor / 7 % 250, visitor % 251);
        var path = kind < 40 ? "/page/" + random.nextInt(5_000) : "/assets/" + random.nextInt(400) + ".js";
        return request(
                line,
                client,
                "GET",
                path,
                kind < 20 ? "id=*&page=" + random.nextInt(50) : "",
                kind % 9 == 0 ? 304 : 200,
                "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0",
                "https://shop.example.org/page/" + random.nextInt(5_000),
                true,
                random);
    }

    private static AuditRecord request(
            long line,
            String client,
            String method,
            String path,
            String query,
            int status,
            String agent,
            @Nullable String referer,
            boolean browser,
            SplittableRandom random) {
        return new AuditRecord(
                START.plusMillis(line),
                "%08x-0000-4000-8000-%012x".formatted((int) line, line),
                method,
                "shop.example.org",
                path,
                query,
                client,
                status,
                5 + random.nextInt(200),
                method.equals("POST") ? 200 + random.nextInt(800) : 0,
                random.nextInt(50_000),
                agent,
                referer,
                browser ? "en-GB,en;q=0.5" : null,
                browser ? "text/html,application/xhtml+xml,*/*;q=0.8" : "*/*",
                browser ? "gzip, deflate, br" : null,
                browser,
                null,
                null,
                "127.0.0.1:8080",
                null,
                "HTTP/1.1",
                browser ? 9 : 3,
                null,
                new AuditRecord.Extension(
                        1,
                        "node-1",
                        "shop",
                        new AuditRecord.Layer("allow", 0.01, "verdict", List.of()),
                        new AuditRecord.Layer("allow", 0.02, "tree_allow", List.of()),
                        "a122f4c84849",
                        4,
                        List.of(),
                        null));
    }
}
