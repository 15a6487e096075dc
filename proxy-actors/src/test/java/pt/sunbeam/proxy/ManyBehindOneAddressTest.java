package pt.sunbeam.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pt.sunbeam.proxy.demo.Demo;

/**
 * Five hundred people behind one address browse the demo, as behind a carrier's NAT, at some 45 requests a second; one address floods it among five hundred others. The flooder is
 * stopped, and nobody else.
 */
class ManyBehindOneAddressTest {
    private static final int PEOPLE = 500;
    private static final int NEIGHBOURS = 500;
    private static final String SHARED = "203.0.113.80";
    private static final String FLOODER = "198.51.100.66";
    private static final Duration LENGTH = Duration.ofSeconds(50);
    private static final double FLOOD_FROM_SECONDS = 20;
    private static final List<String> PAGES =
            List.of("/", "/lamps", "/about", "/contact", "/lamps/1", "/lamps/2", "/lamps/3", "/lamps/4");
    private static final List<String> PARTS =
            List.of("/assets/site.css", "/assets/site.js", "/assets/icon.svg", "/assets/harbour.svg");

    /** Parts of a page that a browser does not have yet. */
    private static final double ASKED_FOR = 0.4;

    @TempDir
    Path folder;

    private final AtomicInteger sharedRequests = new AtomicInteger();
    private final AtomicInteger sharedRefused = new AtomicInteger();
    private final AtomicInteger neighboursRefused = new AtomicInteger();
    private final AtomicInteger floodPassed = new AtomicInteger();
    private final AtomicInteger floodRefused = new AtomicInteger();

    @Test
    void areNotTakenForTheFlooderWhoIsThereWithThem() throws Exception {
        try (var demo = Demo.start(new Demo.Options(0, 0, folder.resolve("audit.log")));
                var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            int port = demo.proxy().httpPort();
            visitOnce(port);
            var seeds = new SplittableRandom(7);
            List<Future<?>> all = new ArrayList<>();
            long start = System.nanoTime();
            for (int person = 0; person < PEOPLE; person++) {
                var random = seeds.split();
                all.add(clients.submit(() -> browse(port, SHARED, 30, start, random, sharedRequests, sharedRefused)));
            }
            for (int i = 0; i < NEIGHBOURS; i++) {
                var random = seeds.split();
                var client = "192.0.%d.%d".formatted(2 + i / 250, 1 + i % 250);
                all.add(clients.submit(
                        () -> browse(port, client, 60, start, random, new AtomicInteger(), neighboursRefused)));
            }
            all.add(clients.submit(() -> flood(port, start)));
            for (Future<?> client : all) {
                client.get();
            }
        }
        assertThat(sharedRefused).as("of %s behind one address", sharedRequests).hasValue(0);
        assertThat(sharedRequests).hasValueGreaterThan(1_500);
        assertThat(neighboursRefused).hasValue(0);
        assertThat(floodRefused).as("the flood's, %s passed", floodPassed).hasValueGreaterThan(1_000);
        assertThat(floodPassed).as("the flood's").hasValueBetween(1, 600);
    }

    /** So that the proxy is warm: what it takes in cold, comes all at once. */
    private static void visitOnce(int port) throws IOException {
        try (var connection = RawConnection.to(port)) {
            for (int visitor = 0; visitor < 1_000; visitor++) {
                connection
                        .send("GET / HTTP/1.1\nHost: 127.0.0.1\nX-Forwarded-For: 10.0.%d.%d\n\n"
                                .formatted(visitor / 250, visitor % 250))
                        .read();
            }
        }
    }

    /** One person: pages with the parts that the browser does not have, and a pause around {@code pauseSeconds} after each. */
    private static Void browse(
            int port,
            String client,
            double pauseSeconds,
            long start,
            SplittableRandom random,
            AtomicInteger requests,
            AtomicInteger refused)
            throws Exception {
        var agent =
                "Mozilla/5.0 (Linux; Android %d; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0.0.0 Mobile Safari/537.36"
                        .formatted(10 + random.nextInt(5), 118 + random.nextInt(14));
        var language = List.of("pt-PT,pt;q=0.9", "en-GB,en;q=0.8", "es").get(random.nextInt(3));
        pause(random.nextDouble(pauseSeconds));
        try (var connection = RawConnection.to(port)) {
            var referer = "";
            while (left(start) > 0) {
                var page = PAGES.get(random.nextInt(PAGES.size()));
                var targets = new ArrayList<>(List.of(page));
                for (var part : PARTS) {
                    if (random.nextDouble() < ASKED_FOR) {
                        targets.add(part);
                    }
                }
                for (var target : targets) {
                    var status = connection
                            .send(
                                    "GET %s HTTP/1.1\nHost: 127.0.0.1\nX-Forwarded-For: %s\nUser-Agent: %s\nAccept-Language: %s\nAccept-Encoding: gzip, deflate, br\n%s\n"
                                            .formatted(target, client, agent, language, referer))
                            .read()
                            .status();
                    requests.incrementAndGet();
                    if (status != 200) {
                        refused.incrementAndGet();
                        return null;
                    }
                    referer = "Referer: http://127.0.0.1" + page + "\n";
                }
                pause(Math.min(left(start), pauseSeconds * Math.exp(random.nextGaussian() - 0.5)));
            }
        }
        return null;
    }

    private Void flood(int port, long start) throws Exception {
        pause(FLOOD_FROM_SECONDS);
        while (left(start) > 0) {
            try (var connection = RawConnection.to(port)) {
                while (left(start) > 0) {
                    int status = connection
                            .send("GET /lamps HTTP/1.1\nHost: 127.0.0.1\nX-Forwarded-For: %s\nUser-Agent: flood/1.0\n\n"
                                    .formatted(FLOODER))
                            .read()
                            .status();
                    (status == 200 ? floodPassed : floodRefused).incrementAndGet();
                    pause(0.01);
                }
            } catch (SocketException closed) {
                pause(0.01);
            }
        }
        return null;
    }

    private static double left(long start) {
        return (LENGTH.toNanos() - (System.nanoTime() - start)) / 1e9;
    }

    private static void pause(double seconds) throws InterruptedException {
        Thread.sleep(Duration.ofNanos((long) (Math.max(0, seconds) * 1e9)));
    }
}
