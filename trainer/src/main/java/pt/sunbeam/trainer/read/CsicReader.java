package pt.sunbeam.trainer.read;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.audit.ByteLines;

/**
 * Reads HTTP DATASET CSIC 2010: raw HTTP/1.1 requests in ISO-8859-1, separated by blank lines; lines end in CRLF or LF.
 *
 * <p>A request with {@code Content-Length} has its body on the line after the blank one. Where that line is missing, and the next
 * request stands in its place, the body is taken as empty. A broken request is counted with the line that breaks it, and the next request line goes on.
 */
public final class CsicReader {
    private final ByteLines lines;
    private final Account account = new Account();
    private @Nullable String line; // the line at hand, null at the end

    private CsicReader(InputStream in) {
        lines = new ByteLines(in, Lines.LONGEST);
    }

    /** Hands on each request in file order; records of the account are requests, and lines that belong to none. */
    public static Account read(DataFile file, String group, Consumer<RecordedRequest> sink) throws IOException {
        try (var in = file.open()) {
            var reader = new CsicReader(in);
            reader.requests(group, sink);
            return reader.account.orNothingRead(file);
        }
    }

    private void requests(String group, Consumer<RecordedRequest> sink) throws IOException {
        nextNonBlank();
        while (line != null) {
            try {
                var start = RequestText.start(line);
                if (start == null) {
                    var stray = lines.isCut() ? Lines.tooLong() : SetAside.foreign("no request line");
                    account.add(stray, lines.number());
                    nextNonBlank();
                } else {
                    sink.accept(request(group, start));
                    account.take();
                }
            } catch (SetAside reason) {
                account.add(reason, lines.number());
                passOver();
            }
        }
    }

    private RecordedRequest request(String group, RequestText.Start start) throws IOException, SetAside {
        long startLine = lines.number();
        var fields = fields();
        nextNonBlank();
        int declared = contentLength(fields);
        var body = "";
        if (line != null && declared > 0 && RequestText.start(line) == null) {
            body = line;
            if (lines.isCut()) {
                throw Lines.tooLong();
            }
            nextNonBlank();
            if (line == null && body.length() < declared) {
                throw SetAside.malformed(
                        "body at the end of the file", body.length() + " bytes", declared + " as Content-Length says");
            }
        }
        return new RecordedRequest(group, start.method(), start.target(), fields, body, startLine);
    }

    private List<String> fields() throws IOException, SetAside {
        var fields = new ArrayList<String>();
        for (next(); line != null && !line.isBlank(); next()) {
            if (lines.isCut()) {
                throw Lines.tooLong();
            }
            if (RequestText.start(line) != null) {
                throw SetAside.malformed("fields", "another request", "a blank line");
            }
            RequestText.addField(line, fields);
        }
        if (line == null) {
            throw SetAside.malformed("fields", "the end of the file", "a blank line");
        }
        return fields;
    }

    private static int contentLength(List<String> fields) throws SetAside {
        var value = RequestText.value(fields, "Content-Length");
        if (value == null) {
            return 0;
        }
        try {
            return Integer.parseUnsignedInt(value);
        } catch (NumberFormatException none) {
            throw SetAside.malformed("Content-Length", SetAside.excerpt(value), "a whole number");
        }
    }

    /** Goes on to the next request line, which may be the line at hand. */
    private void passOver() throws IOException {
        while (line != null && RequestText.start(line) == null) {
            next();
        }
    }

    private void nextNonBlank() throws IOException {
        do {
            next();
        } while (line != null && line.isBlank());
    }

    private void next() throws IOException {
        line = lines.next() ? Lines.text(lines) : null;
    }
}
