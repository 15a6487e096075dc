package pt.sunbeam.trainer.read;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads access logs in Apache's and nginx' combined format, with or without a virtual host before the client address.
 *
 * <p>Servers log what is no HTTP as well (TLS bytes, empty request lines). Such lines are counted, and the first is named; a file in which
 * more than one line in five is unreadable is no such log.
 */
public final class AccessLogReader {
    /** What was met; {@code firstUnreadable} is 0 where all lines were read. */
    public record Tally(long lines, long unreadable, long firstUnreadable) {}

    private static final Pattern LINE = Pattern.compile(
            "(?:(\\S+) )?(\\S+) \\S+ \\S+ \\[(\\d\\d)/(\\w{3})/(\\d{4}):(\\d\\d):(\\d\\d):(\\d\\d) ([+-]\\d{4})] "
                    + "\"((?:[^\"\\\\]++|\\\\.)*+)\" (\\d{3}) \\S+(?: \"((?:[^\"\\\\]++|\\\\.)*+)\" \"((?:[^\"\\\\]++|\\\\.)*+)\".*)?");
    private static final Pattern REQUEST =
            Pattern.compile("([A-Z]{1,16}) ([!-~\\x80-\\xff]+)(?: HTTP/\\d(?:\\.\\d)?)?");
    private static final Map<String, Integer> MONTHS = Map.ofEntries(
            Map.entry("Jan", 1),
            Map.entry("Feb", 2),
            Map.entry("Mar", 3),
            Map.entry("Apr", 4),
            Map.entry("May", 5),
            Map.entry("Jun", 6),
            Map.entry("Jul", 7),
            Map.entry("Aug", 8),
            Map.entry("Sep", 9),
            Map.entry("Oct", 10),
            Map.entry("Nov", 11),
            Map.entry("Dec", 12));

    // The same few agents, pages and clients return a million times.
    private final Map<String, String> interned = new HashMap<>();

    private AccessLogReader() {}

    /** Hands on each line that holds an HTTP request, in file order. */
    public static Tally read(DataFile file, Consumer<LogLine> sink) throws IOException {
        var reader = new AccessLogReader();
        long lines = 0;
        long unreadable = 0;
        long first = 0;
        try (var in = file.lines(StandardCharsets.ISO_8859_1)) {
            for (String text = in.readLine(); text != null; text = in.readLine()) {
                lines++;
                var line = reader.parse(text);
                if (line != null) {
                    sink.accept(line);
                } else if (unreadable++ == 0) {
                    first = lines;
                }
            }
        }
        if (unreadable * 5 > lines) {
            throw new DataException(
                    file.path(),
                    first,
                    "not an access log in combined format (" + unreadable + " of " + lines + " lines unreadable)");
        }
        return new Tally(lines, unreadable, first);
    }

    private @Nullable LogLine parse(String text) {
        Matcher line = LINE.matcher(text);
        if (!line.matches()) {
            return null;
        }
        Matcher request = REQUEST.matcher(line.group(10));
        Integer month = MONTHS.get(line.group(4));
        if (!request.matches() || month == null) {
            return null;
        }
        try {
            long second = LocalDate.of(number(line, 5), month, number(line, 3))
                    .atTime(LocalTime.of(number(line, 6), number(line, 7), number(line, 8)))
                    .toEpochSecond(ZoneOffset.of(line.group(9)));
            return new LogLine(
                    intern(line.group(2)),
                    second,
                    intern(line.group(1) == null ? "" : line.group(1)),
                    intern(request.group(1)),
                    intern(request.group(2)),
                    number(line, 11),
                    intern(absent(line.group(12))),
                    intern(absent(line.group(13))));
        } catch (DateTimeException noSuchTime) {
            return null;
        }
    }

    private static int number(Matcher line, int group) {
        return Integer.parseInt(line.group(group));
    }

    private static String absent(@Nullable String text) {
        return text == null || text.equals("-") ? "" : text;
    }

    private String intern(String text) {
        var known = interned.putIfAbsent(text, text);
        return known == null ? text : known;
    }
}
