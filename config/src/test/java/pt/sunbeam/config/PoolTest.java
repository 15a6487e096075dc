package pt.sunbeam.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static pt.sunbeam.config.Reading.faults;
import static pt.sunbeam.config.Reading.hocon;
import static pt.sunbeam.config.Reading.loaded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pt.sunbeam.config.SunbeamConfig.HostPort;

/** What a route and the section {@code upstream} say of backends. */
class PoolTest {
    @TempDir
    Path folder;

    private static SunbeamConfig route(String keys) {
        return loaded(hocon("routes = [{ host_prefix = a, " + keys + " }]"));
    }

    private static Pool pool(String keys) {
        return route(keys).pools().getFirst();
    }

    @Test
    void severalBackendsHaveWeights() {
        assertThat(pool("backends = [{ backend = \"http://a\", weight = 3 }, { backend = \"https://b\" }]")
                        .backends())
                .containsExactly(
                        new Backend("http://a", "a", 80, 3, null, null),
                        new Backend("https://b", "b", 443, 1, null, UpstreamTls.DEFAULT));
    }

    @Test
    void aPathHasAPoolOfItsOwn() {
        var pools = route("backend = \"http://a\", timeout_secs = 3, paths = [{ prefix = /b, backend = \"http://b\" }]")
                .pools();
        assertThat(pools.getFirst().timeouts().firstByte()).isEqualTo(Duration.ofSeconds(3));
        assertThat(pools.getLast()).isEqualTo(Pool.of(new Backend("http://b", "b", 80)));
    }

    @Test
    void whatARouteSaysOfBackendsHoldsForEachWeightedOneAndEachMirror() {
        var config = route("""
                timeouts.idle = 1 s, health_check.path = /health, send_proxy_protocol = v1, upstream_tls.verify = false
                weighted_backends = [{ backend = "http://a" }, { backend = "https://b", weight = 9, send_proxy_protocol = v2 }]
                mirror_backends = ["https://c"]
                """);
        assertThat(config.pools()).hasSize(2).allSatisfy(pool -> {
            assertThat(pool.timeouts().idle()).isEqualTo(Duration.ofSeconds(1));
            assertThat(requireNonNull(pool.healthCheck()).path()).isEqualTo("/health");
        });
        var a = config.pools().getFirst().only();
        var b = config.pools().getLast().only();
        assertThat(List.of(a.proxyProtocol(), b.proxyProtocol())).containsExactly(ProxyProtocol.V1, ProxyProtocol.V2);
        assertThat(a.tls()).isNull();
        assertThat(b.tls()).isNotNull().isNotEqualTo(UpstreamTls.DEFAULT);
        var mirror = config.mirrors().getFirst();
        assertThat(mirror.timeouts().idle()).isEqualTo(Duration.ofSeconds(1));
        assertThat(mirror.healthCheck()).isNull();
        assertThat(mirror.only().tls()).isEqualTo(b.tls());
    }

