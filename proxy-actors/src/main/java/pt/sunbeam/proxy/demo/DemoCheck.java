package pt.sunbeam.proxy.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Makes the guide's four requests and says, one line each, what came of them. */
public final class DemoCheck {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
    private static final Duration BURST_WITHIN = Duration.ofSeconds(10);
    private static final Duration METRICS_WITHIN = Duration.ofSeconds(10);
    private static final Pattern BLOCKED =
            Pattern.compile("^sunbeam_ddos_decisions_total\\{decision=\"(throttle|block)\"} [1-9]", Pattern.MULTILINE);

    private final Demo demo;
    private final PrintWriter out;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(ANSWER_WITHIN).build();

    /** True where all four came out as the guide says. Takes half a minute at the very most. */
    public static boolean run(Demo demo, PrintWriter out) {
        var check = new DemoCheck(demo, out);
        try (check.client) {
            // All are made, whatever comes of the first: each has its line.
            return Stream.of(check.page(), check.attack(), check.burst(), check.metrics())
                    .allMatch(ok -> ok);
        }
    }

    private DemoCheck(Demo demo, PrintWriter out) {
        this.demo = demo;
        this.out = out;
    }

    private boolean page() {
        return step("page", () -> {
            var answer = get(demo.url("/"), "127.0.0.1");
            boolean ok = answer.statusCode() == 200
                    && answer.body().contains("<h1")
                    && answer.headers().firstValue("X-Request-Id").isPresent();
            return new Result(ok, answer.statusCode(), "GET /");
        });
    }

    private boolean attack() {
        return step("attack", () -> {
            var answer = get(demo.url("/search?q=%3Cscript%3Ealert(1)%3C/script%3E"), Demo.ATTACKER);
            return new Result(answer.statusCode() == 403, answer.statusCode(), "GET /search?q=<script>...");
        });
    }

    private boolean burst() {
        return step("burst", () -> {
            long deadline = System.nanoTime() + BURST_WITHIN.toNanos();
            int passed = 0;
            int status;
            do {
                status = get(demo.url("/api/items?n=" + (passed + 1)), Demo.CROWD)
                        .statusCode();
                passed += status == 200 ? 1 : 0;
            } while (status == 200 && System.nanoTime() < deadline);
            return new Result(
                    status == 429 && passed > 0, status, "GET /api/items again and again, %d passed".formatted(passed));
        });
    }

    private boolean metrics() {
        return step("metrics", () -> {
            long deadline = System.nanoTime() + METRICS_WITHIN.toNanos();
            while (true) {
                var answer = get(demo.metrics(), "127.0.0.1");
                boolean counted = BLOCKED.matcher(answer.body()).find();
                if (counted || System.nanoTime() >= deadline) {
                    String what = counted ? "the block is counted" : "the block is not counted";
                    return new Result(
                            counted && answer.statusCode() == 200, answer.statusCode(), "GET /metrics, " + what);
                }
                Thread.sleep(100);
            }
        });
    }

    private record Result(boolean ok, int status, String what) {}

    @FunctionalInterface
    private interface Step {
        Result run() throws IOException, InterruptedException;
    }

    private boolean step(String name, Step step) {
        long start = System.nanoTime();
        boolean ok;
        String line;
        try {
            var result = step.run();
            ok = result.ok;
            line = "%3d  %s".formatted(result.status, result.what);
        } catch (IOException e) {
            ok = false;
            line = "---  " + e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            ok = false;
            line = "---  interrupted";
        }
        long millis = (System.nanoTime() - start) / 1_000_000;
        out.printf("%-4s %-8s %s  (%d ms)%n", ok ? "ok" : "FAIL", name, line, millis);
        out.flush();
        return ok;
    }

    private HttpResponse<String> get(URI url, String client) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(url)
                .timeout(ANSWER_WITHIN)
                .header("User-Agent", "sunbeam-demo")
                .header("Accept", "*/*")
                .header("X-Forwarded-For", client)
                .build();
        return this.client.send(request, BodyHandlers.ofString());
    }
}
