package pt.sunbeam.config;

import static org.assertj.core.api.Assertions.assertThat;
import static pt.sunbeam.config.Reading.faults;
import static pt.sunbeam.config.Reading.hocon;
import static pt.sunbeam.config.Reading.loaded;
import static pt.sunbeam.config.Reading.toml;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.config.SunbeamConfig.Bodies;
import pt.sunbeam.config.SunbeamConfig.Cluster;
import pt.sunbeam.config.SunbeamConfig.Ddos;
import pt.sunbeam.config.SunbeamConfig.HostPort;
import pt.sunbeam.config.SunbeamConfig.Limits;
import pt.sunbeam.config.SunbeamConfig.Scanner;
import pt.sunbeam.config.SunbeamConfig.Upstream;
import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.http.Cidr;
import pt.sunbeam.detector.lexicon.Channel;

class ConfigReaderTest {
    @Test
    void oneLineIsAConfigurationAndTheRestHasDefaults() {
        var config = loaded(hocon(""));
        assertThat(config.listen().http()).isEqualTo(new HostPort("127.0.0.1", 8080));
        assertThat(config.telemetry().metricsPort()).isEqualTo(9090);
        assertThat(config.trustedProxies()).isEmpty();
        assertThat(config.xForwardedFor()).isTrue();
        assertThat(config.routes()).isEmpty();
        assertThat(config.ddos())
                .isEqualTo(new Ddos(
                        false,
                        DdosMode.EVIDENCE,
                        0.5,
                        Duration.ofSeconds(60),
                        1_000,
                        10,
                        262_144,
                        false,
                        DdosEscalation.STANDARD));
        assertThat(config.scanner())
                .isEqualTo(new Scanner(
                        false,
                        ScannerMode.LEXICON,
                        0.5,
                        false,
                        false,
                        false,
                        List.of(),
                        Duration.ofDays(1),
                        Bodies.DEFAULTS,
                        List.of()));
        assertThat(config.limits())
                .isEqualTo(new Limits(
                        16_384,
                        256,
                        32_768,
                        128,
                        16_384,
                        Long.MAX_VALUE,
                        Duration.ofSeconds(60),
                        8_192,
                        Duration.ofMinutes(5)));
        assertThat(config.upstream())
                .isEqualTo(new Upstream(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(60),
                        256,
                        1,
                        0.2,
                        256,
                        0.3,
                        Duration.ZERO,
                        new Ejection(5, Duration.ofSeconds(10), Duration.ofMinutes(5)),
                        new Dns(List.of(), Duration.ofSeconds(1), Duration.ofMinutes(5), Dns.Family.IPV4_FIRST)));
        assertThat(config.shutdown())
                .isEqualTo(new SunbeamConfig.Shutdown(Duration.ofSeconds(20), Duration.ofSeconds(5)));
        assertThat(config.cluster()).isEqualTo(new Cluster(false, null, "127.0.0.1", 11_204, 8_558));
        assertThat(config.audit()).isEqualTo(new Audit(null, Set.of(), 0.01, false, Audit.Rotation.NEVER));
        assertThat(config.admin().listen()).isEqualTo(new HostPort("127.0.0.1", 9091));
    }

    @Test
    void anEmptySectionSwitchesItsDetectorOn() {
        var config = loaded(hocon("ddos {}\nscanner {}\ncluster { tenant = t }"));
        assertThat(config.ddos().enabled()).isTrue();
        assertThat(config.scanner().enabled()).isTrue();
        assertThat(config.cluster().enabled()).isTrue();
        assertThat(loaded(hocon("ddos { enabled = false }")).ddos().enabled()).isFalse();
    }

