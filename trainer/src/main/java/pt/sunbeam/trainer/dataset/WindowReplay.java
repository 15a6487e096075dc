package pt.sunbeam.trainer.dataset;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import pt.sunbeam.detector.feature.DdosFeatures;
import pt.sunbeam.detector.window.EventReader;
import pt.sunbeam.detector.window.SlidingWindow;

/** Plays one client's exchanges through the detector's own window, in event time: a response counts from the moment it is there. */
public final class WindowReplay {
    public static final int WINDOW_MILLIS = 60_000;
    public static final int CAPACITY = 1_000;

    /** Events in a window from which it is judged. */
    public static final int MIN_EVENTS = 10;

    /** Takes the features as they are just after an event; {@code raw} belongs to the taker. */
    interface Observer {
        void window(int event, int size, int[] raw);
    }

    private record Response(long id, long millis, int status, int duration) {}

    private WindowReplay() {}

    /**
     * Tells the observer of each event from which the window is judged.
     *
     * @param exchanges in order of time
     */
    static void play(List<Exchange> exchanges, long hashSeed, Observer observer) {
        var reader = new EventReader(hashSeed);
        var window = new SlidingWindow(WINDOW_MILLIS, CAPACITY);
        var pending = new PriorityQueue<Response>(Comparator.comparingLong(Response::millis));
        for (int i = 0; i < exchanges.size(); i++) {
            var exchange = exchanges.get(i);
            for (var next = pending.peek(); next != null && next.millis() <= exchange.millis(); next = pending.peek()) {
                window.respond(next.id(), next.status(), next.duration());
                pending.remove();
            }
            window.evict(exchange.millis());
            window.add(reader.read(exchange.head(), i, exchange.millis()));
            pending.add(
                    new Response(i, exchange.millis() + exchange.duration(), exchange.status(), exchange.duration()));
            if (window.size() >= MIN_EVENTS) {
                var raw = new int[DdosFeatures.COUNT];
                window.features(raw);
                observer.window(i, window.size(), raw);
            }
        }
    }
}
