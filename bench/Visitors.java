import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One visitor who asks ten times a second and is timed, and one attacker who asks fifty times and is to stay blocked.   Visitors.java URL SECONDS */
final class Visitors {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private record Answer(int status, long micros) {}

    public static void main(String[] args) throws Exception {
        var url = URI.create(args[0]);
        long nanos = Duration.ofSeconds(Long.parseLong(args[1])).toNanos();
        var attack = new ArrayList<Answer>();
        Thread attacker = Thread.ofVirtual().start(() -> ask(url, "203.0.113.9", 20, nanos, attack));
        var visit = new ArrayList<Answer>();
        ask(url, "198.51.100.7", 100, nanos, visit);
        attacker.join();
        List<Long> micros = visit.stream().map(Answer::micros).sorted().toList();
        int blocked = attack.stream().map(Answer::status).toList().indexOf(429);
        long passed = blocked < 0 ? attack.size() : attack.stream().skip(blocked).filter(a -> a.status != 429).count();
        System.out.printf(
                "visitor: %d answers, %d refused, p50 %d us, p99 %d us; attacker: %d answers, first refused after %d, %d passed after that%n",
                visit.size(),
                visit.stream().filter(a -> a.status != 200).count(),
                micros.get(micros.size() / 2),
                micros.get((int) (micros.size() * 0.99)),
                attack.size(),
                blocked,
                passed);
    }

    private static void ask(URI url, String client, long everyMillis, long nanos, List<Answer> answers) {
        long start = System.nanoTime();
        var request = HttpRequest.newBuilder(url.resolve("/articles/2024"))
                .header("X-Forwarded-For", client)
                .header("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Chrome/129.0.0.0")
                .header("Accept-Language", "pt-PT,pt;q=0.9")
                .header("Cookie", "session=0a1b2c3d4e5f")
                .build();
        try {
            for (long due = start; due < start + nanos; due += everyMillis * 1_000_000) {
                Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
                long sent = System.nanoTime();
                int status = CLIENT.send(request, BodyHandlers.discarding()).statusCode();
                answers.add(new Answer(status, (System.nanoTime() - sent) / 1_000));
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
