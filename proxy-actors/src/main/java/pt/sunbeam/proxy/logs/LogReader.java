package pt.sunbeam.proxy.logs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Predicate;
import pt.sunbeam.detector.audit.AuditReader;
import pt.sunbeam.detector.audit.AuditReader.Foreign;
import pt.sunbeam.detector.audit.AuditReader.Malformed;
import pt.sunbeam.detector.audit.AuditReader.Parsed;
import pt.sunbeam.detector.audit.AuditRecord;
import pt.sunbeam.detector.audit.ByteLines;
import pt.sunbeam.proxy.replay.Printable;

/** Hands on the lines of an audit log that are wanted, at first only the last ones of them. Bad lines are told of with their numbers. Not thread-safe. */
public final class LogReader {
    /** Turns a record into text; {@code line} is the line itself. */
    @FunctionalInterface
    public interface Format {
        String of(AuditRecord record, String line);
    }

    private static final int TOLD_OF = 20;

    private final Predicate<AuditRecord> wanted;
    private final Format format;
    private final Consumer<String> out;
    private final Consumer<String> complaints;
    private final AuditReader reader = new AuditReader();
    private final Deque<String> held = new ArrayDeque<>();
    private int last;
    private long lines;
    private long bad;

    /**
     * @param last how many lines are shown of those before {@link #caughtUp} is called; Integer.MAX_VALUE for all, at once
     * @param complaints takes what is said of bad lines
     */
    public LogReader(
            Predicate<AuditRecord> wanted, Format format, int last, Consumer<String> out, Consumer<String> complaints) {
        this.wanted = wanted;
        this.format = format;
        this.last = last;
        this.out = out;
        this.complaints = complaints;
    }

    /** Reads to the end of the input. */
    public void read(InputStream in) throws IOException {
        var input = new ByteLines(in, AuditReader.LONGEST_LINE);
        while (input.next()) {
            lines++;
            if (input.isCut()) {
                complain("more than " + AuditReader.LONGEST_LINE + " bytes");
                continue;
            }
            int length = input.end() - input.start();
            switch (reader.read(input.bytes(), input.start(), length)) {
                case Parsed(var record)
                when wanted.test(record) ->
                    show(format.of(record, new String(input.bytes(), input.start(), length, StandardCharsets.UTF_8)));
                case Parsed _ -> {}
                case Foreign(var reason) -> complain(reason);
                case Malformed(var reason) -> complain(reason);
            }
        }
        caughtUp();
        if (bad > TOLD_OF) {
            complaints.accept("%,d of %,d lines cannot be read as audit lines".formatted(bad, lines));
        }
    }

    /** What comes from now on is shown at once. */
    public void caughtUp() {
        last = Integer.MAX_VALUE;
        held.forEach(out);
        held.clear();
    }

    /** Lines that could be read, wanted or not. */
    public long parsed() {
        return lines - bad;
    }

    /** Lines that could not. */
    public long bad() {
        return bad;
    }

    private void show(String text) {
        if (last == Integer.MAX_VALUE) {
            out.accept(text);
        } else if (last > 0) {
            if (held.size() == last) {
                held.removeFirst();
            }
            held.addLast(text);
        }
    }

    private void complain(String reason) {
        bad++;
        if (bad <= TOLD_OF) {
            complaints.accept("line %d: %s%s"
                    .formatted(lines, Printable.of(reason), bad == TOLD_OF ? "; further ones are counted" : ""));
        }
    }
}
