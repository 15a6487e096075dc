package pt.sunbeam.trainer.dataset;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import pt.sunbeam.detector.http.RequestHead;

/** Frames drawn evenly from benign requests, a bounded pool for each role, and API clients' frames between them. */
final class Frames {
    private static final int POOL = 4_000;
    private static final double API_CLIENTS = 0.25;
    private static final double CONFIGURED_HOSTS = 0.8;

    private final Map<Role, List<Frame>> pools = new EnumMap<>(Role.class);
    private final Map<Role, Integer> offered = new EnumMap<>(Role.class);
    private final SplittableRandom random;

    Frames(long seed) {
        random = new SplittableRandom(seed);
        for (var role : Role.values()) {
            pools.put(role, new ArrayList<>());
            offered.put(role, 0);
        }
    }

    /** Reservoir sampling (Vitter 1985, algorithm R). */
    void offer(Role role, Frame frame) {
        var pool = pools.getOrDefault(role, List.of());
        int seen = offered.merge(role, 1, Integer::sum);
        if (pool.size() < POOL) {
            pool.add(frame);
        } else {
            int slot = random.nextInt(seen);
            if (slot < POOL) {
                pool.set(slot, frame);
            }
        }
    }

    /** A target in a frame of its role (of the train rows where that has none), whatever its label. */
    RequestHead around(String target, Role role) {
        var pool = pools.getOrDefault(role, List.of());
        if (pool.isEmpty()) {
            pool = pools.getOrDefault(Role.TRAIN, List.of());
        }
        var frame = pool.isEmpty() || random.nextDouble() < API_CLIENTS
                ? Frame.apiClient(random)
                : pool.get(random.nextInt(pool.size()));
        return frame.around(target, random.nextDouble() < CONFIGURED_HOSTS);
    }
}
