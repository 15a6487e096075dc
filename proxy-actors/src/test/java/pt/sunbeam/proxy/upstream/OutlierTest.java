package pt.sunbeam.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import pt.sunbeam.config.Ejection;

class OutlierTest {
    private static final long SECOND = 1_000_000_000L;

    private final Outlier outlier = new Outlier(new Ejection(3, Duration.ofSeconds(10), Duration.ofSeconds(35)));

    private boolean fails(long second) {
        return outlier.failed(second * SECOND);
    }

    private boolean isEjected(long second) {
        return outlier.isEjected(second * SECOND);
    }

    @Test
    void failuresInARowEjectAndASuccessBetweenThemCounts() {
        assertThat(fails(0)).isFalse();
        assertThat(fails(0)).isFalse();
        outlier.succeeded(0);
        assertThat(fails(0)).isFalse();
        assertThat(fails(0)).isFalse();
        assertThat(isEjected(0)).isFalse();
        assertThat(fails(0)).isTrue();
        assertThat(isEjected(9)).isTrue();
        assertThat(isEjected(10)).isFalse();
    }

    @Test
    void onProbationOneFailureIsEnoughAndTheTimeGrowsToItsBound() {
        fails(0);
        fails(0);
        long now = 0;
        for (long seconds : new long[] {10, 20, 35, 35}) {
            assertThat(fails(now)).isTrue();
            assertThat(isEjected(now + seconds - 1)).isTrue();
            now += seconds;
            assertThat(isEjected(now)).isFalse();
        }
    }

    @Test
    void whatWasUnderWayWhenItWasEjectedSaysNothingNew() {
        fails(0);
        fails(0);
        fails(0);
        assertThat(fails(1)).isFalse();
        assertThat(isEjected(9)).isTrue();
        assertThat(isEjected(10)).isFalse();
    }

    @Test
    void afterAGoodTimeTheNextEjectionIsTheFirstAgain() {
        fails(0);
        fails(0);
        fails(0);
        assertThat(fails(10)).isTrue();
        outlier.succeeded(30 * SECOND); // at once after the second, which lasted 20 s
        for (int i = 0; i < 3; i++) {
            fails(31);
        }
        assertThat(isEjected(31 + 34)).isTrue();
        outlier.succeeded((31 + 35 + 36) * SECOND);
        for (int i = 0; i < 3; i++) {
            fails(200);
        }
        assertThat(isEjected(209)).isTrue();
        assertThat(isEjected(210)).isFalse();
    }

    @Test
    void zeroIsNever() {
        var never = new Outlier(new Ejection(0, Duration.ofSeconds(1), Duration.ofSeconds(1)));
        for (int i = 0; i < 100; i++) {
            assertThat(never.failed(i)).isFalse();
        }
        assertThat(never.isEjected(100)).isFalse();
    }

    @Test
    void theClockMayBeNegative() {
        long before = -5 * SECOND;
        outlier.failed(before);
        outlier.failed(before);
        outlier.failed(before);
        assertThat(isEjected(4)).isTrue();
        assertThat(isEjected(5)).isFalse();
    }
}
