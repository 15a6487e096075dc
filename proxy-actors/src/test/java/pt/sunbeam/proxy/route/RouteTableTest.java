package pt.sunbeam.proxy.route;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pt.sunbeam.config.Action.Forward;
import pt.sunbeam.config.ConfigReader;
import pt.sunbeam.config.Route;
import pt.sunbeam.detector.http.RequestHead;

class RouteTableTest {
    private static final RouteTable PATHS = table("""
            { host_prefix = shop, backend = "http://site", paths = [
              { prefix = /api, backend = "http://api", strip_prefix = true }
              { prefix = /api/v2, backend = "http://v2", strip_prefix = true, upstream_path_prefix = /base/ }
              { prefix = /files/, backend = "http://files" }
              { prefix = /exact, path_match_exact = true, backend = "http://exact", path_rewrite_full = /there }
              { regex = "^/u/([a-z]+)/(\\\\d+)$", backend = "http://users", path_rewrite_full = "/user/$2/of/$1/$3" }
              { regex = "\\\\.php$", backend = "http://php" }
            ] }""");

    private static final RouteTable NORMAL = table("""
            { host_prefix = shop, backend = "http://site", paths = [
              { prefix = /api, backend = "http://api", strip_prefix = true }
              { prefix = /files/, backend = "http://files" }
              { prefix = "/%7Ejoe", backend = "http://home" }
              { prefix = "/sp%20ace", backend = "http://blank", strip_prefix = true }
              { prefix = "/caf%C3%A9", backend = "http://accent" }
              { prefix = /exact, path_match_exact = true, backend = "http://exact", path_rewrite_full = /there }
              { regex = "^/u/([a-z]+)/(\\\\d+)$", backend = "http://users", path_rewrite_full = "/user/$2/of/$1/$3" }
              { regex = "\\\\.php$", backend = "http://php" }
            ] }""");

    private static final RouteTable HOSTS = table("""
            { host_prefix = shop, backend = "http://label" }
            { host_prefix = shop.example.org, backend = "http://whole" }
            { host_prefix = "*.example.org", backend = "http://below" }
            { host_prefix = "*.eu.example.org", backend = "http://below-eu" }
            { host_prefix = "[::1]", backend = "http://literal" }
            { host_prefix = "127.0.0.1", backend = "http://four" }
            { host_prefix = "*", backend = "http://rest" }""");

    private static final RouteTable CONDITIONS = table("""
            { host_prefix = shop, backend = "http://site", paths = [
              { prefix = /a, backend = "http://any" }
              { prefix = /a, backend = "http://get", methods = [GET, HEAD] }
              { prefix = /a, backend = "http://canary", header_matches = [{ name = X-Canary, value = yes }] }
              { prefix = /a, backend = "http://canary-get", methods = [GET], header_matches = [{ name = x-canary, value = yes }] }
              { prefix = /a, backend = "http://two", header_matches = [{ name = X-Canary, value = yes }, { name = Cookie, type = regex, value = "(^|; )beta=1(;|$)" }] }
              { prefix = /a, backend = "http://debug", query_param_matches = [{ name = "debug mode", value = "on+" }] }
              { prefix = /a/b, backend = "http://b", header_matches = [{ name = X-B, type = present }] }
              { prefix = /c, backend = "http://plain", header_matches = [{ name = Accept-Language, type = absent }] }
              { prefix = /d, backend = "http://second", rule_order = 2, header_matches = [{ name = X-1, type = present }] }
              { prefix = /d, backend = "http://first", rule_order = 1, header_matches = [{ name = X-2, type = present }] }
            ] }""");

