package pt.sunbeam.detector.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.detector.http.RequestHead;

class EventReaderTest {
    private static final EventReader READER = new EventReader(42);

    private static Event read(String method, String target, String... fields) {
        return READER.read(RequestHead.of(method, target, fields), 7, 1_000);
    }

    @Test
    void anEventHoldsWhatTheWindowCounts() {
        Event event = read(
                "POST",
                "/a",
                "Host",
                "h",
                "User-Agent",
                "u",
                "Cookie",
                "c",
                "Referer",
                "r",
                "Accept-Language",
                "l",
                "Content-Length",
                "12");
        assertThat(event.id()).isEqualTo(7);
        assertThat(event.timeMillis()).isEqualTo(1_000);
        assertThat(event.contentLength()).isEqualTo(12);
        assertThat(event.flags()).isEqualTo(1 | Event.COOKIES | Event.REFERER | Event.ACCEPT_LANGUAGE);
    }

    @ParameterizedTest
    @CsvSource({"GET, 0", "POST, 1", "PUT, 2", "DELETE, 3", "HEAD, 4", "PATCH, 5", "OPTIONS, 6", "TRACE, 7", "get, 7"})
    void methodsHaveTheirCodes(String method, int code) {
        assertThat(read(method, "/").flags()).isEqualTo(code);
    }

    @Test
    void hashesTellPathsHostsAndAgentsApart() {
        Event event = read("GET", "/a?q=1", "Host", "h.example", "User-Agent", "u");
        Event same = read("GET", "http://h2.example/a?q=2", "User-Agent", "v");
        assertThat(same.pathHash()).isEqualTo(event.pathHash());
        assertThat(same.hostHash()).isNotEqualTo(event.hostHash());
        assertThat(same.agentHash()).isNotEqualTo(event.agentHash());
        assertThat(read("GET", "/A").pathHash()).isNotEqualTo(event.pathHash());
        assertThat(read("GET", "/", "Host", "h.example:80").hostHash()).isEqualTo(event.hostHash());
    }

    @Test
    void anIdentityIsWhatABrowserSaysOfItself() {
        String[] fields = {"User-Agent", "u", "Accept-Language", "l", "Accept-Encoding", "e"};
        Set<Integer> identities = new HashSet<>();
        identities.add(read("GET", "/", fields).identityHash());
        identities.add(read("POST", "/b", fields).identityHash());
        assertThat(identities).hasSize(1);
        for (int i = 1; i < fields.length; i += 2) {
            String[] others = fields.clone();
            others[i] = "x";
            identities.add(read("GET", "/", others).identityHash());
        }
        identities.add(read("GET", "/", "User-Agent", "l", "Accept-Language", "u", "Accept-Encoding", "e")
                .identityHash());
        identities.add(read("GET", "/", "User-Agent", "u").identityHash());
        assertThat(identities).hasSize(6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "css", "js", "mjs", "map", "png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "ico", "woff", "woff2",
                "ttf", "eot", "otf", "mp4", "webm", "mp3", "wasm"
            })
    void assetsAreToldByTheirEndings(String ending) {
        assertThat(read("GET", "/a." + ending + "?v=1").flags()).isEqualTo(Event.ASSET);
        assertThat(read("GET", "/a.min." + ending.toUpperCase(Locale.ROOT)).flags())
                .isEqualTo(Event.ASSET);
        assertThat(read("GET", "/a." + ending + "/b").flags()).isZero();
        assertThat(read("GET", "/a?b." + ending).flags()).isZero();
        assertThat(read("GET", "/" + ending).flags()).isZero();
        assertThat(read("GET", "/a." + ending + "x").flags()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a.html", "/a.json", "/a.", "/.", "/a.\u0100s", "/a.jpegs"})
    void otherEndingsAreNoAssets(String path) {
        assertThat(read("GET", path).flags()).isZero();
    }

    @Test
    void anotherSeedGivesOtherHashes() {
        RequestHead head = RequestHead.of("GET", "/a", "Host", "h", "User-Agent", "u");
        Event other = new EventReader(43).read(head, 7, 1_000);
        assertThat(other.pathHash()).isNotEqualTo(READER.read(head, 7, 1_000).pathHash());
    }

    @Test
    void lengthsBeyondAnIntAreHeldAtItsEnd() {
        assertThat(read("POST", "/", "Content-Length", "99999999999").contentLength())
                .isEqualTo(Integer.MAX_VALUE);
        assertThat(read("POST", "/", "Content-Length", "x").contentLength()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".env",
                ".git/",
                ".git\\",
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
                ".php",
                "cgi-bin",
                "shell",
                "eval-stdin",
                "/vendor/",
                "/telescope/",
                "/actuator/",
                "/.htaccess",
                "/.htpasswd",
                "/debug/",
                "/config.",
                "/admin/",
                "yarn.lock",
                "yarn-debug",
                "package.json",
                "composer.json"
            })
    void eachOfThe31PartsMakesAPathSuspicious(String part) {
        assertThat(read("GET", "/x" + part + "y").flags()).isEqualTo(Event.SUSPICIOUS_PATH);
        assertThat(read("GET", "/x" + part.toUpperCase(Locale.ROOT)).flags()).isEqualTo(Event.SUSPICIOUS_PATH);
        assertThat(read("GET", "/x?" + part).flags()).isZero();
        assertThat(read("GET", "/x" + part.substring(0, part.length() - 1)).flags())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/environment", "/git/x", "/admin", "/index.html", "/caf\u00e9/\u00ff"})
    void ordinaryPathsAreNotSuspicious(String path) {
        assertThat(read("GET", path).flags()).isZero();
    }
}
