package pt.sunbeam.trainer.evaluate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import pt.sunbeam.trainer.dataset.ClientTrial;
import pt.sunbeam.trainer.dataset.ClientTrial.Outcome;

/** What became of the clients of a trial, as text: attackers by kind and campaign with their times, benign clients with each one that was blocked, and fixed rules beside. */
public final class TrialReport {
    private static final int WIDTH = 140;
    private static final long FAST_MILLIS = 5_000;
    private static final long SLOW_MILLIS = 60_000;
    private static final int FEW_MISSES = 50;
    private static final double ALLOWED = 0.0005;

    /** Where an attacker of a kind has to be blocked by. */
    private enum Aim {
        FLOOD("flood", "within 5 s"),
        SLOW_FLOOD("slow flood", "within 60 s"),
        PATH_GUESSING("path guessing", "within 5 s or 50 misses"),
        LOGIN_GUESSING("login guessing", "within 60 s"),
        OTHER("", "ever");

        private final String kind;
        private final String words;

        Aim(String kind, String words) {
            this.kind = kind;
            this.words = words;
        }

        static Aim of(String family) {
            for (var aim : values()) {
                if (family.startsWith(aim.kind)) {
                    return aim;
                }
            }
            return OTHER;
        }

        /** @param millis until the block, or -1; {@code misses} until then */
        boolean isMet(long millis, int misses) {
            if (millis < 0) {
                return false;
            }
            return switch (this) {
                case FLOOD -> millis <= FAST_MILLIS;
                case SLOW_FLOOD, LOGIN_GUESSING -> millis <= SLOW_MILLIS;
                case PATH_GUESSING -> millis <= FAST_MILLIS || misses <= FEW_MISSES;
                case OTHER -> true;
            };
        }
    }

    private final List<Outcome> attackers;
    private final List<Outcome> benign;
    private final StringBuilder text = new StringBuilder();

    private TrialReport(List<Outcome> outcomes) {
        attackers = outcomes.stream().filter(Outcome::attack).toList();
        benign = outcomes.stream().filter(outcome -> !outcome.attack()).toList();
    }

    /** The report of a model; {@code name} says of which. */
    public static String of(String name, List<Outcome> outcomes) {
        var report = new TrialReport(outcomes);
        report.text.append("== ").append(name).append("\n\n");
        report.attackers();
        report.benign();
        return report.text.toString();
    }

    /** The report of the rules that need no model. */
    public static String ofRules(List<Outcome> outcomes) {
        var report = new TrialReport(outcomes);
        report.text.append("== fixed rules, on the same requests\n\n");
        report.rules();
        return report.text.toString();
    }

    private void attackers() {
        var table = new TextTable();
        table.row(
                "",
                List.of(
                        "attackers, held out",
                        "addresses",
                        "aim",
                        "met",
                        "5 s",
                        "60 s",
                        "ever",
                        "median s",
                        "requests"));
        for (var aim : Aim.values()) {
            var all = attackers.stream()
                    .filter(its -> Aim.of(its.family()) == aim)
                    .toList();
            var families = new TreeSet<>(all.stream().map(Outcome::family).toList());
            for (var family : families) {
                row(
                        table,
                        family,
                        aim,
                        all.stream().filter(its -> its.family().equals(family)).toList());
            }
            if (families.size() > 1 && aim != Aim.OTHER) {
                row(table, "all of " + aim.kind, aim, all);
            }
        }
        table.lines(WIDTH).forEach(line -> text.append(line).append('\n'));
        text.append('\n');
    }

    private static void row(TextTable table, String name, Aim aim, List<Outcome> its) {
        table.row(
                "",
                List.of(
                        name,
                        Texts.count(its.size()),
                        aim.words,
                        share(its, one -> aim.isMet(one.blockedMillis(), one.missesBefore()) ? 1 : 0),
                        share(its, one -> Aim.FLOOD.isMet(one.blockedMillis(), 0) ? 1 : 0),
                        share(its, one -> Aim.SLOW_FLOOD.isMet(one.blockedMillis(), 0) ? 1 : 0),
                        share(its, one -> one.blockedMillis() >= 0 ? 1 : 0),
                        median(its, one -> one.blockedMillis() / 100, 10),
                        median(its, Outcome::requestsBefore, 1)));
    }

    private static String share(List<Outcome> its, ToLongFunction<Outcome> one) {
        return Texts.percent((double) its.stream().mapToLong(one).sum() / Math.max(1, its.size()));
    }

    /** Of those that were blocked. */
    private static String median(List<Outcome> its, ToLongFunction<Outcome> value, int units) {
        var sorted = its.stream()
                .filter(one -> one.blockedMillis() >= 0)
                .mapToLong(value)
                .sorted()
                .toArray();
        return sorted.length == 0
                ? Texts.NONE
                : Texts.fixed((double) sorted[sorted.length / 2] / units, units == 1 ? 0 : 1);
    }

