package pt.sunbeam.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryBudgetTest {
    private static final long SECOND = 1_000_000_000L;

    private static int takes(RetryBudget budget, int wanted, long now) {
        int taken = 0;
        for (int i = 0; i < wanted; i++) {
            taken += budget.take(now) ? 1 : 0;
        }
        return taken;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.2, 1})
    void eachRequestEarnsItsShare(double share) {
        var budget = new RetryBudget(share, 0);
        assertThat(takes(budget, 1_000, 0)).isEqualTo(RetryBudget.FIRST);
        for (int i = 0; i < 50; i++) {
            budget.requested();
        }
        assertThat(takes(budget, 1_000, 0)).isEqualTo((int) Math.round(50 * share));
    }

    @Test
    void oneASecondIsEarnedWithoutRequests() {
        var budget = new RetryBudget(0, 0);
        takes(budget, 1_000, 0);
        assertThat(takes(budget, 1_000, 3 * SECOND)).isEqualTo(3);
        assertThat(takes(budget, 1_000, 3 * SECOND + SECOND / 2)).isZero();
        assertThat(takes(budget, 1_000, 4 * SECOND)).isEqualTo(1);
    }

    @Test
    void whatIsEarnedIsBounded() {
        var budget = new RetryBudget(1, 0);
        for (int i = 0; i < 100_000; i++) {
            budget.requested();
        }
        assertThat(takes(budget, 1_000, 1_000_000 * SECOND)).isEqualTo(RetryBudget.MOST);
    }
}
