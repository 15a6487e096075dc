package pt.sunbeam.proxy.suggest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.audit.AuditRecord;
import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.lexicon.Channel;
import pt.sunbeam.detector.scan.Reason;

/**
 * Gathers from audit lines which values make the scanner block requests that look harmless: sent by several clients, each of which offends in few
 * places only. Who attacks tries many. Memory is bounded; what does not fit is counted. Not thread-safe.
 */
public final class Suggestions {
    private static final int MOST_KEYS = 10_000;
    private static final int MOST_CLIENTS = 200_000;
    private static final int MOST_EXAMPLES = 3;

    /** A client that offends in more places than these attacks. */
    private static final int FEW_PLACES = 3;

    private record Key(String route, Place place, String name, Channel channel) {}

    private static final class Tally {
        final Map<String, long[]> byClient = new HashMap<>(); // requests, answered
        final Set<String> examples = new LinkedHashSet<>();
    }

    private final Map<Key, Tally> tallies = new LinkedHashMap<>();
    private final Map<String, Set<Key>> places = new HashMap<>();
    private long offences;
    private long forgotten;

    /** Takes a line; those of requests that the scanner let pass count for nothing. */
    public void add(AuditRecord line) {
        var extension = line.sunbeam();
        var scanner = extension == null ? null : extension.scanner();
        if (extension == null || scanner == null || scanner.decision().equals("allow")) {
            return;
        }
        offences++;
        String route = extension.route() == null ? "" : extension.route();
        Reason strongest = null;
        for (String reason : scanner.reasons()) {
            strongest = strongest == null ? Reason.parse(reason) : strongest;
        }
        if (strongest == null) {
            return;
        }
        var key = new Key(route, strongest.place(), strongest.name(), strongest.channel());
        Set<Key> ofClient = places.get(line.clientIp());
        if ((ofClient == null && places.size() >= MOST_CLIENTS)
                || (!tallies.containsKey(key) && tallies.size() >= MOST_KEYS)) {
            forgotten++;
            return;
        }
        ofClient = places.computeIfAbsent(line.clientIp(), _ -> new HashSet<>());
        if (ofClient.size() <= FEW_PLACES) {
            ofClient.add(key);
        }
        Tally tally = tallies.computeIfAbsent(key, _ -> new Tally());
        long[] counts = tally.byClient.computeIfAbsent(line.clientIp(), _ -> new long[2]);
        counts[0]++;
        counts[1] += line.status() >= 200 && line.status() < 400 ? 1 : 0;
        if (tally.examples.size() < MOST_EXAMPLES) {
            tally.examples.add(strongest.segment());
        }
    }

    /** Exceptions that at least so many clients would profit from, the most profitable first. */
    public List<Suggestion> of(int leastClients) {
        List<Suggestion> suggestions = new ArrayList<>();
        tallies.forEach((key, tally) -> {
            Suggestion suggestion = suggestion(key, tally);
            if (suggestion != null && suggestion.clients() >= leastClients) {
                suggestions.add(suggestion);
            }
        });
        suggestions.sort(Comparator.comparingLong(Suggestion::clients)
                .thenComparingLong(Suggestion::requests)
                .reversed());
        return suggestions;
    }

    private @Nullable Suggestion suggestion(Key key, Tally tally) {
        long requests = 0;
        long answered = 0;
        long clients = 0;
        for (var client : tally.byClient.entrySet()) {
            if (places.getOrDefault(client.getKey(), Set.of()).size() <= FEW_PLACES) {
                clients++;
                requests += client.getValue()[0];
                answered += client.getValue()[1];
            }
        }
        return clients == 0
                ? null
                : new Suggestion(
                        key.route,
                        key.place,
                        key.name,
                        key.channel,
                        requests,
                        clients,
                        answered,
                        List.copyOf(tally.examples));
    }

    /** Lines of requests that the scanner blocked or would have blocked. */
    public long offences() {
        return offences;
    }

    /** Of these, the ones that came when the tables were full. */
    public long forgotten() {
        return forgotten;
    }
}
