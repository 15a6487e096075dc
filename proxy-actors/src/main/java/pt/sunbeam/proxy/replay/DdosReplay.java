package pt.sunbeam.proxy.replay;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.verdict.DdosVerdict;
import pt.sunbeam.detector.verdict.Escalation;
import pt.sunbeam.detector.verdict.Judge;
import pt.sunbeam.detector.verdict.Measure;
import pt.sunbeam.detector.verdict.Offence;
import pt.sunbeam.detector.verdict.Suspect;
import pt.sunbeam.detector.window.Agenda;
import pt.sunbeam.detector.window.Crowds;
import pt.sunbeam.detector.window.Event;
import pt.sunbeam.detector.window.EventReader;
import pt.sunbeam.detector.window.SlidingWindow;
import pt.sunbeam.proxy.exchange.DdosLayer;
import pt.sunbeam.proxy.exchange.ScannerLayer;
import pt.sunbeam.proxy.limit.Throttle;
import pt.sunbeam.proxy.replay.RequestLog.DdosLogged;

/**
 * The DDoS detector in event time: arrivals and responses happen when the log says, whatever the order of its lines. Not thread-safe.
 *
 * <p>A line is written when its request has ended, so lines come in the order of ends. A request waits here until one that came
 * {@link #PATIENCE_MILLIS} after it was read, or until {@link #MOST_WAITING} others wait; a request that turns up later than that is refused, for to
 * squeeze it into the present would make a flood out of a log that is not sorted.
 *
 * <p>As online, a verdict begins behind the request or response that brings it about, and requests that it refuses count as arrivals and have no
 * response. Online a verdict takes a moment to stand: within {@link #STANDS_WITHIN_MILLIS} the log is believed where it knows only of the one before.
 * Unlike online full tables forget whoever was silent longest.
 */
public final class DdosReplay {
    static final long PATIENCE_MILLIS = 600_000;
    static final long STANDS_WITHIN_MILLIS = 500;
    private static final int MOST_WAITING = 1 << 17;
    private static final int MOST_ADDRESSES = 50_000;
    private static final int MOST_EVENTS = 1 << 21; // in all windows together: 150 MB
    private static final int MOST_BANNED = 100_000;
    private static final int MOST_NAMED = 30;
    private static final long SEED = 0; // not secret: whoever wrote the log is gone
    private static final EventReader EVENTS = new EventReader(SEED);

    /** Sees each request when it arrives. */
    @FunctionalInterface
    public interface Witness {
        /**
         * The detector is about to judge the window.
         *
         * @param window of the request's sender with this request in it; not to be changed
         * @param refusal the verdict that refuses the request, or null where it passes
         */
        void arrived(Waiting request, SlidingWindow window, @Nullable DdosVerdict refusal);
    }

    /** A request of the log, from when its line is read to when its response is out. */
    public static final class Waiting implements Agenda.Due, Comparable<Waiting> {
        private final IpAddress client;
        private final Event event;
        private final int durationMillis;
        private final DdosLogged logged;
        private final Report.Sample sample;
        private final @Nullable Block scanner;
        private final boolean suspicious;
        private long dueMillis;
        private @Nullable Sender sender; // since it has arrived

        /**
         * @param event its id is the line's number, which rises
         * @param scanner what the other detector has against the request, or null
         * @param suspicious whether it has anything against it, or had when the log was written
         */
        Waiting(
                IpAddress client,
                Event event,
                int durationMillis,
                DdosLogged logged,
                Report.Sample sample,
                @Nullable Block scanner,
                boolean suspicious) {
            this.client = client;
            this.event = event;
            this.durationMillis = durationMillis;
            this.logged = logged;
            this.sample = sample;
            this.scanner = scanner;
            this.suspicious = suspicious;
            this.dueMillis = event.timeMillis();
        }

        public Report.Sample sample() {
            return sample;
        }

