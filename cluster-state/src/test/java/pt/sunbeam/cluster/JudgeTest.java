package pt.sunbeam.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.model.Judgement;
import pt.sunbeam.detector.window.SlidingWindow;

class JudgeTest {
    private static final IpAddress CLIENT = Samples.ip("192.0.2.1");

    private final Clocks clocks = new Clocks();
    private final DetectorCounters counters = new DetectorCounters();
    private final Judge judge = new Judge(TestModels.floods(), 0.5, Samples.MIN_EVENTS, counters);

    @Test
    void nobodyIsJudgedBelowTheLeastNumberOfEvents() {
        assertThat(judge.judge(window(Samples.flood(CLIENT, Samples.MIN_EVENTS - 1, clocks))))
                .isNull();
        assertThat(counters.judgements.values()).allMatch(count -> count.sum() == 0);
        assertThat(judge.judge(window(Samples.flood(CLIENT, Samples.MIN_EVENTS, clocks))))
                .isNotNull();
    }

    @Test
    void everyJudgementIsCountedByItsOutcome() {
        judge.judge(window(Samples.flood(CLIENT, 10, clocks)));
        judge.judge(window(Samples.visit(CLIENT, 10, clocks)));
        assertThat(counters.judgements.get(Judgement.MLP_BLOCK)).hasToString("1");
        assertThat(counters.judgements.get(Judgement.MLP_ALLOW)).hasToString("1");
    }

    @Test
    void theThresholdDecides() {
        var lenient = new Judge(TestModels.floods(), 1, Samples.MIN_EVENTS, counters);
        assertThat(lenient.judge(window(Samples.flood(CLIENT, 50, clocks)))).isNull();
    }

    @Test
    void aVerdictLastsAMinuteAndNamesTheFeaturesThatCountWithTheirValues() {
        Judge.Offence offence = Objects.requireNonNull(judge.judge(window(Samples.flood(CLIENT, 20, clocks))));
        DdosVerdict verdict = judge.verdict(offence, null, clocks.wall());
        assertThat(verdict.expiresAtMillis()).isEqualTo(clocks.wall() + 60_000);
        assertThat(verdict.path()).isEqualTo("mlp");
        assertThat(verdict.score()).isBetween(0.5, 1.0);
        assertThat(verdict.reasons()).containsExactly("request_rate=2.0/s", "path_repetition=1.00");
    }

    @Test
    void whatTheTreeBlocksForIsNamedToo() {
        List<Row> visits = Samples.visit(CLIENT, 20, clocks);
        SlidingWindow window = window(visits);
        visits.forEach(row -> window.respond(((Row.Arrival) row).event().id(), 500, 3, false));
        Judge.Offence offence = Objects.requireNonNull(judge.judge(window));
        DdosVerdict verdict = judge.verdict(offence, null, clocks.wall());
        assertThat(verdict.path()).isEqualTo("tree_block");
        assertThat(verdict.score()).isEqualTo(1);
        assertThat(verdict.reasons()).containsExactlyInAnyOrder("request_rate=2.0/s", "error_rate=1.00");
    }

    @Test
    void aBanIsRenewedWhenHalfOfItIsOver() {
        var ban = new DdosVerdict(60_000, 1, 1, "mlp", List.of());
        assertThat(Judge.due(null, 0)).isTrue();
        assertThat(Judge.due(ban, 30_000)).isFalse();
        assertThat(Judge.due(ban, 30_001)).isTrue();
    }

    @Test
    void aRenewalComesAfterWhatItRenewsEvenIfTheClockWentBack() {
        Judge.Offence offence = Objects.requireNonNull(judge.judge(window(Samples.flood(CLIENT, 20, clocks))));
        var ban = new DdosVerdict(60_000, clocks.wall() + 5_000, 1, "mlp", List.of());
        assertThat(judge.verdict(offence, ban, clocks.wall()).sequence()).isEqualTo(clocks.wall() + 5_001);
    }

    private static SlidingWindow window(List<Row> rows) {
        var window = new SlidingWindow(Samples.WINDOW_MILLIS, 200);
        rows.forEach(row -> row.applyTo(window));
        return window;
    }
}
