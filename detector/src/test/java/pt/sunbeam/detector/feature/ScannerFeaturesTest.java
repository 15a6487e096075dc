package pt.sunbeam.detector.feature;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static pt.sunbeam.detector.feature.ScannerFeatures.*;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.detector.http.RequestHead;

class ScannerFeaturesTest {
    private static final ScannerFeatures FEATURES = new ScannerFeatures(Set.of("app", "Shop"));
    private static final String CHROME =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36";

    private static int[] features(RequestHead head) {
        int[] out = new int[COUNT];
        Arrays.fill(out, -7);
        FEATURES.extract(head, out);
        return out;
    }

    private static int[] features(String method, String target, String... fields) {
        return features(RequestHead.of(method, target, fields));
    }

    @Test
    void aBrowserOnAKnownHostLooksLikeOne() {
        assertThat(features(
                        "GET",
                        "/articles/today?page=2",
                        "Host",
                        "app.example.com",
                        "User-Agent",
                        CHROME,
                        "Accept",
                        "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
                        "Accept-Language",
                        "en",
                        "Referer",
                        "https://app.example.com/",
                        "Cookie",
                        "a=b"))
                .containsExactly(0, 2, 0, 1, 1, 1, 1, UA_BROWSER, 0, 1, 0, 0);
    }

    @Test
    void aScannerLooksLikeOne() {
        assertThat(features("TRACE", "/../.ENV/config.php", "Host", "203.0.113.7"))
                .containsExactly(333, 3, 1, 0, 0, 0, 0, UA_NONE, 1, 0, 0, 1);
    }

