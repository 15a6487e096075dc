package pt.sunbeam.detector.audit;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines of access logs in the common and the combined format of Apache httpd and nginx, with or without a virtual host before the client. Never throws
 * on input; reads a line once from left to right. Not thread-safe.
 *
 * <p>{@code [host] client ident user [time] "request" status bytes ["referer" "agent" ...]}
 */
final class AccessReader {
    /** The longest line that is read, in bytes. */
    static final int LONGEST_LINE = 1 << 20;

    sealed interface Outcome {}

    record Parsed(AccessLine line) implements Outcome {}

    /** Another kind of line, or one that holds no HTTP request: servers log TLS bytes and empty requests as well. */
    record Foreign(String reason) implements Outcome {}

    /** A line of an access log that is broken; {@code reason} names the part. */
    record Malformed(String reason) implements Outcome {}

    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final int TIME_LENGTH = 26; // 27/Jan/2024:00:00:02 +0500
    private static final int LONGEST_METHOD = 32;
    private static final Foreign OTHER = new Foreign("no access-log line");
    private static final Foreign NO_HTTP = new Foreign("no HTTP request");

    private final RecentText texts = new RecentText();
    private byte[] line = {};
    private int end;
    private int at;
    private int partStart; // of the quoted part or word read last
    private int partEnd;
    private long dateRead = -1; // the date read last and its day: most lines have that of the line before
    private long dateDay;

    Outcome read(byte[] bytes, int from, int to) {
        line = bytes;
        at = from;
        end = to;
        while (end > at && isSpace(line[end - 1])) {
            end--;
        }
        while (at < end && isSpace(line[at])) {
            at++;
        }
        if (at == end) {
            return new Foreign("empty line");
        }
        int bracket = bracket();
        if (bracket + 2 >= end || !isDigit(line[bracket + 2])) {
            return OTHER;
        }
        int clientAt = clientAt(bracket);
        if (clientAt < 0) {
            return OTHER;
        }
        var host = clientAt == at ? "" : text(at, clientAt - 1);
        var client = text(clientAt, wordEnd(clientAt, bracket));
        at = bracket + 2;
        long second = second();
        if (second == Long.MIN_VALUE) {
            return fault("time", "dd/Mon/yyyy:HH:MM:SS +hhmm");
        }
        at += TIME_LENGTH + 1;
        if (!quoted()) {
            return fault("request", "text in quotes");
        }
        int requestStart = partStart;
        int requestEnd = partEnd;
        if (!word() || partEnd - partStart != 3 || number() < 0) {
            at = partStart;
            return fault("status", "three digits");
        }
        int status = (int) number();
        long size = word() ? number() : -1;
        if (size < 0) {
            at = partStart;
            return fault("bytes", "a number or \"-\"");
        }
        var referer = "";
        var agent = "";
        if (at < end) {
            if (!quoted()) {
                return fault("referer", "text in quotes");
            }
            referer = unquoted();
            if (!quoted()) {
                return fault("user agent", "text in quotes");
            }
            agent = unquoted();
        }
        var request = request(requestStart, requestEnd);
        return request == null
                ? NO_HTTP
                : new Parsed(new AccessLine(
                        client,
                        second,
                        host,
                        request.method,
                        request.target,
                        request.version,
                        status,
                        size,
                        referer,
                        agent));
    }

    private record Request(String method, String target, String version) {}

    private @Nullable Request request(int from, int to) {
        int methodEnd = from;
        while (methodEnd < to && isMethod(line[methodEnd])) {
            methodEnd++;
        }
        if (methodEnd == from || methodEnd - from > LONGEST_METHOD || methodEnd == to || line[methodEnd] != ' ') {
            return null;
        }
        int targetEnd = methodEnd + 1;
        while (targetEnd < to && isTarget(line[targetEnd])) {
            targetEnd++;
        }
        if (targetEnd == methodEnd + 1) {
            return null;
        }
        var version = "";
        if (targetEnd < to) {
            if (!isVersion(targetEnd + 1, to)) {
                return null;
            }
            version = text(targetEnd + 1, to);
        }
        return new Request(text(from, methodEnd), unescaped(methodEnd + 1, targetEnd), version);
    }

