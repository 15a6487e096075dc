package pt.sunbeam.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static pt.sunbeam.config.Reading.faults;
import static pt.sunbeam.config.Reading.hocon;
import static pt.sunbeam.config.Reading.loaded;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.config.Action.Deny;
import pt.sunbeam.config.Action.Redirect;
import pt.sunbeam.config.Action.Respond;

/** What the configuration says of routing, and which of it is refused. */
class RoutingTest {
    private static final String BACKEND = "backend = \"http://a\"";

    @ParameterizedTest
    @ValueSource(strings = {"shop", "Shop.Example.org", "*.example.org", "*", "[::1]", "127.0.0.1", "_dmarc.x"})
    void aHostIsALabelOrAWholeNameOrAWildcardOrTheRest(String host) {
        assertThat(route("host_prefix = \"" + host + "\", " + BACKEND).hostPrefix())
                .isEqualTo(host.toLowerCase(Locale.ROOT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a..b", ".a", "a.", "*.", "*a", "a.*", "*.*", "a b", "shop:80", "[::1", "-a"})
    void whatIsNoHostIsRefused(String host) {
        assertThat(faults(hocon("routes = [{ host_prefix = \"" + host + "\", " + BACKEND + " }]")))
                .singleElement()
                .asString()
                .startsWith("s.conf:2: routes[0].host_prefix: found ");
    }

    @Test
    void whatIsDeniedRedirectedOrAnsweredNeedsNoBackend() {
        assertThat(action("deny = true")).isEqualTo(new Deny());
        assertThat(action("redirect { scheme = https }")).isEqualTo(new Redirect(302, "https", null, -1, null, null));
        assertThat(action("respond { status = 503, body = later }"))
                .isEqualTo(new Respond(503, "text/plain; charset=utf-8", "later"));
        assertThat(action("deny = true, redirect { scheme = https }, " + BACKEND))
                .isEqualTo(new Deny());
        assertThat(action("deny = false, " + BACKEND)).isInstanceOf(Action.Forward.class);
    }

    @Test
    void aPathAddsToWhatItsRouteSaysAndHasTheLastWord() {
        var route = route("""
                host_prefix = a, backend = "http://a", body_bytes = 1
                request_headers = [{ name = A, value = route }, { name = B, value = route }]
                request_headers_remove = [C], response_headers_add = [{ name = D, value = route }]
                cors { allow_origins = ["https://A.example"], max_age = 5 }
                paths = [
                  { prefix = /p, backend = "http://b", request_headers = [{ name = b, value = path }], response_headers_remove = [D] }
                  { prefix = /q, backend = "http://b", body_bytes = unlimited, cors { allow_origins = ["*"] } }
                ]""");
        var first = route.paths().get(0).handling();
        assertThat(first.requestHeaders())
                .isEqualTo(new HeaderRules(
                        List.of("c"),
                        List.of(new HeaderRules.Field("A", "route"), new HeaderRules.Field("b", "path")),
                        List.of()));
        assertThat(first.responseHeaders()).isEqualTo(new HeaderRules(List.of("d"), List.of(), List.of()));
        assertThat(first.bodyBytes()).isEqualTo(1);
        assertThat(first.cors())
                .isEqualTo(new Cors(
                        List.of("https://a.example"),
                        List.of("GET", "HEAD", "POST"),
                        List.of(),
                        List.of(),
                        Duration.ofSeconds(5),
                        false));
        var second = route.paths().get(1).handling();
        assertThat(second.bodyBytes()).isEqualTo(Long.MAX_VALUE);
        assertThat(requireNonNull(second.cors()).allowOrigins()).containsExactly("*");
    }

    @Test
    void theSamePrefixMayStandTwiceWhereTheConditionsDiffer() {
        assertThat(route("host_prefix = a, " + BACKEND + """
                , paths = [
                  { prefix = /p, backend = "http://a" }
                  { prefix = /p, backend = "http://b", methods = [GET] }
                  { prefix = /p, backend = "http://c", path_match_exact = true }
                ]""").paths()).hasSize(3);
        assertThat(faults(hocon("routes = [{ host_prefix = a, " + BACKEND + """
                , paths = [
                  { prefix = /p, backend = "http://a", methods = [GET] }
                  { prefix = /p, backend = "http://b", methods = [GET] }
                ] }]""")))
                .containsExactly("s.conf:4: routes[0].paths[1].prefix: found \"/p\" (expected: another than"
                        + " routes[0].paths[0].prefix, or other methods, header_matches or query_param_matches)");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "weighted_backends = [{ backend = \"http://a\", weight = 0 }] | weighted_backends | a weight above 0",
                "weighted_backends = [{ backend = \"http://a\", weight = -1 }] | weighted_backends[0].weight | a whole number from 0 to 1000000",
                "weighted_backends = [{ weight = 1 }] | weighted_backends[0].backend | http://host, https://host or either with :port, and nothing after it",
                "redirect {} | redirect.hostname | one of scheme, hostname, port, path and path_prefix: else it leads back to itself",
                "redirect { scheme = ftp } | redirect.scheme | http or https",
                "redirect { path = new } | redirect.path | a path that starts with /, without query or blanks",
                "redirect { path = /a, path_prefix = /b } | redirect.path_prefix | path or path_prefix, not both",
                "redirect { scheme = http, status_code = 300 } | redirect.status_code | 301, 302, 303, 307 or 308",
                "redirect { hostname = \"a:80\" } | redirect.hostname | a host name or address, without a port",
                "redirect { port = 0, scheme = http } | redirect.port | a whole number from 1 to 65535",
                "redirect { scheme = http }, respond {} | respond | redirect or respond, not both",
                "respond { status = 199 } | respond.status | a whole number from 200 to 599",
                "respond { status = 204, body = x } | respond.body | nothing: an answer with this status has no content",
                "respond { content_type = text } | respond.content_type | a media type such as text/plain; charset=utf-8",
                "hostname_rewrite = \"a b\" | hostname_rewrite | a host name or address, with a port or without",
                "hostname_rewrite = \"a:99999\" | hostname_rewrite | a host name or address, with a port or without",
                "mirror_backends = [\"ftp://a\"] | mirror_backends[0] | http://host, https://host or either with :port, and nothing after it",
                "mirror_share = 2 | mirror_share | a number from 0 to 1",
                "body_bytes = 0 | body_bytes | a size of 1 byte or more, such as \"10 MiB\", or \"unlimited\"",
                "request_headers = [{ name = Host, value = a }] | request_headers[0].name | another field; hostname_rewrite changes Host",
                "request_headers_add = [{ name = Connection, value = a }] | request_headers_add[0].name | another field; the proxy writes this one itself",
                "request_headers_remove = [content-length] | request_headers_remove[0] | another field; the proxy writes this one itself",
                "response_headers_remove = [X-Request-Id] | response_headers_remove[0] | another field; the proxy writes this one itself",
                "response_headers = [{ name = \"a b\", value = a }] | response_headers[0].name | the name of a header field",
                "response_headers = [{ name = a }] | response_headers[0].value | text without control characters",
                "response_headers = [{ name = a, value = \"x\\r\\ny: z\" }] | response_headers[0].value | text without control characters",
                "cors {} | cors.allow_origins | a list of origins",
                "cors { allow_origins = [] } | cors.allow_origins | at least one origin",
                "cors { allow_origins = [app.example] } | cors.allow_origins[0] | *, or an origin such as https://app.example.org or https://*.example.org",
                "cors { allow_origins = [\"https://a/b\"] } | cors.allow_origins[0] | *, or an origin such as https://app.example.org or https://*.example.org",
                "cors { allow_origins = [\"*\"], allow_credentials = true } | cors.allow_credentials | false, or allow_origins without *: a browser refuses both together",
                "cors { allow_origins = [\"*\"], allow_methods = [get] } | cors.allow_methods[0] | a method in capital letters, such as GET",
                "cors { allow_origins = [\"*\"], max_age = 1.5 } | cors.max_age | a whole number from 0 to 86400",
            })
    void whatARouteAndAPathCannotSayIsRefused(String line, String key, String expected) {
        for (String place : new String[] {"routes[0].", "routes[0].paths[0]."}) {
            String more = key.startsWith("weighted") || key.startsWith("redirect") || key.startsWith("respond")
                    ? ""
                    : ", " + BACKEND;
            String inner = line + more;
            String route = place.endsWith("paths[0].")
                    ? "host_prefix = a, " + BACKEND + ", paths = [{ prefix = /, " + inner + " }]"
                    : "host_prefix = a, " + inner;
            assertThat(faults(hocon("routes = [{ " + route + " }]")))
                    .singleElement()
                    .asString()
                    .startsWith("s.conf:2: " + place + key + ": found ")
                    .endsWith(" (expected: " + expected + ")");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "prefix = x | prefix | a path that starts with /, without query or blanks",
                "prefix = /, regex = a | regex | regex or prefix, not both",
                "regex = a, path_match_exact = true | regex | regex or prefix, not both",
                "regex = \"(a\" | regex | a regular expression of RE2, such as \"^/shop/[0-9]+$\"; missing closing ): (a",
                "regex = \"a(?=b)\" | regex | a regular expression of RE2, such as \"^/shop/[0-9]+$\"; invalid or unsupported Perl syntax: (?=",
                "regex = a, strip_prefix = true | strip_prefix | false: there is no prefix",
                "prefix = /, strip_prefix = true, path_rewrite_full = /x | path_rewrite_full | nothing, or strip_prefix = false: the whole path is replaced",
                "prefix = /, methods = [Get] | methods[0] | a method in capital letters, such as GET",
                "prefix = /, rule_order = -1 | rule_order | a whole number from 0 to 1000000",
                "prefix = /, header_matches = [{ value = a }] | header_matches[0].name | the name of a header field",
                "prefix = /, header_matches = [{ name = \"a b\", value = a }] | header_matches[0].name | the name of a header field",
                "prefix = /, header_matches = [{ name = a }] | header_matches[0].value | text",
                "prefix = /, header_matches = [{ name = a, type = like, value = b }] | header_matches[0].type | exact, regex, present or absent",
                "prefix = /, header_matches = [{ name = a, type = absent, value = b }] | header_matches[0].value | nothing: the type has none",
                "prefix = /, query_param_matches = [{ name = \"\", value = b }] | query_param_matches[0].name | the name of a query parameter",
                "prefix = /, query_param_matches = [{ name = a, type = regex, value = \"[\" }] | query_param_matches[0].value | a regular expression of RE2, such as \"^/shop/[0-9]+$\"; missing closing ]: [",
            })
    void whatAPathCannotAskForIsRefused(String line, String key, String expected) {
        assertThat(faults(hocon("routes = [{ host_prefix = a, " + BACKEND + ", paths = [{ " + BACKEND + ", " + line
                        + " }] }]")))
                .singleElement()
                .asString()
                .startsWith("s.conf:2: routes[0].paths[0]." + key + ": found ")
                .endsWith(" (expected: " + expected + ")");
    }

    private static Route route(String text) {
        return loaded(hocon("routes = [{ " + text + " }]")).routes().getFirst();
    }

    private static Action action(String text) {
        return route("host_prefix = a, " + text).handling().action();
    }
}
