package pt.sunbeam.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import pt.sunbeam.detector.audit.AuditLines;
import pt.sunbeam.detector.audit.AuditRecord;
import pt.sunbeam.detector.audit.AuditRecord.Place;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.proxy.observe.RotatedFiles;

/** Audit logs of whole proxies: pseudonyms, and outputs that fail. */
@Timeout(60)
class AuditTest {
    private static final String OK = "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi";
    private static final String PSEUDONYMS = "audit.pseudonymise = true, audit.keep_values = [page]\n";

    @TempDir
    Path folder;

    private Origin origin;

    @BeforeEach
    void start() throws IOException {
        origin = Origin.answering(OK);
    }

    @AfterEach
    void stop() throws IOException {
        origin.close();
    }

    @Test
    void noAddressOfAClientIsAnywhereInALineWherePseudonymsAreAskedFor() throws IOException {
        Path audit = folder.resolve("audit.log");
        int deadPort;
        try (var unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            deadPort = unused.getLocalPort();
        }
        List<String> addresses = List.of("203.0.113.9", "2001:db8::7", "2001:DB8:0:0:0:0:0:8", "198.51.100.77");
        try (var proxy = Proxies.start(origin.port(), audit, PSEUDONYMS + """
                        trusted_proxy_cidrs = ["127.0.0.0/8"]
                        routes = [
                          { host_prefix = "shop", backend = "http://127.0.0.1:%d" }
                          { host_prefix = "dead", backend = "http://127.0.0.1:%d" }
                        ]
                        """.formatted(origin.port(), deadPort))) {
            for (String address : addresses) {
                String bracketed = address.indexOf(':') < 0 ? address : "[" + address + "]";
                for (String host : List.of("shop.example", "dead.example", bracketed, bracketed + ":8080")) {
                    String escaped = address.replace(":", "%3A")
                            .replace("203.", "%32%30%33.")
                            .replace("198.0", "198%252E0");
                    send(proxy, """
                            GET /lookup/%1$s/x/%4$s?ip=%1$s&page=%1$s&page=%4$s&%1$s&%4$s=1 HTTP/1.1
                            Host: %3$s
                            X-Forwarded-For: 198.51.100.77, %1$s
                            Forwarded: for="%2$s:1234";by=127.0.0.2
                            User-Agent: agent/%1$s (from %2$s; v203.0.113.9)
                            Accept-Language: %1$s
                            Accept: text/%4$s
                            Referer: http://%2$s/%1$s/%4$s?from=%1$s
                            Cookie: ip=%1$s; %1$s=1

                            """.formatted(address, bracketed, host, escaped));
                }
                send(
                        proxy,
                        "GET / HTTP/1.1\nHost: shop.example\nX-Forwarded-For: %s\nX A: %s\n\n"
                                .formatted(address, address));
                send(proxy, "GET / HTTP/1.1\nHost: shop.example\nTransfer-Encoding: %s\n\n".formatted(address));
                send(
                        proxy,
                        "GET /?id=%s HTTP/1.1\nHost: shop.example\nX-Forwarded-For: %s\n\n"
                                .formatted(
                                        Secrets.percentEncoded(
                                                "1' union select password from users where ip='" + address + "' -- "),
                                        address));
            }
            send(proxy, "GET / HTTP/1.1\nHost: shop.example\n\n"); // the peer is the client
        }
        String lines = Files.readString(audit);
        assertThat(lines + Secrets.percentDecoded(lines) + Secrets.percentDecoded(Secrets.percentDecoded(lines)))
                .doesNotContainIgnoringCase("203.0.113.9", "2001:db8", "198.51.100.77", "127.0.0.2");
        var records = records(audit);
        assertThat(records).hasSizeGreaterThan(25).anyMatch(record -> record.status() == 403);
        var clients = records.stream()
                .map(AuditRecord::clientIp)
                .filter(client -> !client.equals("-"))
                .distinct()
                .toList();
        assertThat(clients)
                .hasSize(addresses.size() + 1)
                .allMatch(client -> client.startsWith("fc") || client.startsWith("fd"));
    }

