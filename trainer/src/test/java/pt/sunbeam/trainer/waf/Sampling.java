package pt.sunbeam.trainer.waf;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Draws from strata (set and kind) evenly: small ones whole, and of the others as many of each as a budget allows. */
final class Sampling {
    private final Map<String, List<WireRequest>> strata = new TreeMap<>();

    Sampling(List<WireRequest> requests) {
        for (var request : requests) {
            strata.computeIfAbsent(stratum(request), _ -> new ArrayList<>()).add(request);
        }
    }

    static String stratum(WireRequest request) {
        return request.set() + '\t' + request.attack() + '\t' + request.kind();
    }

    /** How many requests each stratum has, drawn or not. */
    Map<String, Integer> sizes() {
        return strata.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().size()));
    }

    /** At most about {@code budget} requests in an order drawn by the seed; the same seed, the same requests. */
    List<WireRequest> draw(long budget, long seed) {
        long cap = cap(budget);
        var random = new Random(seed);
        var drawn = new ArrayList<WireRequest>();
        for (var stratum : strata.values()) {
            var shuffled = new ArrayList<>(stratum);
            Collections.shuffle(shuffled, random);
            drawn.addAll(shuffled.subList(0, (int) Math.min(cap, shuffled.size())));
        }
        Collections.shuffle(drawn, random);
        return drawn;
    }

    /** The largest number of each stratum that keeps the whole within the budget, 1 at least. */
    private long cap(long budget) {
        long low = 1;
        long high = Integer.MAX_VALUE;
        while (low < high) {
            long middle = (low + high + 1) / 2;
            long total = strata.values().stream()
                    .mapToLong(s -> Math.min(middle, s.size()))
                    .sum();
            if (total <= budget) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
