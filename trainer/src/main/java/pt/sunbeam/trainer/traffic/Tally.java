package pt.sunbeam.trainer.traffic;

import java.net.InetAddress;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Counts what was asked, from where, and how it was answered. For many threads. */
public final class Tally {
    private final SortedMap<Integer, LongAdder> statuses = new ConcurrentSkipListMap<>();
    private final LongAdder unanswered = new LongAdder();
    private final Set<InetAddress> addresses = ConcurrentHashMap.newKeySet();

    void answered(InetAddress from, int status) {
        statuses.computeIfAbsent(status, _ -> new LongAdder()).increment();
        addresses.add(from);
    }

    void unanswered() {
        unanswered.increment();
    }

    public long answers() {
        return statuses.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** One line for people, such as {@code 1,204 requests answered (200: 1,200, 404: 4), 0 not, from 100 addresses}. */
    @Override
    public String toString() {
        var byStatus = statuses.entrySet().stream()
                .map(entry ->
                        "%d: %,d".formatted(entry.getKey(), entry.getValue().sum()))
                .collect(Collectors.joining(", "));
        return "%,d requests answered (%s), %,d not, from %,d addresses"
                .formatted(answers(), byStatus, unanswered.sum(), addresses.size());
    }
}
