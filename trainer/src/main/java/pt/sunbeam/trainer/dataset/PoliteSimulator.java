package pt.sunbeam.trainer.dataset;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes harmless clients of kinds that the logs hold few of, and that must never be taken for floods: programs that ask one address again and
 * again, and pages of many parts fetched over one HTTP/2 connection, faster than a log's second can show.
 */
final class PoliteSimulator {
    /** What a client does. */
    enum Shape {
        /** One to three URLs, 0.2 to 5 requests a second for one to three minutes; one client in eight gets errors, from the beginning or from some moment on. */
        POLLER,
        /** One to four pages of 20 to 120 parts, each within 0.1 to 2 s, a pause of 3 to 30 s between them. */
        PAGES,
        /** 5 to 40 people behind one address, each with an agent of their own, who ask for 1 to 4 pages within one to three minutes. */
        SHARED
    }

    private static final List<String> CLIENTS = List.of(
            "curl/8.5.0",
            "python-requests/2.31.0",
            "Go-http-client/1.1",
            "okhttp/4.12.0",
            "",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36");
    private static final List<String> ASSETS = List.of("css", "js", "png", "jpg", "woff2", "svg");
    private static final String BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0";

    private final SplittableRandom random;

    PoliteSimulator(long seed) {
        random = new SplittableRandom(seed);
    }

    List<Exchange> client(Shape shape) {
        return switch (shape) {
            case POLLER -> poller();
            case PAGES -> pages();
            case SHARED -> shared();
        };
    }

    private List<Exchange> poller() {
        var habits = Habits.draw(random);
        double rate = Math.exp(random.nextDouble(Math.log(0.2), Math.log(5)));
        double end = random.nextDouble(60_000, 180_000);
        boolean regular = random.nextBoolean();
        int urls = 1 + random.nextInt(3);
        var method = random.nextInt(3) == 0 ? "POST" : "GET";
        var agent = CLIENTS.get(random.nextInt(CLIENTS.size()));
        int failure = List.of(401, 404, 429, 503).get(random.nextInt(4));
        double failing = random.nextInt(8) > 0 ? end : random.nextBoolean() ? 0 : random.nextDouble(end);
        var exchanges = new ArrayList<Exchange>();
        double millis = 0;
        for (int i = 0; millis < end; i++) {
            int status = millis < failing ? 200 : failure;
            exchanges.add(exchange((long) millis, method, "/api/" + i % urls, "", agent, habits, status));
            millis += (regular ? 1 : -Math.log(1 - random.nextDouble())) * 1_000 / rate;
        }
        return exchanges;
    }

    private List<Exchange> pages() {
        var habits = Habits.draw(random);
        int pages = 1 + random.nextInt(4);
        var exchanges = new ArrayList<Exchange>();
        double start = 0;
        for (int page = 0; page < pages; page++) {
            var url = "/page/" + page;
            exchanges.add(exchange(
                    (long) start, "GET", url, page == 0 ? "" : "https://www.example.org/", BROWSER, habits, 200));
            int parts = random.nextInt(20, 121);
            double width = Math.exp(random.nextDouble(Math.log(100), Math.log(2_000)));
            double from = start + 20;
            var times = random.doubles(parts, from, from + width).sorted().toArray();
            boolean shared = random.nextBoolean();
            for (int part = 0; part < parts; part++) {
                var path = "/assets/" + (shared ? 0 : page) + "/" + part;
                int status = random.nextInt(50) == 0 ? 404 : shared && page > 0 ? 304 : 200;
                exchanges.add(exchange(
                        (long) times[part], "GET", path, "https://www.example.org" + url, BROWSER, habits, status));
            }
            start = from + width + random.nextDouble(3_000, 30_000);
        }
        return exchanges;
    }

    private List<Exchange> shared() {
        var habits = Habits.draw(random);
        int people = random.nextInt(5, 41);
        double end = random.nextDouble(60_000, 180_000);
        double referers = random.nextInt(3) == 0 ? 0 : random.nextDouble();
        int pages = random.nextInt(3, 60);
        var exchanges = new ArrayList<Exchange>();
        for (int person = 0; person < people; person++) {
            var agent = "Mozilla/5.0 (Linux; Android %d; %s) AppleWebKit/537.36 Chrome/%d.0.0.0 Mobile"
                    .formatted(9 + person % 6, Integer.toString(random.nextInt(1 << 20), 36), 100 + person % 30);
            int visits = 1 + random.nextInt(4);
            for (int visit = 0; visit < visits; visit++) {
                var referer = random.nextDouble() < referers ? "https://www.example.org/" : "";
                int status = random.nextInt(40) == 0 ? 404 : 200;
                exchanges.add(exchange(
                        (long) random.nextDouble(end),
                        "GET",
                        "/page/" + random.nextInt(pages),
                        referer,
                        agent,
                        habits,
                        status));
            }
        }
        exchanges.sort(Comparator.comparingLong(Exchange::millis));
        return exchanges;
    }

    /**
     * People behind one address, as behind a carrier's NAT, for half a minute to two: each reads a page of at most 4 to 40 parts every 10 to 60 s. There are 3 to 1,000 of them, so many that they
     * send some 2 to 150 requests a second.
     */
    List<Exchange> crowd() {
        var habits = Habits.draw(random);
        double rate = Math.exp(random.nextDouble(Math.log(2), Math.log(150)));
        double end = random.nextDouble(30_000, 120_000);
        double pause = random.nextDouble(10_000, 60_000);
        int mostParts = (int) Math.exp(random.nextDouble(Math.log(4), Math.log(40)));
        int people = (int) Math.clamp(rate * pause / 1_000 / (1 + mostParts / 2.0), 3, 1_000);
        int pages = (int) Math.exp(random.nextDouble(0, Math.log(100)));
        int shared = random.nextInt(mostParts + 1); // parts that all pages have
        int agents = (int) Math.exp(random.nextDouble(Math.log(3), Math.log(300)));
        double remembered = random.nextDouble(0.7); // share of parts that a browser has and does not ask for again
        double missing = random.nextInt(4) == 0 ? random.nextDouble(0.1) : 0;
        var exchanges = new ArrayList<Exchange>();
        for (int person = 0; person < people; person++) {
            var agent = "Mozilla/5.0 (Linux; Android %d; %d) AppleWebKit/537.36 Chrome/%d.0.0.0 Mobile"
                    .formatted(9 + person % agents % 6, person % agents, 100 + person % agents);
            boolean first = true;
            for (double millis = random.nextDouble(pause);
                    millis < end;
                    millis += pause * Math.exp(random.nextGaussian() - 0.5)) {
                int page = random.nextInt(pages);
                var url = "/page/" + page;
                exchanges.add(exchange(
                        (long) millis, "GET", url, first ? "" : "https://www.example.org/", agent, habits, 200));
                int parts = 1 + page % mostParts;
                double width = Math.exp(random.nextDouble(Math.log(50), Math.log(3_000)));
                for (int part = 0; part < parts; part++) {
                    if (first || random.nextDouble() >= remembered) {
                        int status = random.nextDouble() < missing ? 404 : first ? 200 : 304;
                        var path = "/assets/%d.%s"
                                .formatted(part < shared ? part : 50 * page + part, ASSETS.get(part % ASSETS.size()));
                        exchanges.add(exchange(
                                (long) (millis + 20 + random.nextDouble(width)),
                                "GET",
                                path,
                                "https://www.example.org" + url,
                                agent,
                                habits,
                                status));
                    }
                }
                first = false;
            }
        }
        exchanges.sort(Comparator.comparingLong(Exchange::millis));
        return exchanges;
    }

    private Exchange exchange(
            long millis, String method, String target, String referer, String agent, Habits habits, int status) {
        return new Exchange(
                millis,
                "www.example.org",
                method,
                target,
                referer,
                agent,
                habits.sendsCookies(random),
                habits.sendsLanguages(random),
                Habits.contentLength(method, random),
                status,
                habits.duration(random));
    }
}
