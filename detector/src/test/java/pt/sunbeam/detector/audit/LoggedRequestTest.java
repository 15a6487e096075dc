package pt.sunbeam.detector.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import pt.sunbeam.detector.http.RequestHead;

class LoggedRequestTest {
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    private static final AuditRecord.Extension ALLOWED = extension("allow");

    private static AuditRecord.Extension extension(String ddos) {
        var layer = new AuditRecord.Layer(ddos, 0, "verdict", List.of());
        return new AuditRecord.Extension(1, "n1", null, layer, null, null, 0, List.of(), null);
    }

    private static AuditRecord record(
            String method,
            String host,
            String path,
            String query,
            int status,
            long contentLength,
            @Nullable String agent,
            boolean cookies,
            AuditRecord.@Nullable Extension sunbeam) {
        return new AuditRecord(
                NOON,
                "id",
                method,
                host,
                path,
                query,
                "192.0.2.1",
                status,
                250,
                contentLength,
                0,
                agent,
                "http://shop.example/",
                "pt-PT",
                "text/html",
                "gzip",
                cookies,
                "keep-alive",
                "PT",
                null,
                null,
                "HTTP/2.0",
                9,
                null,
                sunbeam);
    }

    @Test
    void aLineGivesTheHeadThatItWasWrittenFor() {
        var head =
                LoggedRequest.head(record("POST", "shop.example", "/cart", "a=1&b=*", 200, 17, "curl/8", true, null));
        assertThat(head.toString().lines())
                .containsExactly(
                        "POST /cart?a=1&b=* HTTP/1.1",
                        "host: shop.example",
                        "user-agent: curl/8",
                        "referer: http://shop.example/",
                        "accept-language: pt-PT",
                        "accept: text/html",
                        "accept-encoding: gzip",
                        "connection: keep-alive",
                        "cf-ipcountry: PT",
                        "cookie: *",
                        "content-length: 17",
                        "");
    }

    @Test
    void whatTheLineLacksTheHeadLacks() {
        RequestHead head = LoggedRequest.head(record("GET", "-", "/", "", 200, 0, null, false, null));
        assertThat(head.target()).isEqualTo("/");
        assertThat(head.toString()).doesNotContain("host:", "user-agent", "cookie", "content-length");
    }

    @Test
    void theTargetOfConnectIsItsHost() {
        assertThat(LoggedRequest.head(record("CONNECT", "shop.example:443", "", "", 405, 0, null, false, null))
                        .target())
                .isEqualTo("shop.example:443");
    }

    @Test
    void whatNoRequestCanHaveIsRefused() {
        assertThatThrownBy(() -> LoggedRequest.head(record("GET", "h", "/", "", 200, 0, "a\nb", false, null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("user-agent has U+000A at 1");
        assertThat(LoggedRequest.isRequest(record("-", "-", "-", "", 400, 0, null, false, ALLOWED)))
                .isFalse();
        assertThat(LoggedRequest.isRequest(record("GET", "-", "/", "", 400, 0, null, false, ALLOWED)))
                .isTrue();
    }

    @Test
    void ourTimestampIsThatOfTheArrivalAndTheOriginalsThatOfTheResponse() {
        assertThat(LoggedRequest.arrivalMillis(record("GET", "h", "/", "", 200, 0, null, false, ALLOWED)))
                .isEqualTo(NOON.toEpochMilli());
        assertThat(LoggedRequest.arrivalMillis(record("GET", "h", "/", "", 200, 0, null, false, null)))
                .isEqualTo(NOON.toEpochMilli() - 250);
    }

    @Test
    void onlyARefusalByTheDdosDetectorIsOne() {
        var block = extension("block");
        assertThat(LoggedRequest.isRefusedByDdos(record("GET", "h", "/", "", 429, 0, null, false, block)))
                .isTrue();
        assertThat(LoggedRequest.isRefusedByDdos(record("GET", "h", "/", "", 200, 0, null, false, block)))
                .isFalse();
        assertThat(LoggedRequest.isRefusedByDdos(record("GET", "h", "/", "", 429, 0, null, false, ALLOWED)))
                .isFalse();
        assertThat(LoggedRequest.isRefusedByDdos(record("GET", "h", "/", "", 429, 0, null, false, null)))
                .isFalse();
    }
}
