package pt.sunbeam.proxy.limit;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import pt.sunbeam.config.RateLimit;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.http.RequestHead;

/** What the limits cost a request: by address, by identity and address, and for finding the credential; 65,536 addresses. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class RateLimiterBenchmark {
    private static final int CLIENTS = 1 << 16;

    private final RateLimiter limiter = new RateLimiter(RateLimit.OFF, new SplittableRandom(1), 0);
    private final IpAddress[] clients = new IpAddress[CLIENTS];
    private final RequestHead head = RequestHead.of(
            "GET",
            "/",
            "Host",
            "shop.example",
            "Cookie",
            "theme=dark; ory_kratos_session=MTY5NDU2NzI5OHxBbkJ2ZVhCdmVR");
    private final long credential = limiter.credential(head);
    private int next;
    private long now;

    public RateLimiterBenchmark() {
        var random = new SplittableRandom(2);
        for (int i = 0; i < CLIENTS; i++) {
            clients[i] = new IpAddress(0, 0xffff_0000_0000L | (random.nextInt() & 0xffff_ffffL));
        }
        limiter.confirm(clients[0], credential, 0);
    }

    @Benchmark
    public RateLimiter.Outcome address() {
        now += 10_000;
        return limiter.admit(clients[next++ & (CLIENTS - 1)], RateLimiter.NO_CREDENTIAL, now);
    }

    @Benchmark
    public RateLimiter.Outcome identity() {
        now += 30_000_000;
        return limiter.admit(clients[next++ & (CLIENTS - 1)], credential, now);
    }

    @Benchmark
    public long credential() {
        return limiter.credential(head);
    }
}
