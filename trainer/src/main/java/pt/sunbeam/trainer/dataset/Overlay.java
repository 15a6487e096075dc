package pt.sunbeam.trainer.dataset;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Lays recorded campaigns over a log: one begins with the first request of each 20 minutes, the next of a shuffled round. What people do and what attackers do so
 * happens at the same time, on the same site.
 *
 * <p>Each time a campaign's addresses are others; every second time they lie apart from each other where they were neighbours. Times, methods, targets, agents, referers and
 * statuses are as recorded. Cookies, languages, lengths and durations are drawn as {@link LoggedExchange} draws those of the log, for the log does not tell them.
 */
final class Overlay {
    static final long EVERY_MILLIS = 1_200_000;

    /** A campaign at one place of a log; {@code number} counts them from 1. */
    record Laid(Campaign campaign, int number) {}

    /** Takes a request of a campaign; {@code id} rises with time within one that is laid. */
    @FunctionalInterface
    interface Sink {
        void take(Laid laid, String client, Exchange exchange, long id);
    }

    private final List<Campaign> round;
    private final long seed;
    private final Sink sink;
    private long slot = Long.MIN_VALUE;
    private int laid;

    /** @param log its name: each log has another round */
    Overlay(List<Campaign> campaigns, String log, long seed, Sink sink) {
        this.seed = Hash.of(log, seed);
        this.sink = sink;
        round = new ArrayList<>(campaigns);
        Collections.shuffle(round, new Random(this.seed));
    }

    /** The log has a request at a time, of a host. */
    void at(long millis, String host) {
        long now = Math.floorDiv(millis, EVERY_MILLIS);
        if (now > slot && !round.isEmpty()) {
            slot = now;
            lay(round.get(laid % round.size()), millis, host);
        }
    }

    private void lay(Campaign campaign, long millis, String host) {
        var laying = new Laid(campaign, ++laid);
        var random = new SplittableRandom(seed ^ laid);
        boolean apart = (laying.number() - 1) / round.size() % 2 == 1;
        int base = random.nextInt();
        Map<String, Client> clients = new HashMap<>();
        long first = campaign.firstMillis();
        long id = 0;
        for (var shot : campaign.shots()) {
            var client = clients.computeIfAbsent(
                    shot.client(), recorded -> new Client(address(recorded, base, apart), Habits.draw(random)));
            sink.take(
                    laying,
                    client.address,
                    client.told(shot.exchange(), shot.exchange().millis() - first + millis, host, random),
                    ++id);
        }
    }

    /** An address in 240.0.0.0/4, which no client has; neighbours stay neighbours unless they are to lie apart. */
    private static String address(String recorded, int base, boolean apart) {
        int dot = recorded.lastIndexOf('.');
        int network = Hash.of(apart || dot < 0 ? recorded : recorded.substring(0, dot), base);
        int last = apart || dot < 0 ? Hash.of(recorded, ~base) & 0xff : Integer.parseInt(recorded.substring(dot + 1));
        return "%d.%d.%d.%d".formatted(240 | network >>> 28, network >>> 16 & 0xff, network >>> 8 & 0xff, last);
    }

    private record Client(String address, Habits habits) {
        Exchange told(Exchange recorded, long millis, String host, SplittableRandom random) {
            return new Exchange(
                    millis,
                    host,
                    recorded.method(),
                    recorded.target(),
                    recorded.referer(),
                    recorded.agent(),
                    habits.sendsCookies(random),
                    habits.sendsLanguages(random),
                    Habits.contentLength(recorded.method(), random),
                    recorded.status(),
                    habits.duration(random));
        }
    }
}
