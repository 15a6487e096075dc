package pt.sunbeam.proxy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadRuleTest {
    private static final String AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0";
    private static final Recorded PAGE = get("/item?id=1&sort=price%28asc%29", AGENT);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/item?id=1%27",
                "/item?id=1%20AND%204432%3D2214",
                "/item?id=%281%29",
                "/item?id=1%2527%2520or%25201%253D1",
                "/file?name=..%2F..%2Fetc%2Fpasswd",
                "/file?name=%2Fetc%2Fpasswd",
                "/file?name=https%3A%2F%2Fwapiti3.ovh%2Fe.php",
                "/search?q=%3Cscript%3E",
                "/ping?host=%3Benv%3B",
                "/item?id=1%0D%0Awapiti%3A+1",
                "/item?id=1&sort=price%28asc%29--+",
                "/a/..%5c..%5cwin.ini"
            })
    void aPayloadIsToldFromAPage(String target) {
        assertThat(rule().carriesPayload(get(target, AGENT))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/item?id=1",
                "/item?id=8743",
                "/item?id=1&sort=price%28asc%29",
                "/search?q=android+and+oranges",
                "/search?q=caf%C3%A9",
                "/admin/backup.zip",
                "/.git/HEAD",
                "/item?id=-4821"
            })
    void guessedPathsNumbersAndWhatTheCrawlSawAreNone(String target) {
        assertThat(rule().carriesPayload(get(target, AGENT))).isFalse();
    }

    @Test
    void aHeaderFieldIsAPayloadOnlyIfTheToolDoesNotAlwaysSendIt() {
        assertThat(rule().carriesPayload(get("/", "() { :;}; echo Content-Type: text/plain")))
                .isTrue();
        var own = "sqlmap/1.7.2 (`https://sqlmap.org`)";
        var always = new PayloadRule(List.of(), List.of(get("/", own), get("/a", own), get("/b", own)));
        assertThat(always.carriesPayload(get("/", own))).isFalse();
    }

    @Test
    void formsMultipartAndJsonAreLookedInto() {
        assertThat(rule().carriesPayload(post("application/x-www-form-urlencoded", "user=a%27--+&password=b")))
                .isTrue();
        assertThat(rule().carriesPayload(post("application/x-www-form-urlencoded", "user=ann&password=b")))
                .isFalse();
        var multipart = "--xyz\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\n%s\r\n--xyz--\r\n";
        assertThat(rule().carriesPayload(post("multipart/form-data; boundary=xyz", multipart.formatted("ann"))))
                .isFalse();
        assertThat(rule().carriesPayload(
                                post("multipart/form-data; boundary=xyz", multipart.formatted("<b onclick=x>"))))
                .isTrue();
    }

    private static PayloadRule rule() {
        var tool = new ArrayList<Recorded>();
        for (int i = 0; i < 10; i++) {
            tool.add(PAGE);
        }
        return new PayloadRule(List.of(PAGE), tool);
    }

    private static Recorded get(String target, String agent) {
        return new Recorded(200, true, "GET " + target + " HTTP/1.1\r\nHost: a\r\nUser-Agent: " + agent + "\r\n\r\n");
    }

    private static Recorded post(String type, String body) {
        return new Recorded(
                200,
                true,
                "POST /login HTTP/1.1\r\nHost: a\r\nUser-Agent: " + AGENT + "\r\nContent-Type: " + type
                        + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }
}
