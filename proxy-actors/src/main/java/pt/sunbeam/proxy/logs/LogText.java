package pt.sunbeam.proxy.logs;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.audit.AuditRecord;
import pt.sunbeam.detector.audit.AuditRecord.Layer;
import pt.sunbeam.proxy.replay.Printable;

/**
 * Audit lines for people: one line each, in columns that widen with what they have had, printable ASCII but for colours. Not thread-safe.
 *
 * <p>Time (UTC), status, method, duration, bytes of the answer, client, route, host with path and query; then what stands out: decisions other than to allow,
 * with score and reasons, and what failed.
 */
public final class LogText {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
    private static final int WIDEST = 39; // of an IPv6 address

    private static final String RED = "31", GREEN = "32", YELLOW = "33", CYAN = "36", FAINT = "2", BOLD_RED = "1;31";

    private final boolean colours;
    private int clientWidth = 15;
    private int routeWidth = 4;

    public LogText(boolean colours) {
        this.colours = colours;
    }

    /** Without a line feed. */
    public String of(AuditRecord record) {
        var sunbeam = record.sunbeam();
        String client = Printable.of(record.clientIp());
        String route = sunbeam == null || sunbeam.route() == null ? "-" : Printable.of(sunbeam.route());
        clientWidth = Math.clamp(client.length(), clientWidth, WIDEST);
        routeWidth = Math.clamp(route.length(), routeWidth, WIDEST);
        var line = new StringBuilder(200)
                .append(coloured(FAINT, TIME.format(record.timestamp())))
                .append("  ")
                .append(status(record.status()))
                .append("  ")
                .append(padded(Printable.of(record.method()), 7))
                .append(' ')
                .append(String.format(Locale.ROOT, "%9s %10s  ", duration(record), size(record.responseBytes())))
                .append(padded(client, clientWidth))
                .append("  ")
                .append(padded(route, routeWidth))
                .append("  ")
                .append(Printable.of(record.host()))
                .append(Printable.of(record.path()))
                .append(record.query().isEmpty() ? "" : "?" + Printable.of(record.query()));
        if (sunbeam != null) {
            layer(line, "ddos", sunbeam.ddos());
            layer(line, "scanner", sunbeam.scanner());
            layer(line, "rate limit", sunbeam.rateLimit());
        }
        if (record.error() != null) {
            line.append("  ").append(coloured(YELLOW, "error: " + Printable.of(record.error())));
        }
        return line.toString();
    }

    private void layer(StringBuilder line, String name, @Nullable Layer layer) {
        if (layer == null || layer.decision().equals("allow")) {
            return;
        }
        String reasons = layer.reasons().isEmpty() ? "" : ": " + String.join("; ", layer.reasons());
        String text = Printable.of(String.format(
                Locale.ROOT, "%s %s %.2f %s%s", name, layer.decision(), layer.score(), layer.path(), reasons));
        line.append("  ").append(coloured(layer.refuses() ? BOLD_RED : YELLOW, text));
    }

    private String status(int status) {
        String text = padded(status == 0 ? "-" : Integer.toString(status), 3);
        return switch (status / 100) {
            case 2 -> coloured(GREEN, text);
            case 3 -> coloured(CYAN, text);
            case 4 -> coloured(YELLOW, text);
            case 5 -> coloured(RED, text);
            default -> text;
        };
    }

    private static String duration(AuditRecord record) {
        long millis = record.durationMs();
        return millis < 10_000 ? millis + " ms" : String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
    }

    private static String size(long bytes) {
        if (bytes < 10_000) {
            return bytes + " B";
        }
        return bytes < 10_000_000
                ? String.format(Locale.ROOT, "%.1f KiB", bytes / 1_024.0)
                : String.format(Locale.ROOT, "%.1f MiB", bytes / (1_024.0 * 1_024));
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private String coloured(String code, String text) {
        return colours ? "\033[" + code + "m" + text + "\033[0m" : text;
    }
}
