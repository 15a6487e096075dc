package pt.sunbeam.trainer.report;

import java.io.Console;
import java.io.PrintStream;

/** Tells how far long work is: in one line that changes on a terminal, in plain lines, each tenth step, elsewhere. */
public final class Progress {
    private final PrintStream out;
    private final boolean terminal;
    private boolean open;

    public Progress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** On standard error; whether that is a terminal is taken from the console. */
    @SuppressWarnings("SystemConsoleNull") // null on JDK 25 where there is no terminal
    public static Progress standard() {
        Console console = System.console();
        return new Progress(System.err, console != null && console.isTerminal());
    }

    public void line(String text) {
        done();
        out.println(text);
    }

    /** {@code step} counts from 1. */
    public void step(int step, int steps, String text) {
        if (terminal) {
            out.print("\r%d/%d %s\033[K".formatted(step, steps, text));
            out.flush();
            open = true;
        } else if (step % 10 == 0 || step == 1 || step == steps) {
            out.println("%d/%d %s".formatted(step, steps, text));
        }
    }

    /** Ends a line that changes. */
    public void done() {
        if (open) {
            out.println();
            open = false;
        }
    }
}
