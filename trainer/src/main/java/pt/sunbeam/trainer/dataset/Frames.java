package pt.sunbeam.trainer.dataset;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import pt.sunbeam.detector.http.RequestHead;

/** Frames drawn evenly from benign requests, a bounded pool for each fold, and API clients' frames between them. */
final class Frames {
    private static final int POOL = 4_000;
    private static final double API_CLIENTS = 0.25;
    private static final double CONFIGURED_HOSTS = 0.8;

    private final Map<Fold, List<Frame>> pools = new EnumMap<>(Fold.class);
    private final Map<Fold, Integer> offered = new EnumMap<>(Fold.class);
    private final SplittableRandom random;

    Frames(long seed) {
        random = new SplittableRandom(seed);
        for (var fold : Fold.values()) {
            pools.put(fold, new ArrayList<>());
            offered.put(fold, 0);
        }
    }

    /** Reservoir sampling (Vitter 1985, algorithm R). */
    void offer(Fold fold, Frame frame) {
        var pool = pools.getOrDefault(fold, List.of());
        int seen = offered.merge(fold, 1, Integer::sum);
        if (pool.size() < POOL) {
            pool.add(frame);
        } else {
            int slot = random.nextInt(seen);
            if (slot < POOL) {
                pool.set(slot, frame);
            }
        }
    }

    /** A target in a frame of its fold (of the train fold where that has none), whatever its label. */
    RequestHead around(String target, Fold fold) {
        var pool = pools.getOrDefault(fold, List.of());
        if (pool.isEmpty()) {
            pool = pools.getOrDefault(Fold.TRAIN, List.of());
        }
        var frame = pool.isEmpty() || random.nextDouble() < API_CLIENTS
                ? Frame.apiClient(random)
                : pool.get(random.nextInt(pool.size()));
        return frame.around(target, random.nextDouble() < CONFIGURED_HOSTS);
    }
}
