package pt.sunbeam.trainer.read;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads HTTP DATASET CSIC 2010: raw HTTP/1.1 requests in ISO-8859-1, separated by blank lines; lines end in CRLF or LF.
 *
 * <p>A request with {@code Content-Length} has its body on the line after the blank one. Where that line is missing, and the next
 * request stands in its place, the body is taken as empty.
 */
public final class CsicReader {
    private static final Pattern REQUEST_LINE = Pattern.compile("([A-Z]{1,16}) (\\S.*) HTTP/\\d\\.\\d");

    private final DataFile file;
    private long line;

    private CsicReader(DataFile file) {
        this.file = file;
    }

    /** Hands on each request in file order. Throws DataException with the line of what is no request. */
    public static void read(DataFile file, String group, Consumer<RecordedRequest> sink) throws IOException {
        new CsicReader(file).requests(group, sink);
    }

    private void requests(String group, Consumer<RecordedRequest> sink) throws IOException {
        Path path = file.path();
        try (var in = file.lines(StandardCharsets.ISO_8859_1)) {
            String start = nextNonBlank(in);
            while (start != null) {
                long startLine = line;
                var request = REQUEST_LINE.matcher(start);
                if (!request.matches()) {
                    throw new DataException(
                            path, line, "found \"" + excerpt(start) + "\" (expected: method, target, HTTP version)");
                }
                var fields = fields(in);
                String next = nextNonBlank(in);
                String body = "";
                if (next != null
                        && declaresBody(fields)
                        && !REQUEST_LINE.matcher(next).matches()) {
                    body = next;
                    next = nextNonBlank(in);
                }
                sink.accept(new RecordedRequest(group, request.group(1), request.group(2), fields, body, startLine));
                start = next;
            }
        }
    }

    private List<String> fields(BufferedReader in) throws IOException {
        var fields = new ArrayList<String>();
        for (String text = next(in); text != null && !text.isBlank(); text = next(in)) {
            int colon = text.indexOf(':');
            if (colon <= 0) {
                throw new DataException(
                        file.path(), line, "found \"" + excerpt(text) + "\" (expected: field name, colon, value)");
            }
            fields.add(text.substring(0, colon));
            fields.add(text.substring(colon + 1).strip());
        }
        return fields;
    }

    private static boolean declaresBody(List<String> fields) {
        for (int i = 0; i < fields.size(); i += 2) {
            if (fields.get(i).equalsIgnoreCase("Content-Length")) {
                return !fields.get(i + 1).equals("0");
            }
        }
        return false;
    }

    private @Nullable String nextNonBlank(BufferedReader in) throws IOException {
        String text = next(in);
        while (text != null && text.isBlank()) {
            text = next(in);
        }
        return text;
    }

    private @Nullable String next(BufferedReader in) throws IOException {
        line++;
        return in.readLine();
    }

    private static String excerpt(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }
}
