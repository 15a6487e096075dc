package pt.sunbeam.proxy.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.proxy.startup.StartFailure;

/**
 * The built-in site: a shop for lamps with pages, assets, a form and a JSON interface. It is what an upstream is to the proxy: a plain
 * HTTP/1.1 server that knows nothing of it.
 */
final class Site implements AutoCloseable {
    private static final int BODY_AT_MOST = 16 * 1024;
    private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");
    private static final JsonMapper JSON = new JsonMapper();

    /** Pages by path: file and title. */
    private static final Map<String, Page> PAGES = Map.of(
            "/", new Page("index.html", "Lamps for the dark half of the year"),
            "/lamps", new Page("lamps.html", "Lamps"),
            "/about", new Page("about.html", "About"),
            "/contact", new Page("contact.html", "Contact"));

    /** Assets by path: media type. */
    private static final Map<String, String> ASSETS = Map.of(
            "/assets/site.css", "text/css; charset=utf-8",
            "/assets/site.js", "text/javascript; charset=utf-8",
            "/assets/harbour.svg", "image/svg+xml",
            "/assets/icon.svg", "image/svg+xml",
            "/assets/icon.png", "image/png",
            "/robots.txt", "text/plain; charset=utf-8");

    private record Page(String file, String title) {}

    // The array is handed to the socket and to nobody else.
    @SuppressWarnings("ArrayRecordComponent")
    private record Answer(int status, String type, byte[] body, Map<String, String> fields) {
        static Answer of(int status, String type, String body) {
            return new Answer(status, type, body.getBytes(StandardCharsets.UTF_8), Map.of());
        }

        Answer with(String name, String value) {
            var more = new HashMap<>(fields);
            more.put(name, value);
            return new Answer(status, type, body, more);
        }
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final Items items = new Items();
    private final String metricsUrl;
    private final String layout = text("layout.html");

    /**
     * Starts the site on a free loopback port.
     *
     * @param metricsUrl what the first page links to
     */
    static Site start(String metricsUrl) {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
            var site = new Site(server, metricsUrl);
            server.start();
            return site;
        } catch (IOException e) {
            throw new StartFailure("the demo's site cannot listen on loopback: " + e.getMessage(), e);
        }
    }

    private Site(HttpServer server, String metricsUrl) {
        this.server = server;
        this.metricsUrl = metricsUrl;
        this.threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.createContext("/", this::handle);
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var answer = answer(exchange);
            var headers = exchange.getResponseHeaders();
            headers.set("Content-Type", answer.type);
            headers.set("X-Content-Type-Options", "nosniff");
            answer.fields.forEach(headers::set);
            if (exchange.getRequestMethod().equals("HEAD")) {
                headers.set("Content-Length", Integer.toString(answer.body.length));
                exchange.sendResponseHeaders(answer.status, -1);
            } else {
                exchange.sendResponseHeaders(answer.status, answer.body.length == 0 ? -1 : answer.body.length);
                exchange.getResponseBody().write(answer.body);
            }
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        if (path.equals("/api/items")) {
            return switch (method) {
                case "GET", "HEAD" -> json(200, Map.of("items", items.all()));
                case "POST" -> add(exchange);
                default -> notAllowed("GET, HEAD, POST");
            };
        }
        if (path.equals("/contact") && method.equals("POST")) {
            return thanks(exchange);
        }
        var found = find(path);
        if (found == null) {
            return path.startsWith("/api/")
                    ? problem(404, "no such resource")
                    : page(404, new Page("404.html", "Not found"), Map.of());
        }
        return method.equals("GET") || method.equals("HEAD")
                ? found
                : notAllowed(path.equals("/contact") ? "GET, HEAD, POST" : "GET, HEAD");
    }

