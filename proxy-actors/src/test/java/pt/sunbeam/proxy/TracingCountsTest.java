package pt.sunbeam.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import pt.sunbeam.config.Backend;
import pt.sunbeam.config.Telemetry;
import pt.sunbeam.detector.audit.AuditRecord;
import pt.sunbeam.detector.audit.AuditRecord.Extension;
import pt.sunbeam.proxy.observe.AuditRecords;
import pt.sunbeam.proxy.observe.trace.Tracing;

/** Every span is accounted for: taken, refused, or without a place among those that wait. */
@Timeout(60)
class TracingCountsTest {
    private static final Instant NOW = Instant.EPOCH;
    private static final Backend BACKEND = new Backend("http://127.0.0.1:1", "127.0.0.1", 1);
    private static final AuditRecord LINE = AuditRecords.of(
            "7d9f9d5e-3b0c-4f7e-9d5a-0123456789ab",
            200,
            "/",
            "192.0.2.1",
            null,
            new Extension(1, "local", "shop", null, null, null, 0, List.of(), null));

    @Test
    void whatACollectorTakesIsCounted() throws IOException {
        try (var collector = new Collector()) {
            var tracing = tracing(collector.endpoint());
            requests(tracing, 100);
            tracing.close(Duration.ofSeconds(20));
            assertThat(tracing.exported())
                    .isEqualTo(200)
                    .isEqualTo(collector.spans().size());
            assertThat(tracing.failed()).isZero();
            assertThat(tracing.dropped()).isZero();
        }
    }

    @Test
    void whatItRefusesIsCounted() throws IOException {
        try (var collector = new Collector(400)) {
            var tracing = tracing(collector.endpoint());
            requests(tracing, 100);
            tracing.close(Duration.ofSeconds(20));
            assertThat(tracing.failed()).isEqualTo(200);
            assertThat(tracing.exported()).isZero();
        }
    }

    @Test
    void whatFindsNoPlaceIsCountedAndNobodyWaits() throws Exception {
        var asked = new CountDownLatch(1);
        try (var hanging = new Origin(connection -> {
            connection.readHead();
            asked.countDown();
            connection.in().readAllBytes();
        })) {
            var tracing = tracing("http://127.0.0.1:" + hanging.port());
            requests(tracing, 1_000);
            asked.await();
            requests(tracing, 10_000);
            assertThat(tracing.dropped()).isBetween(22_000L - 3 * 4_096, 22_000L - 4_096);
            assertThat(tracing.exported()).isZero();
            tracing.close(Duration.ofMillis(100));
        }
    }

    private static Tracing tracing(String endpoint) {
        return Tracing.start(new Telemetry.Traces(URI.create(endpoint + "/v1/traces"), Map.of(), 1, "test"), "1");
    }

    /** Each with an attempt: two spans. */
    private static void requests(Tracing tracing, int count) {
        for (int i = 0; i < count; i++) {
            var span = tracing.begin(null, false, "7d9f9d5e-3b0c-4f7e-9d5a-0123456789ab", NOW);
            span.attempt("GET", BACKEND, NOW).answered(200, NOW.plusMillis(1));
            span.end(LINE, true, NOW.plusMillis(2));
        }
    }
}
