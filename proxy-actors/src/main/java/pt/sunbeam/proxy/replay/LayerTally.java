package pt.sunbeam.proxy.replay;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import pt.sunbeam.detector.scan.Reason;

/** Counts what one detector, or both together, decided. Not thread-safe. */
final class LayerTally {
    private static final int MOST_SAMPLES = 10;

    private long judged;
    private long blocked;
    private long falsePositives;
    private final List<Report.Sample> first = new ArrayList<>();
    private final Map<String, Weight> paths = new HashMap<>();
    private final Map<String, Weight> features = new HashMap<>();

    private static final class Weight {
        long named;
        long strongest;
    }

    /** @param path what decided */
    void allowed(String path) {
        judged++;
        paths.computeIfAbsent(path, _ -> new Weight()).named++;
    }

    void blocked(Report.Sample request, Block block) {
        judged++;
        blocked++;
        paths.computeIfAbsent(block.path(), _ -> new Weight()).named++;
        for (int i = 0; i < block.reasons().size(); i++) {
            String reason = block.reasons().get(i);
            Weight weight = features.computeIfAbsent(kind(reason), _ -> new Weight());
            weight.named++;
            weight.strongest += i == 0 ? 1 : 0;
        }
        if (request.status() >= 200 && request.status() < 400) {
            falsePositives++;
            if (first.size() < MOST_SAMPLES) {
                first.add(request);
            }
        }
    }

    /** What a reason is counted by: channel and place, or the feature; never a name, which clients choose. */
    private static String kind(String reason) {
        Reason found = Reason.parse(reason);
        if (found != null) {
            return found.channel().word() + " " + found.place().word();
        }
        int equals = reason.indexOf('=');
        return equals < 0 ? reason : reason.substring(0, equals);
    }

    Report.Decisions decisions() {
        double share = judged == 0 ? 0 : (double) blocked / judged;
        return new Report.Decisions(
                judged, blocked, share, new Report.FalsePositives(falsePositives, List.copyOf(first)));
    }

    Map<String, Long> paths() {
        Map<String, Long> counts = new TreeMap<>();
        paths.forEach((path, weight) -> counts.put(path, weight.named));
        return counts;
    }

    /** By how often they are named, most often first. */
    List<Report.Reason> reasons() {
        return features.entrySet().stream()
                .map(feature ->
                        new Report.Reason(feature.getKey(), feature.getValue().named, feature.getValue().strongest))
                .sorted(Comparator.comparingLong(Report.Reason::blocks)
                        .reversed()
                        .thenComparing(Report.Reason::feature))
                .toList();
    }
}
