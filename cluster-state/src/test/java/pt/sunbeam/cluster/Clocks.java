package pt.sunbeam.cluster;

import java.util.concurrent.atomic.AtomicLong;

/** The clock of a node, moved by hand. */
final class Clocks {
    private final AtomicLong now = new AtomicLong(1_700_000_000_000L);

    long now() {
        return now.get();
    }

    void pass(long millis) {
        now.addAndGet(millis);
    }
}