    @Test
    void aFileOfTheOriginalWithWhatIsBuiltStarts() {
        var config = loaded(toml("""
                x_forwarded_for = false

                [listen]
                http = "0.0.0.0:80"

                [telemetry]
                otlp_endpoint = ""
                metrics_port = 0

                [[routes]]
                host_prefix = "Docs"
                backend = "http://docs.default.svc.cluster.local:8080"
                websocket = false
                disable_secure_redirection = true

                [[routes.paths]]
                prefix = "/api"
                backend = "http://docs_api"
                strip_prefix = true
                upstream_path_prefix = "/v2"

                [[routes]]
                host_prefix = "git"
                backend = "http://[::1]:3000"

                [ddos]
                threshold = 0.6
                window_secs = 30
                window_capacity = 500
                min_events = 20
                max_tracked = 2000

                [scanner]
                observe_only = true
                """));
        assertThat(config.xForwardedFor()).isFalse();
        assertThat(config.telemetry().metricsPort()).isZero();
        assertThat(config.routes()).hasSize(2);
        var docs = config.routes().getFirst();
        assertThat(docs.hostPrefix()).isEqualTo("docs");
        assertThat(docs.pools().findFirst().orElseThrow().only())
                .isEqualTo(new Backend(
                        "http://docs.default.svc.cluster.local:8080", "docs.default.svc.cluster.local", 8080));
        assertThat(docs.paths())
                .containsExactly(PathRoute.of(
                        "/api",
                        Pool.of(new Backend("http://docs_api", "docs_api", 80)),
                        new PathRoute.Rewrite(true, null, "/v2")));
        assertThat(config.routes().get(1).pools().findFirst().orElseThrow().only())
                .isEqualTo(new Backend("http://[::1]:3000", "::1", 3000));
        assertThat(config.ddos())
                .isEqualTo(new Ddos(
                        true,
                        DdosMode.EVIDENCE,
                        0.6,
                        Duration.ofSeconds(30),
                        500,
                        20,
                        2_000,
                        false,
                        DdosEscalation.STANDARD));
        assertThat(config.scanner())
                .isEqualTo(new Scanner(
                        true,
                        ScannerMode.LEXICON,
                        0.5,
                        true,
                        false,
                        false,
                        List.of(),
                        Duration.ofDays(1),
                        Bodies.DEFAULTS,
                        List.of()));
    }

    @Test
    void tenFaultsOfHoconComeInOneReportInFileOrder() {
        assertThat(faults(ConfigReader.readText("s.conf", """
                        telemetry { metrics_port = 70000 }
                        listen { https = "0.0.0.0:443" }
                        limits {
                          header_byte = 8 KiB
                          uri_bytes = lots
                          idle_timeout = 60
                        }
                        routes = [
                          { host_prefix = a, backend = "http://a" },
                          { host_prefix = a, backend = "ftp://a", paths = [ { prefix = x, backend = "http://u:pw@a/y?z" } ] }
                        ]
                        ddos { threshold = 1.5, k = 5 }
                        admin.token = hush
                        """)))
                .containsExactly(
                        "s.conf:1: telemetry.metrics_port: found 70000 (expected: a whole number from 0 to 65535)",
                        "s.conf:2: listen.https: found \"0.0.0.0:443\" (expected: empty; not available yet)",
                        "s.conf:2: listen.http: found nothing (expected: host:port, such as 0.0.0.0:8080 or [::]:8080)",
                        "s.conf:4: limits.header_byte: found an unknown key (expected: did you mean limits.header_bytes?)",
                        "s.conf:5: limits.uri_bytes: found \"lots\" (expected: a size from 256 bytes to 1 MiB, such as \"32 KiB\")",
                        "s.conf:6: limits.idle_timeout: found 60 (expected: a time from 1 s to 86400 s, such as \"10 s\")",
                        "s.conf:10: routes[1].host_prefix: found \"a\" (expected: another than routes[0].host_prefix)",
                        "s.conf:10: routes[1].backend: found \"ftp://a\" (expected: http://host, https://host or either with :port, and nothing after it)",
                        "s.conf:10: routes[1].paths[0].prefix: found \"x\" (expected: a path that starts with /, without query or blanks)",
                        "s.conf:10: routes[1].paths[0].backend: found \"http://***@a/y?***\" (expected: http://host, https://host or either with :port, and nothing after it)",
                        "s.conf:12: ddos.k: found 5 (expected: nothing; removed, delete the line: the detector it tuned is gone)",
                        "s.conf:12: ddos.threshold: found 1.5 (expected: a number from 0 to 1)",
                        "s.conf:13: admin.token: found *** (expected: 16 to 256 visible ASCII characters)");
    }

