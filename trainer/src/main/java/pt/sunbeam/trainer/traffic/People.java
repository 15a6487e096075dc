package pt.sunbeam.trainer.traffic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/**
 * People who look at a site, each with a browser and one connection.
 *
 * @param target the page where they begin
 * @param sources addresses; where there are fewer than visitors, several share one, as behind NAT
 * @param thinking median of the time between two pages
 */
public record People(
        Target target, Sources sources, String host, int visitors, Duration thinking, Duration length, long seed) {
    /** They come one by one during the first quarter of the time, and stay. */
    private static final int ARRIVALS = 4;

    /** Lets them browse until the time is over. */
    public Tally run() throws InterruptedException, ExecutionException {
        var tally = new Tally();
        var seeds = new SplittableRandom(seed);
        long end = System.nanoTime() + length.toNanos();
        var tasks = new ArrayList<Callable<Void>>();
        for (int i = 0; i < visitors; i++) {
            var connection = new Connection(sources.address(i), target.server());
            var random = seeds.split();
            tasks.add(() -> {
                Thread.sleep(Duration.ofNanos(random.nextLong(length.toNanos() / ARRIVALS)));
                try (connection) {
                    new Visitor(connection, host, thinking, random, tally).browse(target.path(), end);
                }
                return null;
            });
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var ended : threads.invokeAll(tasks)) {
                ended.get();
            }
        }
        return tally;
    }
}
