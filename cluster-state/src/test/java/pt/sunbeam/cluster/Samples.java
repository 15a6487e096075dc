package pt.sunbeam.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.verdict.Escalation;
import pt.sunbeam.detector.verdict.Judge;
import pt.sunbeam.detector.window.Event;

/** What the tests of detectors share: a window of 10 s, judged from 10 events on. */
final class Samples {
    static final int WINDOW_MILLIS = 10_000;
    static final int MIN_EVENTS = 10;

    private static final AtomicLong IDS = new AtomicLong();

    /** Blocked at the first offence, for a minute each time. */
    static final Escalation AT_ONCE = new Escalation(0, 0, 60_000, 60_000, 600_000);

    static Detection detection(Clocks clocks) {
        var counters = new DetectorCounters();
        return new Detection(
                new Judge(TestModels.floods(), 0.5, MIN_EVENTS, AT_ONCE, counters::judged),
                new VerdictTable(1_000, AT_ONCE),
                counters,
                clocks::now,
                WINDOW_MILLIS,
                200);
    }

    static IpAddress ip(String literal) {
        return IpAddress.parse(literal);
    }

    static Event event(long timeMillis, int pathHash) {
        return new Event(IDS.incrementAndGet(), timeMillis, pathHash, 1, 1, 1, 0, 0, 0);
    }

    /** Requests for one path, now. */
    static List<Row> flood(IpAddress address, int count, Clocks clocks) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(new Row.Arrival(address, event(clocks.now(), 7)));
        }
        return rows;
    }

    /** Requests for as many paths, now. */
    static List<Row> visit(IpAddress address, int count, Clocks clocks) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(new Row.Arrival(address, event(clocks.now(), i)));
        }
        return rows;
    }

    static long[] encoded(List<Row> rows) {
        var longs = new long[rows.size() * Rows.STRIDE];
        for (int i = 0; i < rows.size(); i++) {
            switch (rows.get(i)) {
                case Row.Arrival(var address, var event) -> Rows.putArrival(longs, i, address, event);
                case Row.Response(var address, var time, var id, var status, var duration, var suspicious) ->
                    Rows.putResponse(longs, i, address, time, id, status, duration, suspicious);
            }
        }
        return longs;
    }

    /** Waits at most 30 s for what other threads bring about. */
    static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    private Samples() {}
}
