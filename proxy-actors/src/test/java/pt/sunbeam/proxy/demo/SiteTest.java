package pt.sunbeam.proxy.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SiteTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern LINK = Pattern.compile("(?:href|src|action)=\"(/[^\"#]*)");
    private static final Pattern TAG = Pattern.compile("<(/?)([a-z][a-z0-9]*)[^>]*?(/?)>");
    private static final List<String> VOID = List.of("meta", "link", "img", "input", "br", "hr");

    private static Site site;
    private static HttpClient client;

    @BeforeAll
    static void start() {
        site = Site.start("http://127.0.0.1:9/metrics");
        client = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        client.close();
        site.close();
    }

    @Test
    void everyLinkOfThePagesLeadsSomewhere() throws Exception {
        var types = new TreeMap<String, String>();
        var open = new ArrayDeque<>(List.of("/"));
        while (!open.isEmpty()) {
            String path = open.remove();
            var answer = get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            String type = answer.headers().firstValue("Content-Type").orElseThrow();
            types.put(path, type);
            if (type.startsWith("text/html")) {
                LINK.matcher(answer.body()).results().map(link -> link.group(1)).forEach(link -> {
                    if (!types.containsKey(link) && !open.contains(link)) {
                        open.add(link);
                    }
                });
            }
        }
        assertThat(types)
                .containsKeys("/lamps", "/about", "/contact", "/lamps/6", "/api/items")
                .containsEntry("/assets/site.css", "text/css; charset=utf-8")
                .containsEntry("/assets/site.js", "text/javascript; charset=utf-8")
                .containsEntry("/assets/icon.png", "image/png")
                .containsEntry("/assets/icon.svg", "image/svg+xml")
                .containsEntry("/assets/harbour.svg", "image/svg+xml");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/lamps", "/lamps/1", "/about", "/contact", "/nowhere"})
    void pagesAreWholeDocumentsWhoseTagsMatch(String path) throws Exception {
        String page = get(path).body();
        assertThat(page)
                .startsWith("<!doctype html>")
                .contains("<html lang=\"en\">")
                .doesNotContain("{{");
        assertThat(page.split("<h1", -1)).as("one h1").hasSize(2);
        var open = new ArrayDeque<String>();
        TAG.matcher(page).results().forEach(tag -> {
            if (VOID.contains(tag.group(2)) || tag.group(3).equals("/")) {
                return;
            }
            if (tag.group(1).isEmpty()) {
                open.push(tag.group(2));
            } else {
                assertThat(tag.group(2)).as(tag.group()).isEqualTo(open.pop());
            }
        });
        assertThat(open).isEmpty();
        assertThat(Pattern.compile("<img(?![^>]*\\balt=)").matcher(page).find())
                .as("an image without alt")
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/assets/icon.svg", "/assets/harbour.svg"})
    void drawingsAreWellFormed(String path) throws Exception {
        var drawing = client.send(request(path).build(), BodyHandlers.ofInputStream());
        var document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(drawing.body());
        assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
    }

    @Test
    void thePictureIsAPng() throws Exception {
        var picture = client.send(request("/assets/icon.png").build(), BodyHandlers.ofByteArray());
        assertThat(picture.body()).startsWith(0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n');
    }

    @Test
    void theFirstPageLinksToTheMetrics() throws Exception {
        assertThat(get("/").body()).contains("href=\"http://127.0.0.1:9/metrics\"");
    }

    @Test
    void whatIsNotThereIsA404InTheFormThatWasAskedFor() throws Exception {
        var page = get("/nowhere");
        assertThat(page.statusCode()).isEqualTo(404);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        var item = get("/api/items/999");
        assertThat(item.statusCode()).isEqualTo(404);
        assertThat(JSON.readTree(item.body()).path("error").asText()).isNotEmpty();
        assertThat(get("/assets/../demo.conf").statusCode()).isEqualTo(404);
        assertThat(get("/lamps/-1").statusCode()).isEqualTo(404);
    }

    @Test
    void anItemThatIsPostedCanBeRead() throws Exception {
        var posted = post("/api/items", "application/json", "{\"name\":\"Comet <b>\",\"price\":7,\"text\":\"once\"}");
        assertThat(posted.statusCode()).isEqualTo(201);
        String location = posted.headers().firstValue("Location").orElseThrow();
        var item = JSON.readTree(get(location).body());
        assertThat(item.path("name").asText()).isEqualTo("Comet <b>");
        assertThat(item.path("price").asInt()).isEqualTo(7);
        assertThat(JSON.readTree(get("/api/items").body()).path("items")).contains(item);
        assertThat(get("/lamps").body()).contains("Comet &lt;b&gt;").doesNotContain("Comet <b>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{\"price\":1}",
                "{\"name\":\"x\"}",
                "{\"name\":\"x\",\"price\":-1}",
                "{\"name\":\" \"}"
            })
    void anItemThatMakesNoSenseIsRefusedWithAReason(String body) throws Exception {
        var refused = post("/api/items", "application/json", body);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(refused.body()).path("error").asText()).isNotEmpty();
    }

    @Test
    void theShopForgetsTheOldestOfTooManyItems() throws Exception {
        for (int i = 0; i < 150; i++) {
            post("/api/items", "application/json", "{\"name\":\"n%d\",\"price\":1}".formatted(i));
        }
        assertThat(JSON.readTree(get("/api/items").body()).path("items").size()).isEqualTo(106);
    }

    @Test
    void aBodyThatIsTooLongIsRefused() throws Exception {
        assertThat(post("/api/items", "application/json", "x".repeat(17_000)).statusCode())
                .isEqualTo(413);
        assertThat(post("/contact", "application/x-www-form-urlencoded", "x".repeat(17_000))
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void theFormThanksByNameAndEscapesIt() throws Exception {
        var thanks = post("/contact", "application/x-www-form-urlencoded", "name=Ada+%3Ci%3E&message=hello");
        assertThat(thanks.statusCode()).isEqualTo(200);
        assertThat(thanks.body()).contains("Thank you, Ada &lt;i&gt;");
    }

    @Test
    void headIsGetWithoutTheBodyAndOtherMethodsAreNotAllowed() throws Exception {
        var head = client.send(
                request("/about").method("HEAD", BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        assertThat(head.statusCode()).isEqualTo(200);
        int length = get("/about").body().getBytes(StandardCharsets.UTF_8).length;
        assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(length);
        var deleted = client.send(request("/about").DELETE().build(), BodyHandlers.ofString());
        assertThat(deleted.statusCode()).isEqualTo(405);
        assertThat(deleted.headers().firstValue("Allow")).contains("GET, HEAD");
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + site.port() + path))
                .timeout(Duration.ofSeconds(10));
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String path, String type, String body)
            throws IOException, InterruptedException {
        return client.send(
                request(path)
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
