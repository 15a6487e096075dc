package pt.sunbeam.trainer.waf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import org.junit.jupiter.api.Test;
import pt.sunbeam.trainer.waf.WireRequest.Label;

class ReplayTest {
    private static final Label ATTACK = new Label("set", "xss", true);
    private static final Label BENIGN = new Label("set", "site", false);

    @Test
    void aRecordedRequestGoesOutWithValidFieldsOfItsHop() {
        var request = WireRequest.recorded(
                BENIGN,
                "POST",
                "/a b?q=\"c\"",
                List.of(
                        "Host",
                        "shop.test",
                        "connection",
                        "close",
                        ":path",
                        "/",
                        "Content-Length",
                        "999",
                        "Cookie",
                        "a=b"),
                "x=1");
        assertThat(new String(request.bytes(), StandardCharsets.ISO_8859_1))
                .isEqualTo(
                        "POST /a%20b?q=\"c\" HTTP/1.1\r\nHost: www.example.com\r\nCookie: a=b\r\nConnection: keep-alive\r\n"
                                + "Content-Length: 3\r\n\r\nx=1");
    }

    @Test
    void aListedValueIsEscapedOnceAndKeepsItsEscapes() {
        assertThat(WireRequest.escaped("1' or%201=1 #%zz\u00e9")).isEqualTo("1%27%20or%201%3D1%20%23%25zz%E9");
        assertThat(WireRequest.ofValue(ATTACK, "<b>", true).line()).isEqualTo("POST /  p=%3Cb%3E");
    }

    @Test
    void aSampleTakesSmallStrataWholeAndKeepsToTheBudget() {
        var requests = new ArrayList<WireRequest>();
        for (int i = 0; i < 100; i++) {
            requests.add(WireRequest.ofValue(new Label("set", "many", true), "m" + i, false));
        }
        for (int i = 0; i < 3; i++) {
            requests.add(WireRequest.ofValue(new Label("set", "few", true), "f" + i, false));
        }
        var sampling = new Sampling(requests);
        var drawn = sampling.draw(20, 7);
        assertThat(drawn).filteredOn(request -> request.kind().equals("few")).hasSize(3);
        assertThat(drawn).hasSizeBetween(6, 20).isEqualTo(new Sampling(requests).draw(20, 7));
    }

    @Test
    void aStratumCountsByItsSizeAndNotByWhatWasDrawnOfIt() {
        var many = WireRequest.ofValue(new Label("set", "many", true), "m", false);
        var few = WireRequest.ofValue(new Label("set", "few", true), "f", false);
        var figures = new Figures();
        figures.add(
                List.of(many, few),
                new Replay.Result(List.of(new Outcome(403, false, 1), new Outcome(200, true, 1)), 0),
                Map.of(Sampling.stratum(many), 90, Sampling.stratum(few), 10));
        assertThat(figures.recall()).isEqualTo(0.9);
        assertThat(figures.macroRecall()).isEqualTo(0.5);
    }

    @Test
    void refusalsAreToldFromAnswersOfTheUpstreamAndClosedConnectionsCount() throws IOException, InterruptedException {
        try (var server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answer(server));
            var requests = List.of(
                    WireRequest.recorded(BENIGN, "GET", "/from-upstream", List.of(), ""),
                    WireRequest.recorded(ATTACK, "GET", "/blocked", List.of(), ""),
                    WireRequest.recorded(ATTACK, "GET", "/closed", List.of(), ""));
            var outcomes = Replay.run(new Server("s", server.getLocalPort(), 0), requests, 1)
                    .outcomes();
            assertThat(outcomes).extracting(Outcome::blocked).containsExactly(false, true, true);
            assertThat(outcomes).extracting(Outcome::status).containsExactly(404, 403, Outcome.CLOSED);
        }
    }

    /** Answers by path; what it is to close it closes without a word, also the second time. */
    private static void answer(ServerSocket server) {
        while (true) {
            try (var socket = server.accept();
                    var in = new Scanner(socket.getInputStream(), StandardCharsets.ISO_8859_1)) {
                var path = "";
                while (in.hasNextLine()) {
                    var line = in.nextLine();
                    if (line.startsWith("GET ")) {
                        path = line.split(" ", -1)[1];
                    } else if (line.isEmpty() && path.equals("/closed")) {
                        break;
                    } else if (line.isEmpty()) {
                        var answer = path.equals("/blocked")
                                ? "HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n"
                                : "HTTP/1.1 404 Not here\r\nX-Upstream: yes\r\nContent-Length: 2\r\n\r\nno";
                        socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                    }
                }
            } catch (IOException closed) {
                return;
            }
        }
    }
}
