package pt.sunbeam.trainer.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.verdict.DdosVerdict;
import pt.sunbeam.detector.verdict.Judge;
import pt.sunbeam.detector.verdict.Measure;
import pt.sunbeam.detector.verdict.Offence;
import pt.sunbeam.detector.verdict.Suspect;
import pt.sunbeam.detector.window.EventReader;
import pt.sunbeam.detector.window.SlidingWindow;

/**
 * Plays the public access logs, with recorded campaigns laid over them, against models with their escalation as the proxy runs it, in event time: who is throttled
 * and blocked, and when. Each client is judged by the model that was fitted without it: a client of a log by its network's fold, a campaign by its tool's.
 *
 * <p>Unlike the proxy it refuses every request of a throttled address, and not only those above the throttle's rate, so that an address's responses stop somewhat earlier.
 */
public final class ClientTrial {
    /** A flood was on the site less than this before a request. */
    private static final long LATELY_MILLIS = 60_000;

    /** What became of one client. Times in milliseconds since its first request, -1 where it never came to that. */
    public static final class Outcome {
        private final String source;
        private final String address;
        private final boolean attack;
        private final String family;
        private final int fold;
        private final FixedRules rules = new FixedRules();
        private final long[] refusedMillis = new long[FixedRules.ALL.size()];
        private long firstMillis = -1;
        private int requests;
        private int misses;
        private boolean met;
        private long throttledMillis = -1;
        private long blockedMillis = -1;
        private int missesBefore;
        private int requestsBefore;
        private String reason = "";
        private @Nullable Suspect suspect;
        private @Nullable DdosVerdict last;

        private Outcome(String source, String address, boolean attack, String family, int fold) {
            this.source = source;
            this.address = address;
            this.attack = attack;
            this.family = family;
            this.fold = fold;
            Arrays.fill(refusedMillis, -1);
        }

        /** The log that it is in. */
        public String source() {
            return source;
        }

        public String address() {
            return address;
        }

        public boolean attack() {
            return attack;
        }

        /** Kind and name of a campaign; what is thought of a log's client. */
        public String family() {
            return family;
        }

        public int fold() {
            return fold;
        }

        public int requests() {
            return requests;
        }

        /** Whether it asked for something while a campaign against the same site was on. */
        public boolean metAFlood() {
            return met;
        }

        public long throttledMillis() {
            return throttledMillis;
        }

        public long blockedMillis() {
            return blockedMillis;
        }

        /** Requests until it was blocked, and {@code missesBefore} of them that were answered 404. */
        public int requestsBefore() {
            return requestsBefore;
        }

        public int missesBefore() {
            return missesBefore;
        }

        /** Why it was blocked first; empty where it was not. */
        public String reason() {
            return reason;
        }

        /** When the rule at a position of {@link #rules} refused the first request. */
        public long refusedMillis(int rule) {
            return refusedMillis[rule];
        }
    }

    private final Map<Integer, Judge> judges;
    private final long seed;
    private final Consumer<String> log;
    private final EventReader events;
    private final List<Outcome> outcomes = new ArrayList<>();

    /** @param judges by fold; clients of other folds are judged by nobody */
    public ClientTrial(Map<Integer, Judge> judges, long seed, Consumer<String> log) {
        this.judges = judges;
        this.seed = seed;
        this.log = log;
        events = new EventReader(seed);
    }

    /** What fixed rules are tried beside, by position. */
    public static List<String> rules() {
        return FixedRules.ALL.stream().map(Object::toString).toList();
    }

    /** Plays every log of a folder; all clients, in no particular order. */
    public List<Outcome> play(Path folder, Recordings recordings) throws IOException {
        var found = AccessLogs.find(folder, log);
        for (var its : found.logs()) {
            new Play(its, new OverlaidLog(its, found.rule(), recordings, seed)).run();
            log.accept("played " + its.name());
        }
        return List.copyOf(outcomes);
    }

    private final class Play implements ClientWindows.Observer<Outcome> {
        private final AccessLogs.Log its;
        private final OverlaidLog lines;
        private final ClientWindows<Outcome> windows = new ClientWindows<>(this);
        private final Map<String, Outcome> clients = new HashMap<>();
        private long floodedMillis = Long.MIN_VALUE / 2;

        Play(AccessLogs.Log its, OverlaidLog lines) {
            this.its = its;
            this.lines = lines;
        }

        void run() throws IOException {
            lines.read((sender, exchange, id) -> {
                if (sender.label() != ClientRule.Label.UNCLEAR) {
                    windows.add(exchange.arrival(
                            sender.address(),
                            id,
                            events,
                            clients.computeIfAbsent(sender.address(), _ -> outcome(sender))));
                }
            });
            windows.finish();
            outcomes.addAll(clients.values());
        }

        private Outcome outcome(OverlaidLog.Sender sender) {
            boolean attack = sender.label() == ClientRule.Label.HOSTILE;
            var laid = sender.laid();
            return laid != null
                    ? new Outcome(
                            its.name(),
                            sender.address(),
                            attack,
                            laid.campaign().kind().words() + ": "
                                    + laid.campaign().name(),
                            laid.campaign().fold())
                    : new Outcome(
                            its.name(),
                            sender.address(),
                            attack,
                            attack ? PublicLogs.family(its.name()) : "clients of " + its.name(),
                            Folds.of(PublicLogs.network(sender.address())));
        }

        @Override
        public boolean admits(ClientWindows.Arrival<Outcome> arrival) {
            var client = arrival.tag();
            long now = arrival.event().timeMillis();
            if (client.firstMillis < 0) {
                client.firstMillis = now;
            }
            client.requests++;
            client.misses += arrival.status() == 404 ? 1 : 0;
            if (client.attack) {
                floodedMillis = now;
            } else {
                client.met |= now - floodedMillis < LATELY_MILLIS;
            }
            var refusing = client.rules.after(now, arrival.status());
            for (int i = 0; i < refusing.length; i++) {
                if (refusing[i] && client.refusedMillis[i] < 0) {
                    client.refusedMillis[i] = now - client.firstMillis;
                }
            }
            return client.last == null || !client.last.inForceAt(now);
        }

        @Override
        public void window(ClientWindows.Arrival<Outcome> arrival, ClientWindows.Day day, int events, int[] raw) {
            // judged in changed()
        }

        @Override
        public void changed(ClientWindows.Arrival<Outcome> arrival, SlidingWindow window, long nowMillis) {
            var client = arrival.tag();
            var judge = judges.get(client.fold);
            if (judge == null || !judge.isDue(client.last, nowMillis)) {
                return;
            }
            if (client.suspect == null || client.suspect.window() != window) {
                client.suspect = new Suspect(window);
            }
            Offence offence = client.suspect.judge(judge, nowMillis);
            var verdict = offence == null ? null : judge.verdict(offence, client.last);
            if (verdict == null) {
                return;
            }
            client.last = verdict;
            if (client.throttledMillis < 0) {
                client.throttledMillis = nowMillis - client.firstMillis;
            }
            if (verdict.measure() == Measure.BLOCK && client.blockedMillis < 0) {
                client.blockedMillis = nowMillis - client.firstMillis;
                client.requestsBefore = client.requests;
                client.missesBefore = client.misses;
                client.reason = "%s, %s, %d in the window"
                        .formatted(verdict.path(), String.join(" ", verdict.reasons()), window.size());
            }
        }
    }
}
