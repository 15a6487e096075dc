package pt.sunbeam.trainer.dataset;

import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.feature.AddressFeatures;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.window.Agenda;
import pt.sunbeam.detector.window.Crowds;
import pt.sunbeam.detector.window.Event;
import pt.sunbeam.detector.window.SlidingWindow;

/**
 * Plays a log through the detector's own windows, one for each client, in event time: arrivals and responses happen when the log says, whatever the
 * order of its lines. Not thread-safe.
 *
 * <p>Logs are written when requests end. A request waits until one that came {@link #PATIENCE_MILLIS} after it was read, or until
 * {@link #MOST_WAITING} others wait; one that turns up later than that is refused. Memory is bounded: clients that were silent longest are
 * forgotten where there are more than {@link #MOST_CLIENTS}, and windows that have emptied are let go.
 *
 * @param <T> what the observer wants to know of a request
 */
public final class ClientWindows<T> {
    public static final int WINDOW_MILLIS = 60_000;
    public static final int CAPACITY = 1_000;

    /** Events in a window from which it is judged. */
    public static final int MIN_EVENTS = 10;

    static final long PATIENCE_MILLIS = 600_000;
    static final long DAY_MILLIS = 86_400_000;
    private static final int MOST_WAITING = 1 << 17;
    private static final int MOST_CLIENTS = 1 << 17;
    private static final int SWEEP = 1 << 16;

    /**
     * A request of the log.
     *
     * @param event its id is the line, or whatever rises
     * @param suspicious whether the scanner detector refuses the request, or did
     * @param answered whether the response is the site's, and not a refusal of the detector itself
     */
    record Arrival<T>(
            String client, Event event, int status, int durationMillis, boolean suspicious, boolean answered, T tag) {}

    /** Sees what happens. */
    interface Observer<T> {
        /** A window as it is just after an arrival, from {@link #MIN_EVENTS} events; {@code raw} is written over afterwards. */
        void window(Arrival<T> arrival, Day day, int events, int[] raw);

        /** Whether the site is to see a request that comes; asked before the window has it. */
        default boolean admits(Arrival<T> arrival) {
            return true;
        }

        /** An arrival, or the response to it, has just changed the window of its sender. */
        default void changed(Arrival<T> arrival, SlidingWindow window, long nowMillis) {}

        /** A client's day is over, or forgotten. */
        default void over(String client, Day day, T lastTag) {}
    }

    /** A client's day: what false positives are counted by. */
    static final class Day {
        final long number;
        final long firstMillis;

        /** Arrivals of the day. */
        int arrivals;

        /** Windows that were judged. */
        int windows;

        /** For the observer: the arrival from which it wants a window again. */
        double next;

        /** For the observer: the last window that it took. */
        int @Nullable [] taken;

        private Day(long firstMillis) {
            this.firstMillis = firstMillis;
            number = Math.floorDiv(firstMillis, DAY_MILLIS);
        }
    }

    private record Happening<T>(long dueMillis, boolean arrival, Arrival<T> request)
            implements Agenda.Due, Comparable<Happening<T>> {
        /** Of what happens at once, lines in their order, and the arrival before its response. */
        @Override
        public int compareTo(Happening<T> other) {
            if (dueMillis != other.dueMillis) {
                return Long.compare(dueMillis, other.dueMillis);
            }
            int order = Long.compare(request.event().id(), other.request.event().id());
            return order != 0 ? order : Boolean.compare(other.arrival, arrival);
        }
    }

    private static final class Client<T> {
        @Nullable
        SlidingWindow window;

        final IpAddress address;
        Day day;
        T lastTag;

        Client(IpAddress address, Day day, T lastTag) {
            this.address = address;
            this.day = day;
            this.lastTag = lastTag;
        }
    }

