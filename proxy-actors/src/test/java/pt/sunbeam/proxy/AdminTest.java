package pt.sunbeam.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.proxy.RawConnection.Message;

/** What operators ask of a running proxy, over its admin listener. */
@Timeout(60)
class AdminTest {
    private static final String TOKEN = "correct-horse-battery";

    @TempDir
    Path folder;

    private Origin origin;
    private Proxy proxy;

    @BeforeEach
    void start() throws IOException {
        origin = Origin.answering("HTTP/1.1 200 OK\nContent-Length: 2\n\nhi");
        proxy = Proxies.start(origin.port(), folder.resolve("audit"), "");
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        origin.close();
    }

    @Test
    void statusSaysWhatRunsAndHowItIs() throws Exception {
        var status = json(get("/status"));
        assertThat(status.path("version").asText()).isNotEmpty();
        assertThat(status.path("ready").asBoolean()).isTrue();
        assertThat(status.path("routes").asInt()).isEqualTo(1);
        assertThat(status.path("last_reload").path("trigger").asText()).isEqualTo("start");
        assertThat(status.path("models").findValuesAsText("detector")).containsExactly("scanner", "ddos");
        assertThat(status.path("models").get(0).path("version").asText()).matches("[0-9a-f]{64}");
    }

    @Test
    void routesAndUpstreamsAreThoseInEffect() throws Exception {
        var url = "http://127.0.0.1:" + origin.port();
        assertThat(get("/routes").text())
                .contains("{\"host_prefix\":\"shop\",\"paths\":[],\"backends\":[{\"backend\":\"" + url
                        + "\",\"weight\":1}],\"mirrors\":[]}");
        assertThat(get("/upstreams").text())
                .contains("\"url\":\"" + url + "\"", "\"routes\":[\"shop\"]", "\"healthy\":true");
    }

    @Test
    void aBanRefusesAndAnUnbanEndsIt() throws Exception {
        assertThat(shop("192.0.2.1")).isEqualTo(200);
        var banned = post("/ban", "{\"address\": \"192.0.2.0/24\", \"for\": \"10 m\", \"note\": \"loud\"}");
        assertThat(banned.status()).isEqualTo(200);
        assertThat(shop("192.0.2.1")).isEqualTo(403);
        assertThat(shop("192.0.3.1")).isEqualTo(200);
        var bans = json(get("/bans")).path("orders");
        assertThat(bans).hasSize(1);
        assertThat(bans.get(0).path("address").asText()).isEqualTo("192.0.2.0/24");
        assertThat(bans.get(0).path("note").asText()).isEqualTo("loud");
        assertThat(post("/unban", "{\"address\": \"192.0.2.0/24\"}").status()).isEqualTo(200);
        assertThat(shop("192.0.2.1")).isEqualTo(200);
        assertThat(post("/unban", "{\"address\": \"192.0.2.0/24\"}").status()).isEqualTo(404);
        proxy.close();
        assertThat(Files.readString(folder.resolve("audit"))).contains("banned by an operator");
    }

    @Test
    void aBanEndsByItself() throws Exception {
        post("/ban", "{\"address\": \"192.0.2.1\", \"for\": \"1 s\"}");
        assertThat(shop("192.0.2.1")).isEqualTo(403);
        while (shop("192.0.2.1") == 403) {
            Thread.sleep(50);
        }
        assertThat(json(get("/bans")).path("orders")).isEmpty();
    }

    @Test
    void whoIsAllowedIsNotLookedAt() throws Exception {
        var attack = "/?q=1%27%20UNION%20SELECT%20password%20FROM%20users--";
        assertThat(ask("192.0.2.1", attack)).isEqualTo(403);
        post("/ban", "{\"address\": \"192.0.2.0/24\"}");
        post("/allow", "{\"address\": \"192.0.2.1\"}");
        assertThat(ask("192.0.2.1", attack)).isEqualTo(200);
        assertThat(ask("192.0.2.2", "/")).isEqualTo(403);
    }