    private void benign() {
        var table = new TextTable();
        table.row("", List.of("benign clients, held out", "clients", "throttled", "blocked", "share", "95 % interval"));
        for (var family : new TreeSet<>(benign.stream().map(Outcome::family).toList())) {
            benignRow(
                    table,
                    family,
                    benign.stream().filter(its -> its.family().equals(family)).toList());
        }
        benignRow(table, "all", benign);
        benignRow(
                table,
                "of them while a flood was on",
                benign.stream().filter(Outcome::metAFlood).toList());
        table.lines(WIDTH).forEach(line -> text.append(line).append('\n'));
        text.append('\n');
        benign.stream()
                .filter(its -> its.blockedMillis() >= 0)
                .sorted(Comparator.comparing(Outcome::source).thenComparing(Outcome::address))
                .forEach(its -> text.append("blocked: %s %s (%s) after %,d of %,d requests%s: %s%n"
                        .formatted(
                                its.source(),
                                its.address(),
                                its.family(),
                                its.requestsBefore(),
                                its.requests(),
                                its.metAFlood() ? ", met a flood" : "",
                                its.reason())));
        text.append('\n');
    }

    private static void benignRow(TextTable table, String name, List<Outcome> its) {
        long blocked = its.stream().filter(one -> one.blockedMillis() >= 0).count();
        table.row(
                "",
                List.of(
                        name,
                        Texts.count(its.size()),
                        Texts.count(its.stream()
                                .filter(one -> one.throttledMillis() >= 0)
                                .count()),
                        Texts.count(blocked),
                        Texts.fixed(100.0 * blocked / Math.max(1, its.size()), 3) + "%",
                        interval(blocked, its.size())));
    }

    /** Wilson's score interval (J. Am. Stat. Assoc. 22, 1927), in percent. */
    private static String interval(long hits, int of) {
        if (of == 0) {
            return Texts.NONE;
        }
        double z = 1.96;
        double p = (double) hits / of;
        double middle = p + z * z / (2 * of);
        double half = z * Math.sqrt(p * (1 - p) / of + z * z / (4.0 * of * of));
        double scale = 100 / (1 + z * z / of);
        return Texts.fixed(scale * Math.max(0, middle - half), 3) + "-" + Texts.fixed(scale * (middle + half), 3);
    }

    /** The best limits, by the mean of what they catch, among those that stay within the false positives allowed, and the rules about failures. */
    private void rules() {
        var names = ClientTrial.rules();
        var shown = new ArrayList<Integer>();
        var limits = IntStream.range(0, names.size())
                .filter(rule -> names.get(rule).startsWith("limit"))
                .boxed()
                .toList();
        limits.stream()
                .filter(rule -> benignShare(rule) <= ALLOWED)
                .max(Comparator.comparingDouble(this::caught))
                .ifPresent(shown::add);
        limits.stream()
                .max(Comparator.comparingDouble(rule -> caught(rule) - benignShare(rule)))
                .ifPresent(shown::add);
        shown.addAll(IntStream.range(limits.size(), names.size()).boxed().toList());
        var table = new TextTable();
        table.row(
                "",
                List.of("rule", "flood", "slow flood", "path guessing", "login guessing", "benign refused", "share"));
        for (int rule : shown) {
            long refused = refused(rule).count();
            table.row(
                    "",
                    List.of(
                            names.get(rule),
                            Texts.percent(caught(rule, Aim.FLOOD)),
                            Texts.percent(caught(rule, Aim.SLOW_FLOOD)),
                            Texts.percent(caught(rule, Aim.PATH_GUESSING)),
                            Texts.percent(caught(rule, Aim.LOGIN_GUESSING)),
                            Texts.count(refused),
                            Texts.fixed(100 * benignShare(rule), 3) + "%"));
        }
        table.lines(WIDTH).forEach(line -> text.append(line).append('\n'));
        text.append("The first limit catches most of those with at most ")
                .append(Texts.budget(ALLOWED))
                .append(
                        " % of benign clients refused once; the second is the best where both weigh the same. Both are chosen in hindsight.\n");
    }

    private LongStream refused(int rule) {
        return benign.stream().mapToLong(its -> its.refusedMillis(rule)).filter(millis -> millis >= 0);
    }

    private double benignShare(int rule) {
        return (double) refused(rule).count() / Math.max(1, benign.size());
    }

    private double caught(int rule) {
        return (caught(rule, Aim.FLOOD) + caught(rule, Aim.SLOW_FLOOD) + caught(rule, Aim.PATH_GUESSING)) / 3;
    }

    private double caught(int rule, Aim aim) {
        var its = attackers.stream().filter(one -> Aim.of(one.family()) == aim).toList();
        long met = its.stream()
                .filter(one -> aim.isMet(one.refusedMillis(rule), FEW_MISSES + 1))
                .count();
        return (double) met / Math.max(1, its.size());
    }
}
