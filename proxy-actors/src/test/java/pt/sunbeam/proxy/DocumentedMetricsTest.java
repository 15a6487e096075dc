package pt.sunbeam.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The manual's list of metrics is that of a proxy that has served. */
@Timeout(60)
class DocumentedMetricsTest {
    private static final Path MANUAL = Path.of(System.getProperty("basedir", "."), "..", "docs", "operations.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(sunbeam_\\w+)` \\| (\\w+) \\|(.*?)\\| .* \\|$");
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\w+) (\\w+)$");
    private static final Pattern SERIES = Pattern.compile("(?m)^(\\w+)\\{(.*)} \\S+$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

    @TempDir
    Path folder;

    private record Metric(String type, Set<String> labels) {}

    @Test
    void theManualNamesEachMetricWithItsTypeAndLabels() throws Exception {
        assertThat(served()).isEqualTo(documented());
    }

    private static Map<String, Metric> documented() throws IOException {
        var metrics = new TreeMap<String, Metric>();
        ROW.matcher(Files.readString(MANUAL)).results().forEach(row -> {
            // "`method`, `host` (…); `reason`: `a`, `b`": what stands before a colon, and what has none
            var labels = Arrays.stream(
                            row.group(3).replaceAll("\\([^)]*\\)", "").split(";"))
                    .map(part -> part.replaceAll(":.*", ""))
                    .flatMap(part -> Pattern.compile("`(\\w+)`").matcher(part).results())
                    .map(word -> word.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
            metrics.put(row.group(1), new Metric(row.group(2), labels));
        });
        return metrics;
    }

    private Map<String, Metric> served() throws Exception {
        int port;
        try (var unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = unused.getLocalPort();
        }
        try (var origin = Origin.answering("HTTP/1.1 200 OK\nContent-Length: 2\n\nhi");
                var proxy = Proxies.start(
                        origin.port(),
                        folder.resolve("audit"),
                        "telemetry.metrics_port = " + port + "\nshutdown.drain = 0 s");
                var connection = RawConnection.to(proxy.httpPort());
                var client = HttpClient.newHttpClient()) {
            assertThat(connection
                            .send("GET / HTTP/1.1\nHost: shop.example\n\n")
                            .read()
                            .status())
                    .isEqualTo(200);
            assertThat(connection
                            .send("BREW /pot HTTP/1.1\nHost: made.up\n\n")
                            .read()
                            .status())
                    .isEqualTo(501);
            var asking = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                    .build();
            String text = client.send(asking, BodyHandlers.ofString()).body();
            var counted = Pattern.compile("(?m)^sunbeam_requests_total\\{.*method=\"other\".* [1-9]\\d*\\.0$");
            while (!counted.matcher(text).find()) {
                Thread.onSpinWait();
                text = client.send(asking, BodyHandlers.ofString()).body();
            }
            assertThat(text).doesNotContain("BREW", "/pot", "made.up");
            return metrics(text);
        }
    }

    private static Map<String, Metric> metrics(String text) {
        var metrics = new TreeMap<String, Metric>();
        TYPE.matcher(text)
                .results()
                .forEach(type -> metrics.put(type.group(1), new Metric(type.group(2), new TreeSet<>())));
        SERIES.matcher(text).results().forEach(series -> {
            var metric = metrics.get(series.group(1).replaceAll("_(bucket|count|sum)$", ""));
            assertThat(metric).as(series.group(1)).isNotNull();
            LABEL.matcher(series.group(2))
                    .results()
                    .map(label -> label.group(1))
                    .forEach(label -> {
                        if (metric != null && !label.equals("le")) {
                            metric.labels().add(label);
                        }
                    });
        });
        return metrics;
    }
}
