package pt.sunbeam.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private long nanos;

    private Progress progress(boolean terminal) {
        return new Progress(new PrintStream(said, true, StandardCharsets.UTF_8), terminal, () -> nanos);
    }

    @Test
    void elsewhereThanOnATerminalEachTenthStepIsAPlainLine() {
        var progress = progress(false);
        progress.line("fitting");
        for (int step = 1; step <= 25; step++) {
            nanos += 2_000_000_000L;
            progress.step(step, 25, "loss 0.5");
        }
        progress.done();
        assertThat(said.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "fitting",
                        "1/25 loss 0.5, at most 48 s left",
                        "10/25 loss 0.5, at most 30 s left",
                        "20/25 loss 0.5, at most 10 s left",
                        "25/25 loss 0.5");
    }

    @Test
    void onATerminalOneLineHoldsABarAndTheTimeLeft() {
        var progress = progress(true);
        nanos += 60_000_000_000L;
        progress.step(1, 4, "loss 0.5");
        nanos += 60_000_000_000L;
        progress.step(2, 4, "loss 0.4");
        progress.done();
        progress.done();
        assertThat(said.toString(StandardCharsets.UTF_8))
                .isEqualTo("\r[#####               ] 1/4 loss 0.5, at most 3 min 00 s left\033[K"
                        + "\r[##########          ] 2/4 loss 0.4, at most 2 min 00 s left\033[K"
                        + System.lineSeparator());
    }

    @Test
    void timeIsCountedFromTheLastLineSaid() {
        var progress = progress(false);
        nanos += 3_600_000_000_000L; // reading the data
        progress.line("fitting");
        nanos += 1_000_000_000L;
        progress.step(1, 7_801, "");
        assertThat(said.toString(StandardCharsets.UTF_8)).endsWith("at most 2 h 10 min left" + System.lineSeparator());
    }

    @Test
    void aLineThatIsTooLongForATerminalIsCutSoThatItDoesNotWrap() {
        progress(true).step(1, 2, "x".repeat(200));
        assertThat(said.toString(StandardCharsets.UTF_8).replaceAll("\r|\033\\[K", ""))
                .hasSize(79);
    }
}
