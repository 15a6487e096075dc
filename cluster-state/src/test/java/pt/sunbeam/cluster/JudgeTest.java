package pt.sunbeam.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.model.Judgement;
import pt.sunbeam.detector.verdict.DdosVerdict;
import pt.sunbeam.detector.verdict.Escalation;
import pt.sunbeam.detector.verdict.Judge;
import pt.sunbeam.detector.verdict.Measure;
import pt.sunbeam.detector.verdict.Offence;
import pt.sunbeam.detector.verdict.Suspect;
import pt.sunbeam.detector.window.SlidingWindow;

class JudgeTest {
    private static final IpAddress CLIENT = Samples.ip("192.0.2.1");

    private final Clocks clocks = new Clocks();
    private final DetectorCounters counters = new DetectorCounters();
    private final Judge judge =
            new Judge(TestModels.floods(), 0.5, Samples.MIN_EVENTS, Samples.AT_ONCE, counters::judged);

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
        var lenient = new Judge(TestModels.floods(), 1, Samples.MIN_EVENTS, Samples.AT_ONCE, counters::judged);
        assertThat(lenient.judge(window(Samples.flood(CLIENT, 50, clocks)))).isNull();
    }

    @Test
    void aVerdictNamesTheFeaturesThatCountWithTheirValues() {
        DdosVerdict verdict = verdict(window(Samples.flood(CLIENT, 20, clocks)), null);
        assertThat(verdict.measure()).isEqualTo(Measure.BLOCK);
        assertThat(verdict.issuedAtMillis()).isEqualTo(clocks.now());
        assertThat(verdict.expiresAtMillis()).isEqualTo(clocks.now() + 60_000);
        assertThat(verdict.path()).isEqualTo("mlp");
        assertThat(verdict.score()).isBetween(0.5, 1.0);
        assertThat(verdict.reasons()).containsExactly("request_rate=2.0/s", "path_repetition=1.00");
    }

    @Test
    void whatTheTreeBlocksForIsNamedToo() {
        List<Row> visits = Samples.visit(CLIENT, 20, clocks);
        SlidingWindow window = window(visits);
        visits.forEach(row -> window.respond(((Row.Arrival) row).event().id(), 500, 3, false));
        DdosVerdict verdict = verdict(window, null);
        assertThat(verdict.path()).isEqualTo("tree_block");
        assertThat(verdict.score()).isEqualTo(1);
        assertThat(verdict.reasons()).containsExactlyInAnyOrder("request_rate=2.0/s", "error_rate=1.00");
    }

    @Test
    void aVerdictComesAfterTheLastEvenIfTheClockWentBack() {
        var last = new DdosVerdict(Measure.BLOCK, 0, 1, clocks.now() + 5_000, 1, 1, "mlp", List.of());
        assertThat(verdict(window(Samples.flood(CLIENT, 20, clocks)), last).sequence())
                .isEqualTo(clocks.now() + 5_001);
    }

    @Test
    void whoStopsOffendingBeginsAnew() {
        var stages = new Judge(
                TestModels.floods(),
                0.5,
                Samples.MIN_EVENTS,
                new Escalation(1_000, 1_000, 60_000, 60_000, 600_000),
                counters::judged);
        var suspect = new Suspect(window(Samples.flood(CLIENT, 20, clocks)));
        long since = clocks.now();
        assertThat(suspect.judge(stages, since))
                .extracting(Offence::sinceMillis)
                .isEqualTo(since);
        clocks.pass(900);
        assertThat(suspect.judge(stages, clocks.now()))
                .extracting(Offence::sinceMillis)
                .isEqualTo(since);
        Samples.visit(CLIENT, 100, clocks).forEach(row -> row.applyTo(suspect.window()));
        assertThat(suspect.judge(stages, clocks.now())).isNull();
        clocks.pass(1_000);
        Samples.flood(CLIENT, 150, clocks).forEach(row -> row.applyTo(suspect.window()));
        assertThat(suspect.judge(stages, clocks.now()))
                .describedAs("a score that flickers is one offence")
                .extracting(Offence::sinceMillis)
                .isEqualTo(since);
        Samples.visit(CLIENT, 200, clocks).forEach(row -> row.applyTo(suspect.window()));
        clocks.pass(1_001);
        assertThat(suspect.judge(stages, clocks.now())).isNull();
        Samples.flood(CLIENT, 200, clocks).forEach(row -> row.applyTo(suspect.window()));
        assertThat(suspect.judge(stages, clocks.now()))
                .extracting(Offence::sinceMillis)
                .isEqualTo(since + 2_901);
    }

    private DdosVerdict verdict(SlidingWindow window, @Nullable DdosVerdict last) {
        Offence offence = Objects.requireNonNull(new Suspect(window).judge(judge, clocks.now()));
        return Objects.requireNonNull(judge.verdict(offence, last));
    }

    private static SlidingWindow window(List<Row> rows) {
        var window = new SlidingWindow(Samples.WINDOW_MILLIS, 200);
        rows.forEach(row -> row.applyTo(window));
        return window;
    }
}
