package pt.sunbeam.proxy.replay;

import java.util.ArrayList;
import java.util.List;

/** Counts one detector's decisions. Not thread-safe. */
final class DecisionTally {
    private static final int MOST_SAMPLES = 10;

    private long judged;
    private long blocked;
    private long falsePositives;
    private final List<Report.Sample> first = new ArrayList<>();

    void allowed() {
        judged++;
    }

    void blocked(Report.Sample request) {
        judged++;
        blocked++;
        if (request.status() >= 200 && request.status() < 400) {
            falsePositives++;
            if (first.size() < MOST_SAMPLES) {
                first.add(request);
            }
        }
    }

    Report.Decisions decisions() {
        double share = judged == 0 ? 0 : (double) blocked / judged;
        return new Report.Decisions(
                judged, blocked, share, new Report.FalsePositives(falsePositives, List.copyOf(first)));
    }
}
