package pt.sunbeam.trainer.dataset;

import java.util.ArrayList;
import java.util.List;

/** What people do without a model: a limit for each address, and counting of failures as fail2ban does. Refusals follow from statuses and times alone. */
final class FixedRules {
    /** A rule. */
    sealed interface Rule {}

    /** A token bucket as nginx's {@code limit_req} with {@code nodelay}: refuses what comes when it is empty. */
    record Limit(double rate, int burst) implements Rule {
        @Override
        public String toString() {
            return "limit %.0f r/s, burst %d".formatted(rate, burst);
        }
    }

    /**
     * Blocks for good at the {@code most}th failure within ten minutes, fail2ban's standard {@code findtime}.
     *
     * @param denied answers 401 and 403 count, else 404
     */
    record Failures(boolean denied, int most) implements Rule {
        @Override
        public String toString() {
            return "%d times %s in 10 min".formatted(most, denied ? "401 or 403" : "404");
        }
    }

    private static final long FIND_MILLIS = 600_000;

    /** Five log-ins that failed are fail2ban's own standard. */
    static final List<Rule> FAILURES =
            List.of(new Failures(true, 5), new Failures(false, 10), new Failures(false, 20), new Failures(false, 50));

    /** All rules that are tried: by rate and burst, then failures. */
    static final List<Rule> ALL = all();

    private static List<Rule> all() {
        var rules = new ArrayList<Rule>();
        for (double rate : new double[] {1, 2, 5, 10, 20, 50}) {
            for (int burst : new int[] {10, 20, 50, 100, 200, 500}) {
                rules.add(new Limit(rate, burst));
            }
        }
        rules.addAll(FAILURES);
        return List.copyOf(rules);
    }

    private final double[] tokens = new double[ALL.size()];
    private final long[][] failures = new long[ALL.size()][];
    private final boolean[] refuses = new boolean[ALL.size()];
    private long lastMillis = Long.MIN_VALUE;

    /** Of one address. */
    FixedRules() {
        for (int i = 0; i < tokens.length; i++) {
            switch (ALL.get(i)) {
                case Limit(double _, int burst) -> tokens[i] = burst + 1;
                case Failures(boolean _, int _) -> {}
            }
        }
    }

    /** A request comes, and is answered so; which rules have refused one by now, by position. Written over afterwards. */
    boolean[] after(long nowMillis, int status) {
        double seconds = lastMillis == Long.MIN_VALUE ? 0 : (nowMillis - lastMillis) / 1e3;
        lastMillis = nowMillis;
        for (int i = 0; i < tokens.length; i++) {
            if (refuses[i]) {
                continue;
            }
            switch (ALL.get(i)) {
                case Limit(double rate, int burst) -> {
                    tokens[i] = Math.min(burst + 1, tokens[i] + rate * seconds) - 1;
                    refuses[i] = tokens[i] < 0;
                }
                case Failures(boolean denied, int most) -> {
                    if (denied ? status == 401 || status == 403 : status == 404) {
                        refuses[i] = isFailure(i, most, nowMillis);
                    }
                }
            }
        }
        return refuses;
    }

    /** Whether it is the {@code most}th within the time: the failure {@code most} before it is kept in a ring. */
    private boolean isFailure(int rule, int most, long nowMillis) {
        if (failures[rule] == null) {
            failures[rule] = new long[most + 1]; // the last is the count
        }
        var ring = failures[rule];
        int count = (int) ring[most]++;
        int at = count % most;
        ring[at] = nowMillis;
        return count + 1 >= most && nowMillis - ring[(at + 1) % most] <= FIND_MILLIS;
    }
}
