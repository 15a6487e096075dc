package pt.sunbeam.proxy.orders;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.Cidr;
import pt.sunbeam.detector.http.IpAddress;

/**
 * The orders in force on this node. One block has one order, the last; of several blocks that hold an address the smallest counts.
 *
 * <p>Thread-safe. Requests read an immutable table, without a lock; an order copies it, which is an operator's pace.
 */
public final class Orders {
    /** Most orders at a time; about 200 bytes each. */
    public static final int CAPACITY = 10_000;

    private static final int WIDEST = 128;

    /** The orders of one length of prefix. */
    private record Level(int prefix, Map<IpAddress, Order> byNetwork) {}

    private record Pardon(long givenMillis, long untilMillis) {}

    private final int capacity;
    private volatile List<Level> longestFirst = List.of();
    private volatile Map<IpAddress, Pardon> pardons = Map.of();

    public Orders() {
        this(CAPACITY);
    }

    Orders(int capacity) {
        this.capacity = capacity;
    }

    /** The order that is in force for an address at a wall-clock time, or null. */
    public @Nullable Order find(IpAddress client, long nowMillis) {
        for (Level level : longestFirst) {
            Order order = level.byNetwork.get(masked(client, level.prefix));
            if (order != null
                    && order.untilMillis() > nowMillis
                    && order.block().contains(client)) {
                return order;
            }
        }
        return null;
    }

    /** Puts an order in force, in the place of an earlier one for the same block; false where there are too many others. */
    public synchronized boolean give(Order order, long nowMillis) {
        var orders = others(order.block(), nowMillis);
        if (orders.size() >= capacity) {
            return false;
        }
        orders.add(order);
        publish(orders);
        return true;
    }

    /** Takes the order for exactly this block back; the order, or null where there was none in force. */
    public synchronized @Nullable Order lift(Cidr block, long nowMillis) {
        var lifted = inForce(nowMillis).stream()
                .filter(order -> order.block().equals(block))
                .findFirst()
                .orElse(null);
        if (lifted != null) {
            publish(others(block, nowMillis));
        }
        return lifted;
    }

    /** Soonest to end first. */
    public List<Order> inForce(long nowMillis) {
        return longestFirst.stream()
                .flatMap(level -> level.byNetwork.values().stream())
                .filter(order -> order.untilMillis() > nowMillis)
                .sorted(Comparator.comparingLong(Order::untilMillis))
                .toList();
    }

    /**
     * Forgets what the DDoS detector has said of an address so far; what it says later counts.
     *
     * @param untilMillis when that would have ended by itself
     * @return false where there are too many others
     */
    public synchronized boolean pardon(IpAddress client, long nowMillis, long untilMillis) {
        var others = new HashMap<>(pardons);
        others.values().removeIf(pardon -> pardon.untilMillis <= nowMillis);
        if (others.size() >= capacity) {
            return false;
        }
        others.put(client.detectorKey(), new Pardon(nowMillis, untilMillis));
        pardons = Map.copyOf(others);
        return true;
    }

    /** Whether what the detector said of an address at a wall-clock time was pardoned after. */
    public boolean isPardoned(IpAddress client, long verdictMillis) {
        Pardon pardon = pardons.get(client.detectorKey());
        return pardon != null && verdictMillis <= pardon.givenMillis;
    }

    private List<Order> others(Cidr block, long nowMillis) {
        var others = new ArrayList<>(inForce(nowMillis));
        others.removeIf(order -> order.block().equals(block));
        return others;
    }

    private void publish(List<Order> orders) {
        var levels = new HashMap<Integer, Map<IpAddress, Order>>();
        for (Order order : orders) {
            levels.computeIfAbsent(order.block().prefix(), _ -> new HashMap<>())
                    .put(order.block().network(), order);
        }
        longestFirst = levels.entrySet().stream()
                .map(level -> new Level(level.getKey(), Map.copyOf(level.getValue())))
                .sorted(Comparator.comparingInt(Level::prefix).reversed())
                .toList();
    }

    private static IpAddress masked(IpAddress address, int prefix) {
        return prefix == WIDEST
                ? address
                : new IpAddress(address.high() & mask(prefix), address.low() & mask(prefix - 64));
    }

    private static long mask(int bits) {
        return bits <= 0 ? 0 : bits >= 64 ? -1 : -1L << (64 - bits);
    }
}
