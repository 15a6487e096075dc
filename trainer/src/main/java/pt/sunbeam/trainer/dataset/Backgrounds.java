package pt.sunbeam.trainer.dataset;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What else comes from an address that floods: days of benign clients, some for each fold and each role in it, so that no client behind a flood
 * stands on two sides of a split.
 */
final class Backgrounds {
    private static final int CLIENTS = 40;
    private static final int LONGEST = 200;
    private static final int SHORTEST = 5;
    private static final int ONE_IN = 4;

    private final Map<String, Map<String, List<Exchange>>> pools = new HashMap<>();

    /** Keeps an exchange if its client is one of those chosen. */
    void offer(String client, String group, Exchange exchange) {
        if (Math.floorMod(Hash.of(client, 0), ONE_IN) != 0) {
            return;
        }
        var pool = pools.computeIfAbsent(key(Folds.of(group), Folds.role(group)), _ -> new LinkedHashMap<>());
        var kept = pool.get(client);
        if (kept == null && pool.size() < CLIENTS) {
            kept = new ArrayList<>();
            pool.put(client, kept);
        }
        if (kept != null && kept.size() < LONGEST) {
            kept.add(exchange);
        }
    }

    /** Those that may stand behind a flood of a fold and a role; in order of time. */
    List<List<Exchange>> of(int fold, Role role) {
        return pools.getOrDefault(key(fold, role), Map.of()).values().stream()
                .filter(exchanges -> exchanges.size() >= SHORTEST)
                .map(exchanges -> exchanges.stream()
                        .sorted((a, b) -> Long.compare(a.millis(), b.millis()))
                        .toList())
                .toList();
    }

    private static String key(int fold, Role role) {
        return fold + " " + role;
    }
}