    @ParameterizedTest(name = "{0} goes to {1} as {2}")
    @CsvSource({
        "/, site, /",
        "/about, site, /about",
        "/api, api, /",
        "/api/, api, /",
        "/api/items, api, /items",
        "/api//items, api, //items",
        "/apiary, site, /apiary", // whole segments only
        "/api/v2/items, v2, /base/items", // the longest prefix wins
        "/api/v2, v2, /base/",
        "/api/v20, api, /v20",
        "/API, site, /API", // case counts in a path
        "/files/a, files, /files/a",
        "/files/, files, /files/",
        "/files, site, /files",
        "/exact, exact, /there",
        "/exact/, site, /exact/",
        "/u/ann/7, users, /user/7/of/ann/",
        "/u/ann/x, site, /u/ann/x",
        "/api/x.php, php, /api/x.php", // a regex comes before a prefix
        "*, site, *", // OPTIONS
    })
    void anExactPathComesFirstThenARegexThenTheLongestPrefix(String path, String backend, String target) {
        assertThat(find(PATHS, "shop.example", path)).isEqualTo(backend + " " + target);
    }

    /** The deny rules are the ones that matter: a backend may read these paths as the plain one. */
    @ParameterizedTest(name = "{0} goes to {1} as {2}")
    @CsvSource({
        "/%61pi/items, api, /items",
        "/ap%69, api, /",
        "//api//items, api, /items",
        "/api%2Fitems, api, /items",
        "/%2fapi/items, api, /items",
        "//files/a, files, /files/a", // only its normal form is below the prefix
        "/files/a//b%2Fc%7e, files, /files/a//b%2Fc%7e", // as it came
        "/api/a//b%2Fc, api, /a//b%2Fc",
        "/about//us%2F%41, site, /about//us%2F%41",
        "/%65xact, exact, /there",
        "/u/%61nn/7, users, /user/7/of/ann/",
        "/x%2ephp, php, /x.php",
        "/~joe/a, home, /~joe/a",
        "/%7Ejoe/a, home, /~joe/a",
        "/sp%20ace/a, blank, /a",
        "/caf%c3%a9/a, accent, /caf%C3%A9/a",
        "/caf%C3%a9x, site, /caf%C3%a9x",
        "/api%, site, /api%",
        "/api%zz, site, /api%zz",
    })
    void pathsAreComparedInTheirNormalFormAndGoOnAsTheyCame(String path, String backend, String target) {
        assertThat(find(NORMAL, "shop.example", path)).isEqualTo(backend + " " + target);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "shop, label",
        "shop.other.example, label",
        "shop.example.org, whole",
        "shop.eu.example.org, label",
        "www.example.org, below",
        "a.b.example.org, below",
        "www.eu.example.org, below-eu",
        "eu.example.org, below",
        "example.org, rest", // a wildcard wants a name below
        "xexample.org, rest",
        "[::1], literal",
        "127.0.0.1, four",
        "127.0.0.2, rest",
        "'', rest",
    })
    void theWholeHostComesFirstThenItsFirstLabelThenTheLongestWildcard(String host, String backend) {
        assertThat(find(HOSTS, host, "/")).isEqualTo(backend + " /");
    }

    @ParameterizedTest(name = "{0} {1} {2} is {3}")
    @CsvSource({
        "POST, /a, , any",
        "GET, /a, , get",
        "HEAD, /a/x, , get",
        "GET, /a, X-Canary: yes, canary-get",
        "POST, /a, x-CANARY: yes, canary",
        "POST, /a, X-Canary: Yes, any",
        "POST, /a, X-Canary: yes|Cookie: a=b; beta=1, two",
        "POST, /a, X-Canary: no|X-Canary: yes, canary", // any field of the name
        "POST, /a?x=1&debug%20mode=on%2b, , debug",
        "POST, /a?debug+mode=off&debug+mode=on%2B, , any", // the first counts
        "POST, /a?debug+mode=on%2, , any", // malformed
        "POST, /a/b, X-B: , b",
        "POST, /a/b, , any", // what a longer prefix does not take, a shorter one may
        "GET, /c, , plain",
        "GET, /c, Accept-Language: de, site",
        "GET, /d, X-1: a|X-2: b, first",
    })
    void amongEqualPathsComesFirstWhoAsksForMore(
            String method, String target, @Nullable String fields, String backend) {
        var head = RequestHead.builder(method, target, "HTTP/1.1");
        for (String field : fields == null ? new String[0] : fields.split("\\|")) {
            head.field(field.substring(0, field.indexOf(':')), field.substring(field.indexOf(':') + 1));
        }
        String path = target.contains("?") ? target.substring(0, target.indexOf('?')) : target;
        assertThat(find(CONDITIONS, "shop", head.build(), path)).startsWith(backend + " ");
    }

    @Test
    void withoutADefaultAnUnknownHostHasNoRoute() {
        assertThat(PATHS.host("www.example")).isNull();
        assertThat(PATHS.host("shopping.example")).isNull();
        assertThat(PATHS.host("")).isNull();
    }

    @Test
    void aBrokenRouteTakesItsRequestsAndAnswersNone() {
        var table = new RouteTable(
                routes("{ host_prefix = \"*\", backend = \"http://rest\" }"),
                Set.of("Shop.example.org", "*.eu", "api"));
        for (String host : new String[] {"shop.example.org", "a.eu", "api.example"}) {
            var broken = requireNonNull(table.host(host), host);
            assertThat(broken.find(RequestHead.of("GET", "/"), "/")).as(host).isNull();
        }
        assertThat(find(table, "www.example.org", "/")).isEqualTo("rest /");
    }

    @Test
    void sharesAreAsTheirWeights() {
        var table = table("""
                { host_prefix = shop, weighted_backends = [
                  { backend = "http://a", weight = 7 }, { backend = "http://b", weight = 0 }, { backend = "http://c", weight = 3 }
                ] }""");
        var random = new SplittableRandom(1);
        int[] picked = new int[3];
        var rule = rule(table, "shop", RequestHead.of("GET", "/"), "/");
        for (int i = 0; i < 10_000; i++) {
            if (rule.handling().action() instanceof Forward forward) {
                picked[rule.pool(forward, random).backends().getFirst().host().charAt(0) - 'a']++;
            }
        }
        assertThat(picked[0]).isBetween(6_800, 7_200);
        assertThat(picked[1]).isZero();
        assertThat(picked[2]).isBetween(2_800, 3_200);
    }

    @ParameterizedTest(name = "seed {0}")
    @CsvSource({"1", "2", "3"})
    void everyOneOfManyRoutesIsFound(long seed) {
        var random = new SplittableRandom(seed);
        var text = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            text.append("{ host_prefix = \"h%d.example\", backend = \"http://h%d\", paths = [ ".formatted(i, i));
            for (int j = 0; j < 5; j++) {
                text.append("{ prefix = \"/%s/p%d\", backend = \"http://h%dp%d\" }\n"
                        .formatted("x".repeat(j + 1), j, i, j));
            }
            text.append("] }\n");
        }
        var table = table(text.toString());
        for (int n = 0; n < 2_000; n++) {
            int i = random.nextInt(300);
            int j = random.nextInt(5);
            String path = "/" + "x".repeat(j + 1) + "/p" + j + "/" + random.nextInt();
            assertThat(find(table, "h" + i + ".example", path)).isEqualTo("h" + i + "p" + j + " " + path);
        }
        assertThat(table.host("h300.example")).isNull();
    }

    private static String find(RouteTable table, String host, String path) {
        return find(table, host, RequestHead.of("GET", path), path);
    }

    private static String find(RouteTable table, String host, RequestHead head, String path) {
        Rule rule = rule(table, host, head, path);
        return rule.handling()
                        .pools()
                        .findFirst()
                        .orElseThrow()
                        .backends()
                        .getFirst()
                        .host() + " " + rule.upstreamPath(path);
    }

    private static Rule rule(RouteTable table, String host, RequestHead head, String path) {
        return requireNonNull(requireNonNull(table.host(host), host).find(head, path), path);
    }

    static RouteTable table(String routes) {
        return new RouteTable(routes(routes));
    }

    private static List<Route> routes(String routes) {
        return switch (ConfigReader.readText("t.conf", "listen.http = \"127.0.0.1:0\", routes = [" + routes + "]")) {
            case ConfigReader.Loaded(var config) -> config.routes();
            case ConfigReader.Rejected(var faults) -> throw new AssertionError(String.join("\n", faults));
        };
    }
}
