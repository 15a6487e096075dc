package pt.sunbeam.trainer.read;

import java.io.IOException;
import java.util.function.Consumer;
import pt.sunbeam.detector.audit.AccessLine;
import pt.sunbeam.detector.audit.AccessLogLines;

/** Reads a file's access log, as {@link AccessLogLines} does. */
public final class AccessLogReader {
    private AccessLogReader() {}

    /** Hands on each line that holds an HTTP request, in file order. */
    public static Account read(DataFile file, Consumer<AccessLine> sink) throws IOException {
        try (var in = file.open()) {
            var lines = new AccessLogLines(in);
            for (var line = lines.next(); line != null; line = lines.next()) {
                sink.accept(line);
            }
            return Account.of(lines).orNothingRead(file);
        }
    }
}