        @Nullable
        Block scanner() {
            return scanner;
        }

        public IpAddress client() {
            return client;
        }

        @Override
        public long dueMillis() {
            return dueMillis;
        }

        public long arrivalMillis() {
            return event.timeMillis();
        }

        /** Of what happens at once, lines in their order; a response is due only when its arrival is over. */
        @Override
        public int compareTo(Waiting other) {
            int byTime = Long.compare(dueMillis, other.dueMillis);
            return byTime != 0 ? byTime : Long.compare(event.id(), other.event.id());
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(event.id());
        }
    }

    private static final class Sender {
        final SlidingWindow window;
        final Suspect suspect;
        int mostEvents; // that the window ever held: its arrays do not shrink
        boolean forgotten; // another has taken its place since, or will

        @Nullable
        DdosVerdict last;

        @Nullable
        DdosVerdict before; // that one

        Sender(SlidingWindow window) {
            this.window = window;
            this.suspect = new Suspect(window);
        }

        boolean isQuietAt(long nowMillis, Escalation escalation) {
            window.evict(nowMillis);
            return window.size() == 0 && (last == null || escalation.forgottenAtMillis(last) <= nowMillis);
        }
    }

    /**
     * What became of the log.
     *
     * @param banned the first 30
     */
    public record Bans(
            long bans,
            int bannedAddresses,
            int throttledAddresses,
            long forgottenAddresses,
            List<Report.Banned> banned) {}

    private final Judge judge;
    private final int windowMillis;
    private final int windowCapacity;
    private final Throttle throttle;
    private final Witness witness;
    private final Crowds crowds = new Crowds(SEED);
    private final Agenda<Waiting> waiting = new Agenda<>();
    private final LinkedHashMap<IpAddress, Sender> senders = new LinkedHashMap<>(16, 0.75f, true);
    private final Set<IpAddress> banned = new HashSet<>();
    private final Set<IpAddress> throttled = new HashSet<>();
    private final List<Report.Banned> named = new ArrayList<>();
    private long bans;
    private long forgotten;
    private long events; // the sum of what the windows ever held
    private long newestMillis = Long.MIN_VALUE; // of the arrivals read
    private long nowMillis = Long.MIN_VALUE; // of what has happened

    public DdosReplay(Judge judge, SunbeamConfig.Ddos settings, Witness witness) {
        this.judge = judge;
        this.windowMillis = Math.toIntExact(settings.window().toMillis());
        this.windowCapacity = settings.windowCapacity();
        this.throttle = new Throttle(settings.escalation().throttled(), new SplittableRandom(0));
        this.witness = witness;
    }

    /**
     * Takes the next request of a log; says why where it cannot be counted, and then nothing happens, else null.
     *
     * @param scanner what the other detector says of the request
     */
    public @Nullable String take(RequestLog.Entry request, ScannerLayer.Decision scanner) {
        return take(request, client(request), scanner.block() ? new Block(scanner.reason(), scanner.reasons()) : null);
    }

    /** The address of a request, or null where the log has none. */
    static @Nullable IpAddress client(RequestLog.Entry request) {
        try {
            return IpAddress.parse(request.sample().client());
        } catch (IllegalArgumentException noAddress) {
            return null;
        }
    }

    @Nullable
    String take(RequestLog.Entry request, @Nullable IpAddress client, @Nullable Block scanner) {
        if (client == null) {
            return "ddos: client_ip: \"%s\" is no IP address"
                    .formatted(request.sample().client());
        }
        if (request.arrivalMillis() < nowMillis) {
            return "ddos: timestamp: too far behind earlier lines; is the log sorted?";
        }
        add(new Waiting(
                client,
                EVENTS.read(request.head(), request.sample().line(), request.arrivalMillis()),
                request.durationMillis(),
                request.ddos(),
                request.sample(),
                scanner,
                scanner != null || request.refusedByScanner()));
        return null;
    }

