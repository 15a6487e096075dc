package pt.sunbeam.proxy.replay;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.cluster.DdosVerdict;
import pt.sunbeam.cluster.Judge;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.window.Event;
import pt.sunbeam.detector.window.SlidingWindow;

/**
 * The DDoS detector in event time: arrivals and responses happen when the log says, whatever the order of its lines. Not thread-safe.
 *
 * <p>A line is written when its request has ended, so lines come in the order of ends. A request waits here until one that came
 * {@link #PATIENCE_MILLIS} after it was read, or until {@link #MOST_WAITING} others wait; a request that turns up later than that is refused, for to
 * squeeze it into the present would make a flood out of a log that is not sorted.
 *
 * <p>As online, a ban begins behind the request that brings it about, goes on while its address does, and requests that it refuses count as arrivals
 * and have no response. Unlike online there is no delay between event and verdict, and full tables forget whoever was silent longest.
 */
final class DdosReplay {
    static final long PATIENCE_MILLIS = 600_000;
    private static final int MOST_WAITING = 1 << 17;
    private static final int MOST_ADDRESSES = 50_000;
    private static final int MOST_BANNED = 100_000;
    private static final int MOST_NAMED = 30;

    /**
     * A request of the log.
     *
     * @param key what the detector counts by
     * @param event its id is the line's number, which rises
     * @param answered whether the response was the site's, not a refusal of this very detector
     */
    record Request(IpAddress key, Event event, int durationMillis, boolean answered, Report.Sample sample) {}

    private record Happening(long timeMillis, boolean arrival, Request request) {
        /** Of what happens at once, lines in their order, and the arrival before its response. */
        static final Comparator<Happening> ORDER = Comparator.comparingLong(Happening::timeMillis)
                .thenComparingLong(happening -> happening.request.event().id())
                .thenComparing(happening -> !happening.arrival);
    }

    private static final class Sender {
        final SlidingWindow window;

        @Nullable
        DdosVerdict ban;

        Sender(SlidingWindow window) {
            this.window = window;
        }

        @Nullable
        DdosVerdict banAt(long nowMillis) {
            return ban != null && ban.expiresAtMillis() > nowMillis ? ban : null;
        }

        boolean isQuietAt(long nowMillis) {
            window.evict(nowMillis);
            return window.size() == 0 && banAt(nowMillis) == null;
        }
    }

    private final Judge judge;
    private final int windowMillis;
    private final int windowCapacity;
    private final PriorityQueue<Happening> waiting = new PriorityQueue<>(Happening.ORDER);
    private final LinkedHashMap<IpAddress, Sender> senders = new LinkedHashMap<>(16, 0.75f, true);
    private final DecisionTally tally = new DecisionTally();
    private final Set<IpAddress> banned = new HashSet<>();
    private final List<Report.Banned> named = new ArrayList<>();
    private long bans;
    private long forgotten;
    private long newestMillis = Long.MIN_VALUE; // of the arrivals read
    private long nowMillis = Long.MIN_VALUE; // of what has happened

    DdosReplay(Judge judge, int windowMillis, int windowCapacity) {
        this.judge = judge;
        this.windowMillis = windowMillis;
        this.windowCapacity = windowCapacity;
    }

    /** False where the request comes too late to be counted; then nothing happens. */
    boolean add(Request request) {
        long time = request.event().timeMillis();
        if (time < nowMillis) {
            return false;
        }
        newestMillis = Math.max(newestMillis, time);
        waiting.add(new Happening(time, true, request));
        happenWhile(newestMillis - PATIENCE_MILLIS);
        return true;
    }

    /** Lets everything happen that still waits. */
    Report.Ddos finish() {
        happenWhile(Long.MAX_VALUE);
        return new Report.Ddos(tally.decisions(), bans, banned.size(), forgotten, List.copyOf(named));
    }

    private void happenWhile(long beforeMillis) {
        for (Happening next = waiting.peek();
                next != null && (next.timeMillis < beforeMillis || waiting.size() > MOST_WAITING);
                next = waiting.peek()) {
            waiting.remove();
            nowMillis = next.timeMillis;
            if (next.arrival) {
                arrive(next.request);
            } else {
                respond(next.request);
            }
        }
    }

    private void arrive(Request request) {
        Sender sender = sender(request.key());
        sender.window.add(request.event());
        if (sender.banAt(nowMillis) != null) {
            tally.blocked(request.sample());
        } else {
            tally.allowed();
            if (request.answered()) {
                waiting.add(new Happening(nowMillis + request.durationMillis(), false, request));
            }
        }
        judge(request.key(), sender);
    }

    private void respond(Request request) {
        Sender sender = senders.get(request.key());
        if (sender != null) {
            sender.window.respond(request.event().id(), request.sample().status(), request.durationMillis());
            judge(request.key(), sender);
        }
    }

    private Sender sender(IpAddress key) {
        Sender known = senders.get(key);
        if (known != null) {
            return known;
        }
        makeRoom();
        Sender created = new Sender(new SlidingWindow(windowMillis, windowCapacity));
        senders.put(key, created);
        return created;
    }

    private void makeRoom() {
        Iterator<Map.Entry<IpAddress, Sender>> silentLongestFirst =
                senders.entrySet().iterator();
        while (silentLongestFirst.hasNext()) {
            boolean quiet = silentLongestFirst.next().getValue().isQuietAt(nowMillis);
            if (!quiet && senders.size() < MOST_ADDRESSES) {
                return;
            }
            forgotten += quiet ? 0 : 1;
            silentLongestFirst.remove();
        }
    }

    private void judge(IpAddress key, Sender sender) {
        DdosVerdict inForce = sender.banAt(nowMillis);
        if (!Judge.due(inForce, nowMillis)) {
            return;
        }
        sender.window.evict(nowMillis);
        Judge.Offence offence = judge.judge(sender.window);
        if (offence == null) {
            return;
        }
        DdosVerdict verdict = judge.verdict(offence, inForce, nowMillis);
        sender.ban = verdict;
        if (inForce == null) {
            bans++;
            if (banned.size() < MOST_BANNED && banned.add(key) && named.size() < MOST_NAMED) {
                named.add(new Report.Banned(
                        key.isIpv4() ? key.toString() : key + "/64",
                        Instant.ofEpochMilli(nowMillis).toString(),
                        verdict.score(),
                        verdict.path(),
                        verdict.reasons()));
            }
        }
    }
}
