package pt.sunbeam.trainer.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import pt.sunbeam.detector.audit.AccessLine;

/** From the lines of one client to exchanges: a log knows the second of a response, not the moment of a request. */
final class LoggedClient {
    private static final double SHORTEST_CLUMP = 20;
    private static final double OUTAGES = 0.05;
    private static final long OUTAGE_MILLIS = 120_000;

    private LoggedClient() {}

    /**
     * Requests of one second stand in a clump of 20 ms to 1 s somewhere in it: browsers ask for the parts of a page at once, and a burst that is
     * narrow by nature must not look like an attack because the log was coarse.
     */
    static List<Exchange> exchanges(List<AccessLine> lines, SplittableRandom random) {
        var habits = Habits.draw(random);
        var exchanges = new ArrayList<Exchange>(lines.size());
        long clock = 0;
        for (int from = 0; from < lines.size(); ) {
            long second = lines.get(from).second();
            int to = from;
            while (to < lines.size() && lines.get(to).second() == second) {
                to++;
            }
            double width = Math.exp(random.nextDouble(Math.log(SHORTEST_CLUMP), Math.log(1_000)));
            double start = random.nextDouble() * (1_000 - width);
            var offsets =
                    random.doubles(to - from, start, start + width).sorted().toArray();
            for (int i = from; i < to; i++) {
                // Logs are written in order of completion, so that a second may come back.
                clock = Math.max(clock, second * 1_000 + (long) offsets[i - from]);
                exchanges.add(exchange(lines.get(i), clock, habits, random));
            }
            from = to;
        }
        return exchanges;
    }

    /** For one client in twenty, two minutes in which the site answers everything with 502: an outage makes nobody an attacker. */
    static List<Exchange> withOutages(List<Exchange> exchanges, SplittableRandom random) {
        if (exchanges.isEmpty() || random.nextDouble() >= OUTAGES) {
            return exchanges;
        }
        long start = exchanges.get(random.nextInt(exchanges.size())).millis();
        return exchanges.stream()
                .map(exchange -> exchange.millis() >= start && exchange.millis() < start + OUTAGE_MILLIS
                        ? exchange.answered(502)
                        : exchange)
                .toList();
    }

    private static Exchange exchange(AccessLine line, long millis, Habits habits, SplittableRandom random) {
        return new Exchange(
                millis,
                line.host().isEmpty() ? "www.example.org" : line.host(),
                line.method(),
                Targets.isOriginForm(line.target()) ? line.target() : "/",
                line.referer(),
                line.agent(),
                habits.sendsCookies(random),
                habits.sendsLanguages(random),
                Habits.contentLength(line.method(), random),
                line.status(),
                habits.duration(random));
    }
}
