package pt.sunbeam.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.window.Event;

class EventAccumulatorTest {
    @SuppressWarnings("ArrayRecordComponent")
    private record Sent(int shard, long[] rows) {}

    private final ConcurrentLinkedQueue<Sent> sent = new ConcurrentLinkedQueue<>();
    private final EventAccumulator accumulator = new EventAccumulator((rows, shard) -> sent.add(new Sent(shard, rows)));

    @Test
    void aFullBatchGoesAtOnceAndTheRestAtTheNextFlush() {
        IpAddress address = Samples.ip("192.0.2.1");
        for (int i = 0; i < EventAccumulator.ROWS + 3; i++) {
            accumulator.arrived(address, event(i));
        }
        assertThat(sent).extracting(batch -> Rows.count(batch.rows())).containsExactly(EventAccumulator.ROWS);
        accumulator.flush();
        accumulator.flush();
        assertThat(sent).extracting(batch -> Rows.count(batch.rows())).containsExactly(EventAccumulator.ROWS, 3);
        assertThat(sent).allMatch(batch -> batch.shard() == Shards.of(address));
    }

    @Test
    void nothingIsSentWhereNothingHappened() {
        accumulator.flush();
        assertThat(sent).isEmpty();
    }

    @ParameterizedTest(name = "{0} threads, {1} addresses")
    @CsvSource({"1, 1", "2, 1", "4, 1", "8, 3", "8, 1", "16, 2", "4, 200"})
    void everyRowIsSentExactlyOnceWhileThreadsRecordAndFlush(int threads, int addresses) throws Exception {
        int each = 100_000;
        var recording = new AtomicBoolean(true);
        List<Callable<Void>> recorders = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            long first = (long) t * each;
            recorders.add(() -> {
                for (long id = first; id < first + each; id++) {
                    IpAddress address = new IpAddress((id % addresses) << 20, 0);
                    if (id % 2 == 0) {
                        accumulator.arrived(address, event(id));
                    } else {
                        accumulator.responded(address, id, id, 200, 1, false);
                    }
                }
                return null;
            });
        }
        try (var pool = Executors.newFixedThreadPool(threads + 1)) {
            Future<?> flushing = pool.submit(() -> {
                while (recording.get()) {
                    accumulator.flush();
                    Thread.onSpinWait();
                }
            });
            for (Future<Void> recorder : pool.invokeAll(recorders)) {
                recorder.get(60, TimeUnit.SECONDS);
            }
            recording.set(false);
            flushing.get(10, TimeUnit.SECONDS);
        }
        accumulator.flush();
        List<Long> ids = new ArrayList<>();
        for (Sent batch : sent) {
            for (int i = 0; i < Rows.count(batch.rows()); i++) {
                ids.add(
                        switch (Rows.get(batch.rows(), i, 0, 0)) {
                            case Row.Arrival(var address, var event) -> {
                                assertThat(Shards.of(address)).isEqualTo(batch.shard());
                                yield event.id();
                            }
                            case Row.Response response -> response.eventId();
                        });
            }
        }
        assertThat(ids).hasSize(threads * each);
        assertThat(new HashSet<>(ids)).hasSize(threads * each);
        assertThat(Collections.max(ids)).isEqualTo((long) threads * each - 1);
    }

    private static Event event(long id) {
        return new Event(id, id, 1, 2, 3, 3, 4, 5, 0);
    }
}