    private final Observer<T> observer;
    private final Crowds crowds = new Crowds(0);
    private final Agenda<Happening<T>> waiting = new Agenda<>();
    private final LinkedHashMap<String, Client<T>> clients = new LinkedHashMap<>(16, 0.75f, true);
    private final int[] raw = new int[AddressFeatures.COUNT];
    private long newestMillis = Long.MIN_VALUE; // of the arrivals read
    private long nowMillis = Long.MIN_VALUE; // of what has happened
    private long arrivals;

    ClientWindows(Observer<T> observer) {
        this.observer = observer;
    }

    /** False where the request comes too late to be counted; then nothing happens. */
    boolean add(Arrival<T> request) {
        long time = request.event().timeMillis();
        if (time < nowMillis) {
            return false;
        }
        newestMillis = Math.max(newestMillis, time);
        waiting.add(new Happening<>(time, true, request));
        happenWhile(newestMillis - PATIENCE_MILLIS);
        return true;
    }

    /** Lets everything happen that still waits. */
    void finish() {
        happenWhile(Long.MAX_VALUE);
        clients.forEach((name, client) -> observer.over(name, client.day, client.lastTag));
        clients.clear();
    }

    private void happenWhile(long beforeMillis) {
        for (var next = waiting.peek();
                next != null && (next.dueMillis() < beforeMillis || waiting.size() > MOST_WAITING);
                next = waiting.peek()) {
            waiting.remove();
            nowMillis = next.dueMillis();
            if (next.arrival()) {
                arrive(next.request());
            } else {
                respond(next.request());
            }
        }
    }

    private void arrive(Arrival<T> request) {
        var client = client(request);
        boolean admitted = observer.admits(request);
        client.lastTag = request.tag();
        client.day.arrivals++;
        if (client.window == null) {
            client.window = new SlidingWindow(WINDOW_MILLIS, CAPACITY);
        }
        var window = client.window;
        window.evict(nowMillis);
        var event = request.event();
        window.add(event.among(crowds.read(event.timeMillis(), event.pathHash(), event.hostHash(), client.address)));
        if (request.answered() && admitted) {
            waiting.add(new Happening<>(nowMillis + request.durationMillis(), false, request));
        }
        if (window.size() >= MIN_EVENTS) {
            client.day.windows++;
            window.features(raw);
            observer.window(request, client.day, window.size(), raw);
        }
        observer.changed(request, window, nowMillis);
        if (++arrivals % SWEEP == 0) {
            sweep();
        }
    }

    private void respond(Arrival<T> request) {
        var client = clients.get(request.client());
        if (client != null && client.window != null) {
            client.window.respond(
                    request.event().id(), request.status(), request.durationMillis(), request.suspicious());
            observer.changed(request, client.window, nowMillis);
        }
    }

    /** Of a client that is told by a name: an address in a network of its own. */
    private static IpAddress address(String client) {
        try {
            return IpAddress.parse(client);
        } catch (IllegalArgumentException name) {
            return new IpAddress((long) Hash.of(client, 0) << 32, 1);
        }
    }

    private Client<T> client(Arrival<T> request) {
        var known = clients.get(request.client());
        if (known == null) {
            var created = new Client<>(address(request.client()), new Day(nowMillis), request.tag());
            clients.put(request.client(), created);
            return created;
        }
        if (known.day.number != Math.floorDiv(nowMillis, DAY_MILLIS)) {
            observer.over(request.client(), known.day, known.lastTag);
            known.day = new Day(nowMillis);
        }
        return known;
    }

    private void sweep() {
        for (var client : clients.values()) {
            if (client.window != null) {
                client.window.evict(nowMillis);
                client.window = client.window.size() == 0 ? null : client.window;
            }
        }
        var longestSilent = clients.entrySet().iterator();
        while (clients.size() > MOST_CLIENTS) {
            var silent = longestSilent.next();
            observer.over(silent.getKey(), silent.getValue().day, silent.getValue().lastTag);
            longestSilent.remove();
        }
    }
}
