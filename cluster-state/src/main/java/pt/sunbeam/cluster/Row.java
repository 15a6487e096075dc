package pt.sunbeam.cluster;

import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.window.Event;
import pt.sunbeam.detector.window.SlidingWindow;

/** One thing that happened to an address: a request came, or its response went out. */
sealed interface Row {
    IpAddress address();

    /** When it happened, milliseconds of the reader's clock. */
    long timeMillis();

    void applyTo(SlidingWindow window);

    record Arrival(IpAddress address, Event event) implements Row {
        @Override
        public long timeMillis() {
            return event.timeMillis();
        }

        @Override
        public void applyTo(SlidingWindow window) {
            window.add(event);
        }
    }

    record Response(
            IpAddress address, long timeMillis, long eventId, int status, int durationMillis, boolean suspicious)
            implements Row {
        @Override
        public void applyTo(SlidingWindow window) {
            window.respond(eventId, status, durationMillis, suspicious);
        }
    }
}
