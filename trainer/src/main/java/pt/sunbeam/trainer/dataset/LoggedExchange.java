package pt.sunbeam.trainer.dataset;

import java.util.SplittableRandom;
import pt.sunbeam.detector.audit.AccessLine;

/**
 * What an access log does not tell of a request, drawn so that it says nothing about the label: the moment within its second, cookies, languages, the
 * body's length, the duration. The same line is always the same exchange.
 */
final class LoggedExchange {
    private static final double SHORTEST_CLUMP = 20;

    private LoggedExchange() {}

    /**
     * Requests of one client in one second stand in a clump of 20 ms to 1 s somewhere in it: browsers ask for the parts of a page at once, and a burst
     * that is narrow by nature must not look like an attack because the log was coarse. A client keeps its habits for a day.
     */
    static Exchange of(AccessLine line, long number, long seed) {
        long client = Hash.of(line.client(), seed) & 0xffff_ffffL;
        var day = new SplittableRandom(client << 32 ^ line.second() / 86_400);
        day.nextLong();
        var habits = Habits.draw(day);
        var clump = new SplittableRandom(client << 32 ^ ~line.second());
        clump.nextLong();
        double width = Math.exp(clump.nextDouble(Math.log(SHORTEST_CLUMP), Math.log(1_000)));
        double start = clump.nextDouble() * (1_000 - width);
        var random = new SplittableRandom(seed ^ number << 32 ^ client);
        return new Exchange(
                line.second() * 1_000 + (long) (start + random.nextDouble() * width),
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
