package pt.sunbeam.trainer.waf;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one server did with the requests of one set.
 *
 * <p>Shares are estimates for all held-out rows of the set: each stratum's share counts by the stratum's size, however many were drawn of it.
 */
final class Figures {
    private static final double Z = 1.96;

    /**
     * Blocks among the rows of one stratum.
     *
     * @param size of the stratum, drawn or not
     */
    record Stratum(int sent, int blocked, int size) {
        double share() {
            return (double) blocked / sent;
        }
    }

    private final Map<String, Stratum> attacks = new TreeMap<>();
    private final Map<String, Stratum> benign = new TreeMap<>();
    private final Map<Integer, Integer> refusals = new TreeMap<>();
    private final List<Long> nanos = new ArrayList<>();
    private long cpuMicros;
    private int strange;

    /** @param sizes of strata by {@link Sampling#stratum} */
    void add(List<WireRequest> requests, Replay.Result result, Map<String, Integer> sizes) {
        cpuMicros += result.cpuMicros();
        for (int i = 0; i < requests.size(); i++) {
            var request = requests.get(i);
            var outcome = result.outcomes().get(i);
            int blocked = outcome.blocked() ? 1 : 0;
            int size = sizes.getOrDefault(Sampling.stratum(request), 0);
            (request.attack() ? attacks : benign)
                    .merge(
                            request.kind(),
                            new Stratum(1, blocked, size),
                            (a, b) -> new Stratum(a.sent + b.sent, a.blocked + b.blocked, size));
            if (blocked == 1) {
                refusals.merge(outcome.status(), 1, Integer::sum);
            }
            strange += outcome.strange() ? 1 : 0;
            nanos.add(outcome.nanos());
        }
    }

    Map<String, Stratum> attacks() {
        return attacks;
    }

    Map<String, Stratum> benign() {
        return benign;
    }

    /** Blocks by status, {@value Outcome#CLOSED} for connections closed without an answer. */
    Map<Integer, Integer> refusals() {
        return refusals;
    }

    int strange() {
        return strange;
    }

    /** NaN where the set has no attacks. */
    double recall() {
        return share(attacks);
    }

    double falsePositives() {
        return share(benign);
    }

    /** The mean over classes. */
    double macroRecall() {
        return attacks.values().stream().mapToDouble(Stratum::share).average().orElse(Double.NaN);
    }

    /** The site of which most is blocked. */
    double worstSite() {
        return benign.values().stream().mapToDouble(Stratum::share).max().orElse(Double.NaN);
    }

    double balancedAccuracy() {
        return (recall() + 1 - falsePositives()) / 2;
    }

    double medianMillis() {
        var sorted = nanos.stream().sorted().toList();
        return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2) / 1e6;
    }

    double cpuMicrosPerRequest() {
        return nanos.isEmpty() ? Double.NaN : (double) cpuMicros / nanos.size();
    }

    static int sent(Map<String, Stratum> strata) {
        return strata.values().stream().mapToInt(Stratum::sent).sum();
    }

    static int blocked(Map<String, Stratum> strata) {
        return strata.values().stream().mapToInt(Stratum::blocked).sum();
    }

    static int size(Map<String, Stratum> strata) {
        return strata.values().stream().mapToInt(Stratum::size).sum();
    }

    private static double share(Map<String, Stratum> strata) {
        return strata.values().stream().mapToDouble(s -> s.share() * s.size).sum() / size(strata);
    }

    /** Wilson's interval of 95 % for the requests that were sent, as if they were independent. */
    static double[] interval(int blocked, int sent) {
        double share = (double) blocked / sent;
        double denominator = 1 + Z * Z / sent;
        double centre = (share + Z * Z / (2.0 * sent)) / denominator;
        double half = Z * Math.sqrt(share * (1 - share) / sent + Z * Z / (4.0 * sent * sent)) / denominator;
        return new double[] {Math.max(0, centre - half), Math.min(1, centre + half)};
    }
}
