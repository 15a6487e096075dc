package pt.sunbeam.detector.window;

import pt.sunbeam.detector.http.RequestHead;

/** Turns a request head into an event; hashes are seeded, so that nobody outside can choose collisions. */
public final class EventReader {
    public EventReader(long seed) {}

    public Event read(RequestHead head, long id, long timeMillis) {
        throw new UnsupportedOperationException("stub");
    }
}
