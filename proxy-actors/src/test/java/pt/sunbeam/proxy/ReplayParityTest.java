package pt.sunbeam.proxy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pt.sunbeam.cluster.DetectorCounters;
import pt.sunbeam.detector.audit.AuditLines;
import pt.sunbeam.proxy.exchange.ScannerLayer;
import pt.sunbeam.proxy.replay.DdosReplay;
import pt.sunbeam.proxy.replay.DetectorModels;
import pt.sunbeam.proxy.replay.LogFormat;
import pt.sunbeam.proxy.replay.Replay;
import pt.sunbeam.proxy.replay.Unseen;

/** What the DDoS detector decided online, a replay of the audit log decides again, request by request. */
class ReplayParityTest {
    private static final String MORE = """
            ddos.escalation { observe = 500 ms, throttle = 1 s, block = 2 s, longest_block = 4 s, forgive = 2 s }
            scanner.enabled = false
            """;
    private static final Duration TIME = Duration.ofSeconds(12);
    private static final ScannerLayer.Decision PASSED = ScannerLayer.Decision.passed("off");

    @TempDir
    Path folder;

    @Test
    void aReplayOfTheAuditLogDecidesAsTheProxyDid() throws Exception {
        Path audit = folder.resolve("audit.log");
        try (var origin = Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
                var proxy = Proxies.start(origin.port(), audit, MORE);
                var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            all.add(clients.submit(() -> ask(proxy, "198.51.100.1", "/api/items", 2)));
            all.add(clients.submit(() -> ask(proxy, "198.51.100.2", "/wp-login.php?try=", 25)));
            all.add(clients.submit(() -> ask(proxy, "203.0.113.9", "/page/", 400)));
            for (Future<?> client : all) {
                client.get();
            }
        }
        Map<Long, String> online = decisions(audit);
        Map<Long, String> replayed = new HashMap<>();
        var config = Proxies.config("listen.http = \"127.0.0.1:0\"\nddos.enabled = true\n" + MORE);
        var settings = new Replay.Settings(config.scanner(), config.ddos(), null, DetectorModels.compiled(), Map.of());
        try (var in = Files.newInputStream(audit)) {
            var log = LogFormat.AUDIT.read(in, Unseen.BROWSER);
            var replay = new DdosReplay(
                    settings.judge(new DetectorCounters()),
                    settings.ddos(),
                    (request, _, refusal) -> replayed.put(
                            request.sample().line(),
                            refusal == null ? "allow" : refusal.measure().word()));
            for (var entry = log.next(); entry != null; entry = log.next()) {
                assertThat(replay.take(entry, PASSED)).isNull();
            }
            replay.finish();
        }
        assertThat(online.values().stream().collect(Collectors.groupingBy(word -> word, Collectors.counting())))
                .containsKeys("allow", "throttle", "block");
        assertThat(replayed).hasSameSizeAs(online);
        assertThat(online.entrySet().stream()
                        .filter(line -> !line.getValue().equals(replayed.get(line.getKey())))
                        .map(line -> "line %d: %s, replayed %s"
                                .formatted(line.getKey(), line.getValue(), replayed.get(line.getKey()))))
                .isEmpty();
    }

    private static Map<Long, String> decisions(Path audit) throws IOException {
        Map<Long, String> decisions = new HashMap<>();
        try (var in = Files.newInputStream(audit)) {
            var lines = new AuditLines(in);
            for (var record = lines.next(); record != null; record = lines.next()) {
                var ddos = requireNonNull(requireNonNull(record.sunbeam()).ddos());
                decisions.put(lines.lines(), ddos.decision());
            }
        }
        return decisions;
    }

    private static Void ask(Proxy proxy, String client, String path, int pauseMillis) throws Exception {
        long end = System.nanoTime() + TIME.toNanos();
        try (var connection = RawConnection.to(proxy.httpPort())) {
            for (int i = 0; System.nanoTime() < end; i++) {
                connection
                        .send("GET %s%d HTTP/1.1\nHost: shop.example\nX-Forwarded-For: %s\n\n"
                                .formatted(path, i % 100, client))
                        .read();
                Thread.sleep(pauseMillis);
            }
        }
        return null;
    }
}