    @Test
    void aPseudonymOutlivesARestartWhereThereIsAStateDirectory() throws IOException {
        Path state = folder.resolve("state");
        String kept = PSEUDONYMS + "state_dir = \"" + state + "\"\n";
        var first = clientOf(kept, "first");
        var second = clientOf(kept, "second");
        assertThat(first).isEqualTo(second).isNotEqualTo(clientOf(PSEUDONYMS, "third"));
        assertThat(IpAddress.parse(first).isIpv4()).isFalse();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve("audit.key"))))
                .isEqualTo("rw-------");
        try (var files = Files.list(state)) {
            assertThat(files.map(Path::getFileName).map(Path::toString)).noneMatch(name -> name.endsWith(".part"));
        }
        Files.writeString(state.resolve("audit.key"), "short");
        assertThat(clientOf(kept, "fourth")).isNotEqualTo(first);
    }

    private String clientOf(String more, String name) throws IOException {
        Path audit = folder.resolve(name);
        try (var proxy = Proxies.start(origin.port(), audit, more)) {
            send(proxy, "GET / HTTP/1.1\nHost: shop.example\n\n");
        }
        return records(audit).getFirst().clientIp();
    }

    @Test
    void aLineSaysWhatShapeEachInspectedValueHasAndNoValue() throws IOException {
        Path audit = folder.resolve("audit.log");
        try (var proxy = Proxies.start(origin.port(), audit, "scanner.enabled = true")) {
            for (String framing : List.of("Content-Length: %d\n\n%s", "Transfer-Encoding: chunked\n\n%2$s")) {
                post(proxy, framing, "application/x-www-form-urlencoded", "user=Winterfell&pin=4711");
                post(proxy, framing, "application/json", "{\"user\":{\"name\":\"Winterfell\"},\"pin\":4711}");
            }
        }
        assertThat(Files.readString(audit)).doesNotContain("Winterfell", "4711", "Springfield");
        var records = records(audit);
        assertThat(records).hasSize(4).allMatch(record -> record.status() == 200);
        for (int i = 0; i < records.size(); i++) {
            String place = i % 2 == 0 ? "form" : "json";
            String user = i % 2 == 0 ? "user" : "name";
            assertThat(requireNonNull(records.get(i).sunbeam()).shape())
                    .extracting(Place::place, Place::name, Place::classes, Place::lengthBucket)
                    .containsExactly(
                            tuple("query", "q", 2 | 4, 4),
                            tuple("cookie", "theme", 2 | 4, 4),
                            tuple("header", "x-place", 2 | 4, 4),
                            tuple("header", "content-type", 2 | 32 | (i % 2 == 0 ? 16 : 0), i % 2 == 0 ? 6 : 5),
                            tuple(place, user, 2 | 4, 4),
                            tuple(place, "pin", 1, 3));
            assertThat(requireNonNull(records.get(i).sunbeam()).shape().stream()
                            .map(Place::hash)
                            .distinct())
                    .hasSize(4); // Springfield thrice, the type, and two of the body
        }
    }

    private static void post(Proxy proxy, String framing, String type, String content) throws IOException {
        String body = framing.startsWith("Transfer") ? "%x\n%s\n0\n\n".formatted(content.length(), content) : content;
        send(proxy, """
                POST /submit?q=Springfield HTTP/1.1
                Host: shop.example
                Cookie: theme=Springfield
                X-Place: Springfield
                Content-Type: %s
                """.formatted(type) + framing.formatted(content.length(), body));
    }

    @Test
    void eachRequestHasItsLineInOneOfTheFilesThatWerePutAside() throws IOException {
        Path audit = folder.resolve("audit.log");
        var ids = new ArrayList<String>();
        try (var proxy = Proxies.start(
                origin.port(),
                audit,
                "ddos.enabled = false, audit { rotate_bytes = 64 KiB, keep_files = 100, compress = true }")) {
            for (int i = 0; i < 300; i++) {
                String answer = send(proxy, "GET /%s HTTP/1.1\nHost: shop.example\n\n".formatted("x/".repeat(500)));
                ids.add(answer.replaceAll("(?is).*x-request-id: ([^\r]*).*", "$1"));
            }
        }
        var files = new RotatedFiles(audit).list();
        assertThat(files).hasSizeGreaterThan(3);
        var logged = new ArrayList<AuditRecord>();
        for (var file : files) {
            logged.addAll(records(file.path()));
        }
        logged.addAll(records(audit));
        assertThat(logged).extracting(AuditRecord::requestId).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void requestsGoOnWhereTheDiskIsFull() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "SKIPPED: there is no /dev/full");
        try (var proxy = Proxies.start(origin.port(), full, "ddos.enabled = false")) {
            for (int i = 0; i < 100; i++) {
                assertThat(send(proxy, "GET / HTTP/1.1\nHost: shop.example\n\n"))
                        .startsWith("HTTP/1.1 200");
            }
        }
    }

    @Test
    void requestsGoOnWhereTheDirectoryHasGone() throws IOException {
        Path directory = Files.createDirectory(folder.resolve("log"));
        Path audit = directory.resolve("audit.log");
        try (var proxy = Proxies.start(origin.port(), audit, "ddos.enabled = false")) {
            Files.delete(audit);
            Files.delete(directory);
            Files.writeString(directory, "in the way");
            for (int i = 0; i < 100; i++) {
                assertThat(send(proxy, "GET / HTTP/1.1\nHost: shop.example\n\n"))
                        .startsWith("HTTP/1.1 200");
            }
        }
    }

    /** From 127.0.0.2, which nothing else has; what came back. */
    private static String send(Proxy proxy, String request) throws IOException {
        try (var connection = new RawConnection(new Socket(
                InetAddress.getLoopbackAddress(), proxy.httpPort(), InetAddress.ofLiteral("127.0.0.2"), 0))) {
            connection.send(request);
            connection.sayNoMore();
            return new String(connection.in().readAllBytes(), ISO_8859_1);
        }
    }

    private static List<AuditRecord> records(Path audit) throws IOException {
        var records = new ArrayList<AuditRecord>();
        boolean packed = audit.toString().endsWith(".gz");
        try (var stored = Files.newInputStream(audit);
                var in = packed ? new GZIPInputStream(stored) : stored) {
            var lines = new AuditLines(in);
            for (var record = lines.next(); record != null; record = lines.next()) {
                records.add(record);
            }
        }
        return records;
    }
}
