package pt.sunbeam.proxy.wire;

import java.util.concurrent.ConcurrentHashMap;
import pt.sunbeam.detector.http.IpAddress;

/** How many connections each address (IPv6: each /64) has open; there are no more entries than connections. Thread-safe. */
final class ConnectionCounts {
    private final ConcurrentHashMap<IpAddress, Integer> open = new ConcurrentHashMap<>();
    private final int most;

    /** @param most connections of one address */
    ConnectionCounts(int most) {
        this.most = most;
    }

    /** Counts one more; false, and nothing is counted, where there are as many as there may be. */
    boolean enter(IpAddress address) {
        boolean[] entered = {false};
        open.compute(address.detectorKey(), (_, count) -> {
            int before = count == null ? 0 : count;
            entered[0] = before < most;
            return entered[0] ? Integer.valueOf(before + 1) : count;
        });
        return entered[0];
    }

    /** Undoes one {@link #enter} that was true. */
    void leave(IpAddress address) {
        open.computeIfPresent(address.detectorKey(), (_, count) -> count == 1 ? null : count - 1);
    }

    int addresses() {
        return open.size();
    }
}
