package pt.sunbeam.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ClockOffsetsTest {
    private final ClockOffsets offsets = new ClockOffsets();

    @Test
    void theGapsBetweenEventsAreThoseOfTheirNodeHoweverLongBatchesTake() {
        var random = new SplittableRandom(1);
        long before = 0;
        for (int i = 0; i < 1_000; i++) {
            long sent = 1_790_000_000_000L + 100L * i;
            long came = 5_000_000 + 100L * i + (i == 0 ? 0 : random.nextInt(90));
            long dated = sent + offsets.of(1, sent, came);
            assertThat(dated).isLessThanOrEqualTo(came);
            assertThat(i == 0 ? 100 : dated - before).isEqualTo(100);
            before = dated;
        }
    }

    @Test
    void aClockThatIsSetBackOrForthIsFollowed() {
        offsets.of(1, 10_000, 50_000);
        assertThat(offsets.of(1, 10_100 - 3_600_000, 50_100)).isEqualTo(40_000 + 3_600_000);
        assertThat(offsets.of(1, 10_200 + 3_600_000, 50_200)).isEqualTo(40_000 - 3_600_000);
        assertThat(offsets.of(1, 10_300 + 3_600_000, 50_300 + ClockOffsets.LONGEST_WAY_MILLIS))
                .isEqualTo(40_000 - 3_600_000);
    }

    @Test
    void eachNodeHasAClockOfItsOwn() {
        assertThat(offsets.of(1, 10_000, 50_000)).isEqualTo(40_000);
        assertThat(offsets.of(2, 20_000, 50_000)).isEqualTo(30_000);
        assertThat(offsets.of(1, 10_000, 50_010)).isEqualTo(40_000);
    }
}
