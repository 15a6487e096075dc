package pt.sunbeam.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.window.Event;

class RowsTest {
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void rowsComeBackAsTheyWere(int seed) {
        var random = new SplittableRandom(seed);
        var address = new IpAddress(random.nextLong(), random.nextLong());
        long id = random.nextLong(1L << Rows.ID_BITS);
        var event = new Event(
                id,
                random.nextLong(1_000_000),
                random.nextInt(),
                random.nextInt(),
                random.nextInt(),
                random.nextInt(),
                random.nextInt(Integer.MAX_VALUE),
                random.nextInt(256),
                random.nextInt(1 << 16));
        var rows = new long[2 * Rows.STRIDE];
        Rows.putArrival(rows, 0, address, event);
        Rows.putResponse(rows, 1, address, 77, id, 503, 1_234, true);
        assertThat(Rows.count(rows)).isEqualTo(2);
        assertThat(Rows.get(rows, 0, 0, 0)).isEqualTo(new Row.Arrival(address, event));
        assertThat(Rows.get(rows, 1, 0, 0)).isEqualTo(new Row.Response(address, 77, id, 503, 1_234, true));
    }

    @Test
    void theSameIdOfTwoNodesNamesTwoEvents() {
        var rows = new long[Rows.STRIDE];
        Rows.putResponse(rows, 0, new IpAddress(0, 1), 0, 42, 200, 1, false);
        var here = (Row.Response) Rows.get(rows, 0, 1, 0);
        var there = (Row.Response) Rows.get(rows, 0, 65_535, 0);
        assertThat(here.eventId()).isPositive().isNotEqualTo(there.eventId());
        assertThat(there.eventId()).isPositive();
    }

    @Test
    void rowsAreDatedByTheirDistanceFromTheNewest() {
        var rows = new long[3 * Rows.STRIDE];
        Rows.putArrival(rows, 0, new IpAddress(0, 1), new Event(1, -500, 0, 0, 0, 0, 0, 0, 0));
        Rows.putArrival(rows, 1, new IpAddress(0, 1), new Event(2, -300, 0, 0, 0, 0, 0, 0, 0));
        Rows.putResponse(rows, 2, new IpAddress(0, 1), -100, 1, 200, 1, false);
        assertThat(Rows.newestMillis(rows)).isEqualTo(-100);
        long offset = 10_000 - Rows.newestMillis(rows);
        assertThat(((Row.Arrival) Rows.get(rows, 0, 1, offset)).event().timeMillis())
                .isEqualTo(9_600);
        assertThat(((Row.Arrival) Rows.get(rows, 1, 1, offset)).event().timeMillis())
                .isEqualTo(9_800);
        assertThat(Rows.get(rows, 2, 1, offset).timeMillis()).isEqualTo(10_000);
    }
}
