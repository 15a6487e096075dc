package pt.sunbeam.trainer.report;

import java.io.Console;
import java.io.PrintStream;
import java.util.function.LongSupplier;

/**
 * Tells how far long work is and how long it may yet take: in a bar that changes on a terminal, in plain lines, each tenth step, elsewhere.
 *
 * <p>What is left is guessed from the mean of the steps done; work that may stop early takes that long at most.
 */
public final class Progress {
    private static final int BAR = 20;

    /** One less than the columns of a plain terminal: a line that wraps is not overwritten. */
    private static final int WIDTH = 79;

    private final PrintStream out;
    private final boolean terminal;
    private final LongSupplier nanos;
    private long start;
    private boolean open;

    public Progress(PrintStream out, boolean terminal) {
        this(out, terminal, System::nanoTime);
    }

    /** With a clock, in nanoseconds from any moment. */
    Progress(PrintStream out, boolean terminal, LongSupplier nanos) {
        this.out = out;
        this.terminal = terminal;
        this.nanos = nanos;
        start = nanos.getAsLong();
    }

    /** On standard error; whether that is a terminal is taken from the console. */
    @SuppressWarnings("SystemConsoleNull") // null on JDK 25 where there is no terminal
    public static Progress standard() {
        Console console = System.console();
        return new Progress(System.err, console != null && console.isTerminal());
    }

    /** Says something; steps that follow are timed from now. */
    public void line(String text) {
        done();
        out.println(text);
        start = nanos.getAsLong();
    }

    /**
     * A step is done.
     *
     * @param step counts from 1
     * @param steps at most
     */
    public void step(int step, int steps, String text) {
        var left =
                step == steps ? "" : ", at most " + time((nanos.getAsLong() - start) / step * (steps - step)) + " left";
        var count = "%d/%d".formatted(step, steps);
        if (terminal) {
            int filled = BAR * step / steps;
            var line = "[%s%s] %s %s%s".formatted("#".repeat(filled), " ".repeat(BAR - filled), count, text, left);
            out.print("\r" + (line.length() <= WIDTH ? line : line.substring(0, WIDTH)) + "\033[K");
            out.flush();
            open = true;
        } else if (step % 10 == 0 || step == 1 || step == steps) {
            out.println(count + " " + text + left);
        }
    }

    /** Ends a line that changes. */
    public void done() {
        if (open) {
            out.println();
            open = false;
        }
    }

    /** "42 s", "3 min 05 s", "2 h 10 min". */
    private static String time(long nanos) {
        long seconds = (nanos + 999_999_999) / 1_000_000_000;
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds < 3_600
                ? "%d min %02d s".formatted(seconds / 60, seconds % 60)
                : "%d h %02d min".formatted(seconds / 3_600, seconds / 60 % 60);
    }
}
