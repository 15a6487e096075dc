package pt.sunbeam.trainer.traffic;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A small site on a port of its own that writes down who asked for what. */
final class Site implements AutoCloseable {
    private static final Map<String, String> PAGES = Map.of(
            "/",
            "<link rel=stylesheet href='/site.css'><link rel=canonical href=/canonical><a class=x href=/old>Old</a>",
            "/lamps",
            "<script src=\"/site.js\"></script><IMG alt='' SRC=img/1.svg><a href=\"https://other.example/\">Away</a>");

    /** A request as it arrived. */
    record Seen(
            String from,
            String method,
            String target,
            String host,
            @Nullable String agent,
            @Nullable String referer,
            @Nullable String cookie,
            @Nullable String known,
            String body) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();

    Site() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    List<Seen> seen() {
        return List.copyOf(seen);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var fields = exchange.getRequestHeaders();
            var known = fields.getFirst("If-None-Match");
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            seen.add(new Seen(
                    exchange.getRemoteAddress().getAddress().getHostAddress(),
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    fields.getFirst("Host"),
                    fields.getFirst("User-Agent"),
                    fields.getFirst("Referer"),
                    fields.getFirst("Cookie"),
                    known,
                    body));
            var answer = exchange.getResponseHeaders();
            var path = exchange.getRequestURI().getPath();
            if (path.equals("/old")) {
                answer.set("Location", "/lamps");
                exchange.sendResponseHeaders(301, -1);
            } else if (known != null) {
                exchange.sendResponseHeaders(304, -1);
            } else {
                var page = PAGES.get(path);
                answer.set("Content-Type", page == null ? "text/plain" : "text/html; charset=utf-8");
                answer.set("ETag", "\"" + path + "\"");
                answer.set("Set-Cookie", "visit=7; Path=/");
                byte[] bytes = (page == null ? "part" : page).getBytes(StandardCharsets.UTF_8);
                // Pages come in chunks, their parts with a length.
                exchange.sendResponseHeaders(200, page == null ? bytes.length : 0);
                exchange.getResponseBody().write(bytes);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
