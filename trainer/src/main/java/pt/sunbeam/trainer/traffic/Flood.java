package pt.sunbeam.trainer.traffic;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A flood in which no address need be fast: each asks at a rate of its own, on a connection of its own.
 *
 * @param slowest requests a second and address, above 0
 * @param fastest likewise; rates are spread evenly over the orders of magnitude between the two
 * @param regular whether an address asks at even spaces, rather than at random (a Poisson process)
 * @param connections open at once, at most; where there are more addresses than that, a connection serves one request
 */
public record Flood(
        Target target,
        Sources sources,
        String host,
        Habit habit,
        double slowest,
        double fastest,
        boolean regular,
        Duration length,
        int connections,
        long seed) {
    private static final double NANOS = 1e9;

    /** Asks until the time is over, and waits for the last answers. */
    public Tally run() throws InterruptedException, ExecutionException {
        var tally = new Tally();
        var seeds = new SplittableRandom(seed);
        var free = new Semaphore(connections);
        long end = System.nanoTime() + length.toNanos();
        var tasks = new ArrayList<Callable<Void>>();
        for (int i = 0; i < sources.count(); i++) {
            var connection = new Connection(sources.address(i), target.server());
            var random = seeds.split();
            tasks.add(() -> ask(connection, random, free, end, tally));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var ended : threads.invokeAll(tasks)) {
                ended.get();
            }
        }
        return tally;
    }

    private @Nullable Void ask(Connection connection, RandomGenerator random, Semaphore free, long end, Tally tally)
            throws InterruptedException, IOException {
        double rate = slowest * Math.pow(fastest / slowest, random.nextDouble());
        var identity = habit.identity(random);
        boolean keepAlive = sources.count() <= connections;
        try (connection) {
            // An address is as likely to begin at one moment as at another.
            long next = System.nanoTime()
                    + (long) ((regular ? random.nextDouble() : random.nextExponential()) / rate * NANOS);
            while (end - next > 0) {
                Thread.sleep(Duration.ofNanos(Math.max(0, next - System.nanoTime())));
                free.acquire();
                try {
                    var answer = connection.exchange(habit.request(host, identity, random));
                    tally.answered(connection.from(), answer.status());
                    if (!keepAlive) {
                        connection.close();
                    }
                } catch (IOException none) {
                    tally.unanswered();
                } finally {
                    free.release();
                }
                // What the server's slowness kept back is not made up for.
                long due = next + (long) ((regular ? 1 : random.nextExponential()) / rate * NANOS);
                next = due + Math.max(0, System.nanoTime() - due);
            }
        }
        return null;
    }
}
