package pt.sunbeam.cluster;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.verdict.Suspect;
import pt.sunbeam.detector.window.SlidingWindow;

/**
 * The windows of a shard's addresses that have too few events for a detector of their own. Bounded; not thread-safe.
 *
 * <p>A full table lets an address in only for one whose window is empty, or who sent one request and was silent for half a window since.
 * Where nobody of that kind stands among the {@value #CANDIDATES} least recently seen, the newcomer shares the entry of its network
 * (IPv4 /24, IPv6 /48), and goes on to do so until the table is below three quarters: so spraying addresses evicts nobody who
 * has a record, and a sprayed address brings its network's record along. The entries of networks are bounded too; there the least suspicious
 * (fewest events) of the {@value #CANDIDATES} least recently seen leaves, for an attack's entry has many events.
 */
final class ShardTable {
    private static final int CANDIDATES = 8;

    private final int capacity;
    private final int networkCapacity;
    private final int windowMillis;
    private final Supplier<Suspect> newcomer;
    private final LinkedHashMap<Key, Entry> addresses = new LinkedHashMap<>(16, 0.75f, true);
    private final LinkedHashMap<Key, Entry> networks = new LinkedHashMap<>(16, 0.75f, true);

    /** Who is watched, and whether all of a network is. */
    static final class Entry {
        private final Key key;
        final Suspect suspect;
        final boolean shared;

        private Entry(Key key, Suspect suspect, boolean shared) {
            this.key = key;
            this.suspect = suspect;
            this.shared = shared;
        }

        /** The address, or the first of the network. */
        IpAddress address() {
            return new IpAddress(key.high(), key.low());
        }
    }

    /**
     * @param capacity addresses; a quarter as many networks come on top
     * @param newcomer makes an empty window of {@code windowMillis}
     */
    ShardTable(int capacity, int windowMillis, Supplier<Suspect> newcomer) {
        this.capacity = capacity;
        this.networkCapacity = Math.max(1, capacity / 4);
        this.windowMillis = windowMillis;
        this.newcomer = newcomer;
    }

    /** The entry that counts for an address, or null. */
    @Nullable
    Entry find(IpAddress address) {
        Entry own = addresses.get(Key.of(address));
        return own != null ? own : networks.get(Key.of(Shards.network(address)));
    }

    /** The entry that counts for an address that sent a request: its own, or a shared one where the table is full. */
    Entry admit(IpAddress address, long nowMillis) {
        Key key = Key.of(address);
        Entry own = addresses.get(key);
        if (own != null) {
            return own;
        }
        Key network = Key.of(Shards.network(address));
        Entry neighbours = networks.get(network);
        boolean crowded = addresses.size() > capacity - capacity / 4;
        if (neighbours != null && crowded) {
            return neighbours;
        }
        if (addresses.size() < capacity || makeRoom(nowMillis)) {
            Entry entry = new Entry(key, newcomer.get(), false);
            addresses.put(key, entry);
            return entry;
        }
        if (networks.size() >= networkCapacity) {
            removeLeastSuspicious(networks, nowMillis);
        }
        Entry entry = new Entry(network, newcomer.get(), true);
        networks.put(network, entry);
        return entry;
    }

    /** Takes an address out: a detector of its own has its window from now on. */
    void remove(Entry entry) {
        (entry.shared ? networks : addresses).remove(entry.key);
    }

    /** Takes the window of a detector back. It has a record, so where the table is full the least suspicious leaves for it. */
    Entry restore(IpAddress address, Suspect suspect, long nowMillis) {
        if (addresses.size() >= capacity) {
            removeLeastSuspicious(addresses, nowMillis);
        }
        Key key = Key.of(address);
        Entry entry = new Entry(key, suspect, false);
        addresses.put(key, entry);
        return entry;
    }

    /** Drops entries whose window is empty; looks no further than the first, in order of last use, that is not. */
    void sweep(long nowMillis) {
        sweep(addresses, nowMillis);
        sweep(networks, nowMillis);
    }

    /** Addresses and networks. */
    int size() {
        return addresses.size() + networks.size();
    }

    private boolean makeRoom(long nowMillis) {
        Iterator<Entry> eldestFirst = addresses.values().iterator();
        for (int i = 0; i < CANDIDATES && eldestFirst.hasNext(); i++) {
            SlidingWindow window = eldestFirst.next().suspect.window();
            window.evict(nowMillis);
            boolean oneOldRequest = window.size() == 1 && nowMillis - window.newestMillis() > windowMillis / 2;
            if (window.size() == 0 || oneOldRequest) {
                eldestFirst.remove();
                return true;
            }
        }
        return false;
    }

    private static void removeLeastSuspicious(Map<Key, Entry> entries, long nowMillis) {
        Key least = null;
        int fewest = Integer.MAX_VALUE;
        Iterator<Map.Entry<Key, Entry>> eldestFirst = entries.entrySet().iterator();
        for (int i = 0; i < CANDIDATES && eldestFirst.hasNext(); i++) {
            var candidate = eldestFirst.next();
            SlidingWindow window = candidate.getValue().suspect.window();
            window.evict(nowMillis);
            if (window.size() < fewest) {
                fewest = window.size();
                least = candidate.getKey();
            }
        }
        if (least != null) {
            entries.remove(least);
        }
    }

    private static void sweep(Map<Key, Entry> entries, long nowMillis) {
        Iterator<Entry> eldestFirst = entries.values().iterator();
        while (eldestFirst.hasNext()) {
            SlidingWindow window = eldestFirst.next().suspect.window();
            window.evict(nowMillis);
            if (window.size() > 0) {
                return;
            }
            eldestFirst.remove();
        }
    }
}
