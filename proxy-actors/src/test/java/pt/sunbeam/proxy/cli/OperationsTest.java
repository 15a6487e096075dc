package pt.sunbeam.proxy.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Signals and commands, with a proxy that is a process of its own. */
@Timeout(180)
class OperationsTest {
    @TempDir
    Path folder;

    private HttpServer origin;
    private final CountDownLatch slowArrived = new CountDownLatch(1);
    private final CountDownLatch slowMayEnd = new CountDownLatch(1);

    private record Ran(int exit, String out, String err) {}

    @BeforeEach
    void origin() throws IOException {
        origin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        origin.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        origin.createContext("/", exchange -> {
            if (exchange.getRequestURI().getPath().equals("/slow")) {
                slowArrived.countDown();
                try {
                    slowMayEnd.await(30, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("hi".getBytes(ISO_8859_1));
            exchange.close();
        });
        origin.start();
    }

    @AfterEach
    void stop() {
        origin.stop(0);
    }

    @Test
    void signalsAndCommandsReachARunningProxy() throws Exception {
        var config = write("");
        try (var proxy = ServedProcess.start(config, folder.resolve("log"))) {
            // commands find it by its configuration, which names the port that was taken
            var at = "127.0.0.1:" + proxy.adminPort();
            assertThat(status(proxy.httpPort(), "/")).isEqualTo(200);

            write("scanner { observe_only = true }\nlimits.header_count = 5");
            proxy.signal("HUP");
            proxy.await(Pattern.compile("Configuration taken over \\((SIGHUP|file change)\\)"));
            proxy.await(Pattern.compile("Waiting for a restart: limits.header_count"));

            Files.move(folder.resolve("audit"), folder.resolve("audit.1"));
            proxy.signal("USR1");
            proxy.await(Pattern.compile("The audit log was opened anew"));
            assertThat(folder.resolve("audit")).isEmptyFile();
            assertThat(folder.resolve("audit.1")).isNotEmptyFile();

            write("nonsense = 1");
            var rejected = run("reload", "--admin", at);
            assertThat(rejected.exit).isEqualTo(2);
            assertThat(rejected.err).contains("sunbeam.conf:", "nonsense: found an unknown key", "(422)");
            assertThat(run("status", "--admin", at).out).contains("rejected at", "nonsense", "ready          yes");
            write("");
            assertThat(run("reload", "--admin", at).exit).isZero();

            assertThat(run("ban", "127.0.0.1", "--for", "1 h", "--note", "test", "--admin", at).exit)
                    .isZero();
            assertThat(status(proxy.httpPort(), "/")).isEqualTo(403);
            assertThat(run("bans", "--admin", at).out).contains("ban      127.0.0.1", "test");
            assertThat(run("unban", "127.0.0.1", "--admin", at).exit).isZero();
            assertThat(run("unban", "127.0.0.1", "--admin", at).exit).isEqualTo(1);
            assertThat(run("ban", "nobody", "--admin", at).exit).isEqualTo(2);
            assertThat(run("allow", "127.0.0.1", "--admin", at, "--json").out).startsWith("{\"address\":\"127.0.0.1\"");
            assertThat(status(proxy.httpPort(), "/")).isEqualTo(200);

            try (var slow = new Socket(InetAddress.getLoopbackAddress(), proxy.httpPort())) {
                send(slow, "/slow");
                assertThat(slowArrived.await(20, TimeUnit.SECONDS)).isTrue();
                proxy.signal("TERM");
                proxy.await(Pattern.compile("Draining for at most 10 s"));
                // who has not heard of it is served on, for the last time on this connection
                try (var late = new Socket(InetAddress.getLoopbackAddress(), proxy.httpPort())) {
                    send(late, "/");
                    assertThat(new String(late.getInputStream().readAllBytes(), ISO_8859_1))
                            .startsWith("HTTP/1.1 200")
                            .containsIgnoringCase("connection: close");
                }
                slowMayEnd.countDown();
                assertThat(new String(slow.getInputStream().readAllBytes(), ISO_8859_1))
                        .startsWith("HTTP/1.1 200")
                        .endsWith("hi");
            }
            assertThat(proxy.waitFor()).isZero();
            int port = proxy.httpPort();
            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                    .isInstanceOf(IOException.class);
        }
        var gone = run("status", "--admin", "127.0.0.1:1");
        assertThat(gone.exit).isEqualTo(1);
        assertThat(gone.err).contains("no answer from the admin listener at 127.0.0.1:1");
        assertThat(run("status", "--admin", "nowhere").exit).isEqualTo(2);
        assertThat(run("ban").exit).isEqualTo(2);
    }

    private Path write(String more) throws IOException {
        return Files.writeString(
                folder.resolve("sunbeam.conf"),
                """
                listen.http = "127.0.0.1:0"
                telemetry.metrics_port = 0
                admin.listen = "127.0.0.1:0"
                audit.path = "%s"
                shutdown { drain = 10 s, announce = 3 s }
                routes = [{ host_prefix = shop, backend = "http://127.0.0.1:%d" }]
                """.formatted(folder.resolve("audit"), origin.getAddress().getPort()) + more);
    }

    private static int status(int port, String target) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            send(socket, target);
            var line = new byte[12];
            socket.getInputStream().readNBytes(line, 0, line.length);
            return Integer.parseInt(new String(line, 9, 3, ISO_8859_1));
        }
    }

    private static void send(Socket socket, String target) throws IOException {
        socket.setSoTimeout(30_000);
        socket.getOutputStream()
                .write("GET %s HTTP/1.1\r\nHost: shop.example\r\n\r\n"
                        .formatted(target)
                        .getBytes(ISO_8859_1));
    }

    private static Ran run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exit = Main.commandLine(Map.of(), InputStream.nullInputStream())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Ran(exit, out.toString(), err.toString());
    }
}
