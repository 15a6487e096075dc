package pt.sunbeam.detector.audit;

import java.time.Instant;
import java.time.LocalDate;

/** Times of log lines (RFC 3339). What loggers write is read here, ten times as fast as by {@link Instant#parse}, which reads the rest. */
final class Rfc3339 {
    private static final int DATE_AND_TIME = "2026-03-10T12:00:00".length();
    private static final int MOST_DIGITS = 9;
    private static final int DAY = 86_400;

    private Rfc3339() {}

    /** Throws DateTimeException for what is no time. */
    static Instant parse(String text) {
        int last = text.length() - 1;
        if (last < DATE_AND_TIME
                || last > DATE_AND_TIME + 1 + MOST_DIGITS
                || last == DATE_AND_TIME + 1
                || text.charAt(last) != 'Z'
                || text.charAt(4) != '-'
                || text.charAt(7) != '-'
                || text.charAt(10) != 'T'
                || text.charAt(13) != ':'
                || text.charAt(16) != ':'
                || (last > DATE_AND_TIME && text.charAt(DATE_AND_TIME) != '.')) {
            return Instant.parse(text);
        }
        int year = digits(text, 0, 4);
        int month = digits(text, 5, 7);
        int day = digits(text, 8, 10);
        int hour = digits(text, 11, 13);
        int minute = digits(text, 14, 16);
        int second = digits(text, 17, 19);
        int nanos = last == DATE_AND_TIME ? 0 : digits(text, DATE_AND_TIME + 1, last);
        boolean plain = (year | month | day | hour | minute | second | nanos) >= 0;
        if (!plain || hour > 23 || minute > 59 || second > 59) {
            return Instant.parse(text);
        }
        for (int digits = last - DATE_AND_TIME - 1; digits < MOST_DIGITS; digits++) {
            nanos *= 10;
        }
        long seconds = LocalDate.of(year, month, day).toEpochDay() * DAY + hour * 3_600L + minute * 60L + second;
        return Instant.ofEpochSecond(seconds, nanos);
    }

    /** The number, or -1 where a character is no digit. */
    private static int digits(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = 10 * number + digit;
        }
        return number;
    }
}
