package pt.sunbeam.trainer.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Makes floods of many addresses that each ask for little, beside the few that were recorded: 100 to 800 addresses with 0.2 to 2 requests a second each, for 60 to 90 s. What they ask
 * for, as whom, how regularly, and what they get is drawn for each flood.
 */
final class SlowFloodSimulator {
    private static final int FLOODS = 40;
    private static final List<String> AGENTS = List.of(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
            "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 Mobile/15E148 Safari/604.1",
            "python-requests/2.31.0",
            "Go-http-client/1.1",
            "");

    private final SplittableRandom random;

    SlowFloodSimulator(long seed) {
        random = new SplittableRandom(seed);
    }

    /** Forty floods. */
    List<Campaign> floods() {
        return IntStream.range(0, FLOODS).mapToObj(this::flood).toList();
    }

    private Campaign flood(int number) {
        int addresses = (int) Math.exp(random.nextDouble(Math.log(100), Math.log(800)));
        double slowest = Math.exp(random.nextDouble(Math.log(0.2), Math.log(1)));
        double fastest = Math.max(slowest, Math.exp(random.nextDouble(Math.log(0.2), Math.log(2))));
        double end = random.nextDouble(60_000, 90_000);
        boolean regular = random.nextBoolean();
        boolean neighbours = random.nextBoolean();
        int pages = (int) Math.exp(random.nextDouble(0, Math.log(60)));
        boolean newQueries = random.nextInt(3) == 0;
        boolean agentsRotate = random.nextInt(3) == 0;
        int referers = random.nextInt(3); // none, one, another each time
        var method = random.nextInt(5) == 0 ? "POST" : "GET";
        int status = random.nextInt(6) == 0 ? List.of(301, 304, 404, 503).get(random.nextInt(4)) : 200;
        double assets = random.nextInt(4) == 0 ? random.nextDouble(0.5) : 0;
        var shots = new ArrayList<Campaign.Shot>();
        for (int address = 0; address < addresses; address++) {
            var client = neighbours
                    ? "127.1.%d.%d".formatted(address / 250, address % 250)
                    : "127.%d.%d.%d".formatted(random.nextInt(256), random.nextInt(256), random.nextInt(256));
            double rate = random.nextDouble(slowest, Math.nextUp(fastest));
            var agent = AGENTS.get(random.nextInt(AGENTS.size()));
            int at = random.nextInt(pages);
            for (double millis = random.nextDouble(1_000 / rate);
                    millis < end;
                    millis += (regular ? 1 : -Math.log(1 - random.nextDouble())) * 1_000 / rate) {
                at = (at + 1) % pages;
                var target = random.nextDouble() < assets ? "/assets/%d.css".formatted(at) : "/page/" + at;
                shots.add(new Campaign.Shot(
                        client,
                        new Exchange(
                                (long) millis,
                                "",
                                method,
                                newQueries ? target + "?q=" + random.nextInt() : target,
                                switch (referers) {
                                    case 0 -> "";
                                    case 1 -> "https://www.example.org/";
                                    default -> "https://www.example.org/" + random.nextInt();
                                },
                                agentsRotate ? AGENTS.get(random.nextInt(AGENTS.size())) : agent,
                                false,
                                false,
                                0,
                                status,
                                0)));
            }
        }
        return Campaign.of("slow flood " + number, Campaign.SIMULATED, Campaign.Kind.SLOW_FLOOD, shots);
    }
}