    @Test
    void anUnbanForgetsWhatTheDetectorSaid() throws Exception {
        int status = 200;
        for (int i = 0; i < 5_000 && status != 429; i++) {
            status = ask("198.51.100.7", "/login?" + i % 2);
        }
        assertThat(status).isEqualTo(429);
        assertThat(get("/bans").text()).contains("198.51.100.7");
        assertThat(post("/unban", "{\"address\": \"198.51.100.7\"}").text()).contains("\"verdicts_pardoned\":1");
        assertThat(get("/bans").text()).doesNotContain("\"address\":\"198.51.100.7\"");
        post("/allow", "{\"address\": \"198.51.100.7\"}");
        assertThat(shop("198.51.100.7")).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {                                          | body: found no JSON
            []                                         | body: found no object
            {}                                         | address: found nothing
            {"address": 5}                             | address: found no text
            {"address": "shop.example"}                | address: "shop.example" is no IP address
            {"address": "192.0.2.1/24"}                | (expected: 192.0.2.0/24)
            {"address": "0.0.0.0/0"}                   | no wider than /8
            {"address": "::/0"}                        | no wider than /16
            {"address": "192.0.2.1", "for": "soon"}    | for: found no time
            {"address": "192.0.2.1", "for": "0 s"}     | for: found no time
            {"address": "192.0.2.1", "for": "367 d"}   | for: found no time
            {"address": "192.0.2.1", "note": "a\\nb"}  | note: expected
            {"address": "192.0.2.1", "until": "never"} | unknown key
            """)
    void aMalformedOrderSaysWhatIsWrong(String body, String words) throws Exception {
        var answer = post("/ban", body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.field("Content-Type")).startsWith("application/problem+json");
        assertThat(json(answer).path("detail").asText()).contains(words);
        assertThat(json(get("/bans")).path("orders")).isEmpty();
    }

    @Test
    void otherMethodsAndPathsAreRefused() throws Exception {
        assertThat(get("/nonsense").status()).isEqualTo(404);
        var answer = get("/reload");
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.field("Allow")).isEqualTo("POST");
        assertThat(post("/status", "").status()).isEqualTo(405);
    }

    @Test
    void aPageInABrowserOnThisMachineIsRefused() throws Exception {
        assertThat(send("POST /ban HTTP/1.1\nHost: 127.0.0.1\nOrigin: http://evil.example\nContent-Length: 0\n\n")
                        .status())
                .isEqualTo(403);
        assertThat(send("GET /status HTTP/1.1\nHost: evil.example\n\n").status())
                .isEqualTo(403);
        assertThat(send("GET /status HTTP/1.1\nHost: localhost\n\n").status()).isEqualTo(200);
        assertThat(send("GET /status HTTP/1.1\nHost: [::1]:99\n\n").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Authorization: Bearer wrong\n",
                "Authorization: Basic " + TOKEN + "\n",
                "Authorization: Bearer\n"
            })
    void withATokenNobodyComesInWithoutIt(String field) throws Exception {
        proxy.close();
        proxy = Proxies.start(origin.port(), folder.resolve("audit"), "admin.token = \"" + TOKEN + "\"");
        var refused = send("GET /status HTTP/1.1\nHost: a\n" + field + "\n");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.field("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(send("GET /status HTTP/1.1\nHost: a\nAuthorization: bearer " + TOKEN + "\n\n")
                        .status())
                .isEqualTo(200);
        assertThat(send("GET /health HTTP/1.1\nHost: a\n\n").status()).isEqualTo(200);
    }

    @Test
    void aBodyThatIsTooLongIsRefused() throws Exception {
        var answer = post("/ban", "x".repeat(70_000));
        assertThat(answer.status()).isBetween(400, 499);
    }

    private int shop(String client) throws IOException {
        return ask(client, "/");
    }

    private int ask(String client, String target) throws IOException {
        try (var connection = RawConnection.to(proxy.httpPort())) {
            return connection
                    .send("GET %s HTTP/1.1\nHost: shop.example\nX-Forwarded-For: %s\n\n".formatted(target, client))
                    .read()
                    .status();
        }
    }

    private Message get(String path) throws IOException {
        return send("GET " + path + " HTTP/1.1\nHost: 127.0.0.1\n\n");
    }

    private Message post(String path, String body) throws IOException {
        return send("POST %s HTTP/1.1\nHost: 127.0.0.1\nContent-Length: %d\n\n%s".formatted(path, body.length(), body));
    }

    private Message send(String text) throws IOException {
        try (var connection = RawConnection.to(proxy.adminPort())) {
            return connection.send(text).read();
        }
    }

    private static JsonNode json(Message message) throws IOException {
        return new ObjectMapper().readTree(message.text());
    }
}