    private boolean isVersion(int from, int to) { // HTTP/1.1, HTTP/2
        return ((to - from == 8 && line[from + 6] == '.' && isDigit(line[from + 7])) || to - from == 6)
                && line[from] == 'H'
                && line[from + 1] == 'T'
                && line[from + 2] == 'T'
                && line[from + 3] == 'P'
                && line[from + 4] == '/'
                && isDigit(line[from + 5]);
    }

    /** Where " [" stands, which ends what says who asked; the line's end if nowhere. */
    private int bracket() {
        int i = at;
        while (i < end - 1 && (line[i] != ' ' || line[i + 1] != '[')) {
            i++;
        }
        return i < end - 1 ? i : end;
    }

    /**
     * Where the client stands, or -1: first of three words, second of four. A user's name may have blanks, which "-" for the identity that nobody asks
     * for any more (RFC 1413) shows.
     */
    private int clientAt(int bracket) {
        int second = wordEnd(at, bracket) + 1;
        int third = wordEnd(second, bracket) + 1;
        if (third >= bracket) {
            return -1;
        }
        if (isDash(second, third - 1)) {
            return at;
        }
        int fourth = wordEnd(third, bracket) + 1;
        if (fourth > bracket) {
            return at;
        }
        return isDash(third, fourth - 1) || wordEnd(fourth, bracket) == bracket ? second : -1;
    }

    private int wordEnd(int from, int limit) {
        int i = from;
        while (i < limit && line[i] != ' ') {
            i++;
        }
        return i;
    }

    private boolean isDash(int from, int to) {
        return to - from == 1 && line[from] == '-';
    }

    /** The time at hand in seconds since 1970, or {@code Long.MIN_VALUE}. */
    private long second() {
        int t = at;
        if (end - t <= TIME_LENGTH
                || line[t + 2] != '/'
                || line[t + 6] != '/'
                || line[t + 11] != ':'
                || line[t + 14] != ':'
                || line[t + 17] != ':'
                || line[t + 20] != ' '
                || line[t + TIME_LENGTH] != ']') {
            return Long.MIN_VALUE;
        }
        int day = digits(t, 2);
        int year = digits(t + 7, 4);
        int hour = digits(t + 12, 2);
        int minute = digits(t + 15, 2);
        int second = digits(t + 18, 2);
        int zoneHour = digits(t + 22, 2);
        int zoneMinute = digits(t + 24, 2);
        boolean digits = (day | year | hour | minute | second | zoneHour | zoneMinute) >= 0;
        if (!digits || hour > 23 || minute > 59 || second > 60 || zoneHour > 18 || zoneMinute > 59) {
            return Long.MIN_VALUE;
        }
        int sign = line[t + 21] == '+' ? 1 : line[t + 21] == '-' ? -1 : 0;
        long days = day(t, day, year);
        if (sign == 0 || days == Long.MIN_VALUE) {
            return Long.MIN_VALUE;
        }
        return days * 86_400 + hour * 3_600L + minute * 60L + second - sign * (zoneHour * 3_600L + zoneMinute * 60L);
    }

    private long day(int t, int day, int year) {
        int month = MONTHS.indexOf((char) (line[t + 3] & 0xff));
        while (month >= 0
                && (month % 3 != 0
                        || MONTHS.charAt(month + 1) != (line[t + 4] & 0xff)
                        || MONTHS.charAt(month + 2) != (line[t + 5] & 0xff))) {
            month = MONTHS.indexOf((char) (line[t + 3] & 0xff), month + 1);
        }
        if (month < 0) {
            return Long.MIN_VALUE;
        }
        long date = (year * 12L + month / 3) * 32 + day;
        if (date != dateRead) {
            try {
                dateDay = LocalDate.of(year, month / 3 + 1, day).toEpochDay();
                dateRead = date;
            } catch (DateTimeException noSuchDay) {
                return Long.MIN_VALUE;
            }
        }
        return dateDay;
    }

