package pt.sunbeam.proxy.replay;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import pt.sunbeam.detector.audit.AuditRecord;
import pt.sunbeam.detector.audit.AuditWriter;

/**
 * Writes an audit log of any length as a proxy would, for measurements: 100 requests a second, of which 85 in a hundred are those of 4,000 people with
 * browsers, 8 those of API clients, 5 of scanners, and 2 of one flood that changes its address every ten minutes. The same number of lines gives the same log.
 */
public final class LogGenerator {
    private static final Instant BEGIN = Instant.parse("2026-03-10T00:00:00Z");
    private static final String[] PROBES = {
        "/.env",
        "/.git/config",
        "/wp-login.php",
        "/phpmyadmin/index.php",
        "/cgi-bin/test.cgi",
        "/admin/..%2f..%2fetc/passwd"
    };

    private final SplittableRandom random = new SplittableRandom(1);
    private long millis;

    /** Arguments: number of lines, file. */
    public static void main(String[] args) throws IOException {
        var generator = new LogGenerator();
        var writer = new AuditWriter();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(Path.of(args[1])), 1 << 20)) {
            for (long line = Long.parseLong(args[0]); line > 0; line--) {
                writer.write(generator.next(), out);
            }
        }
    }

    AuditRecord next() {
        millis += random.nextInt(20);
        int kind = random.nextInt(100);
        if (kind < 85) {
            return visit(random.nextInt(4_000));
        }
        if (kind < 93) {
            return request(
                    "198.51.100." + random.nextInt(200),
                    "/api/v1/orders/" + random.nextInt(500),
                    "okhttp/4.12.0",
                    false,
                    200);
        }
        if (kind < 98) {
            return request(
                    "203.0.113." + random.nextInt(100),
                    PROBES[random.nextInt(PROBES.length)],
                    "python-requests/2.32",
                    false,
                    404);
        }
        return request("2001:db8:" + Long.toHexString(millis / 600_000) + "::1", "/search", "curl/8.5.0", false, 200);
    }

    private AuditRecord visit(int visitor) {
        String client = "10." + visitor / 250 + "." + visitor % 250 + ".7";
        String path =
                random.nextInt(4) == 0 ? "/item/" + random.nextInt(2_000) : "/static/" + random.nextInt(40) + ".css";
        return request(
                client,
                path,
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0.0.0 Safari/537.36"
                        .formatted(120 + visitor % 20),
                true,
                random.nextInt(50) == 0 ? 304 : 200);
    }

    private AuditRecord request(String client, String path, String agent, boolean browser, int status) {
        var passed = new AuditRecord.Layer("allow", 0.0123, "ensemble:mlp", List.of());
        return new AuditRecord(
                BEGIN.plusMillis(millis),
                new UUID(random.nextLong(), random.nextLong()).toString(),
                "GET",
                "shop.example",
                path,
                random.nextInt(3) == 0 ? "page=*&sort=*" : "",
                client,
                status,
                random.nextInt(200),
                0,
                random.nextInt(50_000),
                agent,
                browser ? "https://shop.example/item/17" : null,
                browser ? "pt-PT,pt;q=0.9,en;q=0.8" : null,
                browser ? "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" : "*/*",
                "gzip, deflate, br",
                browser,
                "keep-alive",
                null,
                "http://10.0.0.5:3000",
                null,
                "HTTP/1.1",
                12,
                null,
                new AuditRecord.Extension(
                        1,
                        "node-1",
                        "shop",
                        new AuditRecord.Layer("allow", 0, "verdict", List.of()),
                        passed,
                        "scanner-baseline@a122f4c8",
                        random.nextInt(200),
                        List.of(new AuditRecord.Place("cookie", "session", 7, 5, random.nextInt())),
                        null));
    }
}
