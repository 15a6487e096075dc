package pt.sunbeam.trainer.waf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A server under comparison: {@code NAME=PORT:PID}.
 *
 * @param pid of its process, whose children (nginx's workers) count with it; 0 where it is not watched
 */
record Server(String name, int port, long pid) {
    private static final long MICROS_PER_TICK = 10_000; // USER_HZ is 100 on every Linux

    static Server of(String text) {
        var parts = text.split("[=:]", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("--server: found " + text + " (expected: NAME=PORT:PID)");
        }
        return new Server(parts[0], Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
    }

    /** CPU time of the process and its children so far, in microseconds, in steps of 10,000. */
    long cpuMicros() {
        if (pid == 0) {
            return 0;
        }
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            long ticks = 0;
            for (var process : processes) {
                ticks += ticks(process);
            }
            return ticks * MICROS_PER_TICK;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private long ticks(Path process) throws IOException {
        String stat;
        try {
            stat = Files.readString(process.resolve("stat"));
        } catch (IOException endedMeanwhile) {
            return 0;
        }
        // The second field is the name in parentheses and may hold blanks: proc(5).
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long parent = Long.parseLong(fields[1]);
        boolean ours = parent == pid || stat.startsWith(pid + " ");
        return ours ? Long.parseLong(fields[11]) + Long.parseLong(fields[12]) : 0;
    }
}
