package pt.sunbeam.trainer.read;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import pt.sunbeam.detector.audit.ByteLines;

/** Goes through a file line by line, with one of them in memory at a time, and keeps account. */
final class Lines {
    /** The longest line that is read, in bytes. */
    static final int LONGEST = 1 << 20;

    /** Takes the line at hand, or says why not. */
    interface Reader {
        void read(ByteLines line) throws SetAside;
    }

    private Lines() {}

    static Account each(DataFile file, Reader reader) throws IOException {
        var account = new Account();
        try (var in = file.open()) {
            var lines = new ByteLines(in, LONGEST);
            while (lines.next()) {
                try {
                    if (lines.isCut()) {
                        throw tooLong();
                    }
                    reader.read(lines);
                    account.take();
                } catch (SetAside reason) {
                    account.add(reason, lines.number());
                }
            }
        }
        return account.orNothingRead(file);
    }

    static SetAside tooLong() {
        return SetAside.malformed("more than %d bytes (expected: at most that)".formatted(LONGEST));
    }

    /** The line at hand in ISO-8859-1, so that each character is a byte, without a carriage return at its end. */
    static String text(ByteLines lines) {
        int end = lines.end();
        if (end > lines.start() && !lines.isCut() && lines.bytes()[end - 1] == '\r') {
            end--;
        }
        return new String(lines.bytes(), lines.start(), end - lines.start(), StandardCharsets.ISO_8859_1);
    }
}
