package pt.sunbeam.config;

import static org.assertj.core.api.Assertions.assertThat;
import static pt.sunbeam.config.Reading.faults;
import static pt.sunbeam.config.Reading.hocon;
import static pt.sunbeam.config.Reading.loaded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys of stopping, reloading and managing a proxy. */
class OperationsTest {
    private static final String TOKEN = "0123456789abcdef";

    @Test
    void theAnnouncementIsAQuarterOfTheDrainButNoMoreThanFiveSeconds() {
        assertThat(loaded(hocon("shutdown.drain = 8 s")).shutdown().announce()).isEqualTo(Duration.ofSeconds(2));
        assertThat(loaded(hocon("shutdown.drain = 10 minutes")).shutdown().announce())
                .isEqualTo(Duration.ofSeconds(5));
        assertThat(loaded(hocon("shutdown { drain = 30 s, announce = 30 s }"))
                        .shutdown()
                        .announce())
                .isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void anAnnouncementLongerThanTheDrainIsAFault() {
        assertThat(faults(hocon("shutdown { drain = 1 s\nannounce = 2 s }")))
                .containsExactly("s.conf:3: shutdown.announce: found \"2 s\" (expected: at most shutdown.drain)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:0", "127.3.2.1:9000", "[::1]:9000", "localhost:9000", "LOCALHOST:9000"})
    void onLoopbackTheAdminListenerNeedsNoToken(String listen) {
        assertThat(loaded(hocon("admin.listen = \"" + listen + "\"")).admin().token())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:9000", "[::]:9000", "192.0.2.1:9000", "admin.example:9000"})
    void elsewhereItNeedsOne(String listen) {
        assertThat(faults(hocon("admin.listen = \"" + listen + "\"")))
                .containsExactly("s.conf:2: admin.token: found nothing (expected: a token, for admin.listen is not on"
                        + " loopback; or a loopback address there)");
        var admin = loaded(hocon("admin { listen = \"%s\", token = \"%s\" }".formatted(listen, TOKEN)))
                .admin();
        assertThat(admin.token()).isEqualTo(TOKEN);
        assertThat(admin.toString()).doesNotContain(TOKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0123456789abcde", "0123456789 abcdef", "0123456789abcdé0"})
    void aTokenIsLongAndVisibleAndNeverShown(String token) {
        assertThat(faults(hocon("admin.token = \"" + token + "\"")))
                .containsExactly("s.conf:2: admin.token: found *** (expected: 16 to 256 visible ASCII characters)");
    }

    @Test
    void theStateDirectoryIsAbsolute() {
        assertThat(loaded(hocon("")).stateDir()).isNull();
        assertThat(loaded(hocon("state_dir = /var/lib/sunbeam")).stateDir()).isEqualTo(Path.of("/var/lib/sunbeam"));
        assertThat(faults(hocon("state_dir = state")))
                .containsExactly("s.conf:2: state_dir: found \"state\" (expected: the absolute path of a directory)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            scanner.observe_only = true | true
            ddos.observe_only = true    | true
            routes = [{ host_prefix = a, backend = "http://a" }] | true
            limits.body_bytes = 1 MiB   | true
            trusted_proxy_cidrs = ["10.0.0.0/8"] | true
            shutdown.drain = 1 s        | true
            upstream.retries = 3        | true
            listen.http = "127.0.0.1:1" | listen
            telemetry.metrics_port = 1  | telemetry
            cluster { tenant = x }      | cluster
            limits.max_connections = 1  | limits.max_connections
            limits.idle_timeout = 1 s   | limits.idle_timeout
            upstream.response_timeout = 1 s | true
            ddos.threshold = 0.7        | ddos.threshold
            ddos.window_secs = 7        | ddos.window_secs
            ddos.max_tracked = 5000     | ddos.max_tracked
            audit.path = /tmp/x         | audit.path
            audit.keep_values = [page]  | true
            audit.pseudonymise = true   | true
            audit.rotate_bytes = 1 MiB  | audit.rotate_bytes
            audit.rotate_every = 1 h    | audit.rotate_every
            audit.keep_files = 3        | audit.keep_files
            audit.keep_for = 1 d        | audit.keep_for
            audit.compress = true       | audit.compress
            admin.listen = "127.0.0.1:1" | admin
            state_dir = /tmp            | state_dir
            """)
    void aChangeTakesEffectAtOnceOrIsNamedAsWaitingForARestart(String change, String waiting) {
        var usual = "ddos {}, scanner {}, audit { path = /tmp/audit.log, rotate_bytes = 1 GiB }\n";
        var running = loaded(hocon(usual));
        var wanted = loaded(hocon(usual + change));
        var transition = Transition.of(running, wanted);
        if (waiting.equals("true")) {
            assertThat(transition).isEqualTo(new Transition(wanted, List.of()));
        } else {
            assertThat(transition).isEqualTo(new Transition(running, List.of(waiting)));
        }
    }

    @Test
    void aPublicAdminListenerIsNeverLeftWithoutItsToken() {
        var running = loaded(hocon("admin { listen = \"0.0.0.0:1\", token = \"" + TOKEN + "\" }"));
        var wanted = loaded(hocon("admin.listen = \"127.0.0.1:1\""));
        assertThat(Transition.of(running, wanted).effective().admin()).isEqualTo(running.admin());
        var rotated = loaded(hocon("admin { listen = \"0.0.0.0:1\", token = \"" + TOKEN + "x\" }"));
        assertThat(Transition.of(running, rotated)).isEqualTo(new Transition(rotated, List.of()));
    }
}
