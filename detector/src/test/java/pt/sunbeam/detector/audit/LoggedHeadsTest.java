package pt.sunbeam.detector.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import pt.sunbeam.detector.http.RequestHead;

class LoggedHeadsTest {
    private static AuditRecord record(
            String method, String host, String path, String query, @Nullable String[] fields) {
        return new AuditRecord(
                Instant.EPOCH,
                "id",
                method,
                host,
                path,
                query,
                "192.0.2.1",
                200,
                1,
                fields[0] == null ? 0 : 7,
                0,
                fields[0],
                fields[1],
                fields[2],
                fields[3],
                fields[4],
                fields[5] != null,
                fields[6],
                fields[7],
                null,
                null,
                "HTTP/1.1",
                9,
                null,
                null);
    }

    @Test
    void eachHeadIsWhatItsOwnRecordSays() {
        var random = new SplittableRandom(1);
        var heads = new LoggedHeads();
        String[] methods = {"GET", "POST", "CONNECT"};
        String[] hosts = {"shop.example", "shop.example:8080", "-", ""};
        String[] paths = {"/", "/a/b.css", "/caf\u00e9\u20ac", "http://other.example/x"};
        for (int i = 0; i < 20_000; i++) {
            var fields = new @Nullable String[8];
            for (int f = 0; f < fields.length; f++) {
                fields[f] =
                        random.nextInt(8) > 0 ? "usual" : random.nextBoolean() ? null : "\u20ac" + random.nextInt(2);
            }
            int host = random.nextInt(hosts.length);
            String method = methods[host < 2 ? random.nextInt(methods.length) : 0];
            var record =
                    record(method, hosts[host], paths[random.nextInt(paths.length)], i % 3 == 0 ? "q=1" : "", fields);
            assertSame(heads.head(record), LoggedRequest.head(record));
        }
    }

    private static void assertSame(RequestHead made, RequestHead expected) {
        assertThat(made.bytes()).isEqualTo(expected.bytes());
        assertThat(made.path()).isEqualTo(expected.path());
        assertThat(made.query()).isEqualTo(expected.query());
        assertThat(made.host()).isEqualTo(expected.host());
        assertThat(made.fieldCount()).isEqualTo(expected.fieldCount());
        for (int i = 0; i < made.fieldCount(); i++) {
            assertThat(made.name(i)).isEqualTo(expected.name(i));
            assertThat(made.value(i)).isEqualTo(expected.value(i));
        }
    }

    @Test
    void aTargetThatNoRequestCanHaveIsRefusedAfterAGoodOneToo() {
        var heads = new LoggedHeads();
        var fields = new @Nullable String[8];
        heads.head(record("GET", "shop.example", "/", "", fields));
        assertThatThrownBy(() -> heads.head(record("GET", "shop.example", "/a b", "", fields)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("target");
    }
}
