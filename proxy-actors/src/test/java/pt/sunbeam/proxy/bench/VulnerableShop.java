package pt.sunbeam.proxy.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A site with holes, for tools to find: SQL injection into a real database in memory, reflected XSS, path traversal and command injection. The last two reach a
 * file system and a shell that are made up: nothing on this machine can be read or run through them. Never to be opened to a network.
 */
final class VulnerableShop implements AutoCloseable {
    /** What a dump of the database shows, and nothing else on the site does. */
    static final String SECRET = "kestrel-9137-orchard";

    private static final Map<String, String> FILES = Map.of(
            "/srv/shop/docs/readme.txt", "Lamps, and how to look after them.\n",
            "/srv/shop/docs/returns.txt", "Fourteen days, unbroken.\n",
            "/etc/passwd", "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Connection database;

    private record Answer(int status, String html) {}

    static VulnerableShop start(int port) throws IOException, SQLException {
        return new VulnerableShop(
                HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 0));
    }

    private VulnerableShop(HttpServer server) throws SQLException {
        this.server = server;
        database = DriverManager.getConnection(
                "jdbc:hsqldb:mem:shop-" + server.getAddress().getPort(), "SA", "");
        try (var statement = database.createStatement()) {
            statement.execute("CREATE TABLE items (id INT PRIMARY KEY, name VARCHAR(80), price INT)");
            statement.execute("INSERT INTO items VALUES (1, 'Harbour', 48), (2, 'Meadow', 36), (3, 'Night Bus', 29)");
            statement.execute("CREATE TABLE customers (id INT PRIMARY KEY, name VARCHAR(80), password VARCHAR(80))");
            statement.execute(
                    "INSERT INTO customers VALUES (1, 'ann', '" + SECRET + "'), (2, 'bob', 'swallow-2204-pier')");
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var parameters = new HashMap<String, String>();
            decode(exchange.getRequestURI().getRawQuery(), parameters);
            decode(new String(exchange.getRequestBody().readNBytes(1 << 16), StandardCharsets.ISO_8859_1), parameters);
            var answer = answer(exchange.getRequestURI().getPath(), parameters);
            byte[] body = answer.html.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.getResponseHeaders().set("X-Upstream", "yes");
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(answer.status, head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    private Answer answer(String path, Map<String, String> parameters) {
        return switch (path) {
            case "/" -> page("""
                    <p><a href="/item?id=1">Harbour</a> <a href="/item?id=2">Meadow</a> <a href="/search?q=lamp">Search</a>
                    <a href="/file?name=readme.txt">Care</a> <a href="/ping?host=127.0.0.1">Status</a></p>
                    <form action="/search"><input name="q"><button>Search</button></form>
                    <form action="/login" method="post"><input name="user"><input name="password" type="password"><button>Log in</button></form>""");
            case "/item" -> rows("SELECT name, price FROM items WHERE id = " + parameters.getOrDefault("id", "0"));
            case "/login" ->
                rows("SELECT name, id FROM customers WHERE name = '" + parameters.getOrDefault("user", "")
                        + "' AND password = '" + parameters.getOrDefault("password", "") + "'");
            case "/search" -> page("<p>Nothing found for " + parameters.getOrDefault("q", "") + ".</p>");
            case "/file" -> file(parameters.getOrDefault("name", "readme.txt"));
            case "/ping" -> page("<pre>" + shell("ping -c 1 " + parameters.getOrDefault("host", "")) + "</pre>");
            default -> new Answer(404, "<h1>Not found</h1>");
        };
    }

    private Answer rows(String sql) {
        var html = new StringBuilder();
        try (var statement = database.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                html.append("<li>")
                        .append(rows.getString(1))
                        .append(": ")
                        .append(rows.getString(2))
                        .append("</li>");
            }
            return page("<ul>" + html + "</ul>");
        } catch (SQLException shown) {
            return new Answer(500, "<h1>Error</h1><pre>" + shown + "</pre>");
        }
    }

    private static Answer file(String name) {
        var text = FILES.get(resolved("/srv/shop/docs/" + name));
        return text == null ? new Answer(404, "<h1>No such file</h1>") : page("<pre>" + text + "</pre>");
    }

    /** What a file system makes of a path, up to the first NUL. */
    private static String resolved(String path) {
        var kept = new ArrayList<String>();
        for (var segment : path.split("\0", -1)[0].split("[/\\\\]", -1)) {
            if (segment.equals("..")) {
                if (!kept.isEmpty()) {
                    kept.removeLast();
                }
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                kept.add(segment);
            }
        }
        return "/" + String.join("/", kept);
    }

    /** A shell that knows four commands. */
    private static String shell(String line) {
        var out = new StringBuilder();
        for (var command : line.split("[;|&\\n`]|\\$\\(|\\)", -1)) {
            List<String> words = List.of(command.strip().split("\\s+", -1));
            out.append(
                    switch (words.getFirst()) {
                        case "ping" -> "1 packets transmitted, 1 received\n";
                        case "id" -> "uid=33(www-data) gid=33(www-data) groups=33(www-data)\n";
                        case "env" -> "PATH=/usr/bin:/bin\nPWD=/srv/shop\nHOME=/var/www\n";
                        case "cat" -> FILES.getOrDefault(resolved(words.getLast()), "");
                        case "echo" ->
                            command.strip()
                                            .substring(4)
                                            .strip()
                                            .replace("\"", "")
                                            .replace("'", "") + "\n";
                        default -> "";
                    });
        }
        return out.toString();
    }

    private static Answer page(String body) {
        return new Answer(200, "<!doctype html><html lang=\"en\"><title>Shop</title><h1>Shop</h1>" + body + "</html>");
    }

    private static void decode(@Nullable String form, Map<String, String> parameters) {
        if (form == null) {
            return;
        }
        for (var pair : form.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(plain(pair.substring(0, equals)), plain(pair.substring(equals + 1)));
            }
        }
    }

    private static String plain(String escaped) {
        try {
            return URLDecoder.decode(escaped, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException brokenEscape) {
            return escaped;
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