    @ParameterizedTest
    @CsvSource({
        "/, 0", "/.env, 1000", "/.EnV/, 1000", "//wp-admin//x, 500", "/a/admin/b, 333", "/a/admin/debug, 667",
        "/wp-admin.php, 0", "/admins, 0", "/config., 1000", "/a?x=/.env, 0", "http://h/.git/HEAD, 500", "*, 0"
    })
    void segmentsCountWhenTheyAreWhollySuspicious(String target, int score) {
        assertThat(features("GET", target)[SUSPICIOUS_PATH_SCORE]).isEqualTo(score);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".env",
                ".git",
                ".bak",
                ".sql",
                ".tar",
                ".zip",
                "wp-admin",
                "wp-login",
                "wp-includes",
                "wp-content",
                "xmlrpc",
                "phpinfo",
                "phpmyadmin",
                "php-info",
                "cgi-bin",
                "shell",
                "eval-stdin",
                ".htaccess",
                ".htpasswd",
                "config.",
                "admin",
                "yarn.lock",
                "package.json",
                "composer.json",
                "telescope",
                "actuator",
                "debug"
            })
    void eachOfThe27FragmentsIsKnown(String fragment) {
        assertThat(features("GET", "/" + fragment)[SUSPICIOUS_PATH_SCORE]).isEqualTo(1000);
        assertThat(features("GET", "/" + fragment.toUpperCase(Locale.ROOT))[SUSPICIOUS_PATH_SCORE])
                .isEqualTo(1000);
        assertThat(features("GET", "/" + fragment + "x")[SUSPICIOUS_PATH_SCORE]).isZero();
        assertThat(features("GET", "/" + fragment.substring(1))[SUSPICIOUS_PATH_SCORE])
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {".php", ".env", ".sql", ".bak", ".asp", ".jsp", ".cgi", ".tar", ".zip", ".git"})
    void eachOfTheTenExtensionsIsKnownInItsCase(String extension) {
        assertThat(features("GET", "/x" + extension + "?a")[HAS_SUSPICIOUS_EXTENSION])
                .isEqualTo(1);
        assertThat(features("GET", "/x" + extension.toUpperCase(Locale.ROOT))[HAS_SUSPICIOUS_EXTENSION])
                .isZero();
        assertThat(features("GET", "/x" + extension + "/")[HAS_SUSPICIOUS_EXTENSION])
                .isZero();
        assertThat(features("GET", "/x?a" + extension)[HAS_SUSPICIOUS_EXTENSION])
                .isZero();
    }

    @Test
    void theDepthStopsAtTwenty() {
        assertThat(features("GET", "/a".repeat(19))[PATH_DEPTH]).isEqualTo(19);
        assertThat(features("GET", "/a".repeat(500))[PATH_DEPTH]).isEqualTo(20);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0",
        "-, 0",
        "*/*, 0",
        "text/html, 1",
        "TEXT/HTML;q=0.1, 1",
        "'image/png, application/json', 1",
        "image/png, 0",
        "text/htm, 0"
    })
    void acceptIsGoodWhereItNamesPagesOrJson(String accept, int quality) {
        assertThat(features("GET", "/", "Accept", accept)[ACCEPT_QUALITY]).isEqualTo(quality);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0",
        "-, 0",
        "curl/8.5.0, 1",
        "Wget/1.21, 1",
        "python-requests/2.32, 1",
        "Go-http-client/1.1, 1",
        "libwww-perl/6.7, 1",
        "Mozilla/5.0, 4",
        "x Chrome/1, 4",
        "x SAFARI/1, 4",
        "curl/8 Mozilla/5.0, 1",
        "Mozilla/5.0 curl/8, 4",
        "okhttp/4.9, 2",
        "--, 2"
    })
    void agentsFallIntoFourCategories(String agent, int category) {
        assertThat(features("GET", "/", "User-Agent", agent)[UA_CATEGORY]).isEqualTo(category);
    }

    @ParameterizedTest
    @CsvSource({"GET, 0", "HEAD, 0", "POST, 0", "OPTIONS, 0", "PUT, 1", "PATCH, 1", "DELETE, 1", "get, 1", "PROPFIND, 1"
    })
    void otherMethodsAreUnusual(String method, int unusual) {
        assertThat(features(method, "/", "Content-Length", "1")[METHOD_IS_UNUSUAL])
                .isEqualTo(unusual);
    }

    @ParameterizedTest
    @CsvSource({
        "app.example.com, 1",
        "APP:8080, 1",
        "shop.example, 1",
        "apps.example, 0",
        "ap.example, 0",
        "'', 0",
        "[::1], 0",
        "www.app.example, 0"
    })
    void theFirstLabelOfTheHostIsComparedWithoutCase(String host, int configured) {
        assertThat(features("GET", "/", "Host", host)[HOST_IS_CONFIGURED]).isEqualTo(configured);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, Content-Length, 0, 0",
        "GET, Content-Length, 5, 1",
        "HEAD, Content-Length, 5, 1",
        "POST, Content-Length, 5, 0",
        "POST, Content-Length, 0, 1",
        "POST, X-None, 0, 1",
        "PUT, X-None, 0, 1",
        "PATCH, X-None, 0, 1",
        "DELETE, X-None, 0, 0",
        "DELETE, Content-Length, 5, 0",
        "POST, Transfer-Encoding, chunked, 0",
        "POST, Content-Length, x, 1"
    })
    void theLengthMustFitTheMethod(String method, String name, String value, int mismatch) {
        assertThat(features(method, "/", name, value)[CONTENT_LENGTH_MISMATCH]).isEqualTo(mismatch);
    }

    @ParameterizedTest
    @CsvSource({
        "/a/../b, 1",
        "/a..b, 1",
        "/..., 1",
        "/a.b, 0",
        "/%00, 1",
        "/%0A, 1",
        "/%0a, 1",
        "/%27, 1",
        "/%3C, 1",
        "/%3c, 1",
        "/%3e, 0",
        "/%2e%2e, 0",
        "/%0, 0",
        "/%, 0",
        "/., 0",
        "/a?b=.., 0",
        "/a?b=%27, 0",
        "/%%00, 1"
    })
    void traversalIsDotsOrEscapesInThePath(String target, int traversal) {
        assertThat(features("GET", target)[PATH_HAS_TRAVERSAL]).isEqualTo(traversal);
    }

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    private static RequestHead random(SplittableRandom random) {
        String[] pieces = {
            "/", "/", ".", "..", "%", "%00", "%3C", ".env", "Admin", "admin", "x", ".php", "0", "a", "\u00ff",
            "config.", "%2", "7"
        };
        var path = new StringBuilder("/");
        for (int i = random.nextInt(12); i > 0; i--) {
            path.append(pieces[random.nextInt(pieces.length)]);
        }
        if (random.nextInt(3) == 0) {
            path.append("?q=/.env/../x.php");
        }
        List<String> fields = new ArrayList<>();
        String[][] known = {
            {"Host", "app", "app.x", "x.app", ""},
            {"User-Agent", CHROME, "curl/8", "-", "", "x"},
            {"Accept", "*/*", "text/html", "Application/JSON", ""},
            {"Cookie", "", "a=b"},
            {"Referer", "x"},
            {"Accept-Language", "pt"},
            {"Content-Length", "0", "3", "x", "-1"},
            {"Transfer-Encoding", "chunked"}
        };
        for (String[] field : known) {
            if (random.nextBoolean()) {
                fields.add(random.nextBoolean() ? field[0] : field[0].toUpperCase(Locale.ROOT));
                fields.add(field[1 + random.nextInt(field.length - 1)]);
            }
        }
        String[] methods = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "BREW"};
        return RequestHead.of(methods[random.nextInt(8)], path.toString(), fields.toArray(String[]::new));
    }

    /** The definitions said once more, with strings. */
    private static int[] naive(RequestHead head) {
        String text = new String(head.bytes(), ISO_8859_1);
        String path = text.split(" ", -1)[1].split("\\?", -1)[0];
        String lower = path.toLowerCase(Locale.ROOT);
        Set<String> fragments = Set.of(".env", "admin", "config.");
        List<String> segments =
                Stream.of(lower.split("/", -1)).filter(s -> !s.isEmpty()).toList();
        long hits = segments.stream().filter(fragments::contains).count();
        String agent = field(text, "user-agent");
        String lowerAgent = agent.toLowerCase(Locale.ROOT);
        String accept = field(text, "accept").toLowerCase(Locale.ROOT);
        String length = field(text, "content-length");
        boolean body = length.matches("[1-9]\\d*");
        String method = text.split(" ", -1)[0];
        return new int[] {
            segments.isEmpty() ? 0 : (int) Math.round(1000.0 * hits / segments.size()),
            (int) Math.min(20, path.chars().filter(c -> c == '/').count()),
            Stream.of(".php", ".env").anyMatch(path::endsWith) ? 1 : 0,
            has(text, "cookie"),
            has(text, "referer"),
            has(text, "accept-language"),
            accept.contains("text/html") || accept.contains("application/json") ? 1 : 0,
            agent.isEmpty() || agent.equals("-")
                    ? 0
                    : lowerAgent.startsWith("curl/") ? 1 : agent.equals(CHROME) ? 4 : 2,
            Set.of("GET", "HEAD", "POST", "OPTIONS").contains(method) ? 0 : 1,
            field(text, "host").split("\\.", -1)[0].equals("app") ? 1 : 0,
            switch (method) {
                case "GET", "HEAD" -> body ? 1 : 0;
                case "POST", "PUT", "PATCH" -> body || has(text, "transfer-encoding") == 1 ? 0 : 1;
                default -> 0;
            },
            Stream.of("..", "%00", "%0a", "%27", "%3c").anyMatch(lower::contains) ? 1 : 0
        };
    }

    private static int has(String text, String name) {
        return text.lines()
                        .skip(1)
                        .anyMatch(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                ? 1
                : 0;
    }

    private static String field(String text, String name) {
        return text.lines()
                .skip(1)
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElse("");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theFeaturesAreThoseOfTheirDefinition(long seed) {
        RequestHead head = random(new SplittableRandom(seed));
        assertThat(features(head)).as("%s", head).isEqualTo(naive(head));
    }

    @Test
    void extractingAllocatesNothing() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var random = new SplittableRandom(1);
        RequestHead[] heads = Stream.generate(() -> random(random)).limit(200).toArray(RequestHead[]::new);
        int[] out = new int[COUNT];
        long allocated = 0;
        for (int round = 0; round < 3; round++) { // the first round loads classes
            long before = threads.getCurrentThreadAllocatedBytes();
            for (RequestHead head : heads) {
                FEATURES.extract(head, out);
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(allocated).isLessThan(heads.length); // not a byte a call
    }

    @Test
    void eachFeatureHasANameAndAUnit() {
        assertThat(NAMES).hasSize(COUNT).doesNotHaveDuplicates();
        assertThat(UNITS).hasSize(COUNT);
        assertThat(NAMES.get(PATH_HAS_TRAVERSAL)).isEqualTo("path_has_traversal");
        assertThat(DdosFeatures.NAMES).hasSize(DdosFeatures.COUNT).doesNotHaveDuplicates();
        assertThat(DdosFeatures.UNITS).hasSize(DdosFeatures.COUNT);
        assertThat(DdosFeatures.NAMES.get(DdosFeatures.SUSPICIOUS_PATH_RATIO)).isEqualTo("suspicious_path_ratio");
    }

    @Test
    void aShortCircuitNeedsTheHostAndItsSwitch() {
        int[] both = features(
                "GET", "/.env", "Host", "app", "Cookie", "x", "Accept-Language", "x", "User-Agent", "Mozilla/5.0");
        assertThat(ShortCircuit.of(both, true, true)).isEqualTo(ShortCircuit.HOST_AND_COOKIES);
        assertThat(ShortCircuit.of(both, false, true)).isEqualTo(ShortCircuit.HOST_AND_BROWSER);
        assertThat(ShortCircuit.of(both, false, false)).isNull();
        int[] tool = features("GET", "/", "Host", "app", "Accept-Language", "x", "User-Agent", "curl/8");
        assertThat(ShortCircuit.of(tool, true, true)).isNull();
        int[] elsewhere = features(
                "GET", "/", "Host", "other", "Cookie", "x", "Accept-Language", "x", "User-Agent", "Mozilla/5.0");
        assertThat(ShortCircuit.of(elsewhere, true, true)).isNull();
        assertThat(ShortCircuit.HOST_AND_COOKIES.reason()).isEqualTo("allowlist:host+cookies");
        assertThat(ShortCircuit.HOST_AND_BROWSER.reason()).isEqualTo("allowlist:host+browser");
    }
}
