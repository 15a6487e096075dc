package pt.sunbeam.cluster;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.model.Models;
import pt.sunbeam.detector.window.Event;

/**
 * What the addresses that a node tracks cost: its heap after a collection with all tables full, less that of a node that tracks nobody.
 *
 * <p>Arguments: addresses, and the fewest and the most requests of one in the window; how many each of them sent is spread evenly between the two. They come
 * from as many networks, all shards get the same number, and time stands still.
 */
final class TrackedMemory {
    private static final int PATHS = 40;

    public static void main(String[] args) throws Exception {
        int addresses = Math.ceilDiv(Integer.parseInt(args[0]), Shards.COUNT) * Shards.COUNT;
        int fewest = Integer.parseInt(args[1]);
        int most = Integer.parseInt(args[2]);
        var random = new SplittableRandom(1);
        IpAddress[] tracked = addresses(addresses, random);
        DetectorNode node = DetectorNode.start(Configurations.alone(addresses), Models.ddosBaseline(), () -> 0);
        try {
            node.ready().toCompletableFuture().get(60, TimeUnit.SECONDS);
            long before = heap();
            long id = 0;
            for (int round = 1; round <= most; round++) {
                for (int i = 0; i < addresses; i++) {
                    if (fewest + i % (most - fewest + 1) < round) {
                        continue;
                    }
                    node.arrived(tracked[i], request(++id, random));
                    if (id % 50_000 == 0) {
                        Thread.sleep(400); // no shard is to fall so far behind that it drops something
                    }
                }
            }
            Thread.sleep(2_000);
            long bytes = heap() - before;
            System.out.printf(
                    "%,d addresses of %d to %d requests, %,d of them with a detector of their own: %,d MiB, %,d bytes each%n",
                    node.counters().trackedAddresses.sum()
                            + node.counters().detectorActors.sum(),
                    fewest,
                    most,
                    node.counters().detectorActors.sum(),
                    bytes >> 20,
                    bytes / addresses);
            if (node.counters().dropped.sum() > 0) {
                throw new IllegalStateException(
                        "%,d events dropped".formatted(node.counters().dropped.sum()));
            }
        } finally {
            node.stop().toCompletableFuture().get(40, TimeUnit.SECONDS);
        }
    }

    private static Event request(long id, SplittableRandom random) {
        int agent = random.nextInt(1_000);
        return new Event(id, 0, random.nextInt(PATHS) * 0x9e37_79b9, 1, agent, agent, 0, Event.COOKIES, 0);
    }

    /** An equal number for each shard. */
    private static IpAddress[] addresses(int count, SplittableRandom random) {
        var free = new int[Shards.COUNT];
        Arrays.fill(free, count / Shards.COUNT);
        var found = new IpAddress[count];
        for (int i = 0; i < found.length; ) {
            var address = new IpAddress(0, 0xffff_0000_0000L | random.nextLong(1L << 32));
            if (free[Shards.of(address)]-- > 0) {
                found[i++] = address;
            }
        }
        return found;
    }

    private static long heap() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(200);
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private TrackedMemory() {}
}