    private @Nullable Answer find(String path) {
        var page = PAGES.get(path);
        if (page != null) {
            return page(200, page, Map.of("metrics", escape(metricsUrl), "lamps", cards()));
        }
        var type = ASSETS.get(path);
        if (type != null) {
            return new Answer(200, type, bytes(path.substring(1)), Map.of("Cache-Control", "max-age=300"));
        }
        if (path.startsWith("/lamps/")) {
            return item(path.substring("/lamps/".length()))
                    .map(item -> page(200, new Page("lamp.html", item.name()), fields(item)))
                    .orElse(null);
        }
        if (path.startsWith("/api/items/")) {
            return item(path.substring("/api/items/".length()))
                    .map(item -> json(200, item))
                    .orElse(null);
        }
        return null;
    }

    private Optional<Items.Item> item(String id) {
        return id.matches("[1-9][0-9]{0,5}") ? items.find(Integer.parseInt(id)) : Optional.empty();
    }

    private Answer add(HttpExchange exchange) throws IOException {
        var body = body(exchange);
        if (body == null) {
            return problem(413, "at most " + BODY_AT_MOST + " bytes");
        }
        JsonNode item;
        try {
            item = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return problem(400, "not JSON: " + e.getOriginalMessage());
        }
        String name = item.path("name").asText("");
        int price = item.path("price").asInt(-1);
        if (name.isBlank() || name.length() > 80) {
            return problem(400, "name: expected 1 to 80 characters");
        }
        if (price < 0) {
            return problem(400, "price: expected whole euros, 0 or more");
        }
        var added = items.add(name, price, item.path("text").asText(""));
        return json(201, added).with("Location", "/api/items/" + added.id());
    }

    private Answer thanks(HttpExchange exchange) throws IOException {
        var body = body(exchange);
        if (body == null) {
            return page(413, new Page("404.html", "Too long"), Map.of());
        }
        String name = formField(new String(body, StandardCharsets.UTF_8), "name");
        return page(
                200, new Page("thanks.html", "Thank you"), Map.of("name", escape(name.isBlank() ? "stranger" : name)));
    }

    /** The body, or null where it is longer than we take. */
    private static byte @Nullable [] body(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(BODY_AT_MOST + 1);
        return body.length > BODY_AT_MOST ? null : body;
    }

    /** A field of application/x-www-form-urlencoded, empty where absent or malformed. */
    private static String formField(String form, String name) {
        for (String pair : form.split("&", -1)) {
            if (pair.startsWith(name + "=")) {
                try {
                    return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
                } catch (IllegalArgumentException malformed) {
                    return "";
                }
            }
        }
        return "";
    }

    private String cards() {
        String card = text("card.html");
        return items.all().stream().map(item -> fill(card, fields(item))).collect(Collectors.joining());
    }

    private static Map<String, String> fields(Items.Item item) {
        return Map.of(
                "id", Integer.toString(item.id()),
                "name", escape(item.name()),
                "price", Integer.toString(item.price()),
                "text", escape(item.text()),
                "shape", Integer.toString(item.id() % 6));
    }

    private Answer page(int status, Page page, Map<String, String> fields) {
        String main = fill(text(page.file), fields);
        return Answer.of(
                        status,
                        "text/html; charset=utf-8",
                        fill(layout, Map.of("title", escape(page.title), "main", main)))
                .with("Content-Security-Policy", "default-src 'self'");
    }

    private static Answer json(int status, Object value) {
        try {
            return Answer.of(status, "application/json", JSON.writeValueAsString(value) + "\n");
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Answer problem(int status, String detail) {
        return json(status, Map.of("error", detail));
    }

    private static Answer notAllowed(String allowed) {
        return problem(405, "method not allowed").with("Allow", allowed);
    }

    /** Puts values in the place of {@code {{name}}}, once: a value is never looked at again. */
    private static String fill(String template, Map<String, String> fields) {
        return PLACE.matcher(template)
                .replaceAll(match -> Matcher.quoteReplacement(fields.getOrDefault(match.group(1), "")));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static String text(String file) {
        return new String(bytes(file), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String file) {
        try (var in = Site.class.getResourceAsStream("site/" + file)) {
            if (in == null) {
                throw new IllegalStateException("site/" + file + " is missing from the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
