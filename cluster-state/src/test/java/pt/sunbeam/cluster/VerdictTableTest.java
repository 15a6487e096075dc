package pt.sunbeam.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.verdict.DdosVerdict;
import pt.sunbeam.detector.verdict.Measure;

class VerdictTableTest {
    private static final IpAddress ATTACKER = Samples.ip("192.0.2.1");

    private final VerdictTable table = new VerdictTable(2, Samples.AT_ONCE);

    @Test
    void aVerdictEndsWithItsTime() {
        table.put(ATTACKER, verdict(1_000, 1), 0);
        assertThat(table.get(ATTACKER, 999)).isEqualTo(verdict(1_000, 1));
        assertThat(table.get(ATTACKER, 1_000)).isNull();
        assertThat(table.get(Samples.ip("192.0.2.2"), 0)).isNull();
    }

    @Test
    void aLateMessageDoesNotUndoALaterVerdict() {
        table.put(ATTACKER, verdict(2_000, 2), 0);
        table.put(ATTACKER, verdict(1_000, 1), 0);
        assertThat(table.get(ATTACKER, 1_500)).isEqualTo(verdict(2_000, 2));
    }

    @Test
    void aFullTableRenewsButTakesNobodyNewUntilSweptOfTheExpired() {
        assertThat(table.put(ATTACKER, verdict(1_000, 1), 0)).isTrue();
        assertThat(table.put(Samples.ip("192.0.2.2"), verdict(3_000, 1), 0)).isTrue();
        IpAddress third = Samples.ip("192.0.2.3");
        assertThat(table.put(third, verdict(3_000, 1), 0)).isFalse();
        assertThat(table.get(third, 0)).isNull();
        assertThat(table.put(ATTACKER, verdict(1_100, 2), 0)).isTrue();
        assertThat(table.get(ATTACKER, 1_050)).isNotNull();
        table.sweep(1_100);
        assertThat(table.last(ATTACKER)).isNull();
        assertThat(table.put(third, verdict(3_000, 1), 1_100)).isTrue();
    }

    @Test
    void whatIsListedIsInForceAndNoMoreThanAskedFor() {
        IpAddress other = Samples.ip("192.0.2.2");
        table.put(ATTACKER, verdict(1_000, 1), 0);
        table.put(other, verdict(2_000, 1), 0);
        assertThat(table.inForce(0, 10)).containsOnlyKeys(ATTACKER, other);
        assertThat(table.inForce(0, 1)).hasSize(1);
        assertThat(table.inForce(1_000, 10)).isEqualTo(Map.of(other, verdict(2_000, 1)));
    }

    @Test
    void aBlockThatIsOverIsRememberedUntilItIsForgiven() {
        var roomy = new VerdictTable(100, Samples.AT_ONCE);
        roomy.put(ATTACKER, verdict(1_000, 1), 0);
        roomy.sweep(600_999);
        assertThat(roomy.get(ATTACKER, 600_999)).isNull();
        assertThat(roomy.last(ATTACKER)).isEqualTo(verdict(1_000, 1));
        assertThat(roomy.inForce(600_999)).isZero();
        roomy.sweep(601_000);
        assertThat(roomy.last(ATTACKER)).isNull();
    }

    private static DdosVerdict verdict(long expires, long sequence) {
        return new DdosVerdict(Measure.BLOCK, 0, expires, sequence, 1, 1, "tree_block", List.of());
    }
}
