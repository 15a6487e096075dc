package pt.sunbeam.trainer.dataset;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Makes floods from one address, for none are in the logs: 20 to 2,000 requests a second, at a site that answers as long as it can.
 *
 * <p>What is simulated is traffic; features come from the detector's window. Whether requests carry cookies, languages, bodies, and how long
 * answers take, is drawn as it is for benign clients. The site answers a path as it is (200, 304, 301, 404) until more arrives than it can serve
 * (50 to 3,000 requests a second, by chance); of the excess it answers 502, 503 or 504.
 */
final class FloodSimulator {
    /** How a flood behaves. */
    enum Shape {
        /** One URL, as ab and wrk do. */
        HAMMER,
        /** A list of pages, round and round. */
        ROTATING,
        /** One page with a query that no cache knows. */
        CACHE_BUSTER,
        /** Paths that do not exist. */
        RANDOM_PATHS,
        /** Rises over ten seconds. */
        RAMP,
        /** Posts to one form. */
        POSTING,
        /** Half a second on, half a second off. */
        PULSING,
        /** Another user agent each time. */
        AGENT_ROTATING,
        /** Another method each time. */
        MIXED_METHODS
    }

    private static final int MAX_EVENTS = 1_500;
    private static final long MAX_MILLIS = 40_000;
    private static final long RAMP_MILLIS = 10_000;
    private static final double BACKGROUND = 0.4;
    private static final List<String> METHODS = List.of("GET", "POST", "HEAD", "PUT", "OPTIONS");
    private static final List<String> AGENTS = List.of(
            "ApacheBench/2.3",
            "",
            "python-requests/2.31.0",
            "Go-http-client/1.1",
            "curl/8.5.0",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
            "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0");
    private static final List<String> EXTENSIONS = List.of("", "", ".html", ".js", ".css", ".png", ".php");

    private final SplittableRandom random;

    FloodSimulator(long seed) {
        random = new SplittableRandom(seed);
    }

    /**
     * One flood.
     *
     * @param background what else comes from that address: the exchanges of one benign client, mixed in by a chance of 40 %
     */
    List<Exchange> flood(Shape shape, List<Exchange> background) {
        double rate = Math.exp(random.nextDouble(Math.log(20), Math.log(2_000)));
        double capacity = Math.exp(random.nextDouble(Math.log(50), Math.log(3_000)));
        double overload = Math.max(0, 1 - capacity / rate);
        var habits = Habits.draw(random);
        var site = site();
        IntFunction<String> targets = targets(shape, site);
        var agents = shape == Shape.AGENT_ROTATING
                ? IntStream.range(0, 200)
                        .mapToObj(i -> "Mozilla/5.0 (" + i + ")")
                        .toList()
                : List.of(AGENTS.get(random.nextInt(AGENTS.size())));
        var referer = random.nextBoolean() ? "" : "https://www.example.org/";
        int page = shape == Shape.RANDOM_PATHS ? 404 : random.nextInt(8) == 0 ? 301 : 200;
        // As many methods as benign clients have, or the method would tell them apart.
        int kind = random.nextInt(20);
        var method = shape == Shape.POSTING || kind < 5 ? "POST" : kind == 5 ? "HEAD" : kind == 6 ? "PUT" : "GET";
        var exchanges = new ArrayList<Exchange>();
        double millis = 0;
        for (int i = 0; i < MAX_EVENTS && millis < MAX_MILLIS; i++) {
            double now = shape == Shape.RAMP ? rate * Math.max(0.05, Math.min(1, millis / RAMP_MILLIS)) : rate;
            millis += -Math.log(1 - random.nextDouble()) * 1_000 / now;
            if (shape == Shape.PULSING && (long) millis % 1_000 >= 500) {
                millis = ((long) millis / 1_000 + 1) * 1_000;
            }
            var sent = shape == Shape.MIXED_METHODS ? METHODS.get(random.nextInt(METHODS.size())) : method;
            exchanges.add(new Exchange(
                    (long) millis,
                    "www.example.org",
                    sent,
                    targets.apply(i),
                    referer,
                    agents.get(i % agents.size()),
                    habits.sendsCookies(random),
                    habits.sendsLanguages(random),
                    Habits.contentLength(sent, random),
                    random.nextDouble() < overload ? 502 + random.nextInt(3) : page,
                    habits.duration(random)));
        }
        return mixed(exchanges, background);
    }

    private List<Exchange> mixed(List<Exchange> flood, List<Exchange> background) {
        if (background.isEmpty() || random.nextDouble() >= BACKGROUND) {
            return flood;
        }
        long start = background.getFirst().millis();
        long lead = random.nextLong(0, 10_000);
        var all = new ArrayList<Exchange>(flood.stream()
                .map(exchange -> exchange.at(exchange.millis() + lead))
                .toList());
        long end = all.getLast().millis();
        background.stream()
                .map(exchange -> exchange.at(exchange.millis() - start))
                .filter(exchange -> exchange.millis() <= end)
                .forEach(all::add);
        all.sort(Comparator.comparingLong(Exchange::millis));
        return all;
    }

    private IntFunction<String> targets(Shape shape, List<String> site) {
        var one = site.getFirst();
        return switch (shape) {
            case HAMMER, RAMP, POSTING -> _ -> one;
            case ROTATING, PULSING, AGENT_ROTATING, MIXED_METHODS -> i -> site.get(i % site.size());
            case CACHE_BUSTER -> _ -> one + "?" + random.nextInt();
            case RANDOM_PATHS -> _ -> "/" + Integer.toHexString(random.nextInt()) + "/" + random.nextInt(1_000);
        };
    }

    private List<String> site() {
        int pages = 1 + random.nextInt(60);
        return IntStream.range(0, pages)
                .mapToObj(i -> i == 0 && random.nextBoolean()
                        ? "/"
                        : "/" + word() + "/" + word() + EXTENSIONS.get(random.nextInt(EXTENSIONS.size())))
                .toList();
    }

    private String word() {
        return Integer.toString(random.nextInt(1 << 20), 36);
    }
}