    private void add(Waiting request) {
        newestMillis = Math.max(newestMillis, request.dueMillis);
        waiting.add(request);
        happenWhile(newestMillis - PATIENCE_MILLIS);
    }

    /** Lets everything happen that still waits. */
    public Bans finish() {
        happenWhile(Long.MAX_VALUE);
        return new Bans(bans, banned.size(), throttled.size(), forgotten, List.copyOf(named));
    }

    private void happenWhile(long beforeMillis) {
        for (Waiting next = waiting.peek();
                next != null && (next.dueMillis < beforeMillis || waiting.size() > MOST_WAITING);
                next = waiting.peek()) {
            waiting.remove();
            nowMillis = next.dueMillis;
            if (next.sender == null) {
                arrive(next);
            } else {
                respond(next, next.sender);
            }
        }
    }

    private void arrive(Waiting request) {
        IpAddress key = request.client.detectorKey();
        Sender sender = sender(key);
        request.sender = sender;
        Event event = request.event;
        sender.window.add(
                event.among(crowds.read(event.timeMillis(), event.pathHash(), event.hostHash(), request.client)));
        if (sender.window.size() > sender.mostEvents) {
            sender.mostEvents++;
            events++;
        }
        DdosVerdict refusal = refusal(request, sender);
        witness.arrived(request, sender.window, refusal);
        if (refusal == null && !request.logged.refused()) {
            request.dueMillis = nowMillis + request.durationMillis;
            waiting.add(request);
        }
        judge(key, sender);
    }

    private @Nullable DdosVerdict refusal(Waiting request, Sender sender) {
        DdosVerdict verdict = sender.last;
        if (verdict != null && nowMillis - verdict.issuedAtMillis() <= STANDS_WITHIN_MILLIS) {
            verdict = switch (request.logged) {
                case NO_VERDICT -> null;
                case ADMITTED, THROTTLED -> verdict.measure() == Measure.BLOCK ? sender.before : verdict;
                case BLOCKED, NOTHING -> verdict;
            };
        }
        if (verdict == null || !verdict.inForceAt(nowMillis)) {
            return null;
        }
        return DdosLayer.enforced(verdict, request.client, nowMillis, throttle).refuses() ? verdict : null;
    }

    private void respond(Waiting request, Sender sender) {
        if (!sender.forgotten) {
            sender.window.respond(
                    request.event.id(), request.sample.status(), request.durationMillis, request.suspicious);
            judge(request.client.detectorKey(), sender);
        }
    }

    private Sender sender(IpAddress key) {
        if (events >= MOST_EVENTS) {
            makeRoom();
        }
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
            Sender sender = silentLongestFirst.next().getValue();
            boolean quiet = sender.isQuietAt(nowMillis, judge.escalation());
            if (!quiet && senders.size() < MOST_ADDRESSES && events < MOST_EVENTS) {
                return;
            }
            forgotten += quiet ? 0 : 1;
            events -= sender.mostEvents;
            sender.forgotten = true;
            silentLongestFirst.remove();
        }
    }

    private void judge(IpAddress key, Sender sender) {
        DdosVerdict last = sender.last;
        if (!judge.isDue(last, nowMillis)) {
            return;
        }
        Offence offence = sender.suspect.judge(judge, nowMillis);
        DdosVerdict verdict = offence == null ? null : judge.verdict(offence, last);
        if (verdict == null) {
            return;
        }
        sender.before = last;
        sender.last = verdict;
        switch (verdict.measure()) {
            case THROTTLE -> {
                if (throttled.size() < MOST_BANNED) {
                    throttled.add(key);
                }
            }
            case BLOCK -> {
                if (last == null || last.measure() != Measure.BLOCK || !last.inForceAt(nowMillis)) {
                    blocked(key, verdict);
                }
            }
        }
    }

    private void blocked(IpAddress key, DdosVerdict verdict) {
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
