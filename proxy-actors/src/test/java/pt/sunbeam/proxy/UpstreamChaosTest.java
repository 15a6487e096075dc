package pt.sunbeam.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Three backends are killed, hung, slowed, and made to flap, at random but by a seed, under clients that never rest. At each moment one of them, another from time
 * to time, is left alone for as long as a request may take: so whatever can be sent again has to succeed.
 *
 * <p>{@code -Dsunbeam.chaos.seconds=300} makes it as long as it takes to believe in, {@code -Dsunbeam.chaos.seed} another one.
 */
@Timeout(900)
class UpstreamChaosTest {
    private static final Logger log = LoggerFactory.getLogger(UpstreamChaosTest.class);
    private static final Duration FIRST_BYTE = Duration.ofMillis(400);
    private static final Duration TOTAL = Duration.ofSeconds(4);
    private static final Duration SLACK = Duration.ofSeconds(4); // of a busy machine
    private static final int CLIENTS = 8;

    @TempDir
    Path folder;

    private enum State {
        UP,
        SLOW,
        HUNG,
        FLAPPING,
        KILLED
    }

    /** A backend on a port that it keeps, and the requests that it has read and never answered. */
    private static final class Backend {
        private final Set<String> unanswered = ConcurrentHashMap.newKeySet();
        private final Set<String> served = ConcurrentHashMap.newKeySet();
        private final Queue<Long> kills = new ConcurrentLinkedQueue<>();
        private final AtomicInteger turn = new AtomicInteger();
        private final int port;
        private volatile State state = State.UP;
        private Origin origin;

        private Backend() throws IOException {
            origin = new Origin(this::serve);
            port = origin.port();
        }

        private void become(State next) throws IOException {
            if (state == State.KILLED && next != State.KILLED) {
                origin = new Origin(port, this::serve);
            }
            boolean dies = next == State.KILLED && state != State.KILLED;
            state = next;
            if (dies) {
                kills.add(System.nanoTime());
                origin.kill();
                kills.add(System.nanoTime());
            }
        }

        private void serve(RawConnection connection) throws IOException {
            while (true) {
                String id = connection.read().field("X-Id");
                unanswered.add(id);
                State now = state;
                if (now == State.SLOW) {
                    pause(Duration.ofMillis(20 + turn.incrementAndGet() % 5 * 20));
                } else if (now == State.HUNG) {
                    connection.in().read();
                    return;
                } else if (now == State.FLAPPING && turn.incrementAndGet() % 2 == 0) {
                    connection.reset();
                    return;
                }
                connection.send("HTTP/1.1 200 OK\nContent-Length: " + id.length() + "\n\n" + id);
                unanswered.remove(id);
                served.add(id);
            }
        }
    }

    /** A request that did not get its answer; when it began and ended, by System.nanoTime. */
    private record Failure(String id, boolean idempotent, String what, long from, long to) {}

