package pt.sunbeam.cluster;

import java.util.concurrent.atomic.AtomicLong;

/** Both clocks of a node, moved by hand. */
final class Clocks {
    private final AtomicLong event = new AtomicLong(1_000_000);
    private final AtomicLong wall = new AtomicLong(1_700_000_000_000L);

    long event() {
        return event.get();
    }

    long wall() {
        return wall.get();
    }

    void pass(long millis) {
        event.addAndGet(millis);
        wall.addAndGet(millis);
    }
}