    @Test
    void tenFaultsOfTomlComeInOneReportInFileOrder() {
        assertThat(faults(toml("""
                        engine = "native"
                        x_forwarded_for = "maybe"
                        "listen.http" = "0.0.0.0:80"
                        [listen]
                        http = "8080"
                        [tls]
                        cert_path = "/etc/cert.pem"
                        [[routes]]
                        backend = "http://a:0"
                        paths = [
                          { prefix = "/p", backend = "http://a", auth_request = "http://b" },
                          # comments and blanks do not move the line

                          3,
                          { prefix = "/p", backend = "http://b" },
                        ]
                        [upstream]
                        retries = 1.5
                        [cluster]
                        enabled = true
                        discovery = { method = "k8s" }
                        [audit]
                        keep_values = [
                          "page",
                          [],
                        ]
                        feature_sample = nan
                        [scanner]
                        poll_interval_secs = 30
                        """)))
                .containsExactly(
                        "s.toml:1: engine: found \"native\" (expected: pekko-http; native is not available yet)",
                        "s.toml:2: x_forwarded_for: found \"maybe\" (expected: true or false)",
                        "s.toml:3: \"listen.http\": found an unknown key (expected: did you mean listen.http?)",
                        "s.toml:5: listen.http: found \"8080\" (expected: host:port, such as 0.0.0.0:8080 or [::]:8080)",
                        "s.toml:6: tls: found a section (expected: nothing; not available yet)",
                        "s.toml:8: routes[0].host_prefix: found nothing (expected: the first label of a host name, such as \"shop\", a whole one, \"*.example.org\" or \"*\")",
                        "s.toml:9: routes[0].backend: found \"http://a:0\" (expected: http://host, https://host or either with :port, and nothing after it)",
                        "s.toml:11: routes[0].paths[0].auth_request: found \"http://b\" (expected: empty; not available yet)",
                        "s.toml:14: routes[0].paths[1]: found 3 (expected: a section)",
                        "s.toml:15: routes[0].paths[2].prefix: found \"/p\" (expected: another than routes[0].paths[0].prefix, or other methods, header_matches or query_param_matches)",
                        "s.toml:18: upstream.retries: found 1.5 (expected: a whole number from 0 to 10)",
                        "s.toml:19: cluster.tenant: found nothing (expected: a name of 1 to 128 visible ASCII characters)",
                        "s.toml:21: cluster.discovery.method: found \"k8s\" (expected: config or bootstrap; k8s is not available yet)",
                        "s.toml:25: audit.keep_values[1]: found a list (expected: text)",
                        "s.toml:27: audit.feature_sample: found NaN (expected: a number from 0 to 1)",
                        "s.toml:29: scanner.poll_interval_secs: found 30 (expected: nothing; removed, delete the line: there is no model file to look after)");
    }