    @Test
    void theOldTimeoutStandsForSilenceAndStallsWhereTheyAreNotSaid() {
        var timeouts = pool("backend = \"http://a\", timeout_secs = 3, timeouts.idle = 1 s")
                .timeouts();
        assertThat(timeouts).isEqualTo(new Timeouts(null, Duration.ofSeconds(3), Duration.ofSeconds(1), null));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            policy = least_request                   |
            policy = hash, hash_on = address         | Address[]
            policy = hash, hash_on = "header:X-User" | Header[name=x-user]
            policy = hash, hash_on = "cookie:User"   | Cookie[name=User]
            """)
    void whatIsHashedIsSaidInAWord(String balancing, String expected) {
        var on = pool("backend = \"http://a\", load_balancing { " + balancing + " }")
                .balancing()
                .hashOn();
        assertThat(on == null ? null : on.toString()).isEqualTo(expected);
    }

    @Test
    void goodStatusesAreRanges() {
        var check = requireNonNull(
                pool("backend = \"http://a\", health_check { path = /, expected_statuses = [204, 3xx, \"400-404\"] }")
                        .healthCheck());
        assertThat(List.of(204, 300, 399, 400, 404)).allMatch(check::isGood);
        assertThat(List.of(200, 203, 205, 299, 405)).noneMatch(check::isGood);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
            backends = []                                                      | backend | http://host
            backend = "http://a", backends = [{ backend = "http://b" }]        | backend | backend or backends, not both
            backends = [{ weight = 2 }]                                        | backends[0].backend | http://host
            backends = [{ backend = "http://a" }, { backend = "http://a" }]    | backends[1].backend | another than
            backends = [{ backend = "http://a" }], weighted_backends = [{ backend = "http://b" }] | backends | backends or weighted_backends, not both
            weighted_backends = [{ backend = "http://b" }], load_balancing.policy = least_request | load_balancing | nothing, or backends in place of weighted_backends
            backends = [{ backend = "http://a", weight = 0 }]                  | backends[0].weight | a whole number from 1 to 1000
            backend = "http://a", load_balancing.policy = round_robin          | load_balancing.policy | least_request or hash
            backend = "http://a", load_balancing.policy = hash                 | load_balancing.hash_on | address, header:NAME or cookie:NAME
            backend = "http://a", load_balancing.hash_on = address             | load_balancing.hash_on | nothing, or policy = hash
            backend = "http://a", load_balancing { policy = hash, hash_on = "header:" } | load_balancing.hash_on | address, header:NAME
            backend = "http://a", load_balancing { policy = hash, hash_on = "header:a b" } | load_balancing.hash_on | address, header:NAME
            backend = "http://a", load_balancing { policy = hash, hash_on = "query:a" } | load_balancing.hash_on | address, header:NAME
            backend = "http://a", load_balancing.sticky_cookie {}              | load_balancing.sticky_cookie.secret | 16 to 256 visible
            backend = "http://a", load_balancing.sticky_cookie.secret = short  | load_balancing.sticky_cookie.secret | 16 to 256 visible
            backend = "http://a", load_balancing.sticky_cookie { secret = 0123456789abcdef, name = "a b" } | load_balancing.sticky_cookie.name | 1 to 128 letters
            backend = "http://a", load_balancing.sticky_cookie { secret = 0123456789abcdef, ttl = 0 s } | load_balancing.sticky_cookie.ttl | a time from 1 s
            backend = "http://a", health_check {}                              | health_check.path | a path that starts with /
            backend = "http://a", health_check.path = health                   | health_check.path | a path that starts with /
            backend = "http://a", health_check { path = /, interval = 1 ms }   | health_check.interval | a time from 100 ms
            backend = "http://a", health_check { path = /, interval = 1 s, timeout = 2 s } | health_check.timeout | at most interval
            backend = "http://a", health_check { path = /, healthy_threshold = 0 } | health_check.healthy_threshold | a whole number from 1 to 100
            backend = "http://a", health_check { path = /, unhealthy_threshold = 101 } | health_check.unhealthy_threshold | a whole number from 1 to 100
            backend = "http://a", health_check { path = /, expected_statuses = [] } | health_check.expected_statuses | one or more
            backend = "http://a", health_check { path = /, expected_statuses = [200, "6xx"] } | health_check.expected_statuses[1] | a status such as
            backend = "http://a", health_check { path = /, expected_statuses = ["300-200"] } | health_check.expected_statuses[0] | a status such as
            backend = "http://a", timeout_secs = 0                             | timeout_secs | a whole number from 1 to 86400
            backend = "http://a", timeouts.connect = 5                         | timeouts.connect | a time from 1 ms
            backend = "http://a", timeouts.first_byte = 0 s                    | timeouts.first_byte | a time from 1 ms
            backend = "http://a", timeouts.idle = never                        | timeouts.idle | a time from 1 ms
            backend = "http://a", timeouts.total = 2 days                      | timeouts.total | a time from 1 ms
            backend = "http://a", circuit_breaker.failure_share = 0            | circuit_breaker.failure_share | a number from 0.001 to 1
            backend = "http://a", circuit_breaker.trials = 0                   | circuit_breaker.trials | a whole number from 1 to 1000
            backend = "http://a", circuit_breaker.open = 1 ms                  | circuit_breaker.open | a time from 100 ms
            backend = "http://a", upstream_tls {}                              | upstream_tls | nothing, or a backend with https://
            backend = "https://a", upstream_tls.server_name = "a b"            | upstream_tls.server_name | a host name
            backend = "https://a", upstream_tls.ca = "/nowhere"                | upstream_tls.ca | a readable file of certificates in PEM
            backend = "https://a", upstream_tls.certificate = "/nowhere"       | upstream_tls.key | the file of the private key
            """)
    void aBadKeyOfARouteIsNamed(String route, String key, String expected) {
        assertThat(faults(hocon("routes = [{ host_prefix = a, " + route + " }]")))
                .anySatisfy(fault -> assertThat(fault)
                        .startsWith("s.conf:2: routes[0]." + key + ": found ")
                        .contains("(expected: " + expected));
        assertThat(faults(hocon("routes = [{ host_prefix = a, backend = \"http://z\", paths = [{ prefix = /, " + route
                        + " }] }]")))
                .anySatisfy(fault -> assertThat(fault)
                        .startsWith("s.conf:2: routes[0].paths[0]." + key + ": found ")
                        .contains("(expected: " + expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
            idle_timeout = 0 s               | idle_timeout | a time from 1 ms
            max_pending = -1                 | max_pending | a whole number from 0 to 65535
            retry_budget = 2                 | retry_budget | a number from 0 to 1
            panic_threshold = -0.1           | panic_threshold | a number from 0 to 1
            slow_start = 2 h                 | slow_start | a time from 0 s to 3600 s
            ejection.consecutive_failures = -1 | ejection.consecutive_failures | a whole number from 0 to 1000
            ejection.base_time = 1 ms        | ejection.base_time | a time from 10 ms
            ejection { base_time = 10 s, max_time = 5 s } | ejection.max_time | at least base_time
            dns.resolvers = [resolver.example] | dns.resolvers[0] | the address of a resolver
            dns.resolvers = ["10.0.0.1:0"]   | dns.resolvers[0] | the address of a resolver
            dns { min_ttl = 10 s, max_ttl = 5 s } | dns.max_ttl | at least min_ttl
            dns.family = ipv5                | dns.family | ipv4_first, ipv6_first or all
            """)
    void aBadKeyOfUpstreamIsNamed(String line, String key, String expected) {
        assertThat(faults(hocon("upstream { " + line + " }")))
                .singleElement()
                .asString()
                .startsWith("s.conf:2: upstream." + key + ": found ")
                .contains("(expected: " + expected);
    }

    @Test
    void resolversHaveThePortOfDnsUnlessTheySay() {
        assertThat(loaded(
                                hocon(
                                        "upstream.dns.resolvers = [\"10.0.0.1\", \"10.0.0.1:5353\", \"fd00::1\", \"[fd00::1]:5353\"]"))
                        .upstream()
                        .dns()
                        .resolvers())
                .containsExactly(
                        new HostPort("10.0.0.1", 53),
                        new HostPort("10.0.0.1", 5353),
                        new HostPort("fd00::1", 53),
                        new HostPort("fd00::1", 5353));
    }

    @Test
    void theFilesOfTlsAreReadAndMustFit() throws Exception {
        String own = certificate("own");
        String other = certificate("other");
        var tls = "backend = \"https://a\", upstream_tls { certificate = \"%s\", key = \"%s\" }";
        assertThat(pool(tls.formatted(own + ".pem", own + ".key")))
                .isEqualTo(pool(tls.formatted(own + ".pem", own + ".key")));
        assertThat(pool(tls.formatted(own + ".pem", own + ".key")))
                .isNotEqualTo(pool(tls.formatted(other + ".pem", other + ".key")));
        assertFault(tls.formatted(own + ".pem", other + ".key"), "the private key of the first certificate");
        assertFault(tls.formatted(own + ".key", own + ".key"), "a readable file of certificates in PEM");
        assertFault(tls.formatted(own + ".pem", own + ".pem"), "a readable file with a private key in PEM");
        var old = folder.resolve("old.key");
        Files.writeString(old, "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n");
        assertFault(tls.formatted(own + ".pem", old), "an unencrypted key in PKCS #8");
    }

    private static void assertFault(String route, String expected) {
        assertThat(faults(hocon("routes = [{ host_prefix = a, " + route + " }]")))
                .singleElement()
                .asString()
                .contains("(expected: " + expected);
    }

    /** The path of NAME.pem and NAME.key, without the ending. */
    private String certificate(String name) throws Exception {
        var path = folder.resolve(name).toString();
        var made = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "own",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + name,
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        path + ".p12")
                .redirectErrorStream(true)
                .start();
        assertThat(made.waitFor(30, TimeUnit.SECONDS)).isTrue();
        var store = KeyStore.getInstance(Path.of(path + ".p12").toFile(), "changeit".toCharArray());
        write(path + ".pem", "CERTIFICATE", store.getCertificate("own").getEncoded());
        write(
                path + ".key",
                "PRIVATE KEY",
                store.getKey("own", "changeit".toCharArray()).getEncoded());
        return path;
    }

    private static void write(String file, String what, byte[] encoded) throws IOException {
        Files.writeString(
                Path.of(file),
                "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(encoded) + "\n-----END "
                        + what + "-----\n");
    }

    @Test
    void theSecretOfACookieIsNeverShown() {
        var config = route("backend = \"http://a\", load_balancing.sticky_cookie.secret = 0123456789abcdef");
        assertThat(config.toString()).doesNotContain("0123456789abcdef");
        assertThat(
                        faults(
                                hocon(
                                        "routes = [{ host_prefix = a, backend = \"http://a\", load_balancing.sticky_cookie.secret = hushhush }]")))
                .allSatisfy(fault -> assertThat(fault).doesNotContain("hushhush"));
    }

    @Test
    void theSectionOfTheManualIsOne() throws IOException {
        var manual = Files.readString(Path.of(System.getProperty("basedir", "."), "..", "docs", "configuration.md"));
        int chapter = manual.indexOf("### Upstreams");
        int from = manual.indexOf("```hocon\n", chapter) + "```hocon\n".length();
        var config = loaded(hocon(manual.substring(from, manual.indexOf("```", from))));
        assertThat(config.pools()).hasSize(3);
        assertThat(config.pools().get(0).backends()).hasSize(2);
        assertThat(config.pools().get(1).backends().getFirst().tls()).isNotNull();
        assertThat(config.upstream().retries()).isEqualTo(2);
    }
}