    /** A number of so many digits, or -1. */
    private int digits(int from, int count) {
        int value = 0;
        for (int i = from; i < from + count; i++) {
            if (!isDigit(line[i])) {
                return -1;
            }
            value = value * 10 + line[i] - '0';
        }
        return value;
    }

    /** Goes past a blank and a word. */
    private boolean word() {
        partStart = at;
        if (at >= end || line[at] != ' ') {
            return false;
        }
        partStart = at + 1;
        partEnd = wordEnd(partStart, end);
        at = partEnd;
        return partEnd > partStart;
    }

    /** The word read last as a number, 0 for "-"; -1 if it is none. */
    private long number() {
        if (isDash(partStart, partEnd)) {
            return 0;
        }
        return partEnd - partStart <= 9 ? digits(partStart, partEnd - partStart) : longNumber();
    }

    private long longNumber() {
        long value = 0;
        for (int i = partStart; i < partEnd; i++) {
            if (!isDigit(line[i]) || partEnd - partStart > 18) {
                return -1;
            }
            value = value * 10 + line[i] - '0';
        }
        return value;
    }

    /** Goes past a blank and text in quotes, in which a backslash takes the next character along. */
    private boolean quoted() {
        if (end - at < 3 || line[at] != ' ' || line[at + 1] != '"') {
            return false;
        }
        int i = at + 2;
        while (i < end && line[i] != '"') {
            i += line[i] == '\\' ? 2 : 1;
        }
        if (i >= end) {
            return false;
        }
        partStart = at + 2;
        partEnd = i;
        at = i + 1;
        return true;
    }

    private String unquoted() {
        return isDash(partStart, partEnd) ? "" : unescaped(partStart, partEnd);
    }

    private String text(int from, int to) {
        return texts.of(line, from, to);
    }

    /** Text without the log's escapes: {@code \xHH}, {@code \"} and {@code \\}. */
    private String unescaped(int from, int to) {
        int escape = from;
        while (escape < to && line[escape] != '\\') {
            escape++;
        }
        if (escape == to) {
            return text(from, to);
        }
        var plain = new byte[to - from];
        int length = 0;
        int i = from;
        while (i < to) {
            int value = escaped(i, to);
            if (value < 0) {
                plain[length++] = line[i++];
            } else {
                plain[length++] = (byte) value;
                i += line[i + 1] == 'x' ? 4 : 2;
            }
        }
        return new String(plain, 0, length, StandardCharsets.ISO_8859_1);
    }

    /** The character that an escape stands for; -1 for none, and for a control character or blank, which would not be the same text unescaped. */
    private int escaped(int i, int to) {
        if (line[i] != '\\' || i + 1 >= to) {
            return -1;
        }
        byte next = line[i + 1];
        if (next == '"' || next == '\\') {
            return next;
        }
        if (next != 'x' || i + 3 >= to) {
            return -1;
        }
        int value = Character.digit(line[i + 2], 16) << 4 | Character.digit(line[i + 3], 16);
        return value <= ' ' || value == 0x7f ? -1 : value;
    }

    private Malformed fault(String part, String expected) {
        var found = new StringBuilder();
        for (int i = at; i < end && found.length() < 40; i++) {
            found.append(line[i] >= ' ' && line[i] < 0x7f ? (char) line[i] : '?');
        }
        return new Malformed("%s: found %s (expected: %s)"
                .formatted(
                        part,
                        found.isEmpty() ? "nothing" : "\"" + found.toString().strip() + "\"",
                        expected));
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\r';
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static boolean isMethod(byte b) {
        return (b >= 'A' && b <= 'Z') || b == '-' || b == '_';
    }

    private static boolean isTarget(byte b) {
        return (b & 0xff) > ' ' && b != 0x7f;
    }
}
