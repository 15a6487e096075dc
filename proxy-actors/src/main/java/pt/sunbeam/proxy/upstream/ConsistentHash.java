package pt.sunbeam.proxy.upstream;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Weighted rendezvous hashing (Thaler and Ravishankar, "Using name-based mappings to increase hit rates", 1998; weights as by Schindelhauer and Schomaker,
 * 2005): each endpoint draws a number from the key and its own name, the highest wins. When one comes or goes, only the keys that it wins or won move; a key
 * whose endpoint is not fit goes to its second, and back. There is no table to build, and every node of a fleet chooses alike.
 */
final class ConsistentHash {
    private ConsistentHash() {}

    /** Null where none is fit, has a place left and was not tried. */
    static @Nullable Endpoint choose(Endpoint[] endpoints, long key, List<Endpoint> tried, boolean panic, long now) {
        Endpoint best = null;
        double highest = Double.NEGATIVE_INFINITY;
        for (Endpoint endpoint : endpoints) {
            if (Balancer.isEligible(endpoint, tried, panic, now)) {
                double score = score(endpoint, key);
                if (score > highest) {
                    highest = score;
                    best = endpoint;
                }
            }
        }
        return best;
    }

    private static double score(Endpoint endpoint, long key) {
        long mixed = mix(key ^ endpoint.id());
        double unit = ((mixed >>> 11) + 0.5) * 0x1p-53; // in (0, 1)
        return -endpoint.backend().weight() / Math.log(unit);
    }

    /** The same on every node and in every run. */
    static long hash(String text) {
        long hash = 0xcbf29ce484222325L; // FNV-1a
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return mix(hash);
    }

    static long mix(long bits) { // Stafford's variant 13, the finaliser of SplittableRandom
        long z = bits + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