    @Test
    void onlyWhatCannotBeSentAgainIsLostAndNobodyWaitsPastTheTimeout() throws Exception {
        var length = Duration.ofSeconds(Integer.getInteger("sunbeam.chaos.seconds", 15));
        long seed = Long.getLong("sunbeam.chaos.seed", 42);
        var backends = List.of(new Backend(), new Backend(), new Backend());
        var proxy = Proxy.start(Proxies.config("""
                listen.http = "127.0.0.1:0"
                telemetry.metrics_port = 0
                admin.listen = "127.0.0.1:0"
                audit.path = "%s"
                shutdown.drain = 1 s
                routes = [{
                  host_prefix = shop
                  backends = [%s]
                  timeouts { connect = 400 ms, first_byte = %d ms, total = %d ms }
                }]
                upstream {
                  retries = 4
                  retry_budget = 1
                  ejection { consecutive_failures = 3, base_time = 200 ms, max_time = 800 ms }
                }
                """.formatted(
                        folder.resolve("audit.log"),
                        backends.stream()
                                .map(backend -> "{ backend = \"http://127.0.0.1:" + backend.port + "\" }")
                                .collect(Collectors.joining(", ")),
                        FIRST_BYTE.toMillis(),
                        TOTAL.toMillis())));
        var failures = new ConcurrentLinkedQueue<Failure>();
        var sent = new AtomicInteger();
        var longest = new AtomicLong();
        long end = System.nanoTime() + length.toNanos();
        try {
            var clients = IntStream.range(0, CLIENTS)
                    .mapToObj(client -> Thread.ofVirtual()
                            .start(() -> ask(
                                    proxy.httpPort(),
                                    client,
                                    new SplittableRandom(seed + client),
                                    end,
                                    sent,
                                    longest,
                                    failures)))
                    .toList();
            disturb(backends, new SplittableRandom(seed), end);
            for (Thread client : clients) {
                client.join(TOTAL.plus(SLACK).plusSeconds(10));
                assertThat(client.isAlive()).isFalse();
            }
        } finally {
            proxy.close();
            for (Backend backend : backends) {
                backend.become(State.KILLED);
            }
        }
        log.info(
                "seed {}, {} s: {} requests, {} lost, longest wait {} ms",
                seed,
                length.toSeconds(),
                sent,
                failures.size(),
                longest.get() / 1_000_000);
        assertThat(sent.get()).isGreaterThan(100);
        assertThat(backends).allSatisfy(backend -> assertThat(backend.served).isNotEmpty());
        assertThat(failures).as("seed %d, %d requests", seed, sent.get()).allSatisfy(failure -> {
            assertThat(failure.to - failure.from).isLessThan(TOTAL.plus(SLACK).toNanos());
            assertThat(failure.idempotent).isFalse();
            assertThat(backends)
                    .anySatisfy(
                            backend -> assertThat(wasLostOn(backend, failure)).isTrue());
        });
    }

    /** It was read and never answered, or under way when the backend was killed. */
    private static boolean wasLostOn(Backend backend, Failure failure) {
        return backend.unanswered.contains(failure.id)
                || backend.kills.stream().anyMatch(kill -> failure.from <= kill && kill <= failure.to);
    }

    /** One backend at a time stays good; the next one is good for a while before the last one may be disturbed. */
    private static void disturb(List<Backend> backends, SplittableRandom random, long end) throws IOException {
        int spared = 0;
        while (System.nanoTime() < end) {
            int last = spared;
            spared = (spared + 1 + random.nextInt(2)) % 3;
            backends.get(spared).become(good(random));
            pause(FIRST_BYTE.multipliedBy(5));
            long until = System.nanoTime() + random.nextLong(1_500_000_000L, 3_000_000_000L);
            for (int victim = last; System.nanoTime() < until; victim = random.nextInt(3)) {
                if (victim != spared) {
                    backends.get(victim).become(State.values()[random.nextInt(State.values().length)]);
                }
                pause(Duration.ofMillis(random.nextInt(50, 500)));
            }
        }
        for (Backend backend : backends) {
            backend.become(State.UP);
        }
    }

    private static State good(SplittableRandom random) {
        return random.nextBoolean() ? State.UP : State.SLOW;
    }

    private static void ask(
            int port,
            int client,
            SplittableRandom random,
            long end,
            AtomicInteger sent,
            AtomicLong longest,
            Queue<Failure> failures) {
        for (int i = 0; System.nanoTime() < end; i++) {
            String id = client + "-" + i;
            boolean idempotent = random.nextInt(4) > 0;
            long from = System.nanoTime();
            String what = "";
            try (var connection = RawConnection.to(port)) {
                connection.send("%s / HTTP/1.1\nHost: shop.example\nX-Id: %s\nConnection: close\n%s\n"
                        .formatted(idempotent ? "GET" : "POST", id, idempotent ? "" : "Content-Length: 0\n"));
                var answer = connection.read();
                what = answer.status() == 200 ? answer.text() : String.valueOf(answer.status());
            } catch (IOException cut) {
                what = String.valueOf(cut);
            }
            long to = System.nanoTime();
            sent.incrementAndGet();
            longest.accumulateAndGet(to - from, Math::max);
            if (!what.equals(id) || to - from > TOTAL.plus(SLACK).toNanos()) {
                failures.add(new Failure(id, idempotent, what, from, to));
            }
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