    @Test
    void tomlSyntaxFaultsAreAllReportedAndAlone() {
        assertThat(faults(toml("[listen]\nhttp = x\nmetrics = 1 2\n[listen]\nunknown = 1\n")))
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("s.toml:2: syntax: Unexpected 'x', expected"),
                        second -> assertThat(second).startsWith("s.toml:3: syntax: Unexpected '2', expected"),
                        third -> assertThat(third)
                                .isEqualTo("s.toml:4: syntax: listen previously defined at line 1, column 1"));
    }

    @Test
    void aHoconSyntaxFaultHasItsLine() {
        assertThat(faults(hocon("limits {\n  header_count = }\n")))
                .containsExactly("s.conf:3: syntax: Expecting a value but got wrong token: '}'");
    }

    @Test
    void whatASyntaxFaultSaysAboutALineWithASecretIsHidden() {
        assertThat(faults(hocon("admin.token = hush : more\n")))
                .singleElement()
                .asString()
                .startsWith("s.conf:2: syntax: ***")
                .doesNotContain("more");
        assertThat(faults(toml("admin.password = \"hu\\sh\"\n")))
                .singleElement()
                .asString()
                .startsWith("s.toml:1: syntax: ***")
                .doesNotContain("\\s");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limits.header_bytez = 1 | limits.header_bytes",
                "limit { header_bytes = 1 } | limits",
                "limits.maxConnections = 1 | limits.max_connections",
                "limits.connect_timeout = 1 s | upstream.connect_timeout",
                "upstream.connect-timeout = 1 s | upstream.connect_timeout",
                "http = \"a:1\" | listen.http",
                "routes = [{ prefix = a }] | routes[].paths[].prefix",
                "route = [] | routes",
                "tsl { cert_path = x } | tls",
            })
    void anUnknownKeyNamesTheNearestKnownOne(String line, String nearest) {
        assertThat(faults(hocon(line)))
                .anySatisfy(fault -> assertThat(fault)
                        .startsWith("s.conf:2: ")
                        .contains("found an unknown key")
                        .endsWith("(expected: did you mean " + nearest + "?)"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "listen.https = \"0.0.0.0:443\"",
                "tls { cert_path = a, key_path = b }",
                "ssh.listen = \"0.0.0.0:22\"",
                "kubernetes.namespace = ingress",
                "gateway {}",
                "learning = on",
                "detection.on_failure = allow",
                "cache.max_bytes = 1",
                "compression = true",
                "tcp = [{}]",
                "tls_passthrough = [{}]",
                "limits.header_timeout = 10 s",
                "limits.min_body_rate = 240",
                "cluster { enabled = false, gossip_port = 11204 }",
                "cluster { enabled = false, discovery.bootstrap_peers = [\"a@b:1\"] }",
                "cluster { enabled = false, bandwidth.broadcast_interval_secs = 1 }",
                "routes = [{ host_prefix = a, backend = \"http://a\", static_root = /srv }]",
                "routes = [{ host_prefix = a, backend = \"http://a\", rewrites = [{}] }]",
                "routes = [{ host_prefix = a, backend = \"http://a\", cache {} }]",
                "routes = [{ host_prefix = a, backend = \"http://a\", paths = [{ prefix = /, backend = \"http://a\", auth_request = \"http://b\" }] }]",
            })
    void aKeyThatIsNotBuiltYetIsAFaultAndNeverSilence(String line) {
        assertThat(faults(hocon(line)))
                .singleElement()
                .asString()
                .startsWith("s.conf:2: ")
                .endsWith("not available yet)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "listen.https = \"\"",
                "learning = off",
                "compression = false",
                "gateway.enabled = false",
                "tcp = []",
                "tls = null",
                "routes = [{ host_prefix = a, backend = \"http://a\", websocket = false, rewrites = [], cache.enabled = false }]",
                "cluster { enabled = false, discovery { method = bootstrap, bootstrap_peers = [] } }",
            })
    void aKeyThatIsNotBuiltYetMayAskForNothing(String line) {
        assertThat(loaded(hocon(line)).listen().http().port()).isEqualTo(8080);
    }

    @Test
    void aRouteAndEachPathSayForThemselvesWhetherTheyMaySwitchProtocols() {
        var routes = loaded(hocon("""
                        routes = [
                          { host_prefix = a, backend = "http://a", websocket = true, paths = [{ prefix = /p, backend = "http://p" }] }
                          { host_prefix = b, backend = "http://b", paths = [{ prefix = /p, backend = "http://p", websocket = yes }] }
                        ]""")).routes();
        assertThat(routes).extracting(route -> route.handling().websocket()).containsExactly(true, false);
        assertThat(routes)
                .flatExtracting(Route::paths)
                .extracting(path -> path.handling().websocket())
                .containsExactly(false, true);
    }

    @Test
    void tunnelsAreBoundedInNumberAndInIdleness() {
        var limits = loaded(hocon("limits { max_tunnels = 1, tunnel_idle_timeout = 1 day }"))
                .limits();
        assertThat(limits.maxTunnels()).isEqualTo(1);
        assertThat(limits.tunnelIdleTimeout()).isEqualTo(Duration.ofDays(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limits.max_tunnels = 0 | a whole number from 1 to 1000000",
                "limits.max_tunnels = unlimited | a whole number from 1 to 1000000",
                "limits.tunnel_idle_timeout = 0 s | a time from 1 s to 86400 s",
                "limits.tunnel_idle_timeout = 300 | a time from 1 s to 86400 s",
                "routes = [{ host_prefix = a, backend = \"http://a\", websocket = 1 }] | true or false",
                "routes = [{ host_prefix = a, backend = \"http://a\", paths = [{ prefix = /, backend = \"http://a\", websocket = maybe }] }] | true or false",
            })
    void whatIsSaidOfTunnelsMustMakeSense(String line, String expected) {
        assertThat(faults(hocon(line))).singleElement().asString().contains("(expected: " + expected);
    }

    @Test
    void howBodiesAreInspectedCanBeSet() {
        assertThat(loaded(
                                hocon(
                                        "scanner { body_hold_bytes = 64 KiB, body_inspect_bytes = 10 MiB, on_oversize = block }"))
                        .scanner()
                        .bodies())
                .isEqualTo(new Bodies(65_536, 10_485_760, true));
        assertThat(loaded(hocon("scanner {}")).scanner().bodies()).isEqualTo(new Bodies(8_192, 1_048_576, false));
        assertThat(faults(hocon("scanner { body_hold_bytes = 2 KiB, body_inspect_bytes = 1 KiB, on_oversize = deny }")))
                .containsExactly(
                        "s.conf:2: scanner.on_oversize: found \"deny\" (expected: allow or block)",
                        "s.conf:2: scanner.body_hold_bytes: found \"2 KiB\" (expected: at most body_inspect_bytes)");
    }

    @Test
    void aCrawlerIsAnAgentAndWhereItComesFrom(@TempDir Path folder) throws IOException {
        var ranges = folder.resolve("bots.json");
        Files.writeString(ranges, """
                {"creationTime": "2026-01-01", "prefixes": [{"ipv4Prefix": "192.0.2.0/27"}, {"ipv6Prefix": "2001:db8::/32"}]}
                """);
        var config = loaded(hocon("""
                scanner { bot_cache_ttl_secs = 60, allowlist = [
                  { ua_prefix = Googlebot, reason = google, dns_suffixes = [.GoogleBot.com, google.com.] }
                  { ua_prefix = "bingbot", cidrs = ["198.51.100.0/24"], ranges_file = "%s" }
                ] }""".formatted(ranges)));
        assertThat(config.scanner().botCacheTtl()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.scanner().allowlist())
                .containsExactly(
                        new CrawlerRule("googlebot", "google", List.of("googlebot.com", "google.com"), List.of()),
                        new CrawlerRule(
                                "bingbot",
                                "allowlist:bingbot",
                                List.of(),
                                List.of(
                                        Cidr.parse("198.51.100.0/24"),
                                        Cidr.parse("192.0.2.0/27"),
                                        Cidr.parse("2001:db8::/32"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{ ua_prefix = Googlebot }; cidrs; a User-Agent alone is what anyone can write",
                "{ cidrs = [\"10.0.0.0/8\"] }; ua_prefix; a word of the crawler's User-Agent",
                "{ ua_prefix = \"\", cidrs = [] }; ua_prefix; 1 to 128 printable ASCII characters",
                "{ ua_prefix = x, dns_suffixes = [\"*.google.com\"] }; dns_suffixes[0]; a domain such as",
                "{ ua_prefix = x, ranges_file = /does/not/exist.json }; ranges_file; a readable JSON file",
                "{ ua_prefix = x, cidrs = [\"10.0.0.1/8\"] }; cidrs[0]; bits beyond its prefix",
            })
    void aCrawlerRuleThatProvesNothingIsAFault(String rule, String key, String expected) {
        assertThat(faults(hocon("scanner.allowlist = [" + rule + "]")))
                .singleElement()
                .asString()
                .startsWith("s.conf:2: scanner.allowlist[0]." + key + ": ")
                .contains(expected);
    }

    @Test
    void anExceptionIsOfARouteAPlaceANameAndAChannel() {
        assertThat(loaded(hocon("""
                                scanner.exceptions = [
                                  { route = "docs/api", place = json, name = "Comment", channel = xss }, { name = q }
                                ]""")).scanner().exceptions())
                .containsExactly(
                        new ExceptionRule("docs/api", Place.JSON, "Comment", Channel.XSS),
                        new ExceptionRule(null, null, "q", null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{ route = docs }; name; excepts every request",
                "{ place = body }; place; one of path, query, form, json, xml, multipart, text, cookie, header",
                "{ name = q, channel = sql }; channel; one of sqli, xss, traversal, command, code, other",
                "{ name = \"\" }; name; 1 to 1024 characters",
            })
    void anExceptionThatSaysTooLittleOrTheWrongThingIsAFault(String rule, String key, String expected) {
        assertThat(faults(hocon("scanner.exceptions = [" + rule + "]")))
                .singleElement()
                .asString()
                .startsWith("s.conf:2: scanner.exceptions[0]." + key + ": ")
                .contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"model_path = \"m.bin\"", "k = 5", "use_ensemble = true"})
    void aRemovedKeySaysWhatToDo(String line) {
        assertThat(faults(hocon("ddos { " + line + " }")))
                .singleElement()
                .asString()
                .contains("removed, delete the line");
    }

    @ParameterizedTest
    @CsvSource({
        "http://a, a, 80",
        "HTTP://a:8080, a, 8080",
        "http://10.1.2.3:1, 10.1.2.3, 1",
        "http://[fd00::1]:65535, fd00::1, 65535",
        "http://my_service, my_service, 80",
    })
    void aBackendIsAHostAndAPort(String url, String host, int port) {
        var config = loaded(hocon("routes = [{ host_prefix = a, backend = \"" + url + "\" }]"));
        assertThat(config.routes().getFirst().pools().findFirst().orElseThrow().only())
                .isEqualTo(new Backend(url, host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "a:80",
                "//a",
                "http:a",
                "http://",
                "http://:80",
                "http://a:",
                "http://a:0",
                "http://a:65536",
                "http://a/",
                "http://a/b",
                "http://a?b",
                "http://a#b",
                "http://u@a",
                "http://a b",
                "ftp://a",
                "http://fd00::1",
                "http://[:::]",
                "http://10.0.0.999",
                "http://224.0.0.1"
            })
    void whatIsNoBackendIsAFault(String url) {
        assertThat(faults(hocon("routes = [{ host_prefix = a, backend = \"" + url + "\" }]")))
                .singleElement()
                .asString()
                .startsWith("s.conf:2: routes[0].backend: found ");
    }

    @Test
    void hostPrefixesThatDifferInCaseAreTheSame() {
        assertThat(faults(hocon("""
                        routes = [
                          { host_prefix = Shop, backend = "http://a" }
                          { host_prefix = shop, backend = "http://b" }
                        ]""")))
                .containsExactly(
                        "s.conf:4: routes[1].host_prefix: found \"shop\" (expected: another than routes[0].host_prefix)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "telemetry.metrics_port = 8080 | telemetry.metrics_port | listen.http (127.0.0.1:8080)",
                "admin.listen = \"127.0.0.1:8080\" | admin.listen | listen.http (127.0.0.1:8080)",
                "admin { listen = \"[::]:8080\", token = abcdefghijklmnop } | admin.listen | listen.http (127.0.0.1:8080)",
                "telemetry.metrics_port = 9091 | telemetry.metrics_port | admin.listen (127.0.0.1:9091)",
                "admin.listen = \"127.0.0.1:9090\" | admin.listen | telemetry.metrics_port (0.0.0.0:9090)",
                "cluster { tenant = t, port = 8558 } | cluster.port | cluster.management_port (127.0.0.1:8558)",
            })
    void twoListenersOnOnePortAreAFaultOfTheOneThatIsWritten(String line, String key, String other) {
        assertThat(faults(hocon(line)))
                .singleElement()
                .asString()
                .startsWith("s.conf:2: " + key + ": found ")
                .endsWith("(expected: a port that " + other + " leaves free)");
    }

    @Test
    void listenersMayShareAPortOnDifferentAddressesOrLetTheSystemChoose() {
        assertThat(loaded(hocon("admin.listen = \"127.0.0.2:8080\"")).admin().listen())
                .isEqualTo(new HostPort("127.0.0.2", 8080));
        assertThat(loaded(
                                hocon(
                                        "listen.http = \"0.0.0.0:0\"\nadmin.listen = \"127.0.0.1:0\"\ntelemetry.metrics_port = 0"))
                        .listen()
                        .http()
                        .port())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "8192 | 8192",
                "8 KiB | 8192",
                "8k | 8192",
                "10 kB | 10000",
                "1.5 KiB | 1536",
                "8192.0 | 8192",
            })
    void sizesTakeUnits(String size, int bytes) {
        assertThat(loaded(hocon("limits.header_bytes = " + size)).limits().headerBytes())
                .isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8192.5",
                "-8192",
                "1023",
                "2 MiB",
                "99999999999 EiB",
                "1e999999999",
                "8 kilos",
                "true",
                "[]",
                "{}",
                "\"\""
            })
    void whatIsNoSizeInRangeIsAFault(String size) {
        assertThat(faults(hocon("limits.header_bytes = " + size)))
                .singleElement()
                .asString()
                .startsWith("s.conf:2: limits.header_bytes: found ")
                .endsWith("(expected: a size from 1 KiB to 1 MiB, such as \"32 KiB\")");
    }

    @Test
    void theConnectionsOfAnAddressAreBounded() {
        assertThat(loaded(hocon("limits.max_connections_per_ip = 1")).limits().maxConnectionsPerIp())
                .isEqualTo(1);
        assertThat(faults(hocon("limits.max_connections_per_ip = 0")))
                .containsExactly(
                        "s.conf:2: limits.max_connections_per_ip: found 0 (expected: a whole number from 1 to 1000000)");
    }

    @Test
    void aBodyMayBeUnlimitedButNotOfNoBytes() {
        assertThat(loaded(hocon("limits.body_bytes = unlimited")).limits().bodyBytes())
                .isEqualTo(Long.MAX_VALUE);
        assertThat(loaded(hocon("limits.body_bytes = 3 GiB")).limits().bodyBytes())
                .isEqualTo(3L << 30);
        assertThat(faults(hocon("limits.body_bytes = 0"))).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"10 s | 10000", "1500ms | 1500", "1.5 s | 1500", "2 minutes | 120000", "1h | 3600000"})
    void timesTakeUnits(String time, long millis) {
        assertThat(loaded(hocon("upstream.connect_timeout = " + time))
                        .upstream()
                        .connectTimeout())
                .isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10",
                "0 s",
                "-1 s",
                "2 h",
                "NaN s",
                "infinity s",
                "5 parsecs",
                "999999999999999999 d",
                "true",
                "[1 s]"
            })
    void whatIsNoTimeInRangeIsAFault(String time) {
        assertThat(faults(hocon("upstream.connect_timeout = " + time)))
                .singleElement()
                .asString()
                .startsWith("s.conf:2: upstream.connect_timeout: found ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"60 s", "0", "3601", "1.5", "-1", "9223372036854775808", "\"\""})
    void aKeyThatEndsInSecsTakesWholeSeconds(String seconds) {
        assertThat(faults(hocon("ddos.window_secs = " + seconds)))
                .singleElement()
                .asString()
                .endsWith("(expected: a whole number from 1 to 3600)");
    }

    @Test
    void theDetectorMustBeAbleToReachItsLeastNumberOfEvents() {
        assertThat(faults(hocon("ddos { window_capacity = 5, min_events = 6 }")))
                .containsExactly("s.conf:2: ddos.min_events: found 6 (expected: a whole number from 1 to 5)");
        assertThat(loaded(hocon("ddos { window_capacity = 5 }")).ddos().minEvents())
                .isEqualTo(5);
    }

    @Test
    void theStepsAgainstAnOffenderCanBeSetAndOneBlockIsNeverLongerThanTheLongest() {
        var read = loaded(hocon("ddos.escalation { observe = 0 s, throttled.rate = 0.5, block = 2 h }"))
                .ddos()
                .escalation();
        assertThat(read.observe()).isZero();
        assertThat(read.throttle()).isEqualTo(Duration.ofSeconds(1));
        assertThat(read.throttled()).isEqualTo(new RateLimit.Bucket(5, 0.5));
        assertThat(read.longestBlock()).isEqualTo(Duration.ofHours(2));
        assertThat(faults(hocon("ddos.escalation { block = 2 h, longest_block = 1 h }")))
                .containsExactly(
                        "s.conf:2: ddos.escalation.longest_block: found \"1 h\" (expected: a time from 7200 s to 604800 s,"
                                + " such as \"10 s\")");
        assertThat(faults(hocon("ddos.escalation.block_secs = 60")))
                .singleElement()
                .asString()
                .startsWith("s.conf:2: ddos.escalation.block_secs: ");
    }

    @Test
    void theAuditLogMayBeAFile() {
        var audit = loaded(hocon("audit { path = /var/log/audit.json, keep_values = [page, page] }"))
                .audit();
        assertThat(audit.path()).isEqualTo(Path.of("/var/log/audit.json"));
        assertThat(audit.keepValues()).containsExactly("page");
        assertThat(faults(hocon("audit.path = \"\""))).hasSize(1);
    }

    @Test
    void aSectionThatIsNoneIsOneFaultAndNotOneForEachKeyInIt() {
        assertThat(faults(ConfigReader.readText("s.conf", "listen = 8080\nroutes = { a = 1 }\n")))
                .containsExactly(
                        "s.conf:1: listen: found 8080 (expected: a section)",
                        "s.conf:2: routes: found a section (expected: a list of sections)");
    }

    @Test
    void anAddressBlockThatIsNoneIsNamedWithItsNumber() {
        assertThat(faults(toml("""
                        trusted_proxy_cidrs = [
                          "10.0.0.0/8",
                          "10.0.0.0/33",
                        ]
                        [listen]
                        http = "127.0.0.1:80"
                        """)))
                .singleElement()
                .asString()
                .startsWith("s.toml:3: trusted_proxy_cidrs[1]: found \"10.0.0.0/33\" (expected: an address block");
    }

    @Test
    void theEnvironmentFillsSubstitutionsAndItsFaultsAreFoundWhereTheyAreUsed(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("s.conf"), """
                listen.http = "127.0.0.1:80"
                listen.http = ${?LISTEN}
                telemetry {
                  metrics_port = ${PORT}
                }
                admin.listen = "127.0.0.1:"${?ADMIN_PORT}
                """);
        var config = loaded(ConfigReader.read(file, Map.of("PORT", "9999", "ADMIN_PORT", "1")));
        assertThat(config.listen().http().port()).isEqualTo(80);
        assertThat(config.telemetry().metricsPort()).isEqualTo(9999);
        assertThat(config.admin().listen().port()).isEqualTo(1);
        assertThat(faults(ConfigReader.read(file, Map.of("LISTEN", "x", "PORT", "y", "ADMIN_PORT", "z"))))
                .containsExactly(
                        file
                                + ":1: listen.http: found \"x\" from environment variable LISTEN (expected: host:port, such as 0.0.0.0:8080 or [::]:8080)",
                        file
                                + ":4: telemetry.metrics_port: found \"y\" from environment variable PORT (expected: a whole number from 0 to 65535)",
                        file
                                + ":6: admin.listen: found \"127.0.0.1:z\" (expected: host:port, such as 0.0.0.0:8080 or [::]:8080)");
        assertThat(faults(ConfigReader.read(file, Map.of())))
                .containsExactly(
                        file
                                + ":4: telemetry.metrics_port: found ${PORT} (expected: a substitution that something defines, or ${?...})",
                        file
                                + ":6: admin.listen: found \"127.0.0.1:\" (expected: host:port, such as 0.0.0.0:8080 or [::]:8080)");
    }

    @Test
    void substitutionsThatRunInACircleAreAFault() {
        assertThat(faults(hocon("ddos { window_secs = ${ddos.min_events}, min_events = ${ddos.window_secs} }")))
                .singleElement()
                .asString()
                .startsWith("s.conf:2: ")
                .contains("cycle");
    }

    @Test
    void aThousandFaultsAreListedAndTheRestCounted() {
        var many = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            many.append("key_number_").append(i).append(" = 1\n");
        }
        assertThat(faults(hocon(many.toString()))).hasSize(1_001).last().isEqualTo("and 19000 more faults");
    }

    @Test
    void aLongValueIsCut() {
        var fault =
                faults(hocon("audit.feature_sample = " + "x".repeat(10_000))).getFirst();
        assertThat(fault).hasSizeLessThan(300).contains("xxx…");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "a=[", "a={a=", "a.", "{a:"})
    void whatIsNestedTooDeepIsAFaultAndNoCrash(String piece) {
        var deep = piece.repeat(20_000);
        assertThat(faults(ConfigReader.readText("s.conf", deep))).isNotEmpty();
        assertThat(faults(toml(deep))).isNotEmpty();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void noDamageToAFileIsAnException(int seed) {
        var random = new SplittableRandom(seed);
        var damage = "\"'{}[]=.,:#$+\\\n\0 \u00e9aZ09-_/";
        var conf = """
                listen.http = "127.0.0.1:80"
                ddos { enabled = true, threshold = 0.5 }
                limits.idle_timeout = ${?T} 60 s
                routes = [{ host_prefix = a, backend = "http://a", paths = [] }]
                """;
        var toml = """
                [listen]
                http = "127.0.0.1:80"
                [[routes]]
                host_prefix = "a"
                backend = "http://a"
                [limits]
                header_count = 5
                """;
        for (int i = 0; i < 300; i++) {
            for (var name : List.of("s.conf", "s.toml")) {
                var damaged = new StringBuilder(name.equals("s.conf") ? conf : toml);
                for (int hits = random.nextInt(1, 5); hits > 0; hits--) {
                    int at = random.nextInt(damaged.length());
                    damaged.setCharAt(at, damage.charAt(random.nextInt(damage.length())));
                }
                var outcome = ConfigReader.readText(name, damaged.toString());
                if (outcome instanceof ConfigReader.Rejected(var faults)) {
                    assertThat(faults).isNotEmpty().allMatch(fault -> fault.startsWith(name + ":"));
                }
            }
        }
    }
}
